"""google.firestore.v1.Firestore as gRPC handlers."""

from collections.abc import Callable, Iterator
from typing import Any

import grpc

from infra.local.firestore.commits import Commits
from infra.local.firestore.engine import Engine
from infra.local.firestore.listen import Listener
from infra.local.firestore.listing import Listing
from infra.local.firestore.messages import (
    BatchGetDocumentsRequest,
    BatchWriteRequest,
    BeginTransactionRequest,
    CommitRequest,
    CreateDocumentRequest,
    DeleteDocumentRequest,
    GetDocumentRequest,
    ListCollectionIdsRequest,
    ListDocumentsRequest,
    ListenRequest,
    ListenResponse,
    PartitionQueryRequest,
    RollbackRequest,
    RunAggregationQueryRequest,
    RunQueryRequest,
    UpdateDocumentRequest,
)
from infra.local.firestore.reads import Reads
from infra.local.firestore.refusal import Refusal

_Unary = Callable[[Any, grpc.ServicerContext], Any]
_Streaming = Callable[[Any, grpc.ServicerContext], Iterator[Any]]


def firestore_handlers(engine: Engine) -> grpc.GenericRpcHandler:
    """Methods that are not listed answer UNIMPLEMENTED: Write, ExecutePipeline."""
    reads, commits, listing = Reads(engine), Commits(engine), Listing(engine)
    unary: dict[str, tuple[_Unary, Any]] = {
        "GetDocument": (reads.get_document, GetDocumentRequest),
        "BeginTransaction": (commits.begin_transaction, BeginTransactionRequest),
        "Rollback": (commits.rollback, RollbackRequest),
        "Commit": (commits.commit, CommitRequest),
        "BatchWrite": (commits.batch_write, BatchWriteRequest),
        "CreateDocument": (commits.create_document, CreateDocumentRequest),
        "UpdateDocument": (commits.update_document, UpdateDocumentRequest),
        "DeleteDocument": (commits.delete_document, DeleteDocumentRequest),
        "ListDocuments": (listing.list_documents, ListDocumentsRequest),
        "ListCollectionIds": (listing.list_collection_ids, ListCollectionIdsRequest),
        "PartitionQuery": (listing.partition_query, PartitionQueryRequest),
    }
    streaming: dict[str, tuple[_Streaming, Any]] = {
        "BatchGetDocuments": (reads.batch_get_documents, BatchGetDocumentsRequest),
        "RunQuery": (reads.run_query, RunQueryRequest),
        "RunAggregationQuery": (reads.run_aggregation_query, RunAggregationQueryRequest),
    }

    def listen(
        requests: Iterator[ListenRequest], context: grpc.ServicerContext
    ) -> Iterator[ListenResponse]:
        return Listener(engine).responses(requests, context)

    handlers = {
        name: grpc.unary_unary_rpc_method_handler(_refusing(method), request.FromString, _serialize)
        for name, (method, request) in unary.items()
    }
    handlers |= {
        name: grpc.unary_stream_rpc_method_handler(
            _refusing_stream(method), request.FromString, _serialize
        )
        for name, (method, request) in streaming.items()
    }
    handlers["Listen"] = grpc.stream_stream_rpc_method_handler(
        listen, ListenRequest.FromString, _serialize
    )
    return grpc.method_handlers_generic_handler("google.firestore.v1.Firestore", handlers)


def _refusing(method: _Unary) -> _Unary:
    def answer(request: Any, context: grpc.ServicerContext) -> Any:
        try:
            return method(request, context)
        except Refusal as refusal:
            context.abort(refusal.code, refusal.sentence)

    return answer


def _refusing_stream(method: _Streaming) -> _Streaming:
    def answer(request: Any, context: grpc.ServicerContext) -> Iterator[Any]:
        try:
            yield from method(request, context)
        except Refusal as refusal:
            context.abort(refusal.code, refusal.sentence)

    return answer


def _serialize(message: Any) -> bytes:
    body: bytes = message.SerializeToString()
    return body
