"""What a change brings with it: tasks and audit rows, written in the change's own batch."""

from dataclasses import dataclass
from datetime import datetime

from shared.models.audit import AuditEntry
from shared.models.tasks import Task
from shared.storage import audit
from shared.storage.documents import Transaction
from shared.storage.outbox import OutboxRepository


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """Changes that take these cannot be stored without them.

    Whoever made the change pushes the tasks afterwards (`BackgroundService.push`), so that they
    need not wait for the sweep.
    """

    now: datetime
    tasks: tuple[Task, ...] = ()
    audit: tuple[AuditEntry, ...] = ()

    def record(self, transaction: Transaction) -> None:
        for task in self.tasks:
            OutboxRepository.record(transaction, task, self.now)
        for entry in self.audit:
            audit.record(transaction, entry)
