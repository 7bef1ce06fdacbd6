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

    def test_without_the_payment_service_everything_else_goes_on(
        self, shop: Shop, monkeypatch
    ) -> None:
        monkeypatch.setattr(shop.parts.payments._http, "base_url", "http://127.0.0.1:9")
        refused(shop.customer.api.post("/billing/checkout"), 503, "SERVICE_UNAVAILABLE")
        assert shop.customer.api.get("/billing/subscription").status_code == 200
