"""POST /programs (P3): the plan, what is accepted, what is refused."""

from typing import Any

import pytest

from tests.client import Api
from tests.functions.bodies import MISSING, a_program, a_session, an_exercise, work
from tests.functions.refusals import needs_sign_in, problem_places, refused
from tests.people import Person

pytestmark = pytest.mark.usefixtures("catalogue")


def test_p3_an_anonymous_caller_gets_401_before_anything_else(api: Api) -> None:
    needs_sign_in(api.post("/programs", json={}))


def test_p3_a_foreign_exercise_is_400_like_an_unknown_one(pro: Person, stranger: Person) -> None:
    foreign = pro.api.post("/exercises", json=an_exercise()).json["id"]
    details = []
    for identifier in (foreign, MISSING):
        body = a_program(sessions=[a_session(1, [work(identifier)])])
        answer = stranger.api.post("/programs", json=body)
        assert refused(answer, 400, "INVALID_OPERATION") == {"exercise_ids": [identifier]}
        assert identifier in answer.json["detail"]
        details.append(answer.json["detail"].replace(identifier, "…"))
    assert details[0] == details[1]
    assert stranger.api.get("/programs?is_template=false").json["total"] == 0


def test_p3_ownership_is_the_callers_whatever_the_body_says(pro: Person, stranger: Person) -> None:
    forged = a_program(
        id=MISSING,
        organization_id=stranger.organization_id,
        created_by_user_id=stranger.user_id,
        is_template=True,
        role="ADMIN",
    )
    made = pro.api.post("/programs", json=forged).json
    assert made["id"] != MISSING
    assert made["is_template"] is False
    assert made["organization_id"] == pro.organization_id
    assert made["created_by_user_id"] == pro.user_id


def test_p3_everything_sent_is_stored(pro: Person) -> None:
    body = a_program(
        name=" Mine ",
        description="Two\nlines",
        split_type="ANTERIOR_POSTERIOR",
        structure_config={"days_per_week": 3, "selected_days": ["SUN", "WED", "MON"]},
        duration_weeks=52,
        sessions=[a_session(1, [work("leg-curl", 20, notes="  slow  ")]), a_session(2)],
    )
    answer = pro.api.post("/programs", json=body)
    assert answer.status_code == 201
    made = answer.json
    assert (made["name"], made["description"]) == ("Mine", "Two\nlines")
    assert made["structure_config"] == body["structure_config"]
    assert made["duration_weeks"] == 52
    assert [row["exercise_count"] for row in made["sessions"]] == [1, 0]
    assert made["sessions"][0]["exercises"][0]["sets"] == 20
    assert made["sessions"][0]["exercises"][0]["notes"] == "slow"
    assert pro.api.get(f"/programs/{made['id']}").json == made


class TestWhatTheClientNeeds:
    def test_client_10_10_two_letters_arnold_split_and_no_structure_config(
        self, pro: Person
    ) -> None:
        body = a_program(name="AB", split_type="ARNOLD_SPLIT")
        answer = pro.api.post("/programs", json=body)
        assert answer.status_code == 201, answer.text
        assert answer.json["split_type"] == "ARNOLD_SPLIT"
        assert answer.json["structure_config"] == {
            "days_per_week": 4,
            "selected_days": ["MON", "TUE", "THU", "FRI"],
        }

    def test_client_10_10_one_letter_sessions_and_twenty_sets(self, pro: Person) -> None:
        body = a_program(sessions=[a_session(1, [work("leg-curl", 20)], name="A")])
        answer = pro.api.post("/programs", json=body)
        assert answer.status_code == 201, answer.text
        assert answer.json["sessions"][0]["name"] == "A"

    @pytest.mark.parametrize("notes", [None, "", "   "])
    def test_p3_blank_notes_are_none(self, pro: Person, notes: str | None) -> None:
        body = a_program(sessions=[a_session(1, [work("leg-curl", notes=notes)])])
        made = pro.api.post("/programs", json=body).json
        assert made["sessions"][0]["exercises"][0]["notes"] is None

    @pytest.mark.parametrize(
        "split",
        [
            "UPPER_LOWER",
            "PUSH_PULL_LEGS",
            "FULL_BODY",
            "BRO_SPLIT",
            "ARNOLD_SPLIT",
            "ANTERIOR_POSTERIOR",
            "CUSTOM",
        ],
    )
    def test_p3_there_are_seven_splits(self, pro: Person, split: str) -> None:
        assert pro.api.post("/programs", json=a_program(split_type=split)).status_code == 201


