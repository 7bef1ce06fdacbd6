"""The writing methods: transactions, commits, batches, single documents."""

import secrets

import grpc
from google.protobuf.empty_pb2 import Empty
from google.rpc.status_pb2 import Status

from infra.local.firestore.engine import Engine
from infra.local.firestore.messages import (
    BatchWriteRequest,
    BatchWriteResponse,
    BeginTransactionRequest,
    BeginTransactionResponse,
    CommitRequest,
    CommitResponse,
    CreateDocumentRequest,
    DeleteDocumentRequest,
    Document,
    RollbackRequest,
    UpdateDocumentRequest,
    Write,
    WriteResult,
)
from infra.local.firestore.names import check_collection_id, check_parent, database_of
from infra.local.firestore.reads import masked
from infra.local.firestore.refusal import Refusal, invalid
from infra.local.firestore.write_checks import check_write, target_of
from infra.local.firestore.writes import stage

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


class Commits:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def begin_transaction(
        self, request: BeginTransactionRequest, _: grpc.ServicerContext
    ) -> BeginTransactionResponse:
        with self._engine.store.lock:
            transaction = self._engine.begin(request.options)
        return BeginTransactionResponse(transaction=transaction.id)

    def rollback(self, request: RollbackRequest, _: grpc.ServicerContext) -> Empty:
        with self._engine.store.lock:
            self._engine.transactions.roll_back(request.transaction)
        return Empty()

    def commit(self, request: CommitRequest, _: grpc.ServicerContext) -> CommitResponse:
        for write in request.writes:
            check_write(write, request.database)
        with self._engine.store.lock:
            if request.transaction:
                self._check_transaction(request)
            now = self._engine.store.stamp()
            staged, results = stage(self._engine.store, request.writes, now)
            self._engine.store.apply(staged.changes)
            if request.transaction:
                self._engine.transactions.finish(request.transaction)
        return CommitResponse(write_results=results, commit_time=now)

    def _check_transaction(self, request: CommitRequest) -> None:
        transaction = self._engine.transactions.get(request.transaction)
        if transaction.read_only and request.writes:
            raise invalid("Cannot modify entities in a read-only transaction.")
        try:
            transaction.check()
        except Refusal:
            self._engine.transactions.abort(request.transaction)
            raise

    def batch_write(
        self, request: BatchWriteRequest, _: grpc.ServicerContext
    ) -> BatchWriteResponse:
        """Each write succeeds or fails by itself."""
        for write in request.writes:
            check_write(write, request.database)
        if len({target_of(write) for write in request.writes}) < len(request.writes):
            raise invalid("the same document cannot be written more than once in a single request")
        response = BatchWriteResponse()
        with self._engine.store.lock:
            for write in request.writes:
                try:
                    result, status = self._write(write), Status()
                except Refusal as refusal:
                    result = WriteResult()
                    status = Status(code=refusal.code.value[0], message=refusal.sentence)
                response.write_results.append(result)
                response.status.append(status)
        return response

    def create_document(self, request: CreateDocumentRequest, _: grpc.ServicerContext) -> Document:
        check_parent(request.parent)
        check_collection_id(request.collection_id)
        document_id = request.document_id or "".join(secrets.choice(_ALPHABET) for _ in range(20))
        document = Document(fields=request.document.fields)
        document.name = f"{request.parent}/{request.collection_id}/{document_id}"
        write = Write(update=document, current_document={"exists": False})
        return masked(request, self._written(write))

    def update_document(self, request: UpdateDocumentRequest, _: grpc.ServicerContext) -> Document:
        write = Write(update=request.document)
        if request.HasField("update_mask"):
            write.update_mask.CopyFrom(request.update_mask)
        if request.HasField("current_document"):
            write.current_document.CopyFrom(request.current_document)
        return masked(request, self._written(write))

    def delete_document(self, request: DeleteDocumentRequest, _: grpc.ServicerContext) -> Empty:
        write = Write(delete=request.name)
        if request.HasField("current_document"):
            write.current_document.CopyFrom(request.current_document)
        check_write(write, database_of(request.name))
        with self._engine.store.lock:
            self._write(write)
        return Empty()

    def _written(self, write: Write) -> Document:
        check_write(write, database_of(write.update.name))
        with self._engine.store.lock:
            self._write(write)
            entry = self._engine.store.get(write.update.name)
        # The write put it there and the lock was held since.
        assert entry is not None  # noqa: S101
        return entry.document

    def _write(self, write: Write) -> WriteResult:
        staged, results = stage(self._engine.store, [write], self._engine.store.stamp())
        self._engine.store.apply(staged.changes)
        return results[0]
