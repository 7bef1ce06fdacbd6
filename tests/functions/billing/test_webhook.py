"""Webhooks: signed over their bytes, applied once, in whatever order they come."""

from datetime import UTC, datetime, timedelta

import pytest

from infra.dev.payments import subscription
from shared.models.subscriptions import BillingStatus
from shared.rules.accounts import new_account
from shared.rules.subscriptions import signature
from shared.wiring import Wiring
from tests.functions.billing.conftest import BEGAN, OpenShop, Shop
from tests.functions.refusals import refused
from tests.people import People, Person

FREE, PRO = ("FREE", "ACTIVE"), ("PRO", "ACTIVE")
OVER = ("FREE", "EXPIRED")


class TestSignature:
    def test_an_unsigned_event_is_refused(self, shop: Shop) -> None:
        body = shop.body("subscription_created", 0)
        answer = shop.api.post(
            "/billing/webhooks/lemonsqueezy",
            data=body,
            headers={"Content-Type": "application/json"},
        )
        refused(answer, 401, "SIGNATURE_INVALID")
        assert shop.plan == FREE

    @pytest.mark.parametrize(
        "spoil",
        [
            pytest.param(lambda s: s[:-1], id="truncated"),
            pytest.param(lambda s: s.upper(), id="in capitals"),
            pytest.param(lambda s: s + "0", id="longer"),
            pytest.param(lambda _: "", id="empty"),
            pytest.param(lambda _: "0" * 64, id="made up"),
            pytest.param(lambda _: "ü" * 64, id="not even ASCII"),
        ],
    )
    def test_another_signature_is_refused(self, shop: Shop, spoil) -> None:
        body = shop.body("subscription_created", 0)
        good = signature(body, shop.parts.settings.lemonsqueezy_secrets[0])
        answer = shop.send(body, **{"X-Signature": spoil(good).encode().decode("latin-1")})
        refused(answer, 401, "SIGNATURE_INVALID")
        assert shop.plan == FREE

    def test_another_secret_is_refused(self, shop: Shop) -> None:
        answer = shop.send(shop.body("subscription_created", 0), secret="an old secret of ours")
        refused(answer, 401, "SIGNATURE_INVALID")

    def test_a_body_changed_by_one_byte_is_refused(self, shop: Shop) -> None:
        body = shop.body("subscription_created", 0)
        good = signature(body, shop.parts.settings.lemonsqueezy_secrets[0])
        for place in range(0, len(body), 97):
            changed = body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :]
            refused(shop.send(changed, **{"X-Signature": good}), 401, "SIGNATURE_INVALID")
        assert shop.plan == FREE

    def test_while_secrets_change_both_count(self, shop: Shop, monkeypatch) -> None:
        new, old = "the new secret of the shop", shop.parts.settings.lemonsqueezy_secrets[0]
        monkeypatch.setattr(shop.parts.billing, "_webhook_secrets", (new, old))
        assert shop.send(shop.body("subscription_created", 0), secret=new).status_code == 200
        assert shop.send(shop.body("subscription_updated", 1), secret=old).status_code == 200

    def test_a_body_of_more_than_256_kib_is_not_even_read(self, shop: Shop) -> None:
        answer = shop.send(b"{" + b" " * 256 * 1024 + b"}")
        refused(answer, 413, "PAYLOAD_TOO_LARGE")

    @pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"\xff", b'{"meta": {}, "data": 1}'])
    def test_a_signed_body_that_is_no_event_is_refused(self, shop: Shop, body: bytes) -> None:
        refused(shop.send(body), 400, "MALFORMED_BODY")


