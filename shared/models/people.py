"""People as administrators see them: lists, one person in full, and what is done to them."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field

from shared.models.accounts import EmailAddress, FullName
from shared.models.audit import AuditRow
from shared.models.base import BlankIsNone, Id, Model, Moment, Text
from shared.models.organizations import Organization, OrganizationView, SubscriptionStatus, Tier
from shared.models.pages import FarPaging, Page
from shared.models.users import Role, User

Reason = Annotated[Annotated[Text, Field(max_length=500)] | None, BlankIsNone]


class UserFilter(FarPaging):
    search: Annotated[Annotated[Text, Field(max_length=100)] | None, BlankIsNone] = None
    """Beginnings of words of the name or the address; every word must occur."""

    email: Annotated[Annotated[Text, Field(max_length=254)] | None, BlankIsNone] = None
    """The whole address, or beginnings of its words."""

    role: Annotated[Role | None, BlankIsNone] = None
    """Only administrators, or only others."""

    is_active: Annotated[bool | None, BlankIsNone] = None
    """False: only suspended people."""

    is_verified: Annotated[bool | None, BlankIsNone] = None
    """Whether the address was confirmed."""

    subscription_tier: Annotated[Tier | None, BlankIsNone] = None
    """The plan of the person's organization."""

    organization_id: Annotated[Id | None, BlankIsNone] = None
    """Only this organization's members."""


class AdminUser(Model):
    """A person in an administrator's list."""

    id: str
    """The Firebase uid."""
    email: str
    full_name: str
    organization_id: str
    organization_name: str | None
    """Null when the organization's document is missing."""
    role: Role
    is_active: bool
    """False while suspended."""
    is_verified: bool
    profile_image_url: str | None
    subscription_tier: Tier | None
    subscription_status: SubscriptionStatus | None
    deletion_requested_at: Moment | None
    last_login: Moment | None
    """The newest sign-in with a password; null when there was none since it is recorded."""
    login_count: int
    """Sign-ins with a password."""
    total_programs: int
    """Programs this person made, clones included."""
    total_exercises: int
    """Exercises this person made for their organization."""
    created_at: Moment
    updated_at: Moment

    @classmethod
    def of(
        cls, user: User, organization: Organization | None, *, programs: int, exercises: int
    ) -> Self:
        return cls(
            **user.model_dump(include=set(cls.model_fields) & set(User.model_fields)),
            profile_image_url=user.profile_image_url,
            organization_name=organization.name if organization else None,
            is_active=user.is_active,
            subscription_tier=organization.subscription_tier if organization else None,
            subscription_status=organization.subscription_status if organization else None,
            last_login=user.last_login_at,
            total_programs=programs,
            total_exercises=exercises,
        )


class AdminUserPage(Page[AdminUser]):
    """People, newest first. `total` is exact up to 10,000."""


class AdminUserDetail(AdminUser):
    """A person in full."""

    organization: OrganizationView | None
    recent_activity: list[AuditRow]
    """The ten newest audit rows about this person."""


class UserChange(Model):
    """What an administrator corrects; what is absent or null stays."""

    full_name: FullName | None = None
    is_verified: bool | None = None
    """Whether the address counts as confirmed."""


class RoleChange(Model):
    role: Role
    reason: Reason = None
    """Kept in the audit log."""


class RoleChanged(Model):
    message: str
    user_id: str
    new_role: Role


class Suspension(Model):
    suspended: bool = True
    """False lifts the suspension."""
    reason: Reason = None
    """Kept in the audit log."""


class ReasonGiven(Model):
    """Nothing but a reason, and not even that is needed."""

    reason: Reason = None
    """Kept in the audit log."""


class ReasonQuery(Model):
    reason: Reason = None
    """Kept in the audit log; the body's wins."""


class UserAction(StrEnum):
    SUSPEND = "suspend"
    UNSUSPEND = "unsuspend"


class UserActed(Model):
    """What was done to a person."""

    success: bool
    message: str
    user_id: str
    action: UserAction
    performed_at: Moment
    performed_by: str
    """The administrator's id."""


Some = Annotated[list[Id], Field(min_length=1, max_length=50)]


class BulkUpdate(Model):
    """One action for several people; each succeeds or fails on their own."""

    user_ids: Some
    action: UserAction
    reason: Reason = None


class BulkDeletion(Model):
    """Delete accounts nobody has used for long."""

    inactive_days: Annotated[int, Field(ge=180, le=3_650)] = 365
    """Nobody signed in or called for at least this many days."""
    limit: Annotated[int, Field(ge=1, le=50)] = 50
    """At most so many in one call."""
    dry_run: bool = True
    """True: only say whom it would be."""
    reason: Reason = None


class BulkRow(Model):
    user_id: str
    success: bool
    code: str | None
    """Of the refusal."""
    message: str


class BulkResult(Model):
    """What became of each."""

    succeeded: int
    failed: int
    dry_run: bool
    results: list[BulkRow]


class ExportKind(StrEnum):
    USERS = "users"
    ORGANIZATIONS = "organizations"


class ExportRequest(Model):
    """A whole list as CSV (RFC 4180, UTF-8)."""

    kind: ExportKind = ExportKind.USERS


class PasswordResetAsked(Model):
    """Who gets a mail with a link to choose a new password."""

    message: str
    user_id: str
    email: EmailAddress
