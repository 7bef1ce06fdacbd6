"""POST /programs/{id}/balance: a program mended by the optimiser."""

from typing import Any

import pytest

from tests.client import Api
from tests.functions.bodies import MISSING, a_program, a_session, work
from tests.functions.refusals import needs_sign_in, problem_places, refused, tells_the_same
from tests.people import Person

pytestmark = pytest.mark.usefixtures("catalogue")

TEMPLATE = "full-body-3-day-split"
ANSWER = {
    "feasible",
    "ending",
    "quality_gap",
    "missing_sets_before",
    "missing_sets",
    "edits",
    "patch",
    "stats",
    "session_lengths",
    "obstacles",
    "saved",
}
QUICK = {"time_limit_seconds": 0.5}


def made(person: Person, *sessions: list[dict[str, Any]], **fields: Any) -> Any:
    rows = [a_session(number, exercises) for number, exercises in enumerate(sessions, 1)]
    answer = person.api.post("/programs", json=a_program(sessions=rows, **fields))
    assert answer.status_code == 201, answer.text
    return answer.json


def balanced(person: Person, program: str, **fields: Any) -> Any:
    answer = person.api.post(f"/programs/{program}/balance", json=QUICK | fields)
    assert answer.status_code == 200, answer.text
    return answer.json


def presses(person: Person) -> Any:
    """16 direct sets for the chest a week, and little else."""
    return made(person, [work("barbell-bench-press", 4)], [work("machine-chest-press", 4)])


class TestAccess:
    def test_an_anonymous_caller_gets_401(self, api: Api) -> None:
        needs_sign_in(api.post(f"/programs/{TEMPLATE}/balance", json=QUICK))

    def test_a_foreign_program_reads_like_a_missing_one(
        self, pro: Person, stranger: Person
    ) -> None:
        foreign = presses(pro)["id"]
        for body in (QUICK, QUICK | {"save": True}):
            answer = stranger.api.post(f"/programs/{foreign}/balance", json=body)
            refused(answer, 404, "PROGRAM_NOT_FOUND")
            tells_the_same(answer, stranger.api.post(f"/programs/{MISSING}/balance", json=body))

    def test_a_template_is_balanced_for_anybody_and_changed_by_nobody(self, lifter: Person) -> None:
        before = lifter.api.get(f"/programs/{TEMPLATE}").json
        assert balanced(lifter, TEMPLATE)["feasible"]
        answer = lifter.api.post(f"/programs/{TEMPLATE}/balance", json=QUICK | {"save": True})
        refused(answer, 403, "PERMISSION_DENIED")
        assert lifter.api.get(f"/programs/{TEMPLATE}").json == before

    def test_a_clone_may_be_changed_on_the_free_plan(self, lifter: Person) -> None:
        copy = lifter.api.post(f"/programs/{TEMPLATE}/clone").json["id"]
        answer = balanced(lifter, copy, save=True)
        assert answer["saved"]["id"] == copy
        assert lifter.api.get(f"/programs/{copy}").json == answer["saved"]


class TestRepair:
    def test_it_answers_a_patch_that_leads_to_what_it_says(self, pro: Person) -> None:
        program = presses(pro)
        answer = balanced(pro, program["id"], max_edits=3)
        assert set(answer) == ANSWER
        assert answer["edits"] <= 3
        assert answer["missing_sets"] < answer["missing_sets_before"]
        assert pro.api.get(f"/programs/{program['id']}").json == program
        analyzed = pro.api.post(
            "/programs/analyze", json={"program_id": program["id"], "patch": answer["patch"]}
        ).json
        assert analyzed["stats"] == answer["stats"]

    def test_without_edits_nothing_changes(self, pro: Person) -> None:
        answer = balanced(pro, presses(pro)["id"], max_edits=0)
        assert (answer["patch"], answer["edits"], answer["ending"]) == ([], 0, "OPTIMAL")
        assert answer["missing_sets"] == answer["missing_sets_before"]
        assert {row["limit"] for each in answer["obstacles"] for row in each["hindrances"]} == {
            "EDITS"
        }

    def test_what_is_kept_keeps_its_sets_and_what_is_avoided_goes(self, pro: Person) -> None:
        program = made(
            pro,
            [work("barbell-bench-press", 6), work("leg-press", 3, 2)],
            [work("leg-press", 3), work("plank", 3, 2, notes="Breathe.")],
        )
        answer = balanced(
            pro,
            program["id"],
            keep=["barbell-bench-press"],
            avoid=["leg-press"],
            max_edits=8,
            save=True,
        )
        sessions = answer["saved"]["sessions"]
        sets = [{row["exercise_id"]: row["sets"] for row in each["exercises"]} for each in sessions]
        assert sets[0]["barbell-bench-press"] >= 6
        assert all("leg-press" not in each for each in sets)
        assert answer["edits"] <= 8

    def test_what_stays_keeps_its_place_and_its_notes(self, pro: Person) -> None:
        program = made(pro, [work("plank", 3, 4, notes="Breathe.", rest_seconds=60)])
        saved = balanced(pro, program["id"], keep=["plank"], save=True)["saved"]
        [plank] = [
            row for row in saved["sessions"][0]["exercises"] if row["exercise_id"] == "plank"
        ]
        assert (plank["order_in_session"], plank["notes"], plank["rest_seconds"]) == (
            4,
            "Breathe.",
            60,
        )

    def test_a_session_over_its_time_is_shortened(self, pro: Person) -> None:
        # 10 sets of 40 + 180 seconds are 36.7 minutes; 20 minutes hold 5 of them.
        program = made(pro, [work("leg-press", 10, rest_seconds=180)])
        answer = balanced(pro, program["id"], session_minutes=20, max_edits=1)
        assert answer["session_lengths"][0]["minutes"] <= 20
        assert answer["edits"] == 1

    def test_too_few_edits_for_what_must_go_are_named(self, pro: Person) -> None:
        program = presses(pro)
        answer = balanced(
            pro,
            program["id"],
            avoid=["barbell-bench-press", "machine-chest-press"],
            max_edits=1,
            save=True,
        )
        assert (answer["feasible"], answer["saved"], answer["patch"]) == (False, None, [])
        assert [row["limit"] for row in answer["obstacles"][0]["hindrances"]] == ["EDITS"]
        assert pro.api.get(f"/programs/{program['id']}").json == program

    def test_the_same_request_gives_the_same_patch(self, lifter: Person) -> None:
        first = balanced(lifter, TEMPLATE, max_edits=4)
        assert balanced(lifter, TEMPLATE, max_edits=4) == first


