"""Whoever owns several organizations reaches all of them, and nobody one that is another's."""

from dataclasses import replace

import pytest
from firebase_admin import auth

from infra.dev.payments import subscription
from shared.gateways.ports import Files
from shared.models.subscriptions import BillingStatus
from tests.background import Background
from tests.client import Api
from tests.functions.auth.mailed import Post
from tests.functions.auth.newcomers import an_address
from tests.people import People, Person

LEAVE = "/users/me/organization/leave"
OWNER = "/users/me/organization/owner"
CLONE = "/programs/full-body-3-day-split/clone"


@pytest.fixture(autouse=True)
def _files(files: Files, catalogue: None) -> None:
    pass


def give(owner: Person, heir: Person) -> None:
    answer = owner.api.post(OWNER, json={"user_id": heir.user_id})
    assert answer.status_code == 200, answer.text


def part(person: Person) -> str:
    answer = person.api.post(LEAVE)
    assert answer.status_code == 200, answer.text
    return answer.json["organization_id"]


def here(person: Person) -> Person:
    """As the owner of the organization they are in now."""
    return replace(person, organization_id=person.api.get("/users/me").json["organization_id"])


def test_who_joins_others_from_a_second_one_comes_back_to_both(people: People) -> None:
    owner, heir, other = (people.lifter() for _ in range(3))
    mine = heir.api.post(CLONE).json["id"]
    heir.join(owner)
    give(owner, heir)
    part(owner)
    theirs = heir.api.post(CLONE).json["id"]
    heir.join(other)
    reached = set()
    for _ in range(3):
        part(heir)
        reached |= {p for p in (mine, theirs) if heir.api.get(f"/programs/{p}").status_code == 200}
        if reached == {mine, theirs}:
            break
    assert reached == {mine, theirs}


def test_nobody_comes_back_to_what_they_gave_away(people: People) -> None:
    giver, taker, friend, host = (people.lifter() for _ in range(4))
    first = giver.organization_id
    friend.join(giver)
    give(giver, friend)
    second = part(giver)
    taker.join(here(giver))
    give(here(giver), taker)
    secret = taker.api.post(CLONE).json["id"]
    # Back to the first one, and its owner again.
    giver.join(here(friend))
    give(friend, giver)
    part(friend)
    giver.join(host)
    assert part(giver) == first
    friend.join(here(giver))
    give(giver, friend)
    assert part(giver) != second
    assert giver.api.get(f"/programs/{secret}").status_code == 404
    assert giver.api.get("/users/me/organization/members").json["total"] == 1


def test_who_paid_and_gave_the_organization_away_has_paid_for_it(
    people: People, stack, background: Background
) -> None:
    payer, heir = people.lifter(), people.lifter()
    now = payer.parts.now()
    stack.payments.put(
        subscription(
            f"3{now.timestamp():.0f}", email=payer.email, status=BillingStatus.ACTIVE, at=now
        )
    )
    heir.join(payer)
    give(payer, heir)
    assert background.call("/jobs/reconcile-billing").status_code == 200
    assert payer.api.get("/users/me").json["subscription_tier"] == "PRO"


def test_a_reset_goes_to_the_address_that_firebase_has_now(
    api: Api, lifter: Person, post: Post
) -> None:
    new = an_address()
    auth.update_user(lifter.user_id, email=new, app=lifter.parts.directory._app)
    api.post("/auth/password-reset/request", json={"email": new})
    reset = "Reset your HypertroQ password"
    assert reset in post.subjects(new)
    assert reset not in post.subjects(lifter.email)


def test_whom_they_invited_to_what_they_gave_away_is_not_told_their_name_either(
    people: People, admin: Person, background: Background
) -> None:
    giver, heir = people.lifter("Zebulon Quagga"), people.lifter()
    heir.join(giver)
    giver.invite("somebody@example.com")
    give(giver, heir)
    part(giver)
    assert admin.api.delete(f"/admin/users/{giver.user_id}").status_code == 204
    background.deliver(user_id=giver.user_id)
    assert "Zebulon" not in heir.api.get("/users/me/organization/invitations").text


def test_who_owns_three_reaches_each_of_them(people: People) -> None:
    heir = people.lifter()
    programs = {heir.api.post(CLONE).json["id"]}
    for owner in (people.lifter(), people.lifter()):
        heir.join(owner)
        give(owner, heir)
        part(owner)
        programs.add(heir.api.post(CLONE).json["id"])
    reached = set()
    for _ in range(3):
        part(heir)
        reached |= {
            each for each in programs if heir.api.get(f"/programs/{each}").status_code == 200
        }
    assert reached == programs
