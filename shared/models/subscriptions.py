"""Subscriptions as Lemon Squeezy keeps them, and what we keep of them."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from shared.models.base import Model, Moment
from shared.models.organizations import SubscriptionStatus, Tier


class BillingStatus(StrEnum):
    """Lemon Squeezy's own words."""

    ON_TRIAL = "on_trial"
    ACTIVE = "active"
    PAUSED = "paused"
    PAST_DUE = "past_due"
    """A payment failed; they try again for two weeks."""
    UNPAID = "unpaid"
    CANCELLED = "cancelled"
    """Ends with the period that is paid for."""
    EXPIRED = "expired"


class Interval(StrEnum):
    MONTH = "month"
    YEAR = "year"


class Offer(Model):
    """What one variant in Lemon Squeezy's shop stands for; the setting BILLING_OFFERS lists all."""

    variant_id: str
    tier: Tier = Tier.PRO
    interval: Interval
    price_cents: Annotated[int, Field(ge=0)]
    """Per interval."""
    currency: str = "USD"


class Subscription(Model):
    """As stored under `subscriptions/{id}`; the id is Lemon Squeezy's."""

    id: str
    organization_id: str
    customer_id: str
    variant_id: str
    status: BillingStatus
    pause_mode: str | None = None
    """`void`: paused without service; `free`: paused with it."""
    renews_at: Moment | None = None
    ends_at: Moment | None = None
    trial_ends_at: Moment | None = None
    tier: Tier = Tier.PRO
    interval: Interval = Interval.MONTH
    price_cents: int = 0
    currency: str = "USD"
    test_mode: bool = False
    refunded_at: Moment | None = None
    """The last time money went back; it changes no plan by itself."""
    source_updated_at: Moment
    """Lemon Squeezy's `updated_at`: the newest state wins, whatever arrives last."""
    created_at: Moment
    updated_at: Moment


class SubscriptionView(Model):
    """What an organization pays for."""

    tier: Tier
    status: SubscriptionStatus
    billing_status: BillingStatus | None
    """Lemon Squeezy's word for it; null without a subscription."""
    interval: Interval | None
    price_cents: int | None
    """Per interval, in hundredths of the currency."""
    currency: str | None
    renews_at: Moment | None
    """When the next payment is due."""
    ends_at: Moment | None
    """Until when a cancelled plan keeps working."""
    trial_ends_at: Moment | None
    offers: list[Offer]
    """What can be bought at `/billing/checkout`."""


class CheckoutRequest(Model):
    interval: Interval = Interval.MONTH


class Checkout(Model):
    checkout_url: str
    """Open it in a browser; the plan changes when the payment has gone through."""
    expires_at: Moment | None


class Portal(Model):
    portal_url: str
    """Where the payment method is changed and the plan cancelled; signed, for a day."""
