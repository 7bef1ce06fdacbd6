"""The Pro plan (S2): who may create exercises, and from when on."""

from datetime import UTC, datetime, timedelta

from shared.models.organizations import Organization, SubscriptionStatus, Tier
from shared.wiring import Wiring
from tests.functions.bodies import an_exercise
from tests.functions.refusals import refused
from tests.people import People, Person


def cancel(parts: Wiring, person: Person, ends: timedelta) -> None:
    """The plan was cancelled and is paid for until `ends` from now."""
    parts.accounts.subscribe(person.organization_id, Tier.PRO, SubscriptionStatus.CANCELED)

    def until(organization: Organization) -> Organization:
        return organization.model_copy(update={"period_ends_at": datetime.now(UTC) + ends})

    parts.account_repository.change_organization(person.organization_id, until)


def test_s2_e4_free_gets_403_and_where_to_upgrade_before_the_body_is_looked_at(
    lifter: Person, parts: Wiring
) -> None:
    for request in ({"json": {}}, {"data": b"{", "content_type": "application/json"}, {}):
        answer = lifter.api.post("/exercises", **request)
        details = refused(answer, 403, "PRO_TIER_REQUIRED")
        assert details == {"upgrade_url": parts.settings.upgrade_url}
        assert answer.json["detail"].endswith(".")


def test_s2_an_administrator_needs_no_plan(admin: Person) -> None:
    made = admin.api.post("/exercises", json=an_exercise())
    assert made.status_code == 201
    admin.api.delete(f"/exercises/{made.json['id']}")


def test_s2_a_downgrade_binds_the_very_next_create(parts: Wiring, pro: Person) -> None:
    made = pro.api.post("/exercises", json=an_exercise()).json
    parts.accounts.subscribe(pro.organization_id, Tier.FREE, SubscriptionStatus.ACTIVE)
    refused(pro.api.post("/exercises", json=an_exercise()), 403, "PRO_TIER_REQUIRED")
    # What one has stays one's own: reading, changing and deleting need no plan.
    where = f"/exercises/{made['id']}"
    assert pro.api.get(where).status_code == 200
    assert pro.api.put(where, json={"description": "Still mine."}).status_code == 200
    assert pro.api.delete(where).status_code == 204


def test_s2_an_upgrade_counts_at_once(parts: Wiring, lifter: Person) -> None:
    refused(lifter.api.post("/exercises", json=an_exercise()), 403, "PRO_TIER_REQUIRED")
    parts.accounts.subscribe(lifter.organization_id, Tier.PRO, SubscriptionStatus.ACTIVE)
    assert lifter.api.post("/exercises", json=an_exercise()).status_code == 201


def test_s2_a_cancelled_plan_lasts_until_its_period_ends(parts: Wiring, pro: Person) -> None:
    cancel(parts, pro, timedelta(hours=1))
    assert pro.api.post("/exercises", json=an_exercise()).status_code == 201
    cancel(parts, pro, timedelta(seconds=-1))
    refused(pro.api.post("/exercises", json=an_exercise()), 403, "PRO_TIER_REQUIRED")


def test_s2_an_expired_plan_is_none(parts: Wiring, pro: Person) -> None:
    parts.accounts.subscribe(pro.organization_id, Tier.PRO, SubscriptionStatus.EXPIRED)
    refused(pro.api.post("/exercises", json=an_exercise()), 403, "PRO_TIER_REQUIRED")


def test_s2_the_plan_is_the_organizations(people: People, pro: Person) -> None:
    assert people.colleague(pro).api.post("/exercises", json=an_exercise()).status_code == 201
