"""Checkout and portal: made by the payment service, for the organization's owner."""

from tests.client import Api
from tests.functions.billing.conftest import Shop
from tests.functions.refusals import needs_sign_in, refused
from tests.people import People, Person


class TestCheckout:
    def test_nobody_pays_without_a_sign_in(self, api: Api) -> None:
        needs_sign_in(api.post("/billing/checkout"))
        needs_sign_in(api.get("/billing/portal"))
        needs_sign_in(api.get("/billing/subscription"))

    def test_only_the_owner_pays(self, people: People, pro: Person) -> None:
        colleague = people.colleague(pro)
        refused(colleague.api.post("/billing/checkout"), 403, "PERMISSION_DENIED")
        refused(colleague.api.get("/billing/portal"), 403, "PERMISSION_DENIED")

    def test_a_checkout_names_the_variant_and_carries_who_pays(self, shop: Shop) -> None:
        answer = shop.customer.api.post("/billing/checkout", json={"interval": "year"})
        assert answer.status_code == 201, answer.text
        assert "variant=102" in answer.json["checkout_url"]
        assert shop.customer.organization_id in answer.json["checkout_url"]

    def test_without_a_body_it_is_monthly(self, shop: Shop) -> None:
        answer = shop.customer.api.post("/billing/checkout")
        assert "variant=101" in answer.json["checkout_url"]

    def test_an_unknown_interval_is_refused(self, shop: Shop) -> None:
        answer = shop.customer.api.post("/billing/checkout", json={"interval": "decade"})
        refused(answer, 422, "VALIDATION_ERROR")

    def test_who_pays_already_uses_the_portal(self, shop: Shop) -> None:
        refused(shop.customer.api.get("/billing/portal"), 400, "INVALID_OPERATION")
        shop.says("subscription_created", 0)
        refused(shop.customer.api.post("/billing/checkout"), 409, "DUPLICATE_ENTRY")
        portal = shop.customer.api.get("/billing/portal").json["portal_url"]
        assert portal.endswith(f"subscription={shop.identifier}")

    def test_what_is_paused_or_unpaid_is_not_bought_twice(self, shop: Shop) -> None:
        """It is charged again once it goes on."""
        shop.says("subscription_created", 0)
        shop.says("subscription_paused", 1)
        assert shop.plan[0] == "FREE"
        refused(shop.customer.api.post("/billing/checkout"), 409, "DUPLICATE_ENTRY")

    def test_nobody_reaches_the_portal_of_an_organization_they_only_joined(
        self, shop: Shop, people: People
    ) -> None:
        """Joining tells the function of billing nothing: it may take somebody for an owner still,
        as they were half a minute ago."""
        shop.says("subscription_created", 0)
        guest = people.lifter()
        assert guest.api.get("/billing/subscription").status_code == 200
        kept = dict(guest.parts.accounts._snapshots)[guest.user_id]
        guest.join(shop.customer)
        guest.parts.accounts._snapshots[guest.user_id] = kept
        refused(guest.api.get("/billing/portal"), 403, "PERMISSION_DENIED")

    def test_a_plan_that_an_administrator_gives_has_no_end(self, shop: Shop, admin: Person) -> None:
        shop.says("subscription_created", 0)
        shop.says("subscription_cancelled", 1)
        organization = shop.customer.organization_id
        answer = admin.api.put(
            f"/admin/organizations/{organization}", json={"subscription_tier": "PRO"}
        )
        assert answer.status_code == 200, answer.text
        shown = shop.customer.api.get("/billing/subscription").json
        assert (shown["tier"], shown["status"], shown["ends_at"]) == ("PRO", "ACTIVE", None)

    def test_without_the_payment_service_everything_else_goes_on(
        self, shop: Shop, monkeypatch
    ) -> None:
        monkeypatch.setattr(shop.parts.payments._http, "base_url", "http://127.0.0.1:9")
        refused(shop.customer.api.post("/billing/checkout"), 503, "SERVICE_UNAVAILABLE")
        assert shop.customer.api.get("/billing/subscription").status_code == 200
