"""Somebody who pays, and the payment service that says so."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from werkzeug.test import TestResponse

from infra.dev.payments import STATUS_AFTER, event, subscription
from infra.local.parts import Stack
from shared.models.organizations import Organization
from shared.models.subscriptions import BillingStatus
from shared.rules.subscriptions import signature
from shared.storage.records import restored
from shared.storage.tenancy import organization_path
from shared.wiring import Wiring
from tests.client import Api
from tests.people import Person

numbers = count(int(datetime.now(UTC).timestamp()) * 1_000)
BEGAN = datetime(2026, 3, 1, 12, tzinfo=UTC)


@dataclass
class Shop:
    """Lemon Squeezy, with one customer: `says` sends an event of the given hour."""

    api: Api
    parts: Wiring
    stack: Stack
    customer: Person
    identifier: str = field(default_factory=lambda: str(next(numbers)))

    def resource(self, status: BillingStatus, hour: int, **fields: Any) -> dict[str, Any]:
        made = subscription(
            self.identifier,
            email=self.customer.email,
            status=status,
            at=BEGAN + timedelta(hours=hour),
            began=BEGAN,
            **fields,
        )
        self.stack.payments.put(made)
        return made

    def body(self, name: str, hour: int, **fields: Any) -> bytes:
        status = fields.pop("status", STATUS_AFTER[name])
        return event(
            name,
            self.resource(status, hour, **fields),
            organization_id=self.customer.organization_id,
            checkout_secret=self.parts.settings.hash_secret,
        )

    def send(self, body: bytes, secret: str | None = None, **headers: str) -> TestResponse:
        secret = secret or self.parts.settings.lemonsqueezy_secrets[0]
        given = {"X-Signature": signature(body, secret), "Content-Type": "application/json"}
        return self.api.post("/billing/webhooks/lemonsqueezy", data=body, headers=given | headers)

    def says(self, name: str, hour: int, **fields: Any) -> str:
        answer = self.send(self.body(name, hour, **fields))
        assert answer.status_code == 200, answer.text
        return answer.json["outcome"]

    @property
    def organization(self) -> Organization:
        path = organization_path(self.customer.organization_id)
        return restored(Organization, self.parts.documents.get(path))

    @property
    def plan(self) -> tuple[str, str]:
        return self.organization.subscription_tier, self.organization.subscription_status


OpenShop = Callable[[Person], Shop]


@pytest.fixture
def open_shop(api: Api, parts: Wiring, stack: Stack) -> OpenShop:
    return lambda customer: Shop(api, parts, stack, customer)


@pytest.fixture
def shop(open_shop: OpenShop, lifter: Person) -> Shop:
    return open_shop(lifter)
