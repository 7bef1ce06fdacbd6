"""/programs/volume: sources, published profiles, an organization's own numbers, a person's own."""

from typing import Any

import pytest

from shared.models.users import OrganizationRole
from tests.client import Api
from tests.functions.bodies import a_program, a_session, work
from tests.functions.refusals import needs_sign_in, problem_places, refused
from tests.people import People, Person

pytestmark = pytest.mark.usefixtures("catalogue")

ORGANIZATION = "/programs/volume/profiles/organization"
ME = "/programs/volume/profiles/me"
TEMPLATE = "/programs/upper-lower-4-day-split/stats"


def put(person: Person, path: str, **body: Any) -> Any:
    answer = person.api.put(path, json=body)
    assert answer.status_code == 200, answer.text
    return answer.json


def volume(person: Person, profile: str, muscle: str) -> Any:
    rows = person.api.get(f"{TEMPLATE}?profile={profile}").json["weekly_volume"]
    return next(row for row in rows if row["muscle"] == muscle)


class TestReference:
    @pytest.mark.parametrize("path", ["sources", "profiles"])
    def test_an_anonymous_caller_gets_401(self, api: Api, path: str) -> None:
        needs_sign_in(api.get(f"/programs/volume/{path}"))

    @pytest.mark.parametrize("path", ["sources", "profiles"])
    def test_it_may_be_kept_by_whoever_asked(self, lifter: Person, path: str) -> None:
        answer = lifter.api.get(f"/programs/volume/{path}")
        assert answer.headers["Cache-Control"] == "private, max-age=86400"
        held = {"If-None-Match": answer.headers["ETag"]}
        assert lifter.api.get(f"/programs/volume/{path}", headers=held).status_code == 304

    def test_sources_are_dated(self, lifter: Person) -> None:
        rows = {row["id"]: row for row in lifter.api.get("/programs/volume/sources").json}
        assert {"pelland-2025", "rp-landmarks", "convention"} <= rows.keys()
        assert rows["rp-landmarks"]["date"] == "2025-11"
        assert rows["baz-valle-2022"]["url"].startswith("https://")

    def test_profiles_show_every_number_with_its_source(self, lifter: Person) -> None:
        evidence, uniform = lifter.api.get("/programs/volume/profiles").json
        assert (evidence["name"], uniform["name"]) == ("evidence", "uniform")
        assert len(evidence["thresholds"]) == len(uniform["thresholds"]) == 18
        chest = evidence["thresholds"][0]
        assert (chest["muscle"], chest["floor"]["value"]) == ("CHEST", 4)

        def values(row: Any, edge: str) -> list[float]:
            return [basis["value"] for basis in row[edge]]

        # Fractional, then direct.
        assert values(chest, "minimum_effective") == [10, 6]
        assert values(chest, "maximum_adaptive") == [20, 16]
        assert values(chest, "maximum_recoverable") == [30, 24]
        assert values(chest, "maintenance") == [4, 4]
        # Only direct sets may say that the front delts have too many.
        assert values(evidence["thresholds"][1], "maximum_adaptive") == [8]
        assert values(uniform["thresholds"][0], "maximum_recoverable") == [25]


