"""POST /programs/{id}/sessions (P8): appended sessions find a free place."""

from typing import Any

import pytest

from tests.client import Api
from tests.functions.bodies import MISSING, a_program, a_session, an_exercise, work
from tests.functions.refusals import needs_sign_in, problem_places, refused, tells_the_same
from tests.people import People, Person

pytestmark = pytest.mark.usefixtures("catalogue")


@pytest.fixture
def clone(lifter: Person) -> Any:
    """Upper/Lower: days 1, 2, 4, 5 in turns 1 to 4."""
    return lifter.api.post("/programs/upper-lower-4-day-split/clone").json


def add(person: Person, program: Any, session: Any) -> Any:
    return person.api.post(f"/programs/{program['id']}/sessions", json=session)


def places(person: Person, program: Any) -> list[tuple[int, int]]:
    rows = person.api.get(f"/programs/{program['id']}").json["sessions"]
    return [(row["day_number"], row["order_in_program"]) for row in rows]


class TestAccess:
    def test_p8_an_anonymous_caller_gets_401(self, api: Api) -> None:
        needs_sign_in(api.post(f"/programs/{MISSING}/sessions", json={}))

    def test_p8_a_foreign_program_reads_like_a_missing_one(
        self, lifter: Person, clone: Any, stranger: Person
    ) -> None:
        answer = add(stranger, clone, a_session(6))
        refused(answer, 404, "PROGRAM_NOT_FOUND")
        tells_the_same(answer, add(stranger, {"id": MISSING}, a_session(6)))
        assert len(places(lifter, clone)) == 4

    def test_p8_a_foreign_exercise_is_400_like_an_unknown_one(
        self, lifter: Person, clone: Any, stranger: Person
    ) -> None:
        foreign = stranger.api.post("/exercises", json=an_exercise()).json["id"]
        told = []
        for identifier in (foreign, MISSING):
            answer = add(lifter, clone, a_session(6, [work(identifier)]))
            assert refused(answer, 400, "INVALID_OPERATION") == {"exercise_ids": [identifier]}
            told.append(answer.json["detail"].replace(identifier, "…"))
        assert told[0] == told[1]

    def test_p8_any_member_may_add_on_any_plan(
        self, people: People, lifter: Person, clone: Any
    ) -> None:
        assert add(people.colleague(lifter), clone, a_session(6)).status_code == 201

    def test_p8_templates_are_403_for_users(self, lifter: Person) -> None:
        answer = add(lifter, {"id": "full-body-3-day-split"}, a_session(6))
        refused(answer, 403, "PERMISSION_DENIED")


class TestPlaces:
    def test_client_10_12_appending_to_a_clone_of_upper_lower_takes_day_6(
        self, lifter: Person, clone: Any
    ) -> None:
        # The client posts the number of sessions plus one; day 5 is taken, turn 5 is free.
        answer = add(lifter, clone, a_session(5))
        assert answer.status_code == 201, answer.text
        assert (answer.json["day_number"], answer.json["order_in_program"]) == (6, 5)
        assert places(lifter, clone) == [(1, 1), (2, 2), (4, 3), (5, 4), (6, 5)]

    def test_client_10_12_appending_after_a_session_in_the_middle_was_deleted(
        self, lifter: Person, clone: Any
    ) -> None:
        middle = clone["sessions"][1]["id"]
        lifter.api.delete(f"/programs/{clone['id']}/sessions/{middle}")
        # Three are left, at (1, 1), (4, 3), (5, 4): 4 is taken twice.
        answer = add(lifter, clone, a_session(4))
        assert (answer.json["day_number"], answer.json["order_in_program"]) == (6, 5)

    def test_client_10_12_the_client_may_append_until_the_program_is_full(
        self, lifter: Person, clone: Any
    ) -> None:
        for count in range(4, 14):
            assert add(lifter, clone, a_session(count + 1)).status_code == 201
        answer = add(lifter, clone, a_session(15))
        refused(answer, 400, "INVALID_OPERATION")
        assert "14" in answer.json["detail"]
        taken = places(lifter, clone)
        assert len({day for day, _ in taken}) == len({turn for _, turn in taken}) == 14

    @pytest.mark.parametrize(
        ("day", "turn", "field"), [(4, 9, "day_number"), (9, 3, "order_in_program")]
    )
    def test_c1_any_other_number_that_is_taken_is_409(
        self, lifter: Person, clone: Any, day: int, turn: int, field: str
    ) -> None:
        answer = add(lifter, clone, a_session(day, order_in_program=turn))
        details = refused(answer, 409, "DUPLICATE_ENTRY")
        assert details == {"field": field, "value": day if field == "day_number" else turn}
        assert len(places(lifter, clone)) == 4

    def test_p8_a_free_number_is_kept(self, lifter: Person, clone: Any) -> None:
        answer = add(lifter, clone, a_session(3, order_in_program=77)).json
        assert (answer["day_number"], answer["order_in_program"]) == (3, 77)


