"""The raw protobuf classes of Firestore v1, as google-cloud-firestore ships them."""

from typing import TYPE_CHECKING

from google.cloud.firestore_v1 import types

if TYPE_CHECKING:
    # A checker sees the typed wrappers: the same fields with the same names.
    from google.cloud.firestore_v1.types import (
        ArrayValue,
        BatchGetDocumentsRequest,
        BatchGetDocumentsResponse,
        BatchWriteRequest,
        BatchWriteResponse,
        BeginTransactionRequest,
        BeginTransactionResponse,
        CommitRequest,
        CommitResponse,
        CreateDocumentRequest,
        Cursor,
        DeleteDocumentRequest,
        Document,
        DocumentTransform,
        GetDocumentRequest,
        ListCollectionIdsRequest,
        ListCollectionIdsResponse,
        ListDocumentsRequest,
        ListDocumentsResponse,
        ListenRequest,
        ListenResponse,
        PartitionQueryRequest,
        PartitionQueryResponse,
        Precondition,
        RollbackRequest,
        RunAggregationQueryRequest,
        RunAggregationQueryResponse,
        RunQueryRequest,
        RunQueryResponse,
        StructuredAggregationQuery,
        StructuredQuery,
        Target,
        TargetChange,
        TransactionOptions,
        UpdateDocumentRequest,
        Value,
        Write,
        WriteResult,
    )
else:
    ArrayValue = types.ArrayValue.pb()
    BatchGetDocumentsRequest = types.BatchGetDocumentsRequest.pb()
    BatchGetDocumentsResponse = types.BatchGetDocumentsResponse.pb()
    BatchWriteRequest = types.BatchWriteRequest.pb()
    BatchWriteResponse = types.BatchWriteResponse.pb()
    BeginTransactionRequest = types.BeginTransactionRequest.pb()
    BeginTransactionResponse = types.BeginTransactionResponse.pb()
    CommitRequest = types.CommitRequest.pb()
    CommitResponse = types.CommitResponse.pb()
    CreateDocumentRequest = types.CreateDocumentRequest.pb()
    Cursor = types.Cursor.pb()
    DeleteDocumentRequest = types.DeleteDocumentRequest.pb()
    Document = types.Document.pb()
    DocumentTransform = types.DocumentTransform.pb()
    GetDocumentRequest = types.GetDocumentRequest.pb()
    ListCollectionIdsRequest = types.ListCollectionIdsRequest.pb()
    ListCollectionIdsResponse = types.ListCollectionIdsResponse.pb()
    ListDocumentsRequest = types.ListDocumentsRequest.pb()
    ListDocumentsResponse = types.ListDocumentsResponse.pb()
    ListenRequest = types.ListenRequest.pb()
    ListenResponse = types.ListenResponse.pb()
    PartitionQueryRequest = types.PartitionQueryRequest.pb()
    PartitionQueryResponse = types.PartitionQueryResponse.pb()
    Precondition = types.Precondition.pb()
    RollbackRequest = types.RollbackRequest.pb()
    RunAggregationQueryRequest = types.RunAggregationQueryRequest.pb()
    RunAggregationQueryResponse = types.RunAggregationQueryResponse.pb()
    RunQueryRequest = types.RunQueryRequest.pb()
    RunQueryResponse = types.RunQueryResponse.pb()
    StructuredAggregationQuery = types.StructuredAggregationQuery.pb()
    StructuredQuery = types.StructuredQuery.pb()
    Target = types.Target.pb()
    TargetChange = types.TargetChange.pb()
    TransactionOptions = types.TransactionOptions.pb()
    UpdateDocumentRequest = types.UpdateDocumentRequest.pb()
    Value = types.Value.pb()
    Write = types.Write.pb()
    WriteResult = types.WriteResult.pb()

__all__ = [
    "ArrayValue",
    "BatchGetDocumentsRequest",
    "BatchGetDocumentsResponse",
    "BatchWriteRequest",
    "BatchWriteResponse",
    "BeginTransactionRequest",
    "BeginTransactionResponse",
    "CommitRequest",
    "CommitResponse",
    "CreateDocumentRequest",
    "Cursor",
    "DeleteDocumentRequest",
    "Document",
    "DocumentTransform",
    "GetDocumentRequest",
    "ListCollectionIdsRequest",
    "ListCollectionIdsResponse",
    "ListDocumentsRequest",
    "ListDocumentsResponse",
    "ListenRequest",
    "ListenResponse",
    "PartitionQueryRequest",
    "PartitionQueryResponse",
    "Precondition",
    "RollbackRequest",
    "RunAggregationQueryRequest",
    "RunAggregationQueryResponse",
    "RunQueryRequest",
    "RunQueryResponse",
    "StructuredAggregationQuery",
    "StructuredQuery",
    "Target",
    "TargetChange",
    "TransactionOptions",
    "UpdateDocumentRequest",
    "Value",
    "Write",
    "WriteResult",
]
