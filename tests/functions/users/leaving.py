"""Leaving for good, as tests hurry it along; and what is left afterwards."""

from datetime import UTC, datetime, timedelta
from typing import Any

from infra.dev.payments import event
from shared.rules.subscriptions import signature
from shared.wiring import Wiring
from tests.background import Background
from tests.people import Person

JOB = "/jobs/purge-accounts"


def make_due(person: Person) -> None:
    """As if thirty days had passed."""
    documents = person.parts.documents
    past = {"purge_at": datetime.now(UTC) - timedelta(seconds=1)}
    documents.atomically(
        lambda transaction: transaction.update(f"deletions/{person.user_id}", past)
    )


def leave(person: Person, background: Background) -> None:
    """Ask for it, wait thirty days, and let the job and its tasks run."""
    assert person.api.delete("/users/me").status_code == 200
    make_due(person)
    assert background.call(JOB).status_code == 200
    background.deliver(user_id=person.user_id)


def everything(parts: Wiring, path: str) -> list[str]:
    """Of the document and all below it."""
    here = [path] if parts.documents.get(path) else []
    return here + parts.documents.below(path, limit=1_000)


def told(parts: Wiring, person: Person, name: str, state: dict[str, Any]) -> str:
    """What came of an event about the person's organization."""
    body = event(
        name,
        state,
        organization_id=person.organization_id,
        checkout_secret=parts.settings.hash_secret,
    )
    signed = signature(body, parts.settings.lemonsqueezy_secrets[0])
    return parts.billing.receive(body, signed).outcome.value
