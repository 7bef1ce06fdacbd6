"""GET /programs/{id}/recommendations, and …/apply, which follows them."""

from typing import Any

import pytest

from tests.client import Api
from tests.functions.bodies import MISSING, a_program, a_session, work
from tests.functions.pages import everything
from tests.functions.refusals import needs_sign_in, problem_places, refused, tells_the_same
from tests.functions.together import together
from tests.people import People, Person

pytestmark = pytest.mark.usefixtures("catalogue")

TEMPLATE = "/programs/full-body-3-day-split"


@pytest.fixture
def made(pro: Person) -> Any:
    sessions = [
        a_session(1, [work("barbell-bench-press", 4), work("lat-pulldown", 4, 2)], name="Upper"),
        a_session(2, [work("leg-press", 4), work("leg-curl", 4, 2)], name="Lower"),
    ]
    return pro.api.post("/programs", json=a_program(sessions=sessions)).json


def where(made: Any) -> str:
    return f"/programs/{made['id']}/recommendations"


def recommended(person: Person, made: Any) -> list[Any]:
    answer = person.api.get(where(made))
    assert answer.status_code == 200, answer.text
    rows: list[Any] = answer.json["recommendations"]
    return rows


def follow(person: Person, made: Any, *chosen: Any, **request: Any) -> Any:
    return person.api.post(
        f"{where(made)}/apply", json={"recommendations": list(chosen)}, **request
    )


def sets(program: Any) -> dict[tuple[str, str], int]:
    return {
        (session["name"], row["exercise_id"]): row["sets"]
        for session in program["sessions"]
        for row in session["exercises"]
    }


class TestReading:
    def test_an_anonymous_caller_gets_401(self, api: Api) -> None:
        needs_sign_in(api.get(f"/programs/{MISSING}/recommendations"))

    def test_a_foreign_id_reads_like_a_missing_one(self, made: Any, stranger: Person) -> None:
        foreign = stranger.api.get(where(made))
        refused(foreign, 404, "PROGRAM_NOT_FOUND")
        tells_the_same(foreign, stranger.api.get(f"/programs/{MISSING}/recommendations"))

    def test_free_members_may_read_those_of_templates(self, lifter: Person) -> None:
        answer = lifter.api.get(f"{TEMPLATE}/recommendations")
        assert answer.status_code == 200
        assert answer.json["program_id"] == "full-body-3-day-split"
        assert len(answer.json["recommendations"]) == 10

    def test_the_query_limits_what_is_recommended(self, lifter: Person) -> None:
        asked = "equipment=dumbbell&session_minutes=30"
        refused(lifter.api.get(f"{TEMPLATE}/recommendations?{asked}"), 422, "VALIDATION_ERROR")
        asked = "equipment=DUMBBELL,CABLE&session_minutes=60&experience=BEGINNER&profile=uniform"
        rows = lifter.api.get(f"{TEMPLATE}/recommendations?{asked}").json["recommendations"]
        known = {row["id"]: row["equipment"] for row in everything(lifter, "/exercises")}
        grown = [row for row in rows if row["sets_delta"] > 0]
        assert grown != []
        for row in grown:
            assert known[row["exercise_id"]] in {"DUMBBELL", "CABLE", "BODYWEIGHT"}
            assert row["minutes_after"] <= 60

    def test_the_etag_tells_whether_anything_is_new(self, pro: Person, made: Any) -> None:
        first = pro.api.get(where(made))
        known = {"If-None-Match": first.headers["ETag"]}
        assert pro.api.get(where(made), headers=known).status_code == 304
        # Beginners need less, so other edits help most.
        assert pro.api.get(f"{where(made)}?experience=BEGINNER", headers=known).status_code == 200
        pro.api.put(f"/programs/{made['id']}", json={"name": "Renamed"})
        assert pro.api.get(where(made), headers=known).status_code == 200


