"""Fields that decide about roles, plans, owners and ids are never taken from clients."""

import json
import uuid
from typing import Any

import pytest
from google.cloud.firestore import CollectionReference, DocumentReference

from shared.http.context import Access
from shared.http.parsing import MULTIPART
from shared.models.accounts import Account
from shared.rules.accounts import personal_organization_id
from shared.wiring import Wiring
from tests.access.callers import Kind, Known
from tests.access.calls import Calls
from tests.access.declarations import Declared
from tests.access.injections import FIELDS, PLANTED, injected
from tests.access.matrix import SAFE, TABLE, Cell, Row
from tests.access.rights import Whose
from tests.client import Api
from tests.functions.bodies import a_program, a_session, an_exercise, work
from tests.functions.refusals import tells_the_same
from tests.people import PASSWORD, People

WITH_BODY = [
    (row, declared)
    for row, declared in TABLE
    if row.route.body and MULTIPART not in row.route.accepts
]
FROM_CLIENTS = [row for row in WITH_BODY if row[1].access is not Access.TASK]
"""Tasks come from ourselves."""
WITH_QUERY = [(row, declared) for row, declared in TABLE if row.route.method in SAFE]


def name(value: Any) -> str:
    return value.name if isinstance(value, Row) else ""


def account(parts: Wiring, user_id: str) -> Account:
    found = parts.account_repository.load(user_id)
    assert found is not None
    return found


def rights(found: Account) -> tuple[Any, ...]:
    """What of an account decides about what may be done."""
    user, organization = found.user, found.organization
    return (
        (user.id, user.organization_id, user.role, user.organization_role, user.status),
        (user.is_verified, user.created_at),
        (organization.id, organization.owner_user_id, organization.created_at),
        (organization.subscription_tier, organization.subscription_status),
    )


def stored(place: CollectionReference | DocumentReference) -> str:
    """Everything at and below this place, as text."""
    if isinstance(place, CollectionReference):
        return "".join(stored(document) for document in place.list_documents())
    below = "".join(stored(collection) for collection in place.collections())
    return f"{place.path} {place.get().to_dict()} {below}"


def own(row: Row, declared: Declared) -> Cell:
    """The caller's own target, or for cloning a shared one."""
    targets = declared.meaning.members if declared.meaning else {}
    good = [whose for whose, outcome in targets.items() if outcome is None]
    return Cell(Kind.PRO, good[0] if good else None, None)


def entitled(declared: Declared, otherwise: Kind) -> Kind:
    return Kind.ADMIN if declared.access is Access.ADMIN else otherwise


@pytest.mark.parametrize(("row", "declared"), WITH_BODY, ids=name)
def test_planted_fields_do_not_even_reach_the_request_model(
    calls: Calls, row: Row, declared: Declared
) -> None:
    """At every depth of the body."""
    body = calls.body(declared)
    model = row.route.body
    assert model is not None
    plain = model.model_validate_json(json.dumps(body))
    assert model.model_validate_json(json.dumps(injected(body))) == plain


@pytest.mark.parametrize(("row", "declared"), FROM_CLIENTS, ids=name)
def test_planted_fields_change_nothing(
    calls: Calls, parts: Wiring, row: Row, declared: Declared
) -> None:
    """Neither the answer, nor the caller's rights, nor anything their organization has."""
    viewer = calls.caller(entitled(declared, Kind.PRO), declared)
    before = rights(account(parts, viewer.user_id))
    thing = calls.target(row, declared, own(row, declared), viewer)

    response = calls.answer(
        row, declared, viewer, thing, json=injected(calls.body(declared)), query_string=FIELDS
    )

    wanted = declared.always.status if declared.always else row.route.status
    assert response.status_code == wanted, response.text
    assert [planted for planted in PLANTED if planted in response.text] == []
    assert rights(account(parts, viewer.user_id)) == before
    client = parts.documents._client
    kept = stored(client.document(f"organizations/{viewer.organization_id}"))
    own_place = f"organizations/{viewer.organization_id}/"
    if thing.document and thing.document.startswith(own_place):
        assert thing.document in kept
    assert [planted for planted in PLANTED if planted in kept] == []
    for collection in ("users", "organizations", "exercises", "program_templates"):
        for planted in PLANTED:
            assert not client.document(f"{collection}/{planted}").get().exists


