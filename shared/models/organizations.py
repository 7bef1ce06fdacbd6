"""Organizations: the tenants; everything people make belongs to one."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from shared.models.base import BlankIsNone, Model, Moment, Text
from shared.models.pages import FarPaging, Page


class Tier(StrEnum):
    FREE = "FREE"
    PRO = "PRO"


class SubscriptionStatus(StrEnum):
    ACTIVE = "ACTIVE"
    CANCELED = "CANCELED"
    """Ends with the period that is paid for."""
    EXPIRED = "EXPIRED"


class Organization(Model):
    """A tenant as stored."""

    id: str
    name: str
    owner_user_id: str
    subscription_tier: Tier = Tier.FREE
    subscription_status: SubscriptionStatus = SubscriptionStatus.ACTIVE
    period_ends_at: Moment | None = None
    """Until when the plan is paid for; none for plans without an end."""
    pro_since: Moment | None = None
    """When the newest Pro plan began; stays when it ends."""
    canceled_at: Moment | None = None
    """When that plan was cancelled or ended; none while it goes on."""
    lemonsqueezy_customer_id: str | None = None
    lemonsqueezy_subscription_id: str | None = None
    member_count: int = 1
    created_at: Moment
    updated_at: Moment


class OrganizationView(Model):
    """An organization as its members see it."""

    id: str
    name: str
    subscription_tier: Tier
    subscription_status: SubscriptionStatus
    lemonsqueezy_customer_id: str | None
    """Shown to the organization's owner only."""
    lemonsqueezy_subscription_id: str | None
    """Shown to the organization's owner only."""
    created_at: Moment
    updated_at: Moment

    @classmethod
    def of(cls, organization: Organization, *, shows_payment_ids: bool) -> "OrganizationView":
        hidden = {"lemonsqueezy_customer_id": None, "lemonsqueezy_subscription_id": None}
        return cls(
            **organization.model_dump(include=set(cls.model_fields))
            | ({} if shows_payment_ids else hidden)
        )


class OrganizationFilter(FarPaging):
    subscription_tier: Annotated[Tier | None, BlankIsNone] = None
    """Only organizations with this plan."""

    subscription_status: Annotated[SubscriptionStatus | None, BlankIsNone] = None
    """Only organizations whose plan is in this state."""


class AdminOrganization(OrganizationView):
    """An organization in an administrator's list, payment ids included."""

    owner_user_id: str
    period_ends_at: Moment | None
    """Until when the plan is paid for; null for plans without an end."""
    pro_since: Moment | None
    """When the newest Pro plan began."""
    canceled_at: Moment | None
    """When that plan was cancelled or ended; null while it goes on."""

    @classmethod
    def seen(cls, organization: Organization) -> "AdminOrganization":
        return cls.model_validate(organization.model_dump(include=set(cls.model_fields)))


class AdminOrganizationPage(Page[AdminOrganization]):
    """Organizations, newest first. `total` is exact up to 10,000."""


class AdminOrganizationDetail(AdminOrganization):
    """An organization with what it has."""

    user_count: int
    exercise_count: int
    """Its own; the shared catalogue is not counted."""
    program_count: int


class PlanChange(Model):
    """What an organization may use from now on; what is absent or null stays."""

    subscription_tier: Tier | None = None
    subscription_status: SubscriptionStatus | None = None
    reason: Annotated[Annotated[Text, Field(max_length=500)] | None, BlankIsNone] = None
    """Kept in the audit log."""
