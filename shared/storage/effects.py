"""What a change brings with it, written in its own batch: tasks, audit rows, a used-up token."""

from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel

from shared.models.audit import AuditEntry
from shared.models.tasks import Task
from shared.rules.audit import with_difference
from shared.storage import audit
from shared.storage.documents import Transaction
from shared.storage.outbox import OutboxRepository
from shared.storage.tokens import TokenUse


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """Changes that take these cannot be stored without them.

    Whoever made the change pushes the tasks afterwards (`BackgroundService.push`), so that they
    need not wait for the sweep.
    """

    now: datetime
    tasks: tuple[Task, ...] = ()
    audit: tuple[AuditEntry, ...] = ()
    token: TokenUse | None = None
    """The mailed token that allows the change."""

    def record(
        self,
        transaction: Transaction,
        before: BaseModel | None = None,
        after: BaseModel | None = None,
    ) -> None:
        """The audit rows tell what differs between `before` and `after`.

        Raises TokenInvalid when the token is used up.
        """
        if self.token:
            self.token.record(transaction, self.now)
        for task in self.tasks:
            OutboxRepository.record(transaction, task, self.now)
        for entry in self.audit:
            audit.record(transaction, with_difference(entry, before, after))
