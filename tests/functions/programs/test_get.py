"""GET /programs/{id} (P2): a whole program, field by field, and its version."""

import pytest

from tests.client import Api
from tests.functions.bodies import MISSING, a_program, a_session, an_exercise, work
from tests.functions.refusals import needs_sign_in, problem_places, refused, tells_the_same
from tests.people import Person

pytestmark = pytest.mark.usefixtures("catalogue")

PROGRAM = {
    "id",
    "name",
    "description",
    "split_type",
    "structure_type",
    "structure_config",
    "is_template",
    "created_by_user_id",
    "organization_id",
    "duration_weeks",
    "cloned_from",
    "cloned_from_version",
    "version_number",
    "sessions",
    "stats",
    "created_at",
    "updated_at",
}
SESSION = {
    "id",
    "program_id",
    "name",
    "day_number",
    "order_in_program",
    "exercises",
    "total_sets",
    "exercise_count",
    "created_at",
    "updated_at",
}


def test_p2_an_anonymous_caller_gets_401(api: Api) -> None:
    needs_sign_in(api.get("/programs/full-body-3-day-split"))


def test_p2_a_foreign_id_reads_like_a_missing_one(pro: Person, stranger: Person) -> None:
    foreign = pro.api.post("/programs", json=a_program()).json["id"]
    answer = stranger.api.get(f"/programs/{foreign}")
    refused(answer, 404, "PROGRAM_NOT_FOUND")
    tells_the_same(answer, stranger.api.get(f"/programs/{MISSING}"))


@pytest.mark.parametrize("identifier", ["no-such-template", "leg-curl", MISSING])
def test_p2_an_id_of_nothing_is_404(lifter: Person, identifier: str) -> None:
    refused(lifter.api.get(f"/programs/{identifier}"), 404, "PROGRAM_NOT_FOUND")


def test_p2_what_is_no_id_is_422(lifter: Person) -> None:
    assert problem_places(lifter.api.get("/programs/a.b")) == ["path.program_id"]


@pytest.mark.parametrize(
    ("template", "days", "sets"),
    [
        ("upper-lower-4-day-split", [1, 2, 4, 5], [17, 14, 17, 14]),
        ("push-pull-legs-6-day-split", [1, 2, 3], [17, 17, 18]),
        ("full-body-3-day-split", [1, 3, 5], [15, 15, 15]),
    ],
)
def test_b10_every_template_can_be_read(
    lifter: Person, template: str, days: list[int], sets: list[int]
) -> None:
    answer = lifter.api.get(f"/programs/{template}")
    assert answer.status_code == 200, answer.text
    sessions = answer.json["sessions"]
    assert [row["day_number"] for row in sessions] == days
    assert [row["total_sets"] for row in sessions] == sets
    assert answer.json["stats"]["total_sets"] == sum(sets)


def test_p2_a_template_field_by_field(lifter: Person) -> None:
    body = lifter.api.get("/programs/upper-lower-4-day-split").json
    assert set(body) == PROGRAM
    assert (body["is_template"], body["duration_weeks"]) == (True, 8)
    assert body["organization_id"] is body["created_by_user_id"] is None
    assert body["structure_config"] == {
        "days_per_week": 4,
        "selected_days": ["MON", "TUE", "THU", "FRI"],
    }
    session = body["sessions"][0]
    assert set(session) == SESSION
    assert session["program_id"] == body["id"]
    assert (session["name"], session["exercise_count"]) == ("Upper Body A", 5)
    assert session["exercises"][2] == {
        "exercise_id": "overhead-press",
        "exercise_name": "Overhead Press",
        "sets": 3,
        "order_in_session": 3,
        "notes": None,
        "equipment": "BARBELL",
        "primary_muscles": ["Front Delts"],
        **dict.fromkeys(("target_reps", "rir", "rest_seconds", "tempo", "superset", "load")),
    }


def test_client_10_9_own_and_global_exercises_are_named_inside_sessions(pro: Person) -> None:
    own = pro.api.post("/exercises", json=an_exercise()).json
    body = a_program(sessions=[a_session(1, [work("leg-curl", order=2), work(own["id"])])])
    made = pro.api.post("/programs", json=body).json
    read = pro.api.get(f"/programs/{made['id']}")
    assert read.json == made
    planned = made["sessions"][0]["exercises"]
    assert [row["exercise_name"] for row in planned] == [own["name"], "Leg Curl"]
    assert planned[0]["primary_muscles"] == ["Chest"]


def test_p2_a_cyclic_program_shows_its_cycle(pro: Person) -> None:
    made = pro.api.post("/programs", json=a_program(structure_type="CYCLIC")).json
    assert made["structure_config"] == {"days_on": 3, "days_off": 1}
    assert made["stats"]["training_frequency"] == 5.2


def test_p2_sessions_come_in_their_turn(pro: Person) -> None:
    sessions = [a_session(day, order_in_program=4 - day) for day in (1, 2, 3)]
    made = pro.api.post("/programs", json=a_program(sessions=sessions)).json
    assert [row["day_number"] for row in made["sessions"]] == [3, 2, 1]
    assert [row["order_in_program"] for row in made["sessions"]] == [1, 2, 3]


def test_p2_the_profile_of_the_statistics_can_be_chosen(lifter: Person) -> None:
    where = "/programs/full-body-3-day-split"
    for query, profile in (
        ("", "evidence"),
        ("?profile=uniform", "uniform"),
        ("?profile=", "evidence"),
    ):
        assert lifter.api.get(where + query).json["stats"]["profile"] == profile
    assert problem_places(lifter.api.get(where + "?profile=vibes")) == ["query.profile"]


def test_p2_the_etag_stays_until_something_changes(pro: Person) -> None:
    made = pro.api.post("/programs", json=a_program())
    where = f"/programs/{made.json['id']}"
    version = pro.api.get(where).headers["ETag"]
    assert version == made.headers["ETag"]
    held = pro.api.get(where, headers={"If-None-Match": version})
    assert (held.status_code, held.data) == (304, b"")
    pro.api.post(f"{where}/sessions", json=a_session(1))
    assert pro.api.get(where).headers["ETag"] != version


def test_p2_the_etag_changes_with_the_exercises_shown_and_still_guards_only_the_program(
    pro: Person,
) -> None:
    own = pro.api.post("/exercises", json=an_exercise()).json["id"]
    body = a_program(sessions=[a_session(1, [work(own)])])
    where = f"/programs/{pro.api.post('/programs', json=body).json['id']}"
    version = pro.api.get(where).headers["ETag"]
    pro.api.put(f"/exercises/{own}", json={"muscle_contributions": {"CALVES": 1}})
    news = pro.api.get(where, headers={"If-None-Match": version})
    assert news.status_code == 200
    assert news.json["stats"]["weekly_volume"][0]["muscle"] == "CALVES"
    changed = pro.api.put(where, json={"name": "Mine"}, headers={"If-Match": version})
    assert changed.status_code == 200
