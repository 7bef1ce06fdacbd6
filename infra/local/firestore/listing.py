"""The methods that list: documents of a collection, collection ids, partitions."""

import grpc

from infra.local.firestore.engine import Engine
from infra.local.firestore.evaluation import select
from infra.local.firestore.messages import (
    Cursor,
    Document,
    ListCollectionIdsRequest,
    ListCollectionIdsResponse,
    ListDocumentsRequest,
    ListDocumentsResponse,
    PartitionQueryRequest,
    PartitionQueryResponse,
    StructuredQuery,
    Value,
)
from infra.local.firestore.names import check_collection_id, check_parent, name_key
from infra.local.firestore.reads import masked
from infra.local.firestore.refusal import invalid

_PAGE = 300
_DIRECTIONS = {
    "": StructuredQuery.ASCENDING,
    "asc": StructuredQuery.ASCENDING,
    "desc": StructuredQuery.DESCENDING,
}


class Listing:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def list_documents(
        self, request: ListDocumentsRequest, _: grpc.ServicerContext
    ) -> ListDocumentsResponse:
        """Page tokens are offsets: a listing is read by people and by tools, not by code."""
        if request.show_missing and request.order_by:
            raise invalid("cannot specify an order when show_missing is true")
        if request.show_missing and not request.collection_id:
            raise invalid("collection id must be set when show_missing is true")
        with self._engine.store.lock:
            transaction, _new = self._engine.consistency(request)
            query = self._engine.query(request.parent, _listing_query(request))
            found = [m.entry.document for m in select(query, self._engine.view(transaction))]
            if request.show_missing:
                known = {document.name for document in found}
                found += [Document(name=n) for n in self._missing(request) if n not in known]
                found.sort(key=lambda document: name_key(document.name))
        start = _offset(request.page_token)
        end = start + (request.page_size or _PAGE)
        return ListDocumentsResponse(
            documents=[masked(request, document) for document in found[start:end]],
            next_page_token=str(end) if end < len(found) else "",
        )

    def _missing(self, request: ListDocumentsRequest) -> set[str]:
        """Names of documents that do not exist but have descendants."""
        prefix = f"{request.parent}/{request.collection_id}/"
        below = self._engine.store.database(request.parent).collections(
            request.parent, "", all_descendants=True
        )
        return {
            prefix + collection.path[len(prefix) :].split("/")[0]
            for collection in below
            if collection.path.startswith(prefix)
        }

    def list_collection_ids(
        self, request: ListCollectionIdsRequest, _: grpc.ServicerContext
    ) -> ListCollectionIdsResponse:
        check_parent(request.parent)
        prefix = f"{request.parent}/"
        with self._engine.store.lock:
            below = self._engine.store.database(request.parent).collections(
                request.parent, "", all_descendants=True
            )
            ids = sorted({c.path[len(prefix) :].split("/")[0] for c in below})
        start = _offset(request.page_token)
        end = start + (request.page_size or _PAGE)
        return ListCollectionIdsResponse(
            collection_ids=ids[start:end],
            next_page_token=str(end) if end < len(ids) else "",
        )

    def partition_query(
        self, request: PartitionQueryRequest, _: grpc.ServicerContext
    ) -> PartitionQueryResponse:
        """Split points that cut the results into equal parts, all of them on one page."""
        if request.partition_count <= 0:
            raise invalid("partition_count must be positive")
        with self._engine.store.lock:
            query = self._engine.query(request.parent, request.structured_query)
            names = [m.entry.name for m in select(query, self._engine.view(None))]
        parts = request.partition_count + 1
        positions = {len(names) * part // parts for part in range(1, parts)} - {0}
        return PartitionQueryResponse(
            partitions=[
                Cursor(values=[Value(reference_value=names[position])], before=True)
                for position in sorted(positions)
            ]
        )


def _listing_query(request: ListDocumentsRequest) -> StructuredQuery:
    check_collection_id(request.collection_id)
    return StructuredQuery(
        from_=[{"collection_id": request.collection_id}],
        order_by=[
            {"field": {"field_path": path}, "direction": _DIRECTIONS[direction.strip().lower()]}
            for part in filter(None, map(str.strip, request.order_by.split(",")))
            for path, _, direction in [part.partition(" ")]
        ],
    )


def _offset(page_token: str) -> int:
    if not page_token:
        return 0
    if not page_token.isdecimal():
        raise invalid("Invalid page token.")
    return int(page_token)
