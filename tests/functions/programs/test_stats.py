"""GET /programs/{id}/stats (P7), /volume and /weekly-volume (P13): the weekly volume."""

from typing import Any

import pytest

from tests.client import Api
from tests.functions.bodies import MISSING, a_program, a_session, work
from tests.functions.refusals import needs_sign_in, problem_places, refused, tells_the_same
from tests.people import Person

pytestmark = pytest.mark.usefixtures("catalogue")

STATS = {
    "total_sessions",
    "total_sets",
    "avg_sets_per_session",
    "weekly_volume",
    "training_frequency",
    "rotation_factor",
    "profile",
    "notes",
    "recommendations",
}
MUSCLE = {
    "muscle",
    "muscle_name",
    "sets_per_week",
    "sets_per_pass",
    "direct_sets_per_week",
    "exposures_per_week",
    "most_sets_per_session",
    "most_direct_sets_per_session",
    "status",
    "zone",
    "priority",
    "basis",
}
PATHS = ["stats", "volume", "weekly-volume"]

# Sets times contribution over one pass of each template, counted by hand.
GOLDEN = {
    "upper-lower-4-day-split": {
        "CHEST": 11.0,
        "FRONT_DELTS": 9.5,
        "SIDE_DELTS": 5.25,
        "TRICEPS": 11.75,
        "LATS": 11.0,
        "TRAPS_RHOMBOIDS": 7.25,
        "ELBOW_FLEXORS": 8.75,
        "SPINAL_ERECTORS": 9.5,
        "GLUTES": 16.75,
        "QUADRICEPS": 14.0,
        "HAMSTRINGS": 17.5,
    },
    "push-pull-legs-6-day-split": {
        "CHEST": 7.0,
        "FRONT_DELTS": 9.0,
        "SIDE_DELTS": 6.0,
        "REAR_DELTS": 3.0,
        "TRICEPS": 9.5,
        "LATS": 11.0,
        "TRAPS_RHOMBOIDS": 8.75,
        "ELBOW_FLEXORS": 8.75,
        "SPINAL_ERECTORS": 5.0,
        "GLUTES": 8.5,
        "QUADRICEPS": 7.0,
        "HAMSTRINGS": 9.0,
        "CALVES": 4.0,
    },
    "full-body-3-day-split": {
        "CHEST": 6.0,
        "FRONT_DELTS": 7.5,
        "SIDE_DELTS": 5.25,
        "TRICEPS": 8.25,
        "LATS": 9.0,
        "TRAPS_RHOMBOIDS": 6.0,
        "ELBOW_FLEXORS": 8.25,
        "SPINAL_ERECTORS": 3.75,
        "ABS": 6.75,
        "OBLIQUES": 4.5,
        "GLUTES": 6.75,
        "QUADRICEPS": 6.0,
        "HAMSTRINGS": 4.5,
    },
}
# Training days a week over sessions: 4/4, 6/3, 3/3.
FACTORS = {
    "upper-lower-4-day-split": 1.0,
    "push-pull-legs-6-day-split": 2.0,
    "full-body-3-day-split": 1.0,
}


def stats(person: Person, program: str, query: str = "", path: str = "stats") -> Any:
    answer = person.api.get(f"/programs/{program}/{path}{query}")
    assert answer.status_code == 200, answer.text
    return answer.json


class TestAccess:
    @pytest.mark.parametrize("path", PATHS)
    def test_p7_p13_an_anonymous_caller_gets_401(self, api: Api, path: str) -> None:
        needs_sign_in(api.get(f"/programs/full-body-3-day-split/{path}"))

    @pytest.mark.parametrize("path", PATHS)
    def test_p7_p13_a_foreign_id_reads_like_a_missing_one(
        self, pro: Person, stranger: Person, path: str
    ) -> None:
        foreign = pro.api.post("/programs", json=a_program()).json["id"]
        answer = stranger.api.get(f"/programs/{foreign}/{path}")
        refused(answer, 404, "PROGRAM_NOT_FOUND")
        tells_the_same(answer, stranger.api.get(f"/programs/{MISSING}/{path}"))

    @pytest.mark.parametrize("path", PATHS)
    def test_p7_p13_an_unknown_profile_is_422(self, lifter: Person, path: str) -> None:
        answer = lifter.api.get(f"/programs/full-body-3-day-split/{path}?profile=vibes")
        assert problem_places(answer) == ["query.profile"]