@pytest.mark.parametrize(("row", "declared"), WITH_QUERY, ids=name)
def test_planted_query_fields_change_nothing(calls: Calls, row: Row, declared: Declared) -> None:
    """The answer is the same with them, but for the fields that the route knows as filters."""
    known = row.route.query.model_fields if row.route.query else {}
    planted = {field: value for field, value in FIELDS.items() if field not in known}
    planted.pop("organization")
    fields = dict(part.split("=") for part in declared.query.split("&") if part)
    viewer = calls.caller(entitled(declared, Kind.FREE), declared)
    thing = calls.target(row, declared, own(row, declared), viewer)

    plain = calls.answer(row, declared, viewer, thing)
    response = calls.answer(row, declared, viewer, thing, query_string=planted | fields)

    wanted = declared.always.status if declared.always else row.route.status
    assert response.status_code == plain.status_code == wanted
    if declared.always:
        tells_the_same(response, plain)
        return
    assert undated(response.get_data()) == undated(plain.get_data())


def undated(body: bytes) -> Any:
    """Without what differs between two reports about the same health."""
    try:
        answer = json.loads(body)
    except ValueError:
        return body
    if isinstance(answer, dict):
        for field in ("timestamp", "checks", "latency_ms", "uptime_seconds"):
            answer.pop(field, None)
    return answer


def test_a_newcomer_cannot_choose_who_to_be(api: Api, parts: Wiring) -> None:
    email = f"{uuid.uuid4().hex}@example.com"
    body = {"email": email, "password": PASSWORD, "full_name": "New Lifter"}
    answer = api.post("/auth/register", json=injected(body))
    assert answer.status_code == 201
    assert answer.json is not None
    made = account(parts, answer.json["id"])
    assert made.user.id not in PLANTED
    assert made.user.organization_id == personal_organization_id(made.user.id)
    assert (made.user.role, made.user.is_verified) == ("USER", False)
    assert made.organization.subscription_tier == "FREE"


def test_what_somebody_makes_is_theirs(people: People) -> None:
    """Whatever owner, id, plan or scope the body names, at any depth."""
    person = people.pro()
    exercise = person.api.post("/exercises", json=injected(an_exercise())).json
    assert exercise is not None
    sessions = [a_session(1, [work(exercise["id"])])]
    program = person.api.post("/programs", json=injected(a_program(sessions=sessions))).json
    assert program is not None
    for made in (exercise, program):
        assert made["id"] not in PLANTED
        assert made["organization_id"] == person.organization_id
        assert made["created_by_user_id"] == person.user_id
        assert made["created_at"] >= "2020"
    assert exercise["is_global"] is False
    assert program["is_template"] is False
    assert program["sessions"][0]["id"] not in PLANTED


def test_a_refused_creation_cannot_be_talked_into_pro(calls: Calls) -> None:
    for row, declared in TABLE:
        if row.name in {"POST /exercises", "POST /programs"}:
            viewer: Known = calls.caller(Kind.FREE, declared)
            thing = calls.target(row, declared, Cell(Kind.FREE, None, None), viewer)
            body = injected(calls.body(declared))
            assert calls.answer(row, declared, viewer, thing, json=body).status_code == 403


def test_where_the_caller_may_choose_the_target_is_found() -> None:
    """A route that nobody may use on their own things would silently be left out above."""
    for row, declared in WITH_BODY:
        if declared.meaning:
            allowed = {Whose.OWN, Whose.SHARED}
            if declared.access is Access.ADMIN:
                allowed.add(Whose.OTHERS)
            assert own(row, declared).whose in allowed
