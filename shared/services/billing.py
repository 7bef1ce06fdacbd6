"""Payments: checkout and portal links, what Lemon Squeezy tells us, and what we ask it."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime

from pydantic import ValidationError

from shared.errors import Conflict, MalformedBody, Refused, SignatureInvalid
from shared.gateways.ports import Payments
from shared.logging import log
from shared.models.audit import AuditEntry
from shared.models.billing_events import (
    BillingEvent,
    EventOutcome,
    Received,
    Reconciled,
    Resource,
    StoredEvent,
    SubscriptionAttributes,
)
from shared.models.organizations import Organization
from shared.models.subscriptions import (
    Checkout,
    Interval,
    Offer,
    Portal,
    Subscription,
    SubscriptionView,
)
from shared.models.users import Caller
from shared.rules.members import own_organization_id, require_owner
from shared.rules.subscriptions import (
    current,
    expired,
    grants,
    is_over,
    is_signed,
    organization_token,
    paying_organization,
    subscription,
    with_plan,
)
from shared.services.accounts import AccountService
from shared.services.trail import told
from shared.storage.accounts import AccountRepository
from shared.storage.effects import Effects
from shared.storage.records import PassingOver
from shared.storage.subscriptions import SubscriptionRepository
from shared.storage.tenancy import organization_path

SUBSCRIPTIONS, INVOICES = "subscriptions", "subscription-invoices"
REFUNDED = "subscription_payment_refunded"
ENDED_AT_ONCE = 200


class BillingService:
    """`offers` by variant; `webhook_secrets` are those that sign, the newest first; `now` returns
    the current UTC time; `new_id` a fresh id.
    """

    def __init__(
        self,
        subscriptions: SubscriptionRepository,
        repository: AccountRepository,
        accounts: AccountService,
        payments: Callable[[], Payments],
        *,
        offers: Mapping[str, Offer],
        webhook_secrets: tuple[str, ...],
        checkout_secret: str,
        has_shop: bool,
        test_mode: bool,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
    ) -> None:
        self._subscriptions = subscriptions
        self._repository = repository
        self._accounts = accounts
        self._payments = payments
        self._offers = offers
        self._webhook_secrets = webhook_secrets
        self._checkout_secret = checkout_secret
        self._has_shop = has_shop
        self._test_mode = test_mode
        self._now = now
        self._new_id = new_id

    def show(self, caller: Caller) -> SubscriptionView:
        """What the caller's organization pays for."""
        organization = self._accounts.required(caller.user_id).organization
        states = self._subscriptions.of(organization.id)
        state = current(states) if states else None
        return SubscriptionView(
            tier=organization.subscription_tier,
            status=organization.subscription_status,
            billing_status=state.status if state else None,
            interval=state.interval if state else None,
            price_cents=state.price_cents if state else None,
            currency=state.currency if state else None,
            renews_at=state.renews_at if state else None,
            ends_at=organization.period_ends_at,
            trial_ends_at=state.trial_ends_at if state else None,
            offers=list(self._offers.values()),
        )

    def checkout(self, caller: Caller, interval: Interval) -> Checkout:
        """A page on which the organization's owner pays.

        Raises Forbidden, Conflict when there is a plan already, Refused for what is not on offer.
        """
        require_owner(caller)
        account = self._accounts.required(caller.user_id)
        # One that is paused or unpaid charges again once it goes on.
        states = self._subscriptions.of(account.organization.id)
        if any(grants(state) or not is_over(state.status) for state in states):
            raise Conflict("Your organization has a subscription already; change it in the portal.")
        offer = next((each for each in self._offers.values() if each.interval is interval), None)
        if offer is None:
            raise Refused("This plan is not on offer.")
        token = organization_token(account.organization.id, self._checkout_secret)
        return self._payments().checkout(
            offer.variant_id, account.user.email, {"organization": token}
        )

    def portal(self, caller: Caller) -> Portal:
        """Where the owner changes or cancels.

        Raises Forbidden, or Refused without a subscription.
        """
        account = self._accounts.required(caller.user_id)
        # As it is now: a read's caller may be older, and the portal is the organization's of now.
        require_owner(account.user)
        organization = account.organization
        if organization.lemonsqueezy_subscription_id is None:
            raise Refused("Your organization has no subscription yet.")
        found = self._payments().subscription(organization.lemonsqueezy_subscription_id)
        address = SubscriptionAttributes.model_validate(found.attributes).urls.get(
            "customer_portal"
        )
        if not address:
            raise Refused("The payment service has no portal for this subscription.")
        return Portal(portal_url=address)

    def receive(self, body: bytes, signature: str) -> Received:
        """Apply one event; returns when what follows from it is stored.

        Raises SignatureInvalid, or MalformedBody for a signed body that is no event.
        """
        if not is_signed(body, signature, self._webhook_secrets):
            log.warning("webhook signature refused")
            raise SignatureInvalid("The signature does not fit the body.")
        try:
            event = BillingEvent.model_validate_json(body)
            stored = StoredEvent(
                id=hashlib.sha256(body).hexdigest(),
                name=event.meta.event_name,
                resource_id=event.data.id,
                body=body.decode("utf-8"),
                received_at=self._now(),
            )
            outcome = self._apply_event(event, stored)
        except ValidationError:
            raise MalformedBody("This is not an event we can read.") from None
        fields = {"event": event.meta.event_name, "outcome": outcome.value}
        log.info("webhook received", extra={"fields": fields})
        return Received(outcome=outcome)

    def reconcile(self) -> Reconciled:
        """Compare with Lemon Squeezy's own list and repair what did not reach us.

        Without a shop there is nothing to compare with.
        """
        if not self._has_shop:
            return Reconciled(compared=0, repaired=0, unknown=0)
        found = self._payments().subscriptions()
        outcomes = [self._compared(resource) for resource in found]
        return Reconciled(
            compared=len(found),
            repaired=outcomes.count(EventOutcome.APPLIED),
            unknown=outcomes.count(EventOutcome.IGNORED),
        )

    def end_periods(self) -> int:
        """Put organizations on Free whose cancelled plan has ended; returns how many."""
        now = self._now()
        ended = self._subscriptions.ended(now, limit=ENDED_AT_ONCE)
        for organization_id in ended:
            self._end_period(organization_id, now)
        self._accounts.forget_everybody()
        return len(ended)

    def _end_period(self, organization_id: str, now: datetime) -> None:
        """One that cannot be read must not keep the others from ending."""
        entry = self._entry(organization_id, "subscription.end", {}, {"tier": "FREE"})
        with PassingOver(organization_path(organization_id)):
            self._repository.change_organization(
                organization_id,
                lambda organization: expired(organization, now),
                Effects(now=now, audit=(entry,)),
            )

    def _apply_event(self, event: BillingEvent, stored: StoredEvent) -> EventOutcome:
        if event.meta.test_mode is not self._test_mode:
            return self._subscriptions.ignore(stored)
        if event.data.type == INVOICES and event.meta.event_name == REFUNDED:
            identifier = str(event.data.attributes.get("subscription_id", ""))
            return self._subscriptions.refund(identifier, self._now(), stored)
        if event.data.type != SUBSCRIPTIONS:
            return self._subscriptions.ignore(stored)
        known = self._subscriptions.get(event.data.id)
        organization_id = (
            known.organization_id
            if known
            else paying_organization(event.meta.custom_data, self._checkout_secret)
        )
        if organization_id is None:
            log.error("subscription of nobody", extra={"fields": {"event": stored.id}})
            return self._subscriptions.ignore(stored)
        attributes = SubscriptionAttributes.model_validate(event.data.attributes)
        return self._apply(event.data.id, attributes, organization_id, stored)

    def _compared(self, resource: Resource) -> EventOutcome:
        """One that cannot be read must not keep the others from being repaired."""
        try:
            return self._compare(resource)
        except ValidationError:
            log.error("unreadable subscription", extra={"fields": {"subscription": resource.id}})
            return EventOutcome.IGNORED

    def _compare(self, resource: Resource) -> EventOutcome:
        attributes = SubscriptionAttributes.model_validate(resource.attributes)
        known = self._subscriptions.get(resource.id)
        if attributes.test_mode is not self._test_mode:
            return EventOutcome.STALE
        if known:
            organization_id = known.organization_id
        elif user := self._repository.by_email(attributes.user_email.lower()):
            # Their list does not say what the checkout carried; it was made for this address.
            # Only owners pay, so whoever is a member elsewhere by now paid for their own; and who
            # has none (yet) gave away the one they are in.
            own = own_organization_id(user)
            organization_id = own if self._repository.organization(own) else user.organization_id
        else:
            if not is_over(attributes.status):
                # Somebody pays for nothing.
                log.error("subscription of nobody", extra={"fields": {"subscription": resource.id}})
            return EventOutcome.IGNORED
        return self._apply(resource.id, attributes, organization_id)

    def _apply(
        self,
        identifier: str,
        attributes: SubscriptionAttributes,
        organization_id: str,
        event: StoredEvent | None = None,
    ) -> EventOutcome:
        now = self._now()
        incoming = subscription(identifier, attributes, organization_id, self._offers, now)

        def plan(organization: Organization, states: list[Subscription]) -> Organization:
            return with_plan(organization, current(states), now)

        def trail(before: Organization, after: Organization) -> Effects:
            entry = self._entry(before.id, "subscription.change", _plan(before), _plan(after))
            return Effects(now=now, audit=(entry,))

        outcome = self._subscriptions.apply(incoming, plan, trail, event)
        self._accounts.forget_everybody()
        return outcome

    def _entry(
        self, organization_id: str, action: str, before: dict[str, str], after: dict[str, str]
    ) -> AuditEntry:
        entry = told(
            None,
            action,
            organization_id,
            entry_id=self._new_id(),
            now=self._now(),
            organization_id=organization_id,
        )
        return entry.model_copy(
            update={"target_type": "organization", "before": before, "after": after}
        )


def _plan(organization: Organization) -> dict[str, str]:
    return {
        "tier": organization.subscription_tier.value,
        "status": organization.subscription_status.value,
        "period_ends_at": str(organization.period_ends_at),
    }