class TestContent:
    def test_p8_the_session_is_answered_as_it_is_read(self, pro: Person) -> None:
        own = pro.api.post("/exercises", json=an_exercise()).json
        program = pro.api.post("/programs", json=a_program()).json
        rows = [work("leg-curl", 4, 2, notes=" hard "), work(own["id"], 20, 1)]
        answer = add(pro, program, a_session(1, rows, name="A"))
        assert answer.status_code == 201, answer.text
        made = answer.json
        read = pro.api.get(f"/programs/{program['id']}").json
        assert read["sessions"] == [made]
        assert (made["name"], made["total_sets"], made["exercise_count"]) == ("A", 24, 2)
        assert [row["exercise_name"] for row in made["exercises"]] == [own["name"], "Leg Curl"]
        assert made["exercises"][1]["notes"] == "hard"
        assert read["updated_at"] > program["updated_at"]

    def test_client_10_10_a_session_may_be_empty(self, pro: Person) -> None:
        program = pro.api.post("/programs", json=a_program()).json
        answer = add(pro, program, {"name": "A", "day_number": 1, "order_in_program": 1})
        assert (answer.status_code, answer.json["exercises"]) == (201, [])

    @pytest.mark.parametrize(
        ("session", "place"),
        [
            ({}, "name"),
            (a_session(1, name=""), "name"),
            (a_session(1, name="x" * 101), "name"),
            (a_session(0), "day_number"),
            (a_session(1, order_in_program=-1), "order_in_program"),
            (a_session(1, [work("leg-curl", 21)]), "exercises.0.sets"),
            (a_session(1, [work("leg-curl"), work("plank")]), "exercises.1.order_in_session"),
            (a_session(1, [work(f"e{n}", order=n) for n in range(1, 22)]), "exercises"),
        ],
    )
    def test_p8_what_breaks_a_rule_is_422(
        self, lifter: Person, clone: Any, session: Any, place: str
    ) -> None:
        answer = add(lifter, clone, session)
        assert problem_places(answer)[0] == f"body.{place}"

    def test_p8_an_exercise_twice_is_400_and_named(self, lifter: Person, clone: Any) -> None:
        session = a_session(6, [work("leg-curl"), work("leg-curl", order=2)])
        details = refused(add(lifter, clone, session), 400, "INVALID_OPERATION")
        assert details["exercise_ids"] == ["leg-curl"]

    def test_p8_an_outdated_version_is_412(self, lifter: Person, clone: Any) -> None:
        where = f"/programs/{clone['id']}"
        outdated = lifter.api.get(where).headers["ETag"]
        add(lifter, clone, a_session(6))
        late = lifter.api.post(
            f"{where}/sessions", json=a_session(7), headers={"If-Match": outdated}
        )
        refused(late, 412, "PRECONDITION_FAILED")


def test_no_session_gets_a_day_beyond_the_last(pro: Person) -> None:
    sessions = [a_session(3), a_session(1000)]
    program = pro.api.post("/programs", json=a_program(sessions=sessions)).json
    refused(add(pro, program, a_session(3)), 409, "DUPLICATE_ENTRY")
    assert pro.api.get(f"/programs/{program['id']}/diff").status_code == 200


def test_a_repeat_that_insists_on_a_version_is_a_repeat(pro: Person) -> None:
    program = pro.api.post("/programs", json=a_program(sessions=[a_session(1)])).json
    path = f"/programs/{program['id']}"
    tag = {"If-Match": pro.api.get(path).headers["ETag"]}
    first, again = (
        pro.api.post(f"{path}/sessions", json=a_session(2, [work("leg-curl")]), headers=tag)
        for _ in range(2)
    )
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json["id"] == again.json["id"]
    other = pro.api.post(f"{path}/sessions", json=a_session(3), headers=tag)
    refused(other, 412, "PRECONDITION_FAILED")
