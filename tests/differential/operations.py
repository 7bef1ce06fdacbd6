"""One request to Firestore: its method, its message, and a random source of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from infra.local.firestore.messages import (
    BatchGetDocumentsRequest,
    BatchGetDocumentsResponse,
    BatchWriteRequest,
    BatchWriteResponse,
    CommitRequest,
    CommitResponse,
    Document,
    GetDocumentRequest,
    ListCollectionIdsRequest,
    ListCollectionIdsResponse,
    ListDocumentsRequest,
    ListDocumentsResponse,
    RunAggregationQueryRequest,
    RunAggregationQueryResponse,
    RunQueryRequest,
    RunQueryResponse,
)
from tests.differential import names
from tests.differential.queries import QuerySource
from tests.differential.values import ValueSource
from tests.differential.writes import WriteSource, target


@dataclass(frozen=True, slots=True)
class Method:
    name: str
    response: Any
    streams: bool = False


METHODS = {
    RunQueryRequest: Method("RunQuery", RunQueryResponse, streams=True),
    RunAggregationQueryRequest: Method(
        "RunAggregationQuery", RunAggregationQueryResponse, streams=True
    ),
    BatchGetDocumentsRequest: Method("BatchGetDocuments", BatchGetDocumentsResponse, streams=True),
    GetDocumentRequest: Method("GetDocument", Document),
    ListDocumentsRequest: Method("ListDocuments", ListDocumentsResponse),
    ListCollectionIdsRequest: Method("ListCollectionIds", ListCollectionIdsResponse),
    CommitRequest: Method("Commit", CommitResponse),
    BatchWriteRequest: Method("BatchWrite", BatchWriteResponse),
}


def method_of(request: Any) -> Method:
    return METHODS[type(request)]


def written(request: Any) -> list[str]:
    """The names of the documents that a request may change, each once."""
    writes = getattr(request, "writes", ())
    return list(dict.fromkeys(target(write) for write in writes))


class OperationSource:
    """Half reads, half writes; the same random numbers always make the same requests."""

    def __init__(self, values: ValueSource) -> None:
        self._values = values
        queries, writes = QuerySource(values), WriteSource(values)
        self._weighted: dict[Callable[[], Any], int] = {
            queries.run: 42,
            queries.aggregate: 12,
            writes.commit: 30,
            writes.batch: 7,
            self._get: 2,
            self._get_many: 2,
            self._list: 3,
            self._collections: 1,
        }

    def next(self) -> Any:
        makers, weights = list(self._weighted), list(self._weighted.values())
        return self._values.random.choices(makers, weights)[0]()

    def _get(self) -> Any:
        name = names.document_name(self._values.random.choice(names.DOCUMENTS))
        return GetDocumentRequest(name=name, **self._mask())

    def _get_many(self) -> Any:
        random = self._values.random
        chosen = random.choices([*names.DOCUMENTS, "c/none"], k=random.randint(1, 4))
        return BatchGetDocumentsRequest(
            database=names.DATABASE,
            documents=[names.document_name(path) for path in chosen],
            **self._mask(),
        )

    def _list(self) -> Any:
        random, chance = self._values.random, self._values.chance
        request = ListDocumentsRequest(
            parent=random.choice(names.PARENTS),
            collection_id=random.choice([names.COLLECTION, names.COLLECTION, ""]),
            page_size=random.choice([1, 5, 100]),
            **self._mask(),
        )
        if chance(0.3):
            request.order_by = random.choice(["n", "n desc", "p, n desc", "__name__"])
        elif chance(0.3):
            request.show_missing = True
            request.ClearField("mask")
        return request

    def _collections(self) -> Any:
        parent = self._values.random.choice(names.PARENTS)
        return ListCollectionIdsRequest(parent=parent)

    def _mask(self) -> dict[str, Any]:
        if self._values.chance(0.6):
            return {}
        paths = self._values.random.choices(["n", "p", "m", "m.x", "`a b`", "zz"], k=2)
        return {"mask": {"field_paths": paths}}
