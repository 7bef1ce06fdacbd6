"""One action for several people: each is a change of its own, with an audit row of its own."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from shared.errors import AppError, Unavailable
from shared.models.people import (
    BulkDeletion,
    BulkResult,
    BulkRow,
    BulkUpdate,
)
from shared.models.users import Caller
from shared.services.admin.users import UserAdminService
from shared.storage.people import PeopleRepository


class BulkService:
    """What fails for one person does not stop the others; an outage does."""

    def __init__(
        self,
        users: UserAdminService,
        people: PeopleRepository,
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._users = users
        self._people = people
        self._now = now

    def update(self, caller: Caller, asked: BulkUpdate) -> BulkResult:
        def act(user_id: str) -> str:
            return self._users.act(caller, user_id, asked.action, asked.reason).message

        return self._each(dict.fromkeys(asked.user_ids), act)

    def delete_inactive(self, caller: Caller, asked: BulkDeletion) -> BulkResult:
        """Administrators and people whose account is not plainly active are left alone."""
        before = self._now().date() - timedelta(days=asked.inactive_days)
        found = self._people.unseen_since(before, limit=asked.limit)
        seen = {user.id: user.last_seen_on for user in found}

        def tell(user_id: str) -> str:
            return f"Last seen on {seen[user_id]}."

        def delete(user_id: str) -> str:
            self._users.delete(caller, user_id, asked.reason)
            return f"{tell(user_id)} Deleted."

        return self._each(seen, tell if asked.dry_run else delete, dry_run=asked.dry_run)

    @staticmethod
    def _each(
        user_ids: Iterable[str], act: Callable[[str], str], *, dry_run: bool = False
    ) -> BulkResult:
        rows: list[BulkRow] = []
        for user_id in user_ids:
            try:
                row = BulkRow(user_id=user_id, success=True, code=None, message=act(user_id))
            except Unavailable:
                if not rows:
                    raise
                row = BulkRow(
                    user_id=user_id,
                    success=False,
                    code=Unavailable.code,
                    message="Not done: the time was up. Send the rest again.",
                )
            except AppError as refusal:
                row = BulkRow(
                    user_id=user_id, success=False, code=refusal.code, message=refusal.message
                )
            rows.append(row)
        succeeded = sum(row.success for row in rows)
        return BulkResult(
            succeeded=succeeded, failed=len(rows) - succeeded, dry_run=dry_run, results=rows
        )