class TestStates:
    def test_the_contracts_own_address_leads_to_the_same_place(self, shop: Shop) -> None:
        body = shop.body("subscription_created", 0)
        given = {"X-Signature": signature(body, shop.parts.settings.lemonsqueezy_secrets[0])}
        answer = shop.api.post(
            "/webhooks/lemonsqueezy", data=body, headers=given, content_type="application/json"
        )
        assert (answer.status_code, answer.json) == (200, {"outcome": "applied"}), answer.text
        assert shop.plan == PRO

    def test_a_subscription_brings_pro_and_who_pays_is_known(self, shop: Shop) -> None:
        assert shop.says("subscription_created", 0) == "applied"
        assert shop.plan == PRO
        assert shop.organization.lemonsqueezy_subscription_id == shop.identifier
        assert shop.customer.api.get("/auth/me").json["subscription_tier"] == "PRO"
        shown = shop.customer.api.get("/billing/subscription").json
        assert (shown["billing_status"], shown["interval"], shown["price_cents"]) == (
            "active",
            "month",
            3_000,
        )

    @pytest.mark.parametrize(
        ("status", "fields", "plan"),
        [
            ("on_trial", {}, PRO),
            ("active", {}, PRO),
            ("past_due", {}, PRO),
            ("paused", {"pause_mode": "free"}, PRO),
            ("paused", {"pause_mode": "void"}, OVER),
            ("unpaid", {}, OVER),
            ("cancelled", {}, ("PRO", "CANCELED")),
            ("expired", {}, OVER),
        ],
    )
    def test_each_state_has_its_plan(self, shop: Shop, status, fields, plan) -> None:
        shop.says("subscription_created", 0)
        shop.says("subscription_updated", 1, status=BillingStatus(status), **fields)
        assert shop.plan == plan

    def test_a_cancelled_plan_works_until_it_was_paid_for(self, shop: Shop) -> None:
        shop.says("subscription_created", 0)
        now = shop.parts.now()
        hours = int((now - BEGAN).total_seconds() // 3_600)
        shop.says("subscription_cancelled", hours)
        # Thirty days from the cancellation: infra.dev.payments.PERIOD.
        ends_at = shop.organization.period_ends_at
        assert ends_at == BEGAN + timedelta(hours=hours) + timedelta(days=30)
        assert shop.customer.caller.has_pro
        shown = shop.customer.api.get("/billing/subscription").json
        assert shown["ends_at"] == ends_at.isoformat().replace("+00:00", "Z")

    def test_money_that_went_back_changes_no_plan_and_is_noted(self, shop: Shop) -> None:
        shop.says("subscription_created", 0)
        assert shop.says("subscription_payment_refunded", 1) == "applied"
        assert shop.plan == PRO
        assert shop.parts.subscriptions.get(shop.identifier).refunded_at is not None
        shop.says("subscription_updated", 2)
        assert shop.parts.subscriptions.get(shop.identifier).refunded_at is not None

    @pytest.mark.parametrize(
        "name", ["subscription_payment_success", "subscription_payment_failed"]
    )
    def test_payments_change_no_plan(self, shop: Shop, name: str) -> None:
        shop.says("subscription_created", 0)
        assert shop.says(name, 1) == "ignored"
        assert shop.plan == PRO

    def test_an_event_we_do_not_know_is_kept_and_changes_nothing(self, shop: Shop) -> None:
        body = b'{"meta": {"event_name": "license_key_created", "test_mode": true}, '
        body += f'"data": {{"type": "license-keys", "id": "{shop.identifier}", '.encode()
        body += b'"attributes": {}}}'
        answer = shop.send(body)
        assert (answer.status_code, answer.json) == (200, {"outcome": "ignored"})

    def test_an_event_of_the_other_mode_changes_nothing(self, shop: Shop) -> None:
        body = shop.body("subscription_created", 0).replace(
            b'"test_mode": true', b'"test_mode": false'
        )
        assert shop.send(body).json == {"outcome": "ignored"}
        assert shop.plan == FREE

    def test_a_variant_that_is_not_on_offer_grants_nothing(self, shop: Shop) -> None:
        shop.says("subscription_created", 0, variant_id="999")
        assert shop.plan == OVER

    def test_whose_checkout_it_was_cannot_be_made_up(self, shop: Shop, stranger: Person) -> None:
        body = shop.body("subscription_created", 0)
        forged = body.replace(
            shop.customer.organization_id.encode(), stranger.organization_id.encode()
        )
        assert shop.send(forged).json == {"outcome": "ignored"}
        assert shop.plan == FREE

    def test_a_second_subscription_takes_over_and_the_end_of_the_first_changes_nothing(
        self, open_shop: OpenShop, lifter: Person
    ) -> None:
        first, second = open_shop(lifter), open_shop(lifter)
        first.says("subscription_created", 0)
        first.says("subscription_expired", 1)
        assert first.plan == OVER
        second.says("subscription_created", 2)
        assert second.plan == PRO
        first.says("subscription_updated", 3, status=BillingStatus.UNPAID)
        assert second.plan == PRO
        assert second.organization.lemonsqueezy_subscription_id == second.identifier

    def test_every_change_of_the_plan_leaves_an_audit_row(self, shop: Shop) -> None:
        shop.says("subscription_created", 0)
        shop.says("subscription_updated", 1)
        shop.says("subscription_expired", 2)
        rows = shop.parts.documents.find(
            "audit", [("target_id", "==", shop.customer.organization_id)], limit=9
        )
        changes = sorted((row.data["before"]["tier"], row.data["after"]["tier"]) for row in rows)
        assert changes == [("FREE", "PRO"), ("PRO", "FREE")]


class TestOrder:
    def test_the_same_body_again_does_nothing(self, shop: Shop) -> None:
        body = shop.body("subscription_created", 0)
        assert shop.send(body).json == {"outcome": "applied"}
        assert shop.send(body).json == {"outcome": "repeated"}

    def test_what_is_older_than_what_is_known_does_nothing(self, shop: Shop) -> None:
        created, expired = (
            shop.body("subscription_created", 0),
            shop.body("subscription_expired", 5),
        )
        assert shop.send(expired).json == {"outcome": "applied"}
        assert shop.send(created).json == {"outcome": "stale"}
        assert shop.plan == OVER

    def test_of_two_states_of_one_moment_the_more_final_one_counts(self, shop: Shop) -> None:
        updated, cancelled = (
            shop.body(name, 1) for name in ("subscription_updated", "subscription_cancelled")
        )
        assert shop.send(cancelled).json == {"outcome": "applied"}
        assert shop.send(updated).json == {"outcome": "stale"}
        assert shop.plan == ("PRO", "CANCELED")


class TestJobs:
    def test_one_comparison_repairs_200_lost_events(
        self, parts: Wiring, background, stack, people: People
    ) -> None:
        now = datetime.now(UTC)
        made = []
        for number in range(200):
            account = new_account(
                user_id=f"payer-{parts.new_id()}",
                email=f"payer-{parts.new_id()}@example.com",
                is_verified=True,
                full_name="Payer",
                organization_name=None,
                now=now,
            )
            parts.account_repository.add(account)
            identifier = f"8{now.timestamp():.0f}{number:03}"
            stack.payments.put(
                subscription(
                    identifier,
                    email=account.user.email,
                    status=BillingStatus.ACTIVE if number % 4 else BillingStatus.EXPIRED,
                    at=now,
                )
            )
            made.append(account.organization.id)
        answer = background.call("/jobs/reconcile-billing")
        assert answer.status_code == 200, answer.text
        assert answer.json["repaired"] >= 200
        tiers = []
        for organization_id in made:
            row = parts.documents.get(f"organizations/{organization_id}")
            tiers.append((row.data["subscription_tier"], row.data["subscription_status"]))
        # Every fourth one has expired: 50 of 200.
        assert tiers.count(OVER) == 50
        assert tiers.count(PRO) == 150
        again = background.call("/jobs/reconcile-billing").json
        assert again["repaired"] == 0

    def test_who_paid_and_then_joined_others_has_paid_for_the_own_organization(
        self, people: People, stack, background
    ) -> None:
        host, payer = people.lifter(), people.lifter()
        now = payer.parts.now()
        stack.payments.put(
            subscription(
                f"2{now.timestamp():.0f}", email=payer.email, status=BillingStatus.ACTIVE, at=now
            )
        )
        payer.join(host)
        assert background.call("/jobs/reconcile-billing").status_code == 200
        found = [
            payer.parts.account_repository.organization(each.organization_id)
            for each in (host, payer)
        ]
        assert [each.subscription_tier.value for each in found if each] == ["FREE", "PRO"]

    def test_who_paid_and_then_gave_the_organization_away_has_paid_for_it(
        self, people: People, stack, background
    ) -> None:
        payer, heir = people.lifter(), people.lifter()
        now = payer.parts.now()
        stack.payments.put(
            subscription(
                f"3{now.timestamp():.0f}", email=payer.email, status=BillingStatus.ACTIVE, at=now
            )
        )
        heir.join(payer)
        given = payer.api.post("/users/me/organization/owner", json={"user_id": heir.user_id})
        assert given.status_code == 200
        assert background.call("/jobs/reconcile-billing").status_code == 200
        assert payer.api.get("/users/me").json["subscription_tier"] == "PRO"

    def test_one_that_cannot_be_read_keeps_no_other_from_being_repaired(
        self, people: People, stack, background, lifter: Person
    ) -> None:
        now = lifter.parts.now()
        stamp = f"{now.timestamp():.0f}"
        odd = subscription(
            f"90{stamp}", email="odd@example.com", status=BillingStatus.EXPIRED, at=now
        )
        stack.payments.put(odd | {"attributes": odd["attributes"] | {"status": "something new"}})
        stack.payments.put(
            subscription(f"99{stamp}", email=lifter.email, status=BillingStatus.ACTIVE, at=now)
        )
        answer = background.call("/jobs/reconcile-billing")
        stack.payments.put(odd)
        assert answer.status_code == 200, answer.text
        assert lifter.api.get("/users/me").json["subscription_tier"] == "PRO"

    def test_without_a_shop_there_is_nothing_to_compare_with(
        self, background, parts: Wiring, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(parts.billing, "_has_shop", False)
        monkeypatch.setattr(parts.billing, "_payments", None)
        answer = background.call("/jobs/reconcile-billing").json
        assert answer == {"compared": 0, "repaired": 0, "unknown": 0}

    def test_a_subscription_of_nobody_is_counted_and_changes_nothing(
        self, background, stack, shop: Shop
    ) -> None:
        stack.payments.put(
            subscription(
                f"7{shop.identifier}",
                email="nobody-at-all@example.com",
                status=BillingStatus.ACTIVE,
                at=BEGAN,
            )
        )
        assert background.call("/jobs/reconcile-billing").json["unknown"] >= 1

    def test_a_cancelled_plan_ends_with_its_period(self, background, shop: Shop) -> None:
        shop.says("subscription_created", 0)
        shop.says("subscription_cancelled", 1)
        assert shop.organization.period_ends_at < shop.parts.now()
        assert shop.plan == ("PRO", "CANCELED")
        assert not shop.customer.caller.has_pro
        assert background.call("/jobs/end-periods").json["organizations"] >= 1
        assert shop.plan == OVER
