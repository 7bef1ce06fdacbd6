"""Billing: what your organization pays for, where to pay, and what the payment service tells us."""

from flask import Request, Response

from shared.errors import Conflict, Forbidden, MalformedBody, Refused, SignatureInvalid
from shared.http.context import Access, Context
from shared.http.router import Router
from shared.models.billing_events import Received
from shared.models.subscriptions import Checkout, CheckoutRequest, Portal, SubscriptionView

api = Router("billing", tag="Billing")

WEBHOOK_BYTES = 256 * 1024


@api.route("GET", "/subscription", access=Access.MEMBER, limit="default")
def show(context: Context) -> SubscriptionView:
    """Read what your organization pays for, and what is on offer."""
    return context.wiring.billing.show(context.caller)


@api.route(
    "POST",
    "/checkout",
    access=Access.MEMBER,
    limit="checkout",
    status=201,
    fails=(Forbidden, Conflict, Refused),
    body_optional=True,
)
def checkout(context: Context, body: CheckoutRequest) -> Checkout:
    """Get the address of a page on which to pay for Pro (owner)."""
    return context.wiring.billing.checkout(context.caller, body.interval)


@api.route("GET", "/portal", access=Access.MEMBER, limit="default", fails=(Forbidden, Refused))
def portal(context: Context) -> Portal:
    """Get the address where the payment method is changed and the plan cancelled (owner)."""
    return context.wiring.billing.portal(context.caller)


@api.route(
    "POST",
    "/webhooks/lemonsqueezy",
    access=Access.PUBLIC,
    limit="webhook",
    fails=(SignatureInvalid, MalformedBody),
    most_bytes=WEBHOOK_BYTES,
)
def webhook(context: Context, body: bytes) -> Received:
    """Take an event of the payment service, signed over its raw bytes.

    200 says that what follows from it is stored; the same body again does nothing.
    """
    return context.wiring.billing.receive(body, context.request_headers.get("X-Signature", ""))


def handler(request: Request) -> Response:
    """Answer one request to this function."""
    return api.answer(request)
