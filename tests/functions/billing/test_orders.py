"""All orders of five events, twice each, over four processes: the right end every time."""

import base64
import itertools
import random
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

from infra.dev.payments import STATUS_AFTER, event, subscription
from shared.models.organizations import Organization
from shared.models.subscriptions import BillingStatus
from shared.rules.accounts import new_account
from shared.storage.records import restored
from shared.wiring import Wiring

PROCESSES = 4
BEGAN = datetime(2026, 5, 1, 8, tzinfo=UTC)
EVENTS = (
    "subscription_created",
    "subscription_payment_failed",
    "subscription_paused",
    "subscription_resumed",
    "subscription_cancelled",
)
"""In the order in which they happened; the second is told by an update as well."""


def organization(parts: Wiring, number: int) -> str:
    account = new_account(
        user_id=f"order-{number}-{parts.new_id()}",
        email=f"order-{parts.new_id()}@example.com",
        is_verified=True,
        full_name="Payer",
        organization_name=None,
        now=parts.now(),
    )
    parts.account_repository.add(account)
    return account.organization.id


def bodies(parts: Wiring, organization_id: str, identifier: str) -> list[bytes]:
    """The five events as subscription states: created, past due, paused, resumed, cancelled."""
    told = []
    for hour, name in enumerate(EVENTS):
        resource = subscription(
            identifier,
            email="payer@example.com",
            status=STATUS_AFTER[name],
            at=BEGAN + timedelta(hours=hour),
            began=BEGAN,
        )
        kind = "subscription_updated" if STATUS_AFTER[name] is BillingStatus.PAST_DUE else name
        told.append(
            event(
                kind,
                resource,
                organization_id=organization_id,
                checkout_secret=parts.settings.hash_secret,
            )
        )
    return told


def test_all_120_orders_end_alike_over_four_processes(parts: Wiring, tmp_path: Path) -> None:
    orders = list(itertools.permutations(range(len(EVENTS))))
    assert len(orders) == 120
    dice = random.Random(120)  # noqa: S311 - an order, not a secret
    queues: list[list[bytes]] = [[] for _ in range(PROCESSES)]
    made = []
    for number, order in enumerate(orders):
        organization_id = organization(parts, number)
        identifier = f"6{parts.now().timestamp():.0f}{number:03}"
        made.append((organization_id, identifier))
        told = bodies(parts, organization_id, identifier)
        first = number % PROCESSES
        queues[first] += [told[place] for place in order]
        # Lemon Squeezy sends again what was not answered in time: to whoever is there.
        others = [queue for queue in queues if queue is not queues[first]]
        for place in order:
            dice.choice(others).append(told[place])
    children = []
    for number, queue in enumerate(queues):
        file = tmp_path / f"{number}.txt"
        file.write_text("\n".join(base64.b64encode(body).decode() for body in queue))
        command = [sys.executable, "-m", "tests.functions.billing.deliver", str(file)]
        children.append(
            subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603 - ours
        )
    outcomes: Counter[str] = Counter()
    for child in children:
        said, _ = child.communicate(timeout=300)
        assert child.returncode == 0
        for word in said.split():
            name, _, count = word.partition("=")
            outcomes[name] += int(count)
    # 120 orders of 5 events, each delivered twice.
    assert sum(outcomes.values()) == 1_200
    assert outcomes["repeated"] == 600
    for organization_id, identifier in made:
        stored = parts.documents.get(f"organizations/{organization_id}")
        assert stored is not None
        ended = restored(Organization, stored)
        assert (ended.subscription_tier, ended.subscription_status) == ("PRO", "CANCELED")
        # Cancelled in the fifth hour, paid for thirty days from then.
        assert ended.period_ends_at == BEGAN + timedelta(hours=4) + timedelta(days=30)
        assert ended.lemonsqueezy_subscription_id == identifier