class TestFollowing:
    def test_an_anonymous_caller_gets_401(self, api: Api) -> None:
        needs_sign_in(api.post(f"/programs/{MISSING}/recommendations/apply", json={}))

    def test_a_foreign_program_reads_like_a_missing_one_and_stays(
        self, pro: Person, made: Any, stranger: Person
    ) -> None:
        [edit, *_] = recommended(pro, made)
        foreign = follow(stranger, made, edit["id"])
        refused(foreign, 404, "PROGRAM_NOT_FOUND")
        tells_the_same(foreign, follow(stranger, {"id": MISSING}, edit["id"]))
        assert pro.api.get(f"/programs/{made['id']}").json == made

    def test_templates_are_for_administrators(self, lifter: Person, admin: Person) -> None:
        template = {"id": "full-body-3-day-split"}
        before = lifter.api.get(TEMPLATE).json
        path = "/sessions/0/exercises/0/sets"
        now = before["sessions"][0]["exercises"][0]["sets"]
        more, back = ([{"op": "replace", "path": path, "value": n}] for n in (now + 1, now))
        refused(follow(lifter, template, more), 403, "PERMISSION_DENIED")
        assert lifter.api.get(TEMPLATE).json == before
        changed = follow(admin, template, more)
        assert changed.status_code == 200
        assert changed.json["stats"]["total_sets"] == before["stats"]["total_sets"] + 1
        assert sets(follow(admin, template, back).json) == sets(before)

    def test_free_members_of_the_organization_may_edit_what_it_has(
        self, people: People, lifter: Person
    ) -> None:
        copy = lifter.api.post(f"{TEMPLATE}/clone").json
        colleague = people.colleague(lifter)
        [edit, *_] = recommended(colleague, copy)
        answer = follow(colleague, copy, edit["id"])
        assert answer.status_code == 200
        assert sets(answer.json)[edit["session_name"], edit["exercise_id"]] == edit["sets_after"]

    def test_an_id_and_its_patch_do_the_same(self, pro: Person, made: Any) -> None:
        other = pro.api.post(
            "/programs", json=a_program(sessions=[strip(row) for row in made["sessions"]])
        ).json
        [edit, *_] = recommended(pro, made)
        [same, *_] = recommended(pro, other)
        by_id, by_patch = follow(pro, made, edit["id"]), follow(pro, other, same["patch"])
        assert sets(by_id.json) == sets(by_patch.json) != sets(made)

    def test_it_does_what_the_recommendation_said(self, pro: Person, made: Any) -> None:
        [edit, *_] = recommended(pro, made)
        answer = follow(pro, made, edit["id"])
        volume = {row["muscle"]: row for row in answer.json["stats"]["weekly_volume"]}
        for effect in edit["effects"]:
            row = volume[effect["muscle"]]
            assert row["sets_per_week"] == effect["sets_per_week_after"]
            assert row["direct_sets_per_week"] == effect["direct_sets_per_week_after"]
            assert row["status"] == effect["status_after"]
        assert answer.json == pro.api.get(f"/programs/{made['id']}").json
        assert answer.headers["ETag"] != pro.api.get(where(made)).headers["ETag"]

    def test_several_are_followed_together_or_not_at_all(self, pro: Person, made: Any) -> None:
        edits = recommended(pro, made)
        added = {row["exercise_id"]: row for row in edits if row["kind"] == "add_exercise"}
        chosen = list(added.values())[:3]
        assert len(chosen) == 3
        lost = [{"op": "test", "path": "/sessions/0/name", "value": "Elsewhere"}]
        ids = [row["id"] for row in chosen]
        refused(follow(pro, made, *ids, lost), 409, "PATCH_DOES_NOT_FIT")
        assert pro.api.get(f"/programs/{made['id']}").json == made
        answer = follow(pro, made, *ids)
        expected = {(row["session_name"], row["exercise_id"]): row["sets_after"] for row in chosen}
        assert sets(answer.json) == sets(made) | expected
        for session in answer.json["sessions"]:
            places = [row["order_in_session"] for row in session["exercises"]]
            assert places == list(range(1, len(places) + 1))

    def test_removals_do_not_move_what_the_others_mean(self, pro: Person, made: Any) -> None:
        def slot(place: int, *, exercise: str) -> list[Any]:
            path = f"/sessions/0/exercises/{place}"
            return [{"op": "test", "path": f"{path}/exercise_id", "value": exercise}]

        remove = [
            *slot(0, exercise="barbell-bench-press"),
            {"op": "remove", "path": "/sessions/0/exercises/0"},
        ]
        change = [
            *slot(1, exercise="lat-pulldown"),
            {"op": "replace", "path": "/sessions/0/exercises/1/sets", "value": 6},
        ]
        answer = follow(pro, made, remove, change)
        assert sets(answer.json) == {
            ("Upper", "lat-pulldown"): 6,
            ("Lower", "leg-press"): 4,
            ("Lower", "leg-curl"): 4,
        }

    def test_those_that_clash_with_each_other_are_409(self, pro: Person, made: Any) -> None:
        def change(number: int) -> list[Any]:
            path = "/sessions/0/exercises/0/sets"
            return [
                {"op": "test", "path": path, "value": 4},
                {"op": "replace", "path": path, "value": number},
            ]

        def add(number: int) -> list[Any]:
            slot = work("plank", number, 3)
            return [{"op": "add", "path": "/sessions/0/exercises/-", "value": slot}]

        for pair in ((change(5), change(6)), (add(2), add(3))):
            details = refused(follow(pro, made, *pair), 409, "PATCH_DOES_NOT_FIT")
            assert details == {"index": 1}
        assert pro.api.get(f"/programs/{made['id']}").json == made

    def test_places_mean_those_of_the_program_as_it_is_whatever_else_is_sent(
        self, pro: Person, made: Any
    ) -> None:
        """None of these has tests; bench press is the first of two exercises, then pulldowns."""
        where = "/sessions/0/exercises"

        def replace(place: int, field: str, value: int) -> dict[str, Any]:
            return {"op": "replace", "path": f"{where}/{place}/{field}", "value": value}

        plank = work("plank", 3, 1)
        first = [
            replace(0, "order_in_session", 2),
            replace(1, "order_in_session", 3),
            {"op": "add", "path": f"{where}/0", "value": plank},
        ]
        for clash in (
            (first, [replace(1, "sets", 9)]),
            ([replace(0, "order_in_session", 100)], [replace(1, "sets", 8)]),
            ([replace(0, "sets", 5)], [replace(0, "sets", 8)]),
        ):
            refused(follow(pro, made, *clash), 409, "PATCH_DOES_NOT_FIT")
        assert pro.api.get(f"/programs/{made['id']}").json == made
        both = [{"op": "remove", "path": f"{where}/0"}], [replace(1, "sets", 6)]
        assert sets(follow(pro, made, *both).json)["Upper", "lat-pulldown"] == 6

    def test_what_no_longer_fits_is_409(self, pro: Person, made: Any) -> None:
        [edit, *_] = recommended(pro, made)
        refused(follow(pro, made, "0123456789abcdef"), 409, "PATCH_DOES_NOT_FIT")
        for row in made["sessions"]:
            pro.api.put(
                f"/programs/{made['id']}/sessions/{row['id']}",
                json={"exercises": [work("plank", 20), work(edit["exercise_id"], 20, 2)]},
            )
        changed = pro.api.get(f"/programs/{made['id']}").json
        for chosen in (edit["id"], edit["patch"]):
            refused(follow(pro, made, chosen), 409, "PATCH_DOES_NOT_FIT")
        assert pro.api.get(f"/programs/{made['id']}").json == changed

    def test_an_outdated_version_is_412_and_changes_nothing(self, pro: Person, made: Any) -> None:
        listed = pro.api.get(where(made))
        version = {"If-Match": listed.headers["ETag"]}
        [edit, *_] = listed.json["recommendations"]
        renamed = pro.api.put(f"/programs/{made['id']}", json={"name": "Renamed"})
        refused(follow(pro, made, edit["id"], headers=version), 412, "PRECONDITION_FAILED")
        assert pro.api.get(f"/programs/{made['id']}").json == renamed.json
        fresh = {"If-Match": pro.api.get(where(made)).headers["ETag"]}
        assert follow(pro, made, edit["id"], headers=fresh).status_code == 200

    @pytest.mark.parametrize("guarded", [True, False])
    def test_an_identical_repeat_changes_nothing_more(
        self, pro: Person, made: Any, guarded: bool
    ) -> None:
        """Not even a patch without tests, which would do the same again."""
        headers = {"If-Match": pro.api.get(where(made)).headers["ETag"]} if guarded else {}
        twice = [{"op": "remove", "path": "/sessions/0/exercises/0"}]
        first = follow(pro, made, twice, headers=headers)
        second = follow(pro, made, twice, headers=headers)
        assert (first.status_code, second.status_code) == (200, 200)
        assert first.json == second.json
        assert [len(row["exercises"]) for row in second.json["sessions"]] == [1, 2]

    def test_identical_requests_at_once_change_it_once(self, pro: Person, made: Any) -> None:
        twice = [{"op": "remove", "path": "/sessions/0/exercises/0"}]
        answers = together([lambda: follow(pro, made, twice)] * 4)
        assert [answer.status_code for answer in answers] == [200] * 4
        now = pro.api.get(f"/programs/{made['id']}").json
        assert [len(row["exercises"]) for row in now["sessions"]] == [1, 2]

    def test_exercises_one_cannot_see_are_400(
        self, pro: Person, made: Any, stranger: Person
    ) -> None:
        foreign = stranger.api.post(
            "/exercises",
            json={
                "name": "Not yours",
                "equipment": "OTHER",
                "muscle_contributions": {"CHEST": 1},
            },
        ).json["id"]
        for steps in (
            [{"op": "add", "path": "/sessions/0/exercises/-", "value": work(foreign)}],
            [{"op": "replace", "path": "/sessions/0/exercises/0/exercise_id", "value": foreign}],
        ):
            details = refused(follow(pro, made, steps), 400, "INVALID_OPERATION")
            assert details == {"exercise_ids": [foreign]}
        assert pro.api.get(f"/programs/{made['id']}").json == made

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"recommendations": []},
            {"recommendations": ["not an id"]},
            {"recommendations": [[{"op": "copy", "path": "/sessions/0"}]]},
            {"recommendations": ["0123456789abcdef"] * 21},
        ],
    )
    def test_what_cannot_be_accepted_is_422(self, pro: Person, made: Any, body: Any) -> None:
        assert problem_places(pro.api.post(f"{where(made)}/apply", json=body))

    def test_a_value_no_program_takes_is_422_at_its_place(self, pro: Person, made: Any) -> None:
        steps = [{"op": "replace", "path": "/sessions/0/exercises/0/sets", "value": 0}]
        assert problem_places(follow(pro, made, steps)) == ["body.recommendations.0.0.value"]


def strip(session: Any) -> dict[str, Any]:
    """A session as it was sent."""
    rows = [
        work(row["exercise_id"], row["sets"], row["order_in_session"])
        for row in session["exercises"]
    ]
    return a_session(session["order_in_program"], rows, name=session["name"])