class TestNumbers:
    @pytest.mark.parametrize("template", sorted(GOLDEN))
    @pytest.mark.parametrize("profile", ["evidence", "uniform"])
    def test_c11_the_golden_volumes(self, lifter: Person, template: str, profile: str) -> None:
        answer = stats(lifter, template, f"?profile={profile}")
        assert set(answer) == STATS
        assert (answer["profile"], answer["rotation_factor"]) == (profile, FACTORS[template])
        rows = answer["weekly_volume"]
        assert len({row["muscle"] for row in rows}) == len(rows) == 18
        trained = {row["muscle"]: row["sets_per_pass"] for row in rows if row["sets_per_pass"]}
        assert trained == GOLDEN[template]
        for row in rows:
            assert set(row) == MUSCLE
            assert row["sets_per_week"] == row["sets_per_pass"] * FACTORS[template]
        assert [row["sets_per_week"] for row in rows] == sorted(
            (row["sets_per_week"] for row in rows), reverse=True
        )

    @pytest.mark.parametrize("template", sorted(GOLDEN))
    def test_p7_untrained_muscles_are_listed_as_low_and_untrained(
        self, lifter: Person, template: str
    ) -> None:
        rows = [row for row in stats(lifter, template)["weekly_volume"] if not row["sets_per_week"]]
        assert {row["muscle"] for row in rows}.isdisjoint(GOLDEN[template])
        assert {(row["status"], row["zone"]) for row in rows} == {("low", "untrained")}

    def test_c11_a_factor_other_than_one_is_explained(self, lifter: Person) -> None:
        noted = stats(lifter, "push-pull-legs-6-day-split")["notes"]
        assert len(noted) == 1
        assert "3" in noted[0]
        assert "6" in noted[0]
        assert stats(lifter, "upper-lower-4-day-split")["notes"] == []

    def test_p7_the_uniform_verdicts_have_edges_at_10_20_and_25(self, lifter: Person) -> None:
        # Below 10 low, 10 to 20 optimal, above 20 high: the doubled PPL has LATS 22, CALVES 8.
        rows = stats(lifter, "push-pull-legs-6-day-split", "?profile=uniform")["weekly_volume"]
        status = {row["muscle"]: row["status"] for row in rows}
        expected = {
            "LATS": "high",
            "CHEST": "optimal",
            "CALVES": "low",
            "SPINAL_ERECTORS": "optimal",
        }
        assert {muscle: status[muscle] for muscle in expected} == expected

    def test_p7_the_evidence_verdicts_name_their_sources(self, lifter: Person) -> None:
        rows = stats(lifter, "upper-lower-4-day-split")["weekly_volume"]
        for row in rows:
            assert row["status"] in {"low", "optimal", "high", "excessive"}
            assert bool(row["basis"]) is (row["sets_per_week"] > 0)
            for basis in row["basis"]:
                assert {"axis", "threshold", "value", "source_id", "source_date"} <= set(basis)

    def test_p7_recommendations_are_for_what_is_not_optimal(self, lifter: Person) -> None:
        answer = stats(lifter, "full-body-3-day-split", "?profile=uniform")
        wrong = [row["muscle"] for row in answer["weekly_volume"] if row["status"] != "optimal"]
        assert [row["muscle"] for row in answer["recommendations"]] == wrong
        [quads] = [row for row in answer["recommendations"] if row["muscle"] == "QUADRICEPS"]
        # 6 sets a week; 10 are needed.
        assert (quads["current_volume"], quads["sets_delta"]) == (6.0, 4.0)
        assert "4" in quads["recommendation"]

    def test_p7_a_cycle_counts_by_its_days(self, pro: Person) -> None:
        rows = [work("barbell-bench-press", 4)]
        sessions = [a_session(number, rows) for number in (1, 2, 3)]
        body = a_program(structure_type="CYCLIC", sessions=sessions)
        program = pro.api.post("/programs", json=body).json["id"]
        answer = stats(pro, program)
        # 3 on, 1 off: 7 x 3 / 4 = 5.25 days a week over 3 sessions, 1.75 each.
        assert (answer["training_frequency"], answer["rotation_factor"]) == (5.2, 1.75)
        volume = {row["muscle"]: row["sets_per_week"] for row in answer["weekly_volume"]}
        # 12 sets a pass x 1.75; triceps .75, front delts .5 of it.
        assert (volume["CHEST"], volume["TRICEPS"], volume["FRONT_DELTS"]) == (21.0, 15.75, 10.5)

    def test_p7_a_program_without_sessions_has_no_volume(self, pro: Person) -> None:
        program = pro.api.post("/programs", json=a_program()).json["id"]
        answer = stats(pro, program)
        assert (answer["total_sessions"], answer["avg_sets_per_session"]) == (0, 0.0)
        assert {row["sets_per_week"] for row in answer["weekly_volume"]} == {0.0}
        assert len(answer["weekly_volume"]) == 18

    def test_p7_averages_have_one_decimal(self, pro: Person) -> None:
        sessions = [a_session(n, [work("leg-curl", sets)]) for n, sets in ((1, 3), (2, 3), (3, 4))]
        program = pro.api.post("/programs", json=a_program(sessions=sessions)).json["id"]
        # 10 sets over 3 sessions.
        assert stats(pro, program)["avg_sets_per_session"] == 3.3

    def test_client_10_15_volumes_are_json_numbers(self, lifter: Person) -> None:
        answer = lifter.api.get("/programs/upper-lower-4-day-split/stats")
        assert b'"sets_per_week":17.5' in answer.data


class TestMaps:
    @pytest.mark.parametrize("path", PATHS[1:])
    @pytest.mark.parametrize("query", ["", "?profile=uniform"])
    def test_p13_the_maps_say_the_same_as_the_statistics(
        self, lifter: Person, path: str, query: str
    ) -> None:
        plain = stats(lifter, "push-pull-legs-6-day-split", query)
        answer = stats(lifter, "push-pull-legs-6-day-split", query, path)
        volume = answer.pop("volume_by_muscle")
        assert answer == plain
        assert volume == {row["muscle"]: row["sets_per_week"] for row in plain["weekly_volume"]}
        assert len(volume) == 18
        assert volume["LATS"] == 22.0
