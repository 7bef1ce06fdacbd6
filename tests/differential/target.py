"""One of the two servers as the comparison sees it."""

import itertools
import os
from dataclasses import dataclass
from typing import Any

import grpc
from google.protobuf.timestamp_pb2 import Timestamp

from infra.local.firestore.messages import (
    BatchGetDocumentsRequest,
    CommitRequest,
    Document,
    RunQueryRequest,
    StructuredQuery,
    Write,
)
from tests.differential import names
from tests.differential.canonical import canonical_answer, canonical_document
from tests.differential.operations import method_of, written
from tests.differential.writes import CURRENT, target

_SECONDS = 60.0
_SERVICE = "/google.firestore.v1.Firestore"
_PER_COMMIT = 500


@dataclass(frozen=True, slots=True)
class Outcome:
    """`code` is empty for an answer; `sentence` explains a refusal and is not compared."""

    code: str
    answer: Any = None
    sentence: str = ""


class Target:
    """Every `renew` moves to an empty project of the same server."""

    _numbers = itertools.count(1)

    def __init__(self, name: str, address: str) -> None:
        self.name = name
        self._channel = grpc.insecure_channel(address)
        self._project = b""
        self._versions: dict[str, Timestamp] = {}
        self.renew()

    def close(self) -> None:
        self._channel.close()

    def renew(self) -> None:
        number = (os.getpid() * 65_536 + next(self._numbers)) % 16**8
        self._project = f"demo-fuzz-{number:08x}".encode()
        self._versions = {}

    def begin(self, request: Any) -> "Pending":
        """Sends the request; the answer is waited for by its outcome()."""
        return Pending(request, self._send(self._with_versions(request)))

    def store(self, documents: list[Document]) -> None:
        """Raises grpc.RpcError when one of them cannot be stored."""
        for start in range(0, len(documents), _PER_COMMIT):
            part = documents[start : start + _PER_COMMIT]
            writes = [Write(update=document) for document in part]
            self._responses(CommitRequest(database=names.DATABASE, writes=writes))
        self.documents()

    def documents(self) -> list[Document]:
        """Everything in the project, by name."""
        query = StructuredQuery(from_=[{"all_descendants": True}])
        responses = self._responses(RunQueryRequest(parent=names.ROOT, structured_query=query))
        found = [r.document for r in responses if r.HasField("document")]
        for document in found:
            self._versions[document.name] = document.update_time
        return found

    def state(self) -> Any:
        return [canonical_document(document) for document in self.documents()]

    def after(self, request: Any) -> Any:
        """What a write left behind: each document it named, and whether its version changed."""
        read = BatchGetDocumentsRequest(database=names.DATABASE, documents=written(request))
        state = []
        for response in self._responses(read):
            if not response.HasField("found"):
                self._versions.pop(response.missing, None)
                state.append((response.missing,))
                continue
            document = response.found
            same = self._versions.get(document.name) == document.update_time
            self._versions[document.name] = document.update_time
            state.append((*canonical_document(document), same))
        return sorted(state)

    def _with_versions(self, request: Any) -> Any:
        if not any(_wants_version(write) for write in getattr(request, "writes", ())):
            return request
        filled = type(request)()
        filled.CopyFrom(request)
        for write in filled.writes:
            known = self._versions.get(target(write))
            if _wants_version(write) and known:
                write.current_document.update_time.CopyFrom(known)
        return filled

    def _responses(self, request: Any) -> list[Any]:
        return _collected(request, self._send(request))

    def _send(self, request: Any) -> Any:
        method = method_of(request)
        project, neutral = self._project, names.PROJECT.encode()

        # Of equal length, so the one can replace the other in serialised messages.
        def serialized(message: Any) -> bytes:
            body: bytes = message.SerializeToString()
            return body.replace(neutral, project)

        def parsed(body: bytes) -> Any:
            return method.response.FromString(body.replace(project, neutral))

        connect = self._channel.unary_stream if method.streams else self._channel.unary_unary
        call: Any = connect(
            f"{_SERVICE}/{method.name}", request_serializer=serialized, response_deserializer=parsed
        )
        database = names.DATABASE.replace(names.PROJECT, project.decode())
        metadata = [
            ("authorization", "Bearer owner"),
            ("google-cloud-resource-prefix", database),
        ]
        send = call if method.streams else call.future
        return send(request, timeout=_SECONDS, metadata=metadata)


class Pending:
    """A request under way."""

    def __init__(self, request: Any, call: Any) -> None:
        self._request = request
        self._call = call

    def outcome(self) -> Outcome:
        try:
            responses = _collected(self._request, self._call)
        except grpc.RpcError as error:
            return Outcome(error.code().name, sentence=error.details() or "")
        return Outcome("", canonical_answer(method_of(self._request).name, responses))


def _collected(request: Any, call: Any) -> list[Any]:
    return list(call) if method_of(request).streams else [call.result()]


def _wants_version(write: Write) -> bool:
    return bool(write.current_document.update_time == CURRENT)
