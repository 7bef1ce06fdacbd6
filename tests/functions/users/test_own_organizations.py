"""An organization of one's own waits, with everything in it, and goes with its owner alone."""

from dataclasses import replace

import pytest

from infra.dev.payments import subscription
from infra.local.parts import Stack
from shared.gateways.ports import Files
from shared.models.subscriptions import BillingStatus
from shared.storage.tenancy import organization_path
from tests.background import Background
from tests.functions.refusals import refused
from tests.functions.users.leaving import everything, leave, told
from tests.people import INVITATIONS, People, Person

ACCEPT = f"{INVITATIONS}/accept"
LEAVE = "/users/me/organization/leave"
OWNER = "/users/me/organization/owner"
CLONE = "/programs/full-body-3-day-split/clone"


@pytest.fixture(autouse=True)
def _files(files: Files, catalogue: None) -> None:
    """Removing a person empties their part of the store."""


def clone(person: Person) -> str:
    """The id of a program in the organization that the person is in."""
    return person.api.post(CLONE).json["id"]


def finds(person: Person, program: str) -> bool:
    return person.api.get(f"/programs/{program}").status_code == 200


def give(owner: Person, heir: Person) -> None:
    """The heir is a member."""
    answer = owner.api.post(OWNER, json={"user_id": heir.user_id})
    assert answer.status_code == 200, answer.text


def part(person: Person) -> str:
    """Leave; the id of the organization they are in then."""
    answer = person.api.post(LEAVE)
    assert answer.status_code == 200, answer.text
    return answer.json["organization_id"]


def pays(owner: Person, stack: Stack, number: int) -> str:
    """The id of the subscription that the owner's organization has now."""
    now = owner.parts.now()
    identifier = f"{number}{now.timestamp():.0f}"
    state = subscription(identifier, email=owner.email, status=BillingStatus.ACTIVE, at=now)
    stack.payments.put(state)
    assert told(owner.parts, owner, "subscription_created", state) == "applied"
    return identifier


def here(person: Person) -> Person:
    """As the owner of the organization they are in now."""
    return replace(person, organization_id=person.api.get("/users/me").json["organization_id"])


@pytest.fixture
def owner(people: People) -> Person:
    return people.lifter()


@pytest.fixture
def heir(people: People) -> Person:
    return people.lifter()


@pytest.fixture
def other(people: People) -> Person:
    """Somebody whose organization others join."""
    return people.lifter()


def test_nobody_joins_one_whose_owner_is_elsewhere(
    owner: Person, other: Person, heir: Person
) -> None:
    token = owner.invitation(heir.email)
    owner.join(other)
    refused(heir.api.post(ACCEPT, json={"token": token}), 401, "TOKEN_INVALID")
    part(owner)
    assert heir.api.post(ACCEPT, json={"token": token}).status_code == 200


def test_one_that_was_received_waits_as_well(owner: Person, other: Person, heir: Person) -> None:
    heir.join(owner)
    give(owner, heir)
    part(owner)
    program = clone(heir)
    heir.join(other)
    assert part(heir) == owner.organization_id
    assert finds(heir, program)


def test_one_that_was_given_and_given_back_waits_as_well(
    owner: Person, other: Person, heir: Person
) -> None:
    program = clone(owner)
    heir.join(owner)
    give(owner, heir)
    give(heir, owner)
    part(heir)
    owner.join(other)
    assert part(owner) == owner.organization_id
    assert finds(owner, program)


def test_who_inherits_one_has_two_that_take_turns(
    owner: Person, heir: Person, background: Background
) -> None:
    mine = clone(heir)
    heir.join(owner)
    theirs = clone(heir)
    leave(owner, background)
    part(heir)
    assert (finds(heir, mine), finds(heir, theirs)) == (True, False)
    part(heir)
    assert (finds(heir, mine), finds(heir, theirs)) == (False, True)
    leave(heir, background)
    for each in (owner, heir):
        assert everything(heir.parts, organization_path(each.organization_id)) == []


def test_one_that_was_given_away_stays_when_the_giver_is_removed(
    owner: Person, other: Person, heir: Person, background: Background
) -> None:
    """Also while its new owner is elsewhere, and nobody is in it."""
    heir.join(owner)
    give(owner, heir)
    part(owner)
    program = clone(heir)
    heir.join(other)
    before = everything(owner.parts, organization_path(owner.organization_id))
    leave(owner, background)
    assert everything(owner.parts, organization_path(owner.organization_id)) == before
    part(heir)
    assert finds(heir, program)


def test_all_of_somebodys_own_go_with_them_and_cost_nothing_any_more(
    owner: Person, other: Person, heir: Person, background: Background, stack: Stack
) -> None:
    heir.join(owner)
    give(owner, heir)
    second = part(owner)
    clone(owner)
    paid = pays(replace(owner, organization_id=second), stack, 4)
    owner.join(other)
    leave(owner, background)
    assert everything(owner.parts, organization_path(second)) == []
    assert owner.parts.payments.subscription(paid).attributes["status"] == "cancelled"


def test_nobody_joins_what_is_being_removed(
    owner: Person,
    heir: Person,
    background: Background,
    stack: Stack,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    token = owner.invitation(heir.email)
    pays(owner, stack, 1)
    payments, joined = owner.parts.payments, []
    original = payments.cancel

    def cancel(identifier: str) -> None:
        original(identifier)
        joined.append(heir.api.post(ACCEPT, json={"token": token}).status_code)

    monkeypatch.setattr(payments, "cancel", cancel)
    leave(owner, background)
    assert joined == [401]
    assert heir.api.get("/users/me").json["organization_id"] == heir.organization_id
    assert clone(heir)


def test_who_joins_others_from_a_second_one_comes_back_to_both(people: People) -> None:
    owner, heir, other = (people.lifter() for _ in range(3))
    mine = clone(heir)
    heir.join(owner)
    give(owner, heir)
    part(owner)
    theirs = clone(heir)
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
    secret = clone(taker)
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
    assert "Zebulon" not in heir.api.get(INVITATIONS).text


def test_who_owns_three_reaches_each_of_them(people: People) -> None:
    heir = people.lifter()
    programs = {clone(heir)}
    for owner in (people.lifter(), people.lifter()):
        heir.join(owner)
        give(owner, heir)
        part(owner)
        programs.add(clone(heir))
    reached = set()
    for _ in range(3):
        part(heir)
        reached |= {
            each for each in programs if heir.api.get(f"/programs/{each}").status_code == 200
        }
    assert reached == programs
