"""A5: GET /auth/me, and how people who never registered with us get a profile."""

from datetime import UTC, datetime, timedelta

import pytest

from infra.local.stack import LocalStack
from shared.models.organizations import SubscriptionStatus, Tier
from shared.models.users import OrganizationRole
from shared.storage.documents import Transaction
from shared.wiring import Wiring
from tests.client import Api, Functions
from tests.functions.auth.newcomers import firebase_sign_up
from tests.functions.refusals import needs_sign_in, refused
from tests.functions.together import together
from tests.people import People, Person


def test_me_is_the_user_with_the_organization(lifter: Person):
    """A5, U1's body; section 10, row 6."""
    answer = lifter.api.get("/auth/me")
    assert answer.status_code == 200
    body = answer.json
    assert (body["id"], body["email"]) == (lifter.user_id, lifter.email)
    assert body["organization_id"] == body["organization"]["id"] == lifter.organization_id
    assert body["organization_name"] == body["organization"]["name"] == "Robin Lifter's gym"
    assert body["subscription_tier"] == "FREE"
    assert body["deletion_requested_at"] is None
    inside = {"tokens_valid_after", "ended_sessions", "login_count", "last_seen_on", "status"}
    assert not inside & body.keys()


def test_without_a_token_nobody_is_me(api: Api):
    """A5: 401, not the original's 403."""
    needs_sign_in(api.get("/auth/me"))


def test_a_token_that_is_none_is_a_401(functions: Functions):
    """A5."""
    refused(Api(functions, "nonsense").get("/auth/me"), 401, "TOKEN_INVALID")


def test_times_carry_a_zone_and_stay_the_same(lifter: Person):
    """C8, C20: they were "now" on every call, without a zone."""
    first, second = (lifter.api.get("/auth/me").json for _ in range(2))
    assert first == second
    for moment in (
        first["created_at"],
        first["updated_at"],
        first["organization"]["created_at"],
        first["organization"]["updated_at"],
    ):
        assert moment.endswith("Z")
        age = datetime.now(UTC) - datetime.fromisoformat(moment)
        assert timedelta(0) < age < timedelta(minutes=10)


def test_payment_ids_are_for_the_owner_only(people: People, parts: Wiring):
    """S8."""
    owner = people.lifter()
    member = people.colleague(owner)
    ids = {"lemonsqueezy_customer_id": "cus_1", "lemonsqueezy_subscription_id": "sub_1"}
    parts.account_repository.change_organization(
        owner.organization_id, lambda organization: organization.model_copy(update=ids)
    )
    role = {"organization_role": OrganizationRole.MEMBER}
    parts.account_repository.change_user(member.user_id, lambda user: user.model_copy(update=role))
    shown, hidden = (person.api.get("/auth/me").json for person in (owner, member))
    assert {name: shown["organization"][name] for name in ids} == ids
    assert {name: hidden["organization"][name] for name in ids} == dict.fromkeys(ids)
    assert hidden["organization"]["id"] == owner.organization_id
    assert "cus_1" not in str(hidden)


def test_me_shows_a_new_plan_at_once(lifter: Person):
    assert lifter.api.get("/auth/me").json["subscription_tier"] == "FREE"
    lifter.parts.accounts.subscribe(lifter.organization_id, Tier.PRO, SubscriptionStatus.ACTIVE)
    body = lifter.api.get("/auth/me").json
    assert (body["subscription_tier"], body["organization"]["subscription_tier"]) == ("PRO", "PRO")


def test_a_first_call_makes_the_profile_of_an_sdk_user(
    functions: Functions, stack: LocalStack, parts: Wiring
):
    """Decision 7: signed up with Firebase, never registered here."""
    there = firebase_sign_up(stack, displayName="Sam Kay")
    api = Api(functions, there["idToken"])
    body = api.get("/auth/me").json
    assert (body["id"], body["email"]) == (there["localId"], there["email"])
    # The token of a sign-up does not carry the name yet in every case; the address then names.
    assert body["full_name"] in {"Sam Kay", there["email"].partition("@")[0]}
    assert (body["role"], body["subscription_tier"]) == ("USER", "FREE")
    assert body["organization_name"] == f"{body['full_name']}'s gym"
    assert api.get("/auth/me").json == body
    member = f"organizations/{body['organization_id']}/members/{body['id']}"
    assert parts.documents.get(member) is not None


@pytest.mark.parametrize("group", ["exercises", "programs"])
def test_any_call_may_be_the_first(functions: Functions, stack: LocalStack, group: str):
    there = firebase_sign_up(stack)
    assert Api(functions, there["idToken"]).get(f"/{group}").status_code == 200


def test_many_first_calls_at_once_make_one_profile(
    functions: Functions, stack: LocalStack, parts: Wiring
):
    """A page that opens sends several requests together."""
    there = firebase_sign_up(stack)
    api = Api(functions, there["idToken"])
    calls = [lambda: api.get("/auth/me"), lambda: api.get("/programs")] * 4
    answers = together(calls)
    assert {answer.status_code for answer in answers} == {200}
    bodies = [answer.json for answer in answers if "email" in answer.json]
    assert len(bodies) == 4
    assert all(body == bodies[0] for body in bodies)
    owned = [("owner_user_id", "==", there["localId"])]
    assert len(parts.documents.find("organizations", owned, limit=5)) == 1


def test_an_account_without_its_organization_is_not_made_anew(lifter: Person):
    """Making it anew would forget a suspension; a broken store is our fault, hence 500."""

    def remove(transaction: Transaction) -> None:
        transaction.delete(f"organizations/{lifter.organization_id}")

    lifter.parts.documents.atomically(remove)
    lifter.parts.accounts.forget(lifter.user_id)
    refused(lifter.api.get("/auth/me"), 500, "INTERNAL_SERVER_ERROR")
    stored = lifter.parts.documents.get(f"users/{lifter.user_id}")
    assert stored is not None
    assert stored.data["full_name"] == lifter.full_name


def test_me_keeps_within_its_budget(cost, lifter: Person):
    """Who calls: two documents, known for 30 s; what is shown: the same two, as they are now."""
    assert cost(lambda: lifter.api.get("/auth/me")) == (4, 0)
    assert cost(lambda: lifter.api.get("/auth/me")) == (2, 0)


def test_a_read_by_somebody_known_costs_nothing(cost, lifter: Person):
    lifter.api.get("/auth/me")
    assert cost(lambda: lifter.api.get("/auth/nowhere")) == (0, 0)
