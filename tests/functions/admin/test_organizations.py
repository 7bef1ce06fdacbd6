"""D19: organizations and their plans."""

from shared.models.organizations import SubscriptionStatus, Tier
from tests.client import Api
from tests.functions.bodies import MISSING, a_program, an_exercise
from tests.functions.refusals import needs_sign_in, problem_places, refused
from tests.people import People, Person


def test_nobody_else_sees_or_changes_them(api: Api, pro: Person) -> None:
    path = f"/admin/organizations/{pro.organization_id}"
    needs_sign_in(api.get("/admin/organizations"))
    refused(pro.api.get(path), 403, "ADMIN_REQUIRED")
    refused(pro.api.put(path, json={"subscription_tier": "PRO"}), 403, "ADMIN_REQUIRED")


def test_the_newest_come_first(admin: Person, people: People) -> None:
    made = [people.lifter().organization_id for _ in range(3)][::-1]
    page = admin.api.get("/admin/organizations?limit=3").json
    assert [row["id"] for row in page["items"]] == made
    assert page["total"] >= 3


def test_a_plan_and_its_state_filter(admin: Person, people: People) -> None:
    pro, lifter = people.pro(), people.lifter()
    accounts = admin.parts.accounts
    accounts.subscribe(lifter.organization_id, Tier.FREE, SubscriptionStatus.EXPIRED)

    def found(query: str) -> set[str]:
        page = admin.api.get(f"/admin/organizations?limit=100&{query}").json
        return {row["id"] for row in page["items"]}

    assert pro.organization_id in found("subscription_tier=PRO")
    assert lifter.organization_id not in found("subscription_tier=PRO")
    assert lifter.organization_id in found("subscription_status=EXPIRED&subscription_tier=FREE")
    assert problem_places(admin.api.get("/admin/organizations?subscription_tier=GOLD")) == [
        "query.subscription_tier"
    ]


def test_one_is_shown_with_how_much_it_has(admin: Person, people: People, pro: Person) -> None:
    assert pro.api.post("/exercises", json=an_exercise()).status_code == 201
    assert pro.api.post("/programs", json=a_program()).status_code == 201
    path = f"/admin/organizations/{pro.organization_id}"
    shown = admin.api.get(path).json
    assert shown["owner_user_id"] == pro.user_id
    assert (shown["user_count"], shown["exercise_count"], shown["program_count"]) == (1, 1, 1)
    assert shown["pro_since"] is not None
    assert admin.api.get(f"{path}/stats").json == shown


def test_its_members_are_listed(admin: Person, pro: Person, lifter: Person) -> None:
    page = admin.api.get(f"/admin/organizations/{pro.organization_id}/users").json
    assert [row["id"] for row in page["items"]] == [pro.user_id]
    refused(admin.api.get(f"/admin/organizations/{MISSING}/users"), 404, "ORGANIZATION_NOT_FOUND")


def test_a_plan_counts_at_once_and_its_members_are_found_by_it(
    admin: Person, lifter: Person
) -> None:
    path = f"/admin/organizations/{lifter.organization_id}"
    refused(lifter.api.post("/programs", json=a_program()), 403, "PRO_TIER_REQUIRED")
    given = admin.api.put(path, json={"subscription_tier": "PRO", "reason": "Invoice 12"})
    assert given.status_code == 200
    assert (given.json["subscription_tier"], given.json["subscription_status"]) == ("PRO", "ACTIVE")
    assert lifter.api.post("/programs", json=a_program()).status_code == 201
    found = admin.api.get(f"/admin/users?email={lifter.email}&subscription_tier=PRO").json
    assert found["total"] == 1

    # Cancelled without a paid period: over at once.
    taken = admin.api.put(path, json={"subscription_status": "CANCELED"})
    assert (taken.json["subscription_tier"], taken.json["canceled_at"] is None) == ("PRO", False)
    refused(lifter.api.post("/programs", json=a_program()), 403, "PRO_TIER_REQUIRED")

    freed = admin.api.put(path, json={"subscription_tier": "FREE"}).json
    assert freed["subscription_tier"] == "FREE"
    found = admin.api.get(f"/admin/users?email={lifter.email}&subscription_tier=PRO").json
    assert found["total"] == 0


def test_nothing_to_change_is_refused(admin: Person, lifter: Person) -> None:
    path = f"/admin/organizations/{lifter.organization_id}"
    refused(admin.api.put(path, json={}), 400, "INVALID_OPERATION")
    assert problem_places(admin.api.put(path, json={"subscription_tier": "GOLD"})) == [
        "body.subscription_tier"
    ]
    refused(
        admin.api.put(f"/admin/organizations/{MISSING}", json={"subscription_tier": "PRO"}),
        404,
        "ORGANIZATION_NOT_FOUND",
    )
