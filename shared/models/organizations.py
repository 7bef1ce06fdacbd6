"""Organizations: the tenants; everything people make belongs to one."""

from enum import StrEnum

from shared.models.base import Model, Moment


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
