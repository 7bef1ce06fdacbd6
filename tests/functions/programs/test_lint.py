"""GET /programs/{id}/lint: what could be better in a program, and the patch that mends it."""

from typing import Any

import pytest

from tests.client import Api
from tests.functions.bodies import MISSING, a_program, a_session, work
from tests.functions.refusals import needs_sign_in, problem_places, refused, tells_the_same
from tests.people import People, Person

pytestmark = pytest.mark.usefixtures("catalogue")

WEEK = {"days_per_week": 3, "selected_days": ["MON", "WED", "FRI"]}


def made(person: Person, *rows: dict[str, Any], **fields: Any) -> str:
    """A program of three days a week, whose first session has these exercises."""
    sessions = [a_session(1, list(rows)), a_session(2), a_session(3)]
    body = a_program(structure_config=WEEK, sessions=sessions, **fields)
    answer = person.api.post("/programs", json=body)
    assert answer.status_code == 201, answer.text
    identifier: str = answer.json["id"]
    return identifier


def linted(person: Person, program: str, query: str = "") -> Any:
    answer = person.api.get(f"/programs/{program}/lint{query}")
    assert answer.status_code == 200, answer.text
    return answer.json


def rules(report: Any) -> set[str]:
    return {finding["rule_id"] for finding in report["findings"]}


class TestAccess:
    def test_an_anonymous_caller_gets_401(self, api: Api) -> None:
        needs_sign_in(api.get("/programs/full-body-3-day-split/lint"))

    def test_a_foreign_id_reads_like_a_missing_one(self, pro: Person, stranger: Person) -> None:
        answer = stranger.api.get(f"/programs/{made(pro)}/lint")
        refused(answer, 404, "PROGRAM_NOT_FOUND")
        tells_the_same(answer, stranger.api.get(f"/programs/{MISSING}/lint"))

    @pytest.mark.parametrize(
        ("query", "place"),
        [
            ("profile=vibes", "query.profile"),
            ("session_minutes=5", "query.session_minutes"),
            ("session_minutes=long", "query.session_minutes"),
            ("equipment=BARBELL,ANVIL", "query.equipment.1"),
            ("disabled_rules=HQ001", "query.disabled_rules.0"),
        ],
    )
    def test_what_cannot_be_asked_is_422(self, lifter: Person, query: str, place: str) -> None:
        answer = lifter.api.get(f"/programs/full-body-3-day-split/lint?{query}")
        assert problem_places(answer) == [place]


class TestFindings:
    def test_a_template_has_warnings_and_no_errors(self, lifter: Person) -> None:
        report = linted(lifter, "push-pull-legs-6-day-split")
        assert (report["profile"], report["errors"]) == ("evidence", 0)
        assert report["warnings"] + report["infos"] == len(report["findings"])
        # 11 direct sets for the lats in one session; 12 weeks.
        assert {"HQ101", "HQ104", "HQ112"} == rules(report)

    def test_a_finding_field_by_field(self, pro: Person) -> None:
        program = made(pro, work("cable-fly", 5))
        report = linted(pro, program)
        [finding] = [row for row in report["findings"] if row["rule_id"] == "HQ102"][:1]
        session = pro.api.get(f"/programs/{program}").json["sessions"][0]["id"]
        assert finding == {
            "rule_id": "HQ102",
            "severity": "warning",
            "location": {"session_id": None, "exercise_id": None, "muscle": "CHEST"},
            "message": finding["message"],
            "evidence": ["schoenfeld-2017", "rp-landmarks"],
            # Nothing beyond 5 sets of one exercise.
            "autofix": None,
        }
        assert session not in finding["message"]

    def test_following_a_fix_removes_its_finding(self, pro: Person) -> None:
        program = made(pro, work("cable-fly", 6, target_reps="2-4"))
        [finding] = [row for row in linted(pro, program)["findings"] if row["rule_id"] == "HQ113"]
        assert finding["location"]["exercise_id"] == "cable-fly"
        assert finding["autofix"][-1] == {
            "op": "replace",
            "path": "/sessions/0/exercises/0/target_reps",
            "value": {"min": 5, "max": 5},
        }
        follow = {"recommendations": [finding["autofix"]]}
        answer = pro.api.post(f"/programs/{program}/recommendations/apply", json=follow)
        assert answer.status_code == 200, answer.text
        assert "HQ113" not in rules(linted(pro, program))

    def test_time_and_equipment_count_when_they_are_told(self, pro: Person) -> None:
        program = made(pro, work("cable-fly", 20))  # 20 x (40 + 120) s = 53 minutes
        assert rules(linted(pro, program)).isdisjoint({"HQ108", "HQ110"})
        report = linted(pro, program, "?session_minutes=50&equipment=BARBELL,DUMBBELL")
        assert {"HQ108", "HQ110"} <= rules(report)
        assert rules(linted(pro, program, "?session_minutes=60&equipment=CABLE")).isdisjoint(
            {"HQ108", "HQ110"}
        )

    def test_rules_are_switched_off_by_the_caller_or_the_organization(
        self, pro: Person, people: People
    ) -> None:
        program = made(pro, work("cable-fly", 5))
        assert "HQ101" not in rules(linted(pro, program, "?disabled_rules=HQ101,HQ102"))
        body = {"disabled_rules": ["HQ102"]}
        assert pro.api.put("/programs/volume/profiles/organization", json=body).status_code == 200
        assert "HQ102" not in rules(linted(pro, program))
        assert "HQ102" not in rules(linted(people.colleague(pro), program))

    def test_ones_own_priorities_decide_what_is_missing(self, pro: Person) -> None:
        program = made(pro, work("cable-fly", 5))
        body = {"experience": "BEGINNER", "priorities": {"quads": "IGNORE"}}
        assert pro.api.put("/programs/volume/profiles/me", json=body).status_code == 200
        muscles = {
            row["location"]["muscle"]
            for row in linted(pro, program, "?profile=mine")["findings"]
            if row["rule_id"] in {"HQ101", "HQ102"}
        }
        # 5 sets are enough for a beginner's chest.
        assert muscles.isdisjoint({"CHEST", "QUADRICEPS"})
        assert "CALVES" in muscles
