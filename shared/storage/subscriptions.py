"""Subscriptions at rest, and the events that told us of them.

An event, the subscription's state and the organization's plan are written in one batch, so that
an event is known exactly when its effect is.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from shared.models.billing_events import EventOutcome, StoredEvent
from shared.models.organizations import Organization, SubscriptionStatus
from shared.models.subscriptions import Subscription
from shared.rules.subscriptions import is_newer
from shared.storage.documents import Document, Documents, Transaction
from shared.storage.effects import Effects
from shared.storage.records import fields, readable, restored
from shared.storage.tenancy import organization_path
from shared.storage.users import put_organization

SCHEMA = {"schema": 1}
EVENT_DAYS = 90
"""How long an event is kept; a repeat of its body does nothing in that time."""
MOST = 100
"""Subscriptions of one organization; hardly anybody has two."""

Plan = Callable[[Organization, list[Subscription]], Organization]
"""What an organization becomes with all its subscriptions."""
Trail = Callable[[Organization, Organization], Effects]
"""What the change of the first into the second brings with it."""


class SubscriptionRepository:
    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def get(self, identifier: str) -> Subscription | None:
        return _subscription(self._documents.get(_path(identifier)))

    def of(self, organization_id: str) -> list[Subscription]:
        rows = self._documents.find(
            "subscriptions", [("organization_id", "==", organization_id)], limit=MOST
        )
        return [state for row in rows if (state := _subscription(row))]

    def ignore(self, event: StoredEvent) -> EventOutcome:
        """Keep an event that changes nothing."""

        def work(transaction: Transaction) -> EventOutcome:
            if transaction.get(_event(event.id)) is not None:
                return EventOutcome.REPEATED
            _keep(transaction, event, EventOutcome.IGNORED)
            return EventOutcome.IGNORED

        return self._documents.atomically(work).result

    def apply(
        self, incoming: Subscription, plan: Plan, trail: Trail, event: StoredEvent | None = None
    ) -> EventOutcome:
        """Store a state unless a newer one is known, and the plan that follows from it.

        The organization is always written: two of its subscriptions that change at once must not
        miss each other.
        """

        def work(transaction: Transaction) -> EventOutcome:
            path, tenant = _path(incoming.id), organization_path(incoming.organization_id)
            asked = [path, tenant, *([_event(event.id)] if event else [])]
            found = transaction.get_many(asked)
            if event and _event(event.id) in found:
                return EventOutcome.REPEATED
            stored = _subscription(found.get(path))
            outcome = EventOutcome.APPLIED
            if tenant not in found:
                outcome = EventOutcome.IGNORED
            elif not is_newer(incoming, stored):
                outcome = EventOutcome.STALE
            if event:
                _keep(transaction, event, outcome)
            if outcome is EventOutcome.APPLIED:
                kept = incoming
                if stored and stored.refunded_at:
                    kept = incoming.model_copy(update={"refunded_at": stored.refunded_at})
                others = [each for each in self.of(incoming.organization_id) if each.id != kept.id]
                organization = restored(Organization, found[tenant])
                changed = plan(organization, [*others, kept])
                transaction.put(path, fields(kept) | SCHEMA)
                put_organization(transaction, self._documents, organization, changed)
                if changed is not organization:
                    trail(organization, changed).record(transaction)
            return outcome

        return self._documents.atomically(work).result

    def refund(self, identifier: str, at: datetime, event: StoredEvent) -> EventOutcome:
        """Note that money went back; the plan follows the subscription's own events."""

        def work(transaction: Transaction) -> EventOutcome:
            found = transaction.get_many([_path(identifier), _event(event.id)])
            if _event(event.id) in found:
                return EventOutcome.REPEATED
            known = _path(identifier) in found
            outcome = EventOutcome.APPLIED if known else EventOutcome.IGNORED
            if known:
                transaction.update(_path(identifier), {"refunded_at": at})
            _keep(transaction, event, outcome)
            return outcome

        return self._documents.atomically(work).result

    def ended(self, now: datetime, *, limit: int) -> list[str]:
        """Organizations whose cancelled plan has come to its end."""
        rows = self._documents.find(
            "organizations",
            [
                ("subscription_status", "==", SubscriptionStatus.CANCELED.value),
                ("period_ends_at", "<=", now),
            ],
            limit=limit,
        )
        return [row.id for row in rows]


def _path(identifier: str) -> str:
    return f"subscriptions/{identifier}"


def _event(identifier: str) -> str:
    return f"webhook_events/{identifier}"


def _keep(transaction: Transaction, event: StoredEvent, outcome: EventOutcome) -> None:
    expiry = event.received_at + timedelta(days=EVENT_DAYS)
    row = fields(event) | SCHEMA | {"outcome": outcome.value, "expire_at": expiry}
    transaction.create(_event(event.id), row)


def _subscription(document: Document | None) -> Subscription | None:
    return readable(document, lambda row: restored(Subscription, row))
