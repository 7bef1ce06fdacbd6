"""What Lemon Squeezy tells us: a webhook's body, as far as we read it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import Field

from shared.models.base import Model, Moment
from shared.models.subscriptions import BillingStatus


class Pause(Model):
    mode: str = "void"
    resumes_at: Moment | None = None


class SubscriptionAttributes(Model):
    """The attributes of a subscription object; the same from their API and in a webhook."""

    customer_id: str | int
    variant_id: str | int
    status: BillingStatus
    pause: Pause | None = None
    user_email: str = ""
    renews_at: Moment | None = None
    ends_at: Moment | None = None
    trial_ends_at: Moment | None = None
    urls: dict[str, str | None] = Field(default_factory=dict)
    test_mode: bool = False
    created_at: Moment
    updated_at: Moment


class Resource(Model):
    type: str
    id: str
    attributes: dict[str, Any]


class Meta(Model):
    event_name: str
    custom_data: dict[str, Any] = Field(default_factory=dict)
    test_mode: bool = False


class BillingEvent(Model):
    meta: Meta
    data: Resource


class EventOutcome(StrEnum):
    APPLIED = "applied"
    STALE = "stale"
    """Something newer was known already."""
    IGNORED = "ignored"
    """Of no consequence: another kind of event, another mode, or nobody's."""
    REPEATED = "repeated"
    """The very same body came before."""


class StoredEvent(Model):
    """As kept under `webhook_events/{sha256 of the body}`."""

    id: str
    name: str
    resource_id: str
    body: str
    received_at: datetime


class Received(Model):
    outcome: EventOutcome


class Reconciled(Model):
    """What a comparison with Lemon Squeezy's own list found."""

    compared: int
    repaired: int
    """Subscriptions whose newest state had not reached us."""
    unknown: int
    """Subscriptions that belong to no organization of ours."""


class Ended(Model):
    """What the end of paid periods amounted to."""

    organizations: int
    """How many are on Free now."""
