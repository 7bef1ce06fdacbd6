"""How sets are to be done: kept, shown, copied, and refused where it stands."""

from typing import Any

import pytest

from tests.functions.bodies import a_program, a_session, work
from tests.functions.refusals import problem_places
from tests.people import Person

pytestmark = pytest.mark.usefixtures("catalogue")

SENT = {
    "target_reps": "8-12",
    "rir": 1.5,
    "rest_seconds": 90,
    "tempo": "3-0-x-0",
    "superset": " A ",
    "load": {"amount": 72.5, "unit": "PERCENT_1RM"},
}
KEPT = SENT | {"target_reps": {"min": 8, "max": 12}, "tempo": "3-0-X-0", "superset": "A"}


def slot(answer: Any) -> Any:
    session = answer["sessions"][0] if "sessions" in answer else answer
    return {field: session["exercises"][0][field] for field in KEPT}


def test_they_are_kept_on_every_way_in(pro: Person) -> None:
    body = a_program(sessions=[a_session(1, [work("leg-curl", **SENT)])])
    made = pro.api.post("/programs", json=body).json
    where = f"/programs/{made['id']}"
    assert slot(made) == slot(pro.api.get(where).json) == KEPT
    added = pro.api.post(f"{where}/sessions", json=a_session(2, [work("plank", **SENT)])).json
    assert slot(added) == KEPT
    plain = {"exercises": [work("plank")]}
    changed = pro.api.put(f"{where}/sessions/{added['id']}", json=plain).json
    assert slot(changed) == dict.fromkeys(KEPT)


def test_a_repeat_with_the_same_fields_makes_nothing_twice(pro: Person) -> None:
    program = pro.api.post("/programs", json=a_program(sessions=[a_session(1)])).json["id"]
    body = a_session(2, [work("leg-curl", **SENT)])
    first, again = (pro.api.post(f"/programs/{program}/sessions", json=body) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json["id"] == again.json["id"]


def test_a_clone_has_what_its_template_has(lifter: Person) -> None:
    template = lifter.api.get("/programs/arnold-split-6-day").json
    copy = lifter.api.post("/programs/arnold-split-6-day/clone").json
    shown = slot(copy)
    assert shown == slot(template)
    assert shown["target_reps"] == {"min": 6, "max": 10}


@pytest.mark.parametrize(
    ("field", "value", "place"),
    [
        ("target_reps", "12-8", "target_reps"),
        ("target_reps", {"min": 0, "max": 8}, "target_reps.min"),
        ("rir", 11, "rir"),
        ("rest_seconds", 1801, "rest_seconds"),
        ("tempo", "fast", "tempo"),
        ("superset", "x" * 11, "superset"),
        ("load", {"amount": 80, "unit": "STONE"}, "load.unit"),
    ],
)
def test_what_makes_no_sense_is_422(pro: Person, field: str, value: Any, place: str) -> None:
    body = a_program(sessions=[a_session(1, [work("leg-curl", **{field: value})])])
    answer = pro.api.post("/programs", json=body)
    assert problem_places(answer) == [f"body.sessions.0.exercises.0.{place}"]
