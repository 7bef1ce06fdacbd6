"""Work after the answer: sent after the change that causes it, done once, never lost."""

import json
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from shared.errors import AppError, Internal, NotFound, Unavailable
from shared.gateways.ports import TaskQueue
from shared.logging import log
from shared.models.failures import FailedTask, FailedTaskPage
from shared.models.pages import Paging
from shared.models.tasks import MOST_ATTEMPTS, TASKS, Task
from shared.models.users import Caller
from shared.origin import origin
from shared.services.trail import told
from shared.storage.effects import Effects
from shared.storage.outbox import OutboxRepository, Waiting, outbox_path
from shared.storage.records import PassingOver

T = TypeVar("T", bound=Task)

SWEPT_AT_ONCE = 100


class BackgroundService:
    """`queue` returns Cloud Tasks; `now` the current UTC time."""

    def __init__(
        self,
        outbox: OutboxRepository,
        queue: Callable[[], TaskQueue],
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._outbox = outbox
        self._queue = queue
        self._now = now

    def push(self, *tasks: Task) -> None:
        """Queue tasks whose rows were just stored; what cannot be queued now is swept later."""
        for task in tasks:
            self._send(task, task.id, origin().request_id)

    def start(self, task: Task) -> None:
        """Store and queue a task that no change goes with."""
        if self._outbox.add(task, self._now()):
            self.push(task)

    def run(self, task: T, work: Callable[[T], None], attempt: int) -> None:
        """Do one delivery of a task; `attempt` counts from 1.

        A refusal is final: trying again could not help. Anything else is raised, so that Cloud
        Tasks tries again, but for the last attempt. What is given up leaves a record.
        """
        if self._outbox.is_finished(task.id):
            return
        try:
            work(task)
        except Exception as error:
            if not _is_final(error) and attempt < MOST_ATTEMPTS[task.queue]:
                raise
            log.error(
                f"task {task.kind} given up",
                exc_info=not isinstance(error, AppError),
                extra={"fields": {"task": task.id, "attempts": attempt}},
            )
            self._outbox.fail(task, self._failure(task, error, attempt))
            return
        self._outbox.done(task, self._now())

    def sweep(self) -> int:
        """Send again what was not done in time; returns how many tasks that were."""
        swept = 0
        for waiting in self._outbox.waiting(self._now(), limit=SWEPT_AT_ONCE):
            again = self._outbox.sent_again(waiting.id, self._now())
            if again and self._resend(again):
                swept += 1
        return swept

    def failures(self, limit: int) -> list[FailedTask]:
        """Tasks that were given up, newest first."""
        return self._outbox.failed(limit=limit)

    def failure_page(self, asked: Paging) -> FailedTaskPage:
        found = self._outbox.failed(limit=asked.limit, offset=asked.offset)
        return FailedTaskPage.of(found, self._outbox.failed_count(), asked)

    def run_again(self, task_id: str, caller: Caller | None = None) -> None:
        """Queue a task that was given up; a caller is noted in the audit log. Raises NotFound."""
        now = self._now()
        entry = (
            told(caller, "task.run_again", task_id, entry_id=str(uuid.uuid4()), now=now)
            if caller
            else None
        )
        effects = Effects(now=now, audit=(entry,) if entry else ())
        waiting = self._outbox.revive(task_id, now, effects.record)
        if waiting is None:
            raise NotFound("There is no failed task of this id.")
        self._resend(waiting)

    def _resend(self, waiting: Waiting) -> bool:
        kind = TASKS.get(waiting.kind)
        if kind is None:
            log.error("unknown task", extra={"fields": {"task": waiting.id, "kind": waiting.kind}})
            return False
        # The others must not wait for one that cannot be read.
        with PassingOver(outbox_path(waiting.id)):
            task = kind.model_validate_json(waiting.payload)
            # Cloud Tasks remembers names for a while, so each sending has its own.
            return self._send(task, f"{waiting.id}-{waiting.sent}", waiting.request_id)
        return False

    def _send(self, task: Task, name: str, request_id: str) -> bool:
        try:
            self._queue().send(task.queue, name, task.kind, task.model_dump_json(), request_id)
        except Unavailable:
            log.warning("task not queued yet", extra={"fields": {"task": task.id}})
            return False
        return True

    def _failure(self, task: Task, error: Exception, attempts: int) -> FailedTask:
        refusal = error if isinstance(error, AppError) else Internal()
        return FailedTask(
            id=task.id,
            kind=task.kind,
            queue=task.queue,
            payload=json.loads(task.model_dump_json()),
            attempts=attempts,
            error=refusal.message if refusal is error else type(error).__name__,
            code=refusal.code,
            request_id=origin().request_id,
            failed_at=self._now(),
        )


def _is_final(error: Exception) -> bool:
    """Whether the task was refused; an outage or a lost race is worth another attempt."""
    return isinstance(error, AppError) and error.status < 500 and error.code != "CONCURRENT_CHANGE"
