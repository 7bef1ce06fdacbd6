"""Firebase's copy of what our documents say about a person."""

from collections.abc import Callable

from shared.gateways.ports import Directory
from shared.models.tasks import SyncIdentity
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
        account = self._accounts.load(task.user_id)
        if account is None:
            return
        user = account.user
        claims = {"role": user.role.value, "organization_id": user.organization_id}
        self._directory().mark(user.id, claims=claims, is_active=user.is_active)
        if not user.is_active:
            self._directory().end_sessions(user.id)
