"""What a subscription amounts to, and which state of it is the newest."""

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from shared.models.billing_events import SubscriptionAttributes
from shared.models.organizations import Organization, SubscriptionStatus, Tier
from shared.models.subscriptions import BillingStatus, Offer, Subscription

_GRANTING = {BillingStatus.ON_TRIAL, BillingStatus.ACTIVE, BillingStatus.PAST_DUE}
_FINALITY = {status: rank for rank, status in enumerate(BillingStatus)}
"""Of two states of one second, which their clock cannot tell apart, the more final one counts."""


def subscription(
    identifier: str,
    attributes: SubscriptionAttributes,
    organization_id: str,
    offers: Mapping[str, Offer],
    now: datetime,
) -> Subscription:
    """What we keep; a variant that is not on offer grants nothing and costs nothing."""
    variant_id = str(attributes.variant_id)
    offer = offers.get(variant_id)
    return Subscription(
        id=identifier,
        organization_id=organization_id,
        customer_id=str(attributes.customer_id),
        variant_id=variant_id,
        status=attributes.status,
        pause_mode=attributes.pause.mode if attributes.pause else None,
        renews_at=attributes.renews_at,
        ends_at=attributes.ends_at,
        trial_ends_at=attributes.trial_ends_at,
        test_mode=attributes.test_mode,
        source_updated_at=attributes.updated_at,
        created_at=attributes.created_at,
        updated_at=now,
        **(
            {"tier": Tier.FREE}
            if offer is None
            else offer.model_dump(include={"tier", "interval", "price_cents", "currency"})
        ),
    )


def is_newer(incoming: Subscription, stored: Subscription | None) -> bool:
    """Whether this state replaces the stored one, however late it arrives."""
    return stored is None or _age(incoming) > _age(stored)


def _age(state: Subscription) -> tuple[datetime, int]:
    return state.source_updated_at, _FINALITY[state.status]


def grants(state: Subscription) -> bool:
    """Whether it pays for a plan, for as long as nothing changes."""
    if state.tier is Tier.FREE:
        return False
    if state.status is BillingStatus.PAUSED:
        return state.pause_mode == "free"
    return state.status in _GRANTING


def is_over(status: BillingStatus) -> bool:
    """Whether nothing will be charged any more."""
    return status in {BillingStatus.CANCELLED, BillingStatus.EXPIRED}


def current(states: Iterable[Subscription]) -> Subscription:
    """The one of an organization's subscriptions that its plan follows.

    One that pays before one that is only paid until its end, before one that does neither; of
    equals the youngest.
    """
    return max(states, key=lambda state: (_standing(state), state.created_at, state.id))


def _standing(state: Subscription) -> int:
    if grants(state):
        return 2
    return int(state.status is BillingStatus.CANCELLED and state.tier is not Tier.FREE)


def with_plan(organization: Organization, state: Subscription, now: datetime) -> Organization:
    """The organization as this subscription makes it; itself when nothing changes."""
    status = (
        SubscriptionStatus.EXPIRED,
        SubscriptionStatus.CANCELED,
        SubscriptionStatus.ACTIVE,
    )[_standing(state)]
    is_over = status is SubscriptionStatus.EXPIRED
    changed = organization.model_copy(
        update={
            "subscription_tier": Tier.FREE if is_over else state.tier,
            "subscription_status": status,
            "period_ends_at": state.ends_at if status is SubscriptionStatus.CANCELED else None,
            "lemonsqueezy_customer_id": state.customer_id,
            "lemonsqueezy_subscription_id": state.id,
        }
    )
    if changed == organization:
        return organization
    return changed.model_copy(update={"updated_at": now})


def expired(organization: Organization, now: datetime) -> Organization:
    """The organization after the period that was paid for; itself before that."""
    ends_at = organization.period_ends_at
    if organization.subscription_status is not SubscriptionStatus.CANCELED or (
        ends_at is not None and now < ends_at
    ):
        return organization
    return organization.model_copy(
        update={
            "subscription_tier": Tier.FREE,
            "subscription_status": SubscriptionStatus.EXPIRED,
            "period_ends_at": None,
            "updated_at": now,
        }
    )


def is_signed(body: bytes, signature: str, secrets: Iterable[str]) -> bool:
    """Whether the hexadecimal HMAC-SHA256 of the raw body is one of these secrets'.

    Two are active while one takes the other's place.
    """
    given = signature.encode("utf-8", "replace")
    return any(hmac.compare_digest(_digest(body, secret).encode(), given) for secret in secrets)


def signature(body: bytes, secret: str) -> str:
    """What Lemon Squeezy sends as `X-Signature`."""
    return _digest(body, secret)


def _digest(body: bytes, secret: str) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


_PURPOSE = "checkout "


def organization_token(organization_id: str, secret: str) -> str:
    """What a checkout carries to say who pays.

    Signed, because custom fields of a checkout can be set in its address by anybody.
    """
    return f"{organization_id}.{_digest((_PURPOSE + organization_id).encode(), secret)}"


def paying_organization(custom: Mapping[str, Any], secret: str) -> str | None:
    """Whose checkout it was; None when nobody of ours signed that."""
    organization_id, _, given = str(custom.get("organization", "")).partition(".")
    wanted = _digest((_PURPOSE + organization_id).encode(), secret)
    sound = hmac.compare_digest(wanted.encode(), given.encode("utf-8", "replace"))
    return organization_id if organization_id and sound else None