class TestOrganization:
    def test_an_anonymous_caller_gets_401(self, api: Api) -> None:
        needs_sign_in(api.get(ORGANIZATION))
        needs_sign_in(api.put(ORGANIZATION, json={}))

    def test_nothing_was_set_at_first(self, lifter: Person) -> None:
        assert lifter.api.get(ORGANIZATION).json == {
            "base": "evidence",
            "thresholds": [],
            "disabled_rules": [],
            "updated_at": None,
        }
        # Which judges as the published evidence does.
        assert volume(lifter, "organization", "CHEST") == volume(lifter, "evidence", "CHEST")

    def test_only_the_owner_changes_it_and_every_member_has_it(
        self, lifter: Person, people: People, parts: Any
    ) -> None:
        colleague = people.colleague(lifter)
        parts.accounts.change(
            colleague.user_id,
            lambda user: user.model_copy(update={"organization_role": OrganizationRole.MEMBER}),
        )
        refused(colleague.api.put(ORGANIZATION, json={}), 403, "PERMISSION_DENIED")
        chest = {"muscle": "CHEST", "axis": "direct", "minimum_effective": 12}
        put(lifter, ORGANIZATION, thresholds=[chest])
        assert colleague.api.get(ORGANIZATION).json["thresholds"][0]["minimum_effective"] == 12

    def test_other_organizations_keep_theirs(self, lifter: Person, stranger: Person) -> None:
        put(lifter, ORGANIZATION, base="uniform", disabled_rules=["HQ101"])
        assert stranger.api.get(ORGANIZATION).json["updated_at"] is None

    def test_its_numbers_judge_dated_and_named(self, lifter: Person) -> None:
        # Chest has 11 sets, all direct; 12 direct and 12 fractional are asked for.
        assert volume(lifter, "organization", "CHEST")["status"] == "optimal"
        rows = [
            {"muscle": "chest", "axis": axis, "minimum_effective": 12}
            for axis in ("direct", "fractional")
        ]
        made = put(lifter, ORGANIZATION, thresholds=rows)
        chest = volume(lifter, "organization", "CHEST")
        assert (chest["status"], chest["zone"]) == ("low", "below_effective")
        assert [(row["axis"], row["value"]) for row in chest["basis"]] == [
            ("fractional", 12),
            ("direct", 12),
        ]
        assert {row["source_id"] for row in chest["basis"]} == {"organization"}
        assert {row["source_date"] for row in chest["basis"]} == {made["updated_at"][:7]}
        assert volume(lifter, "evidence", "CHEST")["status"] == "optimal"

    def test_fewer_sets_may_be_enough_than_the_published_floor(self, lifter: Person) -> None:
        # Side delts have 5.25 sets; a minimum of 3 lies below the floor of 4 and replaces it.
        low = {"muscle": "SIDE_DELTS", "axis": "fractional", "minimum_effective": 3}
        put(lifter, ORGANIZATION, thresholds=[low])
        assert volume(lifter, "organization", "SIDE_DELTS")["status"] == "optimal"

    @pytest.mark.parametrize(
        ("row", "place"),
        [
            ({"minimum_effective": 16}, "body.thresholds.0"),  # the published maximum is 16
            ({"maximum_adaptive": 30}, "body.thresholds.0"),
            ({"minimum_effective": -1}, "body.thresholds.0.minimum_effective"),
            ({"maximum_adaptive": 10.25}, "body.thresholds.0.maximum_adaptive"),
            ({"muscle": "NECK"}, "body.thresholds.0.muscle"),
            ({"muscle": "ADDUCTORS", "minimum_effective": 4}, "body.thresholds.0"),
        ],
    )
    def test_numbers_that_cannot_be_are_422(
        self, lifter: Person, row: dict[str, Any], place: str
    ) -> None:
        body = {"thresholds": [{"muscle": "CHEST", "axis": "direct", **row}]}
        assert problem_places(lifter.api.put(ORGANIZATION, json=body)) == [place]
        assert lifter.api.get(ORGANIZATION).json["updated_at"] is None

    def test_a_muscle_without_published_numbers_can_be_given_all_three(
        self, lifter: Person
    ) -> None:
        row = {
            "muscle": "ADDUCTORS",
            "axis": "direct",
            "minimum_effective": 2,
            "maximum_adaptive": 10,
            "maximum_recoverable": 16,
        }
        assert put(lifter, ORGANIZATION, thresholds=[row])["thresholds"] == [row]

    def test_a_muscle_twice_on_one_axis_is_422(self, lifter: Person) -> None:
        row = {"muscle": "CHEST", "axis": "direct", "minimum_effective": 7}
        answer = lifter.api.put(ORGANIZATION, json={"thresholds": [row, row]})
        assert problem_places(answer) == ["body"]

    def test_unknown_rules_are_422(self, lifter: Person) -> None:
        answer = lifter.api.put(ORGANIZATION, json={"disabled_rules": ["HQ999"]})
        assert problem_places(answer) == ["body.disabled_rules.0"]


