"""Every route with a program's or session's id: another organization's is as good as none."""

from typing import Any

import pytest

from tests.client import Functions
from tests.functions.bodies import MISSING, MONDAY, a_program, a_session
from tests.functions.refusals import tells_the_same
from tests.people import Person

ONE = "/<program_id>"
SESSION = f"{ONE}/sessions/<session_id>"
BODIES: dict[tuple[str, str], Any] = {
    ("GET", ONE): None,
    ("PUT", ONE): {"name": "Stolen"},
    ("DELETE", ONE): None,
    ("POST", f"{ONE}/clone"): {},
    ("GET", f"{ONE}/stats"): None,
    ("GET", f"{ONE}/lint"): None,
    ("GET", f"{ONE}/volume"): None,
    ("GET", f"{ONE}/weekly-volume"): None,
    ("GET", f"{ONE}/recommendations"): None,
    ("POST", f"{ONE}/recommendations/apply"): {
        "recommendations": [[{"op": "replace", "path": "/sessions/0/name", "value": "Stolen"}]]
    },
    ("POST", f"{ONE}/generate-schedule"): {"start_date": MONDAY},
    ("POST", f"{ONE}/sessions"): a_session(9),
    ("PUT", SESSION): {"name": "Stolen"},
    ("DELETE", SESSION): None,
    ("POST", f"{ONE}/mesocycle"): {},
    ("GET", f"{ONE}/mesocycles"): None,
    ("GET", f"{ONE}/mesocycles/<mesocycle_id>"): None,
    ("PUT", f"{ONE}/mesocycles/<mesocycle_id>"): {"name": "Stolen"},
    ("DELETE", f"{ONE}/mesocycles/<mesocycle_id>"): None,
    ("GET", f"{ONE}/versions"): None,
    ("GET", f"{ONE}/versions/<version_number>"): None,
    ("POST", f"{ONE}/versions/<version_number>/restore"): None,
    ("GET", f"{ONE}/diff"): None,
    ("GET", f"{ONE}/template-update"): None,
    ("POST", f"{ONE}/template-update"): {"otherwise": "theirs"},
}


def test_these_are_all_routes_with_an_id(functions: Functions) -> None:
    routes = functions.modules["programs"].api.routes
    assert {(row.method, row.path) for row in routes if row.parameters} == set(BODIES)


@pytest.mark.parametrize("route", sorted(BODIES), ids=" ".join)
def test_s1_foreign_ids_read_like_missing_ones_on_every_verb(
    pro: Person, stranger: Person, route: tuple[str, str]
) -> None:
    method, path = route
    made = pro.api.post("/programs", json=a_program(sessions=[a_session(1), a_session(2)]))
    session = made.json["sessions"][0]["id"]
    version = made.headers["ETag"]

    def call(program_id: str, session_id: str, **request: Any) -> Any:
        where = path.replace("<program_id>", program_id).replace("<session_id>", session_id)
        where = where.replace("<version_number>", "1").replace("<mesocycle_id>", session_id)
        headers = {"If-Match": version, "If-None-Match": version}
        return stranger.api.call(method, f"/programs{where}", headers=headers, **request)

    missing = call(MISSING, MISSING, json=BODIES[route])
    assert missing.status_code == 404
    for program_id, session_id in (
        (made.json["id"], session),
        (made.json["id"], MISSING),
        (MISSING, session),
    ):
        tells_the_same(call(program_id, session_id, json=BODIES[route]), missing)
    # A body that cannot be accepted is told in the same words, too.
    broken = {"data": b"[", "content_type": "application/json"}
    tells_the_same(call(made.json["id"], session, **broken), call(MISSING, MISSING, **broken))
    assert pro.api.get(f"/programs/{made.json['id']}").json == made.json


@pytest.mark.parametrize("route", [("PUT", SESSION), ("DELETE", SESSION)], ids=" ".join)
def test_s1_a_foreign_session_under_ones_own_program_reads_like_a_missing_one(
    pro: Person, stranger: Person, route: tuple[str, str]
) -> None:
    foreign = pro.api.post("/programs", json=a_program(sessions=[a_session(1)])).json
    own = stranger.api.post("/programs", json=a_program(sessions=[a_session(1)])).json
    answers = [
        stranger.api.call(
            route[0], f"/programs/{own['id']}/sessions/{session_id}", json=BODIES[route]
        )
        for session_id in (foreign["sessions"][0]["id"], MISSING)
    ]
    assert answers[0].status_code == 404
    tells_the_same(*answers)
