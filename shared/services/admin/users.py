"""What administrators do with people."""

from collections.abc import Callable
from datetime import datetime

from shared.errors import UserNotFound
from shared.models.audit import AuditEntry, AuditFilter, AuditRow
from shared.models.mails import MailKind
from shared.models.organizations import OrganizationView
from shared.models.people import (
    AdminUser,
    AdminUserDetail,
    AdminUserPage,
    PasswordResetAsked,
    RoleChange,
    RoleChanged,
    UserActed,
    UserAction,
    UserChange,
    UserFilter,
)
from shared.models.tasks import SendMail, SyncIdentity, Task
from shared.models.users import Caller, User
from shared.rules.people import require_somebody_else, restored, suspended
from shared.services.accounts import AccountService
from shared.services.background import BackgroundService
from shared.services.deletions import DeletionService
from shared.services.trail import told
from shared.storage.audit import AuditRepository
from shared.storage.effects import Effects
from shared.storage.people import PeopleRepository

RECENT = 10

Change = Callable[[User], User]


class UserAdminService:
    """Each change is stored together with its audit row and with the tasks that follow from it.

    `deletions` returns what removes accounts.
    """

    def __init__(
        self,
        people: PeopleRepository,
        accounts: AccountService,
        audit: AuditRepository,
        background: BackgroundService,
        deletions: Callable[[], DeletionService],
        *,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
    ) -> None:
        self._people = people
        self._accounts = accounts
        self._audit = audit
        self._background = background
        self._deletions = deletions
        self._now = now
        self._new_id = new_id

    def browse(self, asked: UserFilter) -> AdminUserPage:
        users, total = self._people.page(asked)
        around = self._people.around(users)
        rows = [
            AdminUser.of(
                user,
                around[user.id].organization,
                programs=around[user.id].programs,
                exercises=around[user.id].exercises,
            )
            for user in users
        ]
        return AdminUserPage.of(rows, total, asked)

    def get(self, user_id: str) -> AdminUserDetail:
        """Raises UserNotFound."""
        return self._detail(self._required(user_id))

    def change(self, caller: Caller, user_id: str, change: UserChange) -> AdminUserDetail:
        """Correct a person's own fields. Raises UserNotFound."""
        given = change.model_dump(exclude_none=True)
        entry = self._told(caller, "user.update", user_id, None)
        user = self._changed(user_id, lambda user: user.model_copy(update=given), entry)
        return self._detail(user)

    def set_role(self, caller: Caller, user_id: str, change: RoleChange) -> RoleChanged:
        """Raises UserNotFound, Forbidden for oneself, or LastAdmin."""
        require_somebody_else(caller, user_id)
        entry = self._told(caller, "user.role_update", user_id, change.reason)
        self._changed(
            user_id,
            lambda user: user.model_copy(update={"role": change.role}),
            entry,
            SyncIdentity(user_id=user_id, cause=entry.id),
        )
        return RoleChanged(
            message=f"The role is {change.role.value} now.", user_id=user_id, new_role=change.role
        )

    def act(
        self, caller: Caller, user_id: str, action: UserAction, reason: str | None
    ) -> UserActed:
        """Suspend a person, or lift that.

        Raises UserNotFound, Forbidden for oneself, LastAdmin, or Refused when it is so already.
        """
        require_somebody_else(caller, user_id)
        entry = self._told(caller, f"user.{action.value}", user_id, reason)
        now = entry.created_at
        changes: dict[UserAction, Change] = {
            UserAction.SUSPEND: lambda user: suspended(user, now),
            UserAction.UNSUSPEND: restored,
        }
        sync = SyncIdentity(user_id=user_id, cause=entry.id)
        self._changed(user_id, changes[action], entry, sync)
        return UserActed(
            success=True,
            message="The account is suspended and signed out everywhere."
            if action is UserAction.SUSPEND
            else "The suspension is lifted; the person can sign in again.",
            user_id=user_id,
            action=action,
            performed_at=now,
            performed_by=caller.user_id,
        )

    def delete(self, caller: Caller, user_id: str, reason: str | None) -> None:
        """Shut a person out now, and remove what only they had by a task.

        Once more changes nothing until it is done. Raises UserNotFound, Forbidden for oneself,
        or LastAdmin.
        """
        require_somebody_else(caller, user_id)
        self._required(user_id)
        self._deletions().begin_now(user_id, by=caller, reason=reason)

    def reset_password(self, caller: Caller, user_id: str) -> PasswordResetAsked:
        """Send the person the mail that lets them choose a new password. Raises UserNotFound."""
        entry = self._told(caller, "user.reset_password", user_id, None)
        mail = SendMail(mail=MailKind.PASSWORD_RESET, user_id=user_id, cause=entry.id)
        user = self._changed(user_id, lambda user: user, entry, mail)
        return PasswordResetAsked(
            message="A mail with a reset link is on its way.", user_id=user_id, email=user.email
        )

    def _required(self, user_id: str) -> User:
        user = self._people.get(user_id)
        if user is None:
            raise UserNotFound("There is no such user.")
        return user

    def _changed(self, user_id: str, change: Change, entry: AuditEntry, *tasks: Task) -> User:
        # One that was broken in the console is refused here rather than half understood.
        self._required(user_id)
        effects = Effects(now=entry.created_at, tasks=tasks, audit=(entry,))
        user = self._accounts.change(user_id, change, effects)
        if user is None:
            raise UserNotFound("There is no such user.")
        self._background.push(*tasks)
        return user

    def _told(self, caller: Caller, action: str, user_id: str, reason: str | None) -> AuditEntry:
        return told(
            caller, action, user_id, entry_id=self._new_id(), now=self._now(), reason=reason
        )

    def _detail(self, user: User) -> AdminUserDetail:
        around = self._people.around([user])[user.id]
        row = AdminUser.of(
            user, around.organization, programs=around.programs, exercises=around.exercises
        )
        recent, _ = self._audit.page(AuditFilter(target_id=user.id, limit=RECENT))
        return AdminUserDetail(
            **dict(row),
            organization=OrganizationView.of(around.organization, shows_payment_ids=True)
            if around.organization
            else None,
            recent_activity=[AuditRow.model_validate(dict(entry)) for entry in recent],
        )