class TestMine:
    def test_an_anonymous_caller_gets_401(self, api: Api) -> None:
        needs_sign_in(api.get(ME))
        needs_sign_in(api.put(ME, json={}))

    def test_it_is_kept_for_the_person_alone(self, lifter: Person, people: People) -> None:
        assert lifter.api.get(ME).json == {
            "base": "evidence",
            "experience": "INTERMEDIATE",
            "priorities": {},
            "updated_at": None,
        }
        made = put(lifter, ME, experience="BEGINNER", priorities={"quads": "PRIORITISED"})
        assert made["priorities"] == {"QUADRICEPS": "PRIORITISED"}
        assert lifter.api.get(ME).json == made
        assert people.colleague(lifter).api.get(ME).json["updated_at"] is None

    @pytest.mark.parametrize(
        ("body", "place"),
        [
            ({"experience": "EXPERT"}, "body.experience"),
            ({"priorities": {"NECK": "NORMAL"}}, "body.priorities.NECK.[key]"),
            ({"priorities": {"CHEST": "SOON"}}, "body.priorities.CHEST"),
            ({"base": "organization"}, "body.base"),
        ],
    )
    def test_what_makes_no_sense_is_422(
        self, lifter: Person, body: dict[str, Any], place: str
    ) -> None:
        assert problem_places(lifter.api.put(ME, json=body)) == [place]

    def test_a_beginners_minimum_is_lower(self, lifter: Person) -> None:
        # 5.25 sets for the side delts, of which 3 direct.
        assert volume(lifter, "evidence", "SIDE_DELTS")["status"] == "low"
        put(lifter, ME, experience="BEGINNER")
        row = volume(lifter, "mine", "SIDE_DELTS")
        assert (row["status"], row["basis"][0]["source_id"]) == ("optimal", "pelland-2025")
        assert volume(lifter, "evidence", "SIDE_DELTS")["status"] == "low"

    def test_an_ignored_muscle_keeps_its_status_and_gets_no_recommendation(
        self, lifter: Person
    ) -> None:
        put(lifter, ME, priorities={"CALVES": "IGNORE", "LATS": "PRIORITISED"})
        answer = lifter.api.get(f"{TEMPLATE}?profile=mine").json
        rows = {row["muscle"]: row for row in answer["weekly_volume"]}
        assert (rows["CALVES"]["status"], rows["CALVES"]["priority"]) == ("low", "IGNORE")
        assert rows["LATS"]["priority"] == "PRIORITISED"
        assert "CALVES" not in {row["muscle"] for row in answer["recommendations"]}

    def test_a_kept_answer_is_not_current_after_a_change(self, lifter: Person) -> None:
        path = "/programs/upper-lower-4-day-split"
        put(lifter, ME, experience="ADVANCED")
        first = lifter.api.get(f"{path}?profile=mine")
        held = {"If-None-Match": first.headers["ETag"]}
        assert lifter.api.get(f"{path}?profile=mine", headers=held).status_code == 304
        put(lifter, ME, experience="BEGINNER")
        again = lifter.api.get(f"{path}?profile=mine", headers=held)
        assert again.status_code == 200


def test_sets_far_from_failure_are_not_counted(pro: Person) -> None:
    rows = [work("leg-curl", 4, 1, rir=5), work("leg-extension", 4, 2, rir=4)]
    body = a_program(sessions=[a_session(number, rows) for number in range(1, 5)])
    program = pro.api.post("/programs", json=body).json["id"]
    answer = pro.api.get(f"/programs/{program}/stats").json
    sets = {row["muscle"]: row["direct_sets_per_week"] for row in answer["weekly_volume"]}
    # Four sessions of 4; those that end 5 repetitions before failure are none.
    assert (sets["QUADRICEPS"], sets["HAMSTRINGS"], answer["total_sets"]) == (16, 0, 32)
    assert "16" in answer["notes"][0]


def test_no_muscle_is_wanted_in_two_ways(pro: Person) -> None:
    both = {"BICEPS": "IGNORE", "ELBOW_FLEXORS": "PRIORITISED"}
    answer = pro.api.put(ME, json={"priorities": both})
    assert problem_places(answer) == ["body.priorities"]
    sessions = [a_session(1, [work("barbell-bench-press")])]
    program = pro.api.post("/programs", json=a_program(sessions=sessions)).json
    for path in ("balance", "mesocycle?preview=true"):
        answer = pro.api.post(f"/programs/{program['id']}/{path}", json={"priorities": both})
        assert problem_places(answer) == ["body.priorities"]
