"""Firebase's copy of what our documents say about a person."""

from collections.abc import Callable

from shared.gateways.ports import Directory
from shared.models.tasks import SyncIdentity
from shared.models.users import User
from shared.storage.accounts import AccountRepository


class IdentityService:
    """Our documents decide; Firebase is told, so that its console, its tokens and its own sign-in
    agree with them. `directory` returns Firebase's accounts."""

    def __init__(self, accounts: AccountRepository, directory: Callable[[], Directory]) -> None:
        self._accounts = accounts
        self._directory = directory

    def sync(self, task: SyncIdentity) -> None:
        """As the person is now, whatever the task's cause was: the last one to run is right.

        The plan is not among the claims: it belongs to the organization and may end by itself.
        """
        told: tuple[dict[str, str], bool] | None = None
        # Until it is still so once it is told: of two at once the slower one may know less.
        while (account := self._accounts.load(task.user_id)) and _facts(account.user) != told:
            claims, is_active = told = _facts(account.user)
            self._directory().mark(task.user_id, claims=claims, is_active=is_active)
            if not is_active:
                self._directory().end_sessions(task.user_id)


def _facts(user: User) -> tuple[dict[str, str], bool]:
    """Claims, and whether they may sign in."""
    claims = {"role": user.role.value, "organization_id": user.organization_id}
    return claims, user.is_active
