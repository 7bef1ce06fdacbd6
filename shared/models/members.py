"""Members of an organization, and how others are invited to become one."""

from typing import Annotated

from pydantic import StringConstraints

from shared.models.accounts import EmailAddress
from shared.models.base import Id, Model, Moment
from shared.models.organizations import Organization
from shared.models.pages import Page, Paging
from shared.models.users import OrganizationRole, User


class Member(Model):
    """Somebody who belongs to the organization."""

    user_id: str
    full_name: str
    email: str
    role: OrganizationRole
    profile_image_url: str | None
    joined_at: Moment

    @classmethod
    def of(cls, user: User, joined_at: Moment) -> "Member":
        return cls(
            user_id=user.id,
            full_name=user.full_name,
            email=user.email,
            role=user.organization_role,
            profile_image_url=user.profile_image_url,
            joined_at=joined_at,
        )


class MemberPage(Page[Member]):
    """Members: the owner first, then by when they joined."""


class Members(Paging):
    """Which members to list."""


class InvitationDraft(Model):
    email: EmailAddress
    """Who is invited; the link in the mail works for this address alone."""


class Invitation(Model):
    """As stored below its organization; the id follows from the address."""

    id: str
    organization_id: str
    organization_name: str
    email: str
    invited_by_user_id: str
    invited_by_name: str
    created_at: Moment
    expires_at: Moment


class InvitationView(Model):
    """An invitation that was neither accepted nor withdrawn."""

    id: str
    email: str
    invited_by_user_id: str
    invited_by_name: str
    created_at: Moment
    """When it was mailed last."""
    expires_at: Moment
    """Seven days later; until then the link in the mail works, once."""

    @classmethod
    def of(cls, invitation: Invitation) -> "InvitationView":
        return cls(**invitation.model_dump(include=set(cls.model_fields)))


class InvitationList(Model):
    items: list[InvitationView]
    """Newest first, without those that have expired."""

    total: int


class Acceptance(Model):
    token: Annotated[str, StringConstraints(min_length=1, max_length=256)]
    """From the link in the mail."""


class NewOwner(Model):
    user_id: Id
    """A member of the organization."""


class Moved(Model):
    """Somebody between two organizations, and both of these."""

    user: User
    left: Organization
    joined: Organization
