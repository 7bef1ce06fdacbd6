"""A product whose store nobody else uses, and whose clock the test sets."""

from datetime import UTC, datetime

from firebase_admin import auth

from shared.models.organizations import Organization, Tier
from shared.models.users import Caller, OrganizationRole, Role, User
from shared.rules.accounts import new_account
from shared.settings import Settings
from shared.wiring import Wiring


class Elsewhere(Wiring):
    """A project of its own on the same stack."""

    def __init__(self, settings: Settings, project: str) -> None:
        super().__init__(settings.model_copy(update={"project": project}))
        self.time = datetime(2026, 3, 2, 12, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time

    def account(self, user_id: str, **fields: object) -> tuple[User, Organization]:
        """Somebody with an organization of their own, registered now."""
        account = new_account(
            user_id=user_id,
            email=f"{user_id}@example.com",
            is_verified=False,
            full_name=user_id.title(),
            organization_name=None,
            now=self.time,
        )
        user = account.user.model_copy(update=fields)
        added = self.account_repository.add(account.model_copy(update={"user": user}))
        return added.user, added.organization

    def admin_caller(self, user_id: str = "root") -> Caller:
        """An administrator, who is stored as one."""
        user, organization = self.account(user_id, role=Role.ADMIN)
        return Caller(
            user_id=user.id,
            organization_id=organization.id,
            role=Role.ADMIN,
            organization_role=OrganizationRole.OWNER,
            has_pro=organization.subscription_tier is Tier.PRO,
            signed_in_at=0,
        )

    def close(self) -> None:
        self.documents._client.close()
        if "task_queue" in self.parts:
            self.task_queue.close()
        if "directory" in self.parts:
            auth._get_client(self.directory._app)._user_manager.http_client.close()
