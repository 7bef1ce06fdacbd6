"""Every route with an exercise's id: another organization's is as good as none."""

import pytest

from shared.http.context import Access
from tests.client import Functions
from tests.functions.bodies import MISSING, an_exercise
from tests.functions.refusals import tells_the_same
from tests.people import People, Person

BODIES = {"PUT": {"name": "Stolen"}, "DELETE": None, "GET": None}
ROUTES = {("GET", "/<exercise_id>"), ("PUT", "/<exercise_id>"), ("DELETE", "/<exercise_id>")}


def test_these_are_all_routes_with_an_id(functions: Functions) -> None:
    routes = functions.modules["exercises"].api.routes
    assert {(row.method, row.path) for row in routes if row.parameters} == ROUTES
    assert all(row.access is not Access.PUBLIC for row in routes if row.parameters)


@pytest.mark.parametrize("method", sorted(BODIES))
@pytest.mark.parametrize("body", ["fitting", "broken"])
def test_s1_a_foreign_id_reads_like_a_missing_one_on_every_verb(
    pro: Person, stranger: Person, method: str, body: str
) -> None:
    made = pro.api.post("/exercises", json=an_exercise())
    sent = {"json": BODIES[method] if body == "fitting" else {"name": 7}}
    headers = {"If-Match": made.headers["ETag"], "If-None-Match": made.headers["ETag"]}
    foreign, missing = (
        stranger.api.call(method, f"/exercises/{identifier}", headers=headers, **sent)
        for identifier in (made.json["id"], MISSING)
    )
    tells_the_same(foreign, missing)
    assert foreign.status_code == (422 if (method, body) == ("PUT", "broken") else 404)
    assert pro.api.get(f"/exercises/{made.json['id']}").json == made.json


def test_s1_somebody_who_left_the_organization_sees_nothing_of_it(
    people: People, pro: Person, stranger: Person
) -> None:
    leaver = people.colleague(pro)
    made = leaver.api.post("/exercises", json=an_exercise()).json
    pro.parts.accounts.change(
        leaver.user_id,
        lambda user: user.model_copy(update={"organization_id": stranger.organization_id}),
    )
    answer = leaver.api.get(f"/exercises/{made['id']}")
    tells_the_same(answer, leaver.api.get(f"/exercises/{MISSING}"))
    assert leaver.api.delete(f"/exercises/{made['id']}").status_code == 404
    assert pro.api.get(f"/exercises/{made['id']}").status_code == 200