class TestBuild:
    def test_all_exercises_are_chosen_anew_in_the_same_sessions(self, pro: Person) -> None:
        program = presses(pro)
        answer = balanced(pro, program["id"], mode="build", session_minutes=60, save=True)
        saved = answer["saved"]
        assert [row["id"] for row in saved["sessions"]] == [
            row["id"] for row in program["sessions"]
        ]
        assert answer["edits"] > 6
        assert answer["missing_sets"] < answer["missing_sets_before"]


class TestSaving:
    def test_if_match_is_obeyed(self, pro: Person) -> None:
        program = presses(pro)
        path = f"/programs/{program['id']}"
        old = pro.api.get(path).headers["ETag"]
        pro.api.put(path, json={"name": "Meanwhile"})
        body = QUICK | {"save": True, "max_edits": 2}
        stale = pro.api.post(f"{path}/balance", json=body, headers={"If-Match": old})
        refused(stale, 412, "PRECONDITION_FAILED")
        new = pro.api.get(path).headers["ETag"]
        fresh = pro.api.post(f"{path}/balance", json=body, headers={"If-Match": new})
        assert fresh.status_code == 200, fresh.text
        assert fresh.headers["ETag"] == pro.api.get(path).headers["ETag"] != new


class TestInvalid:
    @pytest.mark.parametrize(
        ("fields", "places"),
        [
            ({"mode": "GUESS"}, ["body.mode"]),
            ({"max_edits": -1}, ["body.max_edits"]),
            ({"session_minutes": 1000}, ["body.session_minutes"]),
            ({"keep": ["leg-press"], "avoid": ["leg-press"]}, ["body"]),
            # The template is without it.
            ({"keep": ["cable-fly"]}, ["body.keep.0"]),
            ({"save": "perhaps"}, ["body.save"]),
        ],
    )
    def test_bad_wishes_are_422(
        self, lifter: Person, fields: dict[str, Any], places: list[str]
    ) -> None:
        answer = lifter.api.post(f"/programs/{TEMPLATE}/balance", json=QUICK | fields)
        assert problem_places(answer) == places

    def test_unknown_exercises_to_avoid_are_refused(self, lifter: Person) -> None:
        answer = lifter.api.post(f"/programs/{TEMPLATE}/balance", json={"avoid": [MISSING]})
        assert refused(answer, 400, "INVALID_OPERATION")["exercise_ids"] == [MISSING]

    def test_a_program_without_sessions_has_nothing_to_balance(self, pro: Person) -> None:
        program = pro.api.post("/programs", json=a_program()).json["id"]
        refused(pro.api.post(f"/programs/{program}/balance"), 400, "INVALID_OPERATION")


def test_no_balance_breaks_on_a_session_whose_last_place_is_the_last_there_is(
    pro: Person,
) -> None:
    program = made(pro, [work("barbell-bench-press", 3, 1000)])["id"]
    saved = balanced(pro, program, save=True, time_limit_seconds=3)["saved"]
    rows = saved["sessions"][0]["exercises"]
    assert len(rows) > 1
    assert all(row["order_in_session"] <= 1000 for row in rows)
