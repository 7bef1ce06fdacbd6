"""The outbox: tasks written in the batch of the change that causes them, `outbox/{id of the task}`.

A change and its consequences are stored together or not at all; whether Cloud Tasks could be
reached at that moment does not matter, since a job sends again what was left.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from shared.models.failures import FailedTask
from shared.models.pages import COUNTED
from shared.models.tasks import Task
from shared.origin import origin
from shared.storage.documents import Document, Documents, Transaction
from shared.storage.records import fields, restored

NEW, DONE, DEAD = "new", "done", "dead"
KEPT_DAYS = 30
"""How long a finished row is kept; while it is there, its task cannot happen again."""
FIRST_SWEEP_SECONDS = 60
"""A task that was not done within this time is sent again."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A task that is not done."""

    id: str
    kind: str
    payload: str
    """The task's own fields, as JSON."""
    sent: int
    """How often it was sent again; names of queued tasks differ by it."""
    request_id: str


class OutboxRepository:
    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    @staticmethod
    def record(transaction: Transaction, task: Task, now: datetime) -> None:
        """Write the task with whatever else the transaction writes.

        A task that happened before, by its key, is left as it is.
        """
        path = outbox_path(task.id)
        if transaction.get(path) is None:
            transaction.create(path, _row(task, now))

    def add(self, task: Task, now: datetime) -> bool:
        """Write a task that no change goes with; whether it was new."""

        def work(transaction: Transaction) -> bool:
            new = transaction.get(outbox_path(task.id)) is None
            self.record(transaction, task, now)
            return new

        return self._documents.atomically(work).result

    def is_finished(self, task_id: str) -> bool:
        row = self._documents.get(outbox_path(task_id), ["state"])
        return row is not None and row.data.get("state") != NEW

    @staticmethod
    def finish(transaction: Transaction, task: Task, now: datetime) -> bool:
        """Mark the task as done in the batch of its effect; False when it was done before.

        Work whose effect must happen only once calls this first and stops when it says False.
        """
        row = transaction.get(outbox_path(task.id))
        if row is not None and row.data.get("state") != NEW:
            return False
        # The row is kept for its id; what it said, addresses among it, is not needed any more.
        finished = {"state": DONE, "payload": "", "done_at": now, "expire_at": _expiry(now)}
        if row is None:
            transaction.create(outbox_path(task.id), {**_row(task, now), **finished})
        else:
            transaction.update(row.path, finished)
        return True

    def done(self, task: Task, now: datetime) -> None:
        """Mark a task as done whose effect lies outside the store, or was marked with it."""
        self._documents.atomically(lambda transaction: self.finish(transaction, task, now))

    def fail(self, task: Task, failure: FailedTask) -> None:
        """Give the task up and leave a record of it."""

        def work(transaction: Transaction) -> None:
            row = transaction.get(outbox_path(task.id))
            if row is not None and row.data.get("state") == DONE:
                return
            ended = {"state": DEAD, "expire_at": _expiry(failure.failed_at)}
            base = row.data if row is not None else _row(task, failure.failed_at)
            transaction.put(outbox_path(task.id), {**base, **ended})
            document = fields(failure) | {
                "payload": json.dumps(failure.payload),
                "expire_at": _expiry(failure.failed_at),
                "schema": 1,
            }
            transaction.put(_failed(task.id), document)

        self._documents.atomically(work)

    def revive(
        self, task_id: str, now: datetime, also: Callable[[Transaction], None] = lambda _: None
    ) -> Waiting | None:
        """Let a task that was given up run again; None when there is no such record."""

        def work(transaction: Transaction) -> Waiting | None:
            found = transaction.get_many([outbox_path(task_id), _failed(task_id)])
            row, failed = found.get(outbox_path(task_id)), found.get(_failed(task_id))
            if row is None or failed is None:
                return None
            sent = int(row.data.get("sent", 0)) + 1
            # It is sent now; the sweep comes when that was in vain.
            again = now + timedelta(seconds=FIRST_SWEEP_SECONDS)
            transaction.update(row.path, {"state": NEW, "sent": sent, "next_at": again})
            transaction.delete(failed.path)
            also(transaction)
            return _waiting(row, sent)

        return self._documents.atomically(work).result

    def failed(self, *, limit: int, offset: int = 0) -> list[FailedTask]:
        """Newest first."""
        rows = self._documents.find("failed_tasks", order="-failed_at", limit=limit, offset=offset)
        return [_failure(row) for row in rows]

    def failed_count(self) -> int:
        return self._documents.count("failed_tasks", up_to=COUNTED)

    def waiting(self, now: datetime, *, limit: int) -> list[Waiting]:
        """Tasks that should have been done by now."""
        rows = self._documents.find(
            "outbox", [("state", "==", NEW), ("next_at", "<=", now)], limit=limit
        )
        return [_waiting(row, int(row.data.get("sent", 0))) for row in rows]

    def sent_again(self, task_id: str, now: datetime) -> Waiting | None:
        """Count another sending, and wait longer for the next; None when it was done meanwhile."""

        def work(transaction: Transaction) -> Waiting | None:
            row = transaction.get(outbox_path(task_id))
            if row is None or row.data.get("state") != NEW:
                return None
            sent = int(row.data.get("sent", 0)) + 1
            pause = timedelta(seconds=FIRST_SWEEP_SECONDS * 2 ** min(sent, 6))
            transaction.update(row.path, {"sent": sent, "next_at": now + pause})
            return _waiting(row, sent)

        return self._documents.atomically(work).result


def outbox_path(task_id: str) -> str:
    return f"outbox/{task_id}"


def _failed(task_id: str) -> str:
    return f"failed_tasks/{task_id}"


def _expiry(now: datetime) -> datetime:
    return now + timedelta(days=KEPT_DAYS)


def _row(task: Task, now: datetime) -> dict[str, Any]:
    return {
        "schema": 1,
        "kind": task.kind,
        "payload": task.model_dump_json(),
        "state": NEW,
        "sent": 0,
        "request_id": origin().request_id,
        "created_at": now,
        "next_at": now + timedelta(seconds=FIRST_SWEEP_SECONDS),
    }


def _waiting(row: Document, sent: int) -> Waiting:
    return Waiting(
        id=row.id,
        kind=str(row.data.get("kind", "")),
        payload=str(row.data.get("payload", "")),
        sent=sent,
        request_id=str(row.data.get("request_id", "")),
    )


def _failure(row: Document) -> FailedTask:
    data = {**row.data, "payload": json.loads(row.data.get("payload") or "{}")}
    return restored(FailedTask, Document(row.path, data, row.updated_at))