class TestRefusals:
    @pytest.mark.parametrize(
        ("fields", "place"),
        [
            ({"name": "A"}, "body.name"),
            ({"name": "x" * 101}, "body.name"),
            ({"description": "x" * 2001}, "body.description"),
            ({"split_type": "PPL"}, "body.split_type"),
            ({"structure_type": "DAILY"}, "body.structure_type"),
            ({"duration_weeks": 0}, "body.duration_weeks"),
            ({"duration_weeks": 53}, "body.duration_weeks"),
            ({"sessions": [a_session(number) for number in range(1, 16)]}, "body.sessions"),
            ({"sessions": [a_session(1), a_session(1, order_in_program=2)]}, "body.sessions"),
            ({"sessions": [a_session(1), a_session(2, order_in_program=1)]}, "body.sessions"),
            ({"sessions": [a_session(0)]}, "body.sessions.0.day_number"),
            ({"sessions": [a_session(1, name=" ")]}, "body.sessions.0.name"),
        ],
    )
    def test_p3_what_breaks_a_rule_is_422_and_says_where(
        self, pro: Person, fields: dict[str, Any], place: str
    ) -> None:
        places = problem_places(pro.api.post("/programs", json=a_program(**fields)))
        assert places[0] == place

    @pytest.mark.parametrize(
        ("kind", "config"),
        [
            ("WEEKLY", {"days_on": 3, "days_off": 1}),
            ("CYCLIC", {"days_per_week": 3, "selected_days": ["MON", "TUE", "WED"]}),
            ("WEEKLY", {"days_per_week": 4, "selected_days": ["MON", "TUE", "WED"]}),
            ("WEEKLY", {"days_per_week": 3, "selected_days": ["MON", "MON", "WED"]}),
            ("WEEKLY", {"days_per_week": 2, "selected_days": ["MON", "WED"]}),
            ("CYCLIC", {"days_on": 1, "days_off": 3}),
            ("CYCLIC", {"days_on": 7, "days_off": 1}),
            ("CYCLIC", {"days_on": 3, "days_off": 0}),
            ("WEEKLY", {}),
        ],
    )
    def test_p3_a_structure_that_cannot_be_is_422(
        self, pro: Person, kind: str, config: dict[str, Any]
    ) -> None:
        body = a_program(structure_type=kind, structure_config=config)
        places = problem_places(pro.api.post("/programs", json=body))
        assert places[0].startswith("body.structure_config")

    @pytest.mark.parametrize(
        ("rows", "place"),
        [
            ([work("leg-curl", 21)], "exercises.0.sets"),
            ([work("leg-curl", 0)], "exercises.0.sets"),
            ([work("leg-curl", notes="x" * 501)], "exercises.0.notes"),
            ([work("leg-curl", order=0)], "exercises.0.order_in_session"),
            ([work("leg-curl"), work("leg-press")], "exercises.1.order_in_session"),
            ([work(f"e{n}", order=n) for n in range(1, 22)], "exercises"),
        ],
    )
    def test_p3_what_breaks_a_rule_inside_a_session_is_422(
        self, pro: Person, rows: list[Any], place: str
    ) -> None:
        answer = pro.api.post("/programs", json=a_program(sessions=[a_session(1, rows)]))
        assert problem_places(answer) == [f"body.sessions.0.{place}"]

    def test_p3_an_exercise_twice_in_a_session_is_400_and_named(self, pro: Person) -> None:
        rows = [work("leg-curl"), work("leg-curl", order=2)]
        answer = pro.api.post("/programs", json=a_program(sessions=[a_session(1, rows)]))
        assert refused(answer, 400, "INVALID_OPERATION")["exercise_ids"] == ["leg-curl"]

    def test_p3_missing_fields_are_all_named_at_once(self, pro: Person) -> None:
        places = problem_places(pro.api.post("/programs", json={}))
        assert places == ["body.name", "body.split_type", "body.structure_type"]

    def test_p3_a_body_that_is_not_json_is_400(self, pro: Person) -> None:
        answer = pro.api.post("/programs", data=b"{", content_type="application/json")
        refused(answer, 400, "MALFORMED_BODY")


def test_p3_the_largest_program_fits(pro: Person) -> None:
    exercises = [row["id"] for row in pro.api.get("/exercises?limit=20").json["items"]]
    rows = [work(name, 20, order, notes="x" * 500) for order, name in enumerate(exercises, 1)]
    body = a_program(sessions=[a_session(number, rows) for number in range(1, 15)])
    answer = pro.api.post("/programs", json=body)
    assert answer.status_code == 201, answer.text
    read = pro.api.get(f"/programs/{answer.json['id']}").json
    # 14 sessions of 20 exercises of 20 sets.
    assert read["stats"]["total_sets"] == 14 * 20 * 20
    assert len(pro.api.get("/programs?is_template=false").json["items"]) == 1
