"""What Lemon Squeezy would say about a subscription: events with bodies like theirs."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from shared.models.subscriptions import BillingStatus
from shared.rules.subscriptions import organization_token

PERIOD = timedelta(days=30)

STATUS_AFTER = {
    "subscription_created": BillingStatus.ACTIVE,
    "subscription_updated": BillingStatus.ACTIVE,
    "subscription_resumed": BillingStatus.ACTIVE,
    "subscription_unpaused": BillingStatus.ACTIVE,
    "subscription_payment_success": BillingStatus.ACTIVE,
    "subscription_payment_recovered": BillingStatus.ACTIVE,
    "subscription_payment_failed": BillingStatus.PAST_DUE,
    "subscription_payment_refunded": BillingStatus.ACTIVE,
    "subscription_paused": BillingStatus.PAUSED,
    "subscription_cancelled": BillingStatus.CANCELLED,
    "subscription_expired": BillingStatus.EXPIRED,
}
"""Every event there is about a subscription, and how it stands afterwards."""


def subscription(
    identifier: str,
    *,
    email: str,
    status: BillingStatus,
    at: datetime,
    began: datetime | None = None,
    variant_id: str = "101",
    pause_mode: str = "void",
) -> dict[str, Any]:
    """A subscription object as their API returns it; `at` is its `updated_at`."""
    began = began or at
    is_over = status in {BillingStatus.CANCELLED, BillingStatus.EXPIRED}
    ends_at = at + PERIOD if status is BillingStatus.CANCELLED else at
    portal = f"https://hypertroq.lemonsqueezy.com/billing?subscription={identifier}"
    attributes = {
        "store_id": 1,
        "customer_id": 1_000 + len(identifier),
        "order_id": 1,
        "product_id": 1,
        "variant_id": int(variant_id),
        "product_name": "HypertroQ Pro",
        "user_name": "Somebody",
        "user_email": email,
        "status": status.value,
        "pause": {"mode": pause_mode, "resumes_at": None}
        if status is BillingStatus.PAUSED
        else None,
        "cancelled": is_over,
        "trial_ends_at": None,
        "renews_at": None if is_over else _text(at + PERIOD),
        "ends_at": _text(ends_at) if is_over else None,
        "urls": {"customer_portal": portal, "update_payment_method": portal},
        "created_at": _text(began),
        "updated_at": _text(at),
        "test_mode": True,
    }
    return {"type": "subscriptions", "id": identifier, "attributes": attributes}


def event(
    name: str, resource: dict[str, Any], *, organization_id: str, checkout_secret: str
) -> bytes:
    """The body of the event, as it is signed."""
    if name.startswith("subscription_payment_"):
        resource = _invoice(resource)
    custom = {"organization": organization_token(organization_id, checkout_secret)}
    meta = {"event_name": name, "test_mode": True, "custom_data": custom}
    return json.dumps({"meta": meta, "data": resource}).encode()


def _invoice(resource: dict[str, Any]) -> dict[str, Any]:
    kept = {name: resource["attributes"][name] for name in ("user_email", "updated_at")}
    attributes = {"subscription_id": int(resource["id"]), "test_mode": True, **kept}
    return {"type": "subscription-invoices", "id": f"9{resource['id']}", "attributes": attributes}


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
