"""Listen: the changes of queries and documents, pushed as they happen."""

import queue
import threading
from collections.abc import Iterator
from typing import Any

import grpc

from infra.local.firestore.database import Entry
from infra.local.firestore.engine import Engine
from infra.local.firestore.evaluation import answer, select
from infra.local.firestore.messages import (
    Document,
    ListenRequest,
    ListenResponse,
    Target,
    TargetChange,
)
from infra.local.firestore.names import check_document_name
from infra.local.firestore.query import Query
from infra.local.firestore.refusal import Refusal

# A listener that resumes is sent everything again, so the token says nothing.
_TOKEN = b"restart"
_CHANGED = object()
_CLOSED = object()


class _Watched:
    """One target of one listener and what it was last told."""

    def __init__(self, engine: Engine, target: Target) -> None:
        self.id: int = target.target_id or 1
        self._engine = engine
        self._told: dict[str, Entry] = {}
        self._names: list[str] = []
        self._query: Query | None = None
        if target.WhichOneof("target_type") == "documents":
            self._names = [check_document_name(name) for name in target.documents.documents]
        else:
            self._query = engine.query(target.query.parent, target.query.structured_query)

    def missing(self) -> Iterator[ListenResponse]:
        """Named documents that do not exist; said once, at the beginning."""
        for name in self._names:
            if self._engine.store.get(name) is None:
                yield self._gone(name)

    def news(self) -> Iterator[ListenResponse]:
        """What changed since the last call; the caller holds the lock."""
        present = self._present()
        for name, (entry, document) in present.items():
            if self._told.get(name) is not entry:
                yield ListenResponse(
                    document_change={"document": document, "target_ids": [self.id]}
                )
        for name in self._told.keys() - present.keys():
            yield self._gone(name)
        self._told = {name: entry for name, (entry, _) in present.items()}

    def _present(self) -> dict[str, tuple[Entry, Document]]:
        if self._query:
            matches = select(self._query, self._engine.view(None))
            return {m.entry.name: (m.entry, answer(self._query, m)) for m in matches}
        found = ((name, self._engine.store.get(name)) for name in self._names)
        return {name: (entry, entry.document) for name, entry in found if entry}

    def _gone(self, name: str) -> ListenResponse:
        change = {
            "document": name,
            "removed_target_ids": [self.id],
            "read_time": self._engine.store.stamp(),
        }
        if self._engine.store.get(name) is None:
            return ListenResponse(document_delete=change)
        return ListenResponse(document_remove=change)


class Listener:
    """One open Listen stream."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._events: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._watched: dict[int, _Watched] = {}

    def responses(
        self, requests: Iterator[ListenRequest], context: grpc.ServicerContext
    ) -> Iterator[ListenResponse]:
        """Blocks between changes until the client hangs up or the server stops."""
        context.add_callback(lambda: self._events.put(_CLOSED))
        threading.Thread(target=self._read, args=(requests,), daemon=True).start()
        with self._engine.store.lock:
            self._engine.store.observers.add(self._note_change)
        try:
            while (event := self._events.get()) is not _CLOSED:
                with self._engine.store.lock:
                    answers = self._changes() if event is _CHANGED else self._request(event)
                yield from answers
        finally:
            with self._engine.store.lock:
                self._engine.store.observers.discard(self._note_change)

    def _read(self, requests: Iterator[ListenRequest]) -> None:
        try:
            for request in requests:
                self._events.put(request)
        except grpc.RpcError:
            pass  # the client hung up
        self._events.put(_CLOSED)

    def _note_change(self) -> None:
        self._events.put(_CHANGED)

    def _request(self, request: ListenRequest) -> list[ListenResponse]:
        if request.WhichOneof("target_change") == "remove_target":
            self._watched.pop(request.remove_target, None)
            return [self._target_change(TargetChange.REMOVE, request.remove_target)]
        target = request.add_target
        try:
            watched = _Watched(self._engine, target)
        except Refusal as refusal:
            return [self._removed(target.target_id or 1, refusal)]
        self._watched[watched.id] = watched
        answers = [self._target_change(TargetChange.ADD, watched.id)]
        if target.resume_token:
            answers.append(self._target_change(TargetChange.RESET, watched.id))
        return [
            *answers,
            *watched.news(),
            *watched.missing(),
            self._target_change(TargetChange.CURRENT, watched.id),
            # Only this makes the client call back.
            self._target_change(TargetChange.NO_CHANGE),
        ]

    def _changes(self) -> list[ListenResponse]:
        news = [answer for watched in self._watched.values() for answer in watched.news()]
        return [*news, self._target_change(TargetChange.NO_CHANGE)] if news else []

    def _target_change(self, kind: int, *target_ids: int) -> ListenResponse:
        return ListenResponse(
            target_change={
                "target_change_type": kind,
                "target_ids": target_ids,
                "read_time": self._engine.store.stamp(),
                "resume_token": _TOKEN,
            }
        )

    def _removed(self, target_id: int, refusal: Refusal) -> ListenResponse:
        return ListenResponse(
            target_change={
                "target_change_type": TargetChange.REMOVE,
                "target_ids": [target_id],
                "cause": {"code": refusal.code.value[0], "message": refusal.sentence},
            }
        )
