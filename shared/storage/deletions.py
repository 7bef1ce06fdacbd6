"""Deletions at rest: `deletions/{uid}`, written together with the account they are about."""

from datetime import datetime

from shared.errors import TokenInvalid
from shared.models.audit import AuditEntry
from shared.models.deletions import Deletion, DeletionState
from shared.models.users import User
from shared.rules.deletions import cancelled, closed, is_closed, requested
from shared.storage import audit
from shared.storage.documents import Condition, Documents, Transaction
from shared.storage.effects import Effects
from shared.storage.records import fields, readable, restored
from shared.storage.tenancy import user_path
from shared.storage.users import put_user

SCHEMA = {"schema": 1}


class DeletionRepository:
    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def find(self, user_id: str) -> Deletion | None:
        stored = self._documents.get(deletion_path(user_id))
        return restored(Deletion, stored) if stored else None

    def request(self, user_id: str, now: datetime, effects: Effects) -> tuple[Deletion, bool]:
        """The deletion that waits now, and whether it began with this call."""

        def work(transaction: Transaction) -> tuple[Deletion, bool]:
            user, deletion = _read(transaction, user_id)
            if user is None:
                raise LookupError(f"{user_id} went away during the request")
            if is_closed(user):
                raise TokenInvalid("This account was deleted.")
            if deletion and deletion.state is DeletionState.REQUESTED:
                return deletion, False
            leaving, deletion = requested(user, now)
            self._put(transaction, user, leaving, deletion)
            effects.record(transaction, user, leaving)
            return deletion, True

        return self._documents.atomically(work).result

    def cancel(self, user_id: str, now: datetime, effects: Effects) -> bool:
        """Whether there was something to cancel."""

        def work(transaction: Transaction) -> bool:
            user, deletion = _read(transaction, user_id)
            if user is None or deletion is None or deletion.state is not DeletionState.REQUESTED:
                return False
            state = {"state": DeletionState.CANCELLED}
            staying = cancelled(user, now)
            self._put(transaction, user, staying, deletion.model_copy(update=state))
            effects.record(transaction, user, staying)
            return True

        return self._documents.atomically(work).result

    def due(self, now: datetime, *, limit: int) -> list[Deletion]:
        """Those whose time of grace is over."""
        waiting: list[Condition] = [
            ("state", "==", DeletionState.REQUESTED.value),
            ("purge_at", "<=", now),
        ]
        return self._found(waiting, limit)

    def unfinished(self, *, limit: int) -> list[Deletion]:
        """Those whose removal has begun, and not ended."""
        return self._found([("state", "==", DeletionState.PURGING.value)], limit)

    def close(self, user_id: str, now: datetime, effects: Effects, *, at_once: bool) -> bool:
        """Close the door, and with it begin the removal; `at_once` does not wait for the grace.

        False when it is closed already, or there is nothing to remove (yet).
        """

        def work(transaction: Transaction) -> bool:
            user, deletion = _read(transaction, user_id)
            if deletion and deletion.closed:
                return False
            leaving = user
            if at_once and user:
                leaving, deletion = requested(user, now)
            elif deletion is None or not _is_due(deletion, now):
                return False
            home = user.organization_id if user else deletion.organization_id
            changes = {"state": DeletionState.PURGING, "organization_id": home}
            gone = closed(leaving) if leaving else None
            self._put(transaction, user, gone, deletion.model_copy(update=changes))
            effects.record(transaction, user, gone)
            return True

        return self._documents.atomically(work).result

    def finish(self, user_id: str, now: datetime, entry: AuditEntry) -> None:
        """Note that nothing is left, with the audit row that says so."""

        def work(transaction: Transaction) -> None:
            _, deletion = _read(transaction, user_id)
            if deletion is None or deletion.state is DeletionState.DONE:
                return
            done = deletion.model_copy(update={"state": DeletionState.DONE, "done_at": now})
            self._put(transaction, None, None, done)
            audit.record(transaction, entry)

        self._documents.atomically(work)

    def _found(self, where: list[Condition], limit: int) -> list[Deletion]:
        rows = self._documents.find("deletions", where, limit=limit)
        found = [readable(row, lambda row: restored(Deletion, row)) for row in rows]
        return [deletion for deletion in found if deletion]

    def _put(
        self,
        transaction: Transaction,
        before: User | None,
        user: User | None,
        deletion: Deletion,
    ) -> None:
        """Raises LastAdmin when nobody would be left to administer."""
        if user:
            put_user(transaction, self._documents, before, user)
        transaction.put(deletion_path(deletion.user_id), fields(deletion) | SCHEMA)


def deletion_path(user_id: str) -> str:
    return f"deletions/{user_id}"


def _is_due(deletion: Deletion, now: datetime) -> bool:
    return deletion.state is DeletionState.REQUESTED and deletion.purge_at <= now


def _read(transaction: Transaction, user_id: str) -> tuple[User | None, Deletion | None]:
    paths = user_path(user_id), deletion_path(user_id)
    found = transaction.get_many(paths)
    user, deletion = (found.get(path) for path in paths)
    return (
        restored(User, user) if user else None,
        restored(Deletion, deletion) if deletion else None,
    )
