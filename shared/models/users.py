"""People: who they are, what they may do, and what the API says about them."""

from datetime import date
from enum import StrEnum

from shared.models.base import Model, Moment
from shared.models.organizations import Organization, OrganizationView, SubscriptionStatus, Tier


class Role(StrEnum):
    """What somebody may do in the whole system; not the role inside an organization."""

    USER = "USER"
    ADMIN = "ADMIN"


class OrganizationRole(StrEnum):
    OWNER = "OWNER"
    MEMBER = "MEMBER"


class UserStatus(StrEnum):
    ACTIVE = "active"
    SUSPENDED = "suspended"
    DELETING = "deleting"
    """Deletion was asked for; the account works until the grace period ends."""


class User(Model):
    """A person as stored. The id is the Firebase uid."""

    id: str
    email: str
    """As Firebase keeps it: lower case."""
    full_name: str
    organization_id: str
    organization_role: OrganizationRole = OrganizationRole.OWNER
    home_organization_id: str = ""
    """Where they go back to when they leave another one; empty for the one they began with."""
    role: Role = Role.USER
    status: UserStatus = UserStatus.ACTIVE
    is_verified: bool = False
    tokens_valid_after: int = 0
    """Seconds since 1970; sessions that began earlier are over."""
    ended_sessions: tuple[int, ...] = ()
    """Sign-in times, in seconds since 1970, of sessions that were logged out, oldest first."""
    kept_session: int | None = None
    """The sign-in time of the one session that outlives `tokens_valid_after`: the one in which
    the password was changed."""
    avatar: str | None = None
    """The object of the person's picture in the avatar bucket."""
    password_changed_at: Moment | None = None
    """Links mailed before it no longer work."""
    deletion_requested_at: Moment | None = None
    last_seen_on: date | None = None
    last_login_at: Moment | None = None
    login_count: int = 0
    created_at: Moment
    updated_at: Moment

    @property
    def is_active(self) -> bool:
        """Not suspended."""
        return self.status is not UserStatus.SUSPENDED

    @property
    def is_standing_admin(self) -> bool:
        """An administrator who is neither suspended nor about to be deleted."""
        return self.role is Role.ADMIN and self.status is UserStatus.ACTIVE

    @property
    def profile_image_url(self) -> str | None:
        """An address of ours, which survives what clients append to make caches look again."""
        return f"/api/v1/users/{self.id}/avatar" if self.avatar else None


class Caller(Model):
    """Who makes this request, as the stored documents say, not as the token claims."""

    user_id: str
    organization_id: str
    role: Role
    organization_role: OrganizationRole
    has_pro: bool
    """The organization's plan includes what Pro includes, right now."""
    signed_in_at: int
    """When this session began, in seconds since 1970."""
    full_name: str = ""

    @property
    def is_admin(self) -> bool:
        return self.role is Role.ADMIN


class UserView(Model):
    """A person as the API shows them to themselves."""

    id: str
    """The Firebase uid."""
    email: str
    full_name: str
    organization_id: str
    organization_name: str
    organization: OrganizationView
    role: Role
    is_active: bool
    """False while an administrator has suspended the account."""
    is_verified: bool
    """The address was confirmed."""
    profile_image_url: str | None
    """The picture's path on this API; it changes its content, never its address."""
    deletion_requested_at: Moment | None
    """When deletion was asked for; it happens 30 days later."""
    subscription_tier: Tier
    subscription_status: SubscriptionStatus
    created_at: Moment
    updated_at: Moment

    @classmethod
    def of(cls, user: User, organization: Organization) -> "UserView":
        return cls(
            **user.model_dump(include=set(cls.model_fields) & set(User.model_fields)),
            profile_image_url=user.profile_image_url,
            organization_name=organization.name,
            organization=OrganizationView.of(
                organization, shows_payment_ids=user.organization_role is OrganizationRole.OWNER
            ),
            is_active=user.is_active,
            subscription_tier=organization.subscription_tier,
            subscription_status=organization.subscription_status,
        )
