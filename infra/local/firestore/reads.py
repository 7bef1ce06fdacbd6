"""The reading methods: documents by name, queries, aggregations."""

from collections.abc import Iterator

import grpc

from infra.local.firestore.aggregations import parse_aggregations, summed_fields
from infra.local.firestore.engine import Engine, check_database
from infra.local.firestore.evaluation import answer, select
from infra.local.firestore.messages import (
    BatchGetDocumentsRequest,
    BatchGetDocumentsResponse,
    Document,
    GetDocumentRequest,
    RunAggregationQueryRequest,
    RunAggregationQueryResponse,
    RunQueryRequest,
    RunQueryResponse,
)
from infra.local.firestore.names import check_document_name
from infra.local.firestore.paths import parse_path, project
from infra.local.firestore.refusal import invalid, not_found


class Reads:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def get_document(self, request: GetDocumentRequest, _: grpc.ServicerContext) -> Document:
        name = check_document_name(request.name)
        with self._engine.store.lock:
            transaction, _new = self._engine.consistency(request)
            entry = self._engine.view(transaction).get(name)
            if transaction:
                transaction.saw(name, entry)
        if entry is None:
            raise not_found(f"Document ({name}) not found.")
        return masked(request, entry.document)

    def batch_get_documents(
        self, request: BatchGetDocumentsRequest, _: grpc.ServicerContext
    ) -> Iterator[BatchGetDocumentsResponse]:
        names = list(dict.fromkeys(request.documents))
        for name in names:
            check_database(request.database, check_document_name(name))
        with self._engine.store.lock:
            transaction, new = self._engine.consistency(request)
            view = self._engine.view(transaction)
            now = self._engine.store.stamp()
            found = [(name, view.get(name)) for name in names]
            if transaction:
                for name, entry in found:
                    transaction.saw(name, entry)
        if new:
            yield BatchGetDocumentsResponse(transaction=new)
        for name, entry in found:
            if entry is None:
                yield BatchGetDocumentsResponse(missing=name, read_time=now)
            else:
                document = masked(request, entry.document)
                yield BatchGetDocumentsResponse(found=document, read_time=now)

    def run_query(
        self, request: RunQueryRequest, _: grpc.ServicerContext
    ) -> Iterator[RunQueryResponse]:
        if request.WhichOneof("query_type") is None:
            raise invalid("only structured queries are supported")
        with self._engine.store.lock:
            query = self._engine.query(request.parent, request.structured_query)
            transaction, new = self._engine.consistency(request)
            matches = select(query, self._engine.view(transaction))
            now = self._engine.store.stamp()
            if transaction:
                transaction.saw_results(query, [match.entry for match in matches])
        if new:
            yield RunQueryResponse(transaction=new)
        if query.offset:
            yield RunQueryResponse(skipped_results=query.offset, read_time=now)
        for match in matches:
            yield RunQueryResponse(document=answer(query, match), read_time=now)
        yield RunQueryResponse(read_time=now, done=True)

    def run_aggregation_query(
        self, request: RunAggregationQueryRequest, _: grpc.ServicerContext
    ) -> Iterator[RunAggregationQueryResponse]:
        message = request.structured_aggregation_query
        aggregations = parse_aggregations(message)
        with self._engine.store.lock:
            query = self._engine.query(
                request.parent, message.structured_query, summed=summed_fields(aggregations)
            )
            transaction, new = self._engine.consistency(request)
            entries = [match.entry for match in select(query, self._engine.view(transaction))]
            now = self._engine.store.stamp()
            if transaction:
                transaction.saw_results(query, entries)
        response = RunAggregationQueryResponse(read_time=now, transaction=new)
        for aggregation in aggregations:
            response.result.aggregate_fields[aggregation.alias].CopyFrom(aggregation.over(entries))
        yield response


def masked(request: GetDocumentRequest | BatchGetDocumentsRequest, document: Document) -> Document:
    """The document itself, or a copy with only the fields of the request's mask."""
    if not request.HasField("mask"):
        return document
    return project(document, [parse_path(path) for path in request.mask.field_paths])
