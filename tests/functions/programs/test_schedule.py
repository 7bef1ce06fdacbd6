"""POST /programs/{id}/generate-schedule (P12): a program on the calendar."""

from typing import Any

import pytest

from tests.client import Api
from tests.functions.bodies import MISSING, MONDAY, a_program, a_session
from tests.functions.refusals import needs_sign_in, problem_places, refused, tells_the_same
from tests.people import Person

pytestmark = pytest.mark.usefixtures("catalogue")

UPPER_LOWER = "upper-lower-4-day-split"


def schedule(person: Person, program: str, **body: Any) -> Any:
    answer = person.api.post(f"/programs/{program}/generate-schedule", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json


def test_p12_an_anonymous_caller_gets_401(api: Api) -> None:
    needs_sign_in(api.post(f"/programs/{UPPER_LOWER}/generate-schedule", json={}))


def test_p12_a_foreign_id_reads_like_a_missing_one(pro: Person, stranger: Person) -> None:
    foreign = pro.api.post("/programs", json=a_program()).json["id"]
    answers = [
        stranger.api.post(f"/programs/{each}/generate-schedule", json={"start_date": MONDAY})
        for each in (foreign, MISSING)
    ]
    refused(answers[0], 404, "PROGRAM_NOT_FOUND")
    tells_the_same(*answers)


def test_p12_weekdays_take_their_sessions_in_turn(lifter: Person) -> None:
    answer = schedule(lifter, UPPER_LOWER, start_date=MONDAY, weeks=1)
    assert {key: answer[key] for key in ("program_id", "program_name", "weeks")} == {
        "program_id": UPPER_LOWER,
        "program_name": "Upper/Lower 4-Day Split",
        "weeks": 1,
    }
    assert (answer["start_date"], answer["end_date"]) == (MONDAY, "2026-03-08")
    sessions = lifter.api.get(f"/programs/{UPPER_LOWER}").json["sessions"]
    days = zip(
        sessions,
        ["2026-03-02", "2026-03-03", "2026-03-05", "2026-03-06"],
        ["MON", "TUE", "THU", "FRI"],
        strict=True,
    )
    assert answer["scheduled_sessions"] == [
        {
            "session_id": session["id"],
            "session_name": session["name"],
            "scheduled_date": day,
            "day_of_week": weekday,
            "cycle_day": None,
        }
        for session, day, weekday in days
    ]


def test_p12_without_weeks_the_programs_own_duration_counts(lifter: Person) -> None:
    answer = schedule(lifter, UPPER_LOWER, start_date=MONDAY)
    assert (answer["weeks"], len(answer["scheduled_sessions"])) == (8, 32)


def test_p12_a_cycle_begins_on_the_first_day(pro: Person) -> None:
    body = a_program(structure_type="CYCLIC", sessions=[a_session(1), a_session(2)])
    program = pro.api.post("/programs", json=body).json["id"]
    answer = schedule(pro, program, start_date=MONDAY)
    # Four weeks by default: 28 days, 7 cycles of 3 training days.
    assert (answer["weeks"], len(answer["scheduled_sessions"])) == (4, 21)
    first = answer["scheduled_sessions"][:4]
    assert [row["scheduled_date"][-2:] for row in first] == ["02", "03", "04", "06"]
    assert [row["cycle_day"] for row in first] == [1, 2, 3, 1]
    assert [row["session_name"] for row in first] == [
        "Session 1",
        "Session 2",
        "Session 1",
        "Session 2",
    ]
    assert {row["day_of_week"] for row in first} == {None}


def test_p12_an_empty_program_has_an_empty_schedule(pro: Person) -> None:
    program = pro.api.post("/programs", json=a_program()).json["id"]
    assert schedule(pro, program, start_date=MONDAY)["scheduled_sessions"] == []


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({}, "body.start_date"),
        ({"start_date": "tomorrow"}, "body.start_date"),
        ({"start_date": "2026-02-30"}, "body.start_date"),
        ({"start_date": "9999-12-31"}, "body.start_date"),
        ({"start_date": MONDAY, "weeks": 0}, "body.weeks"),
        ({"start_date": MONDAY, "weeks": 53}, "body.weeks"),
    ],
)
def test_p12_what_cannot_be_understood_is_422(lifter: Person, body: Any, place: str) -> None:
    answer = lifter.api.post(f"/programs/{UPPER_LOWER}/generate-schedule", json=body)
    assert problem_places(answer) == [place]
