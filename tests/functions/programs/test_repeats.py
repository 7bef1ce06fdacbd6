"""Creates, clones and sessions that come twice within ten seconds are made once."""

from typing import Any

import pytest

from tests.functions.bodies import a_program, a_session, work
from tests.functions.refusals import refused
from tests.functions.together import together
from tests.people import People, Person

pytestmark = pytest.mark.usefixtures("catalogue")

TEMPLATE = "/programs/upper-lower-4-day-split"


def count(person: Person) -> int:
    total: int = person.api.get("/programs?is_template=false").json["total"]
    return total


class TestPrograms:
    def test_client_10_16_an_identical_create_returns_the_first_one(self, pro: Person) -> None:
        body = a_program(sessions=[a_session(1, [work("plank")])])
        first, second = (pro.api.post("/programs", json=body) for _ in range(2))
        assert (first.status_code, second.status_code) == (201, 201)
        assert first.json == second.json
        assert count(pro) == 1

    def test_client_10_16_identical_creates_at_once_make_one(self, pro: Person) -> None:
        body = a_program()
        answers = together([lambda: pro.api.post("/programs", json=body)] * 4)
        assert [answer.status_code for answer in answers] == [201] * 4
        assert len({answer.json["id"] for answer in answers}) == count(pro) == 1

    def test_client_10_16_other_content_or_another_person_makes_another(
        self, people: People, pro: Person
    ) -> None:
        body = a_program()
        pro.api.post("/programs", json=body)
        pro.api.post("/programs", json=body | {"description": "Other."})
        people.colleague(pro).api.post("/programs", json=body)
        assert count(pro) == 3

    def test_client_10_16_after_a_delete_the_same_create_makes_a_new_one(self, pro: Person) -> None:
        body = a_program()
        first = pro.api.post("/programs", json=body).json["id"]
        pro.api.delete(f"/programs/{first}")
        assert pro.api.post("/programs", json=body).json["id"] != first
        assert count(pro) == 1

    def test_client_10_16_deletes_at_once_succeed_once_and_never_fail(self, pro: Person) -> None:
        made = pro.api.post("/programs", json=a_program()).json["id"]
        answers = together([lambda: pro.api.delete(f"/programs/{made}")] * 4)
        assert sorted(answer.status_code for answer in answers) == [204, 404, 404, 404]


class TestClones:
    def test_client_10_16_a_repeated_clone_returns_the_first_copy(self, lifter: Person) -> None:
        answers = together([lambda: lifter.api.post(f"{TEMPLATE}/clone")] * 4)
        assert [answer.status_code for answer in answers] == [201] * 4
        assert len({answer.json["id"] for answer in answers}) == count(lifter) == 1

    def test_client_10_16_another_name_or_template_makes_another_copy(self, lifter: Person) -> None:
        lifter.api.post(f"{TEMPLATE}/clone")
        lifter.api.post(f"{TEMPLATE}/clone", json={"new_name": "Second"})
        lifter.api.post("/programs/full-body-3-day-split/clone")
        assert count(lifter) == 3


class TestSessions:
    @pytest.fixture
    def program(self, pro: Person) -> Any:
        return pro.api.post("/programs", json=a_program(sessions=[a_session(1)])).json

    def sessions(self, person: Person, program: Any) -> int:
        return len(person.api.get(f"/programs/{program['id']}").json["sessions"])

    def test_client_10_16_a_repeated_session_is_the_first_one(
        self, pro: Person, program: Any
    ) -> None:
        where = f"/programs/{program['id']}/sessions"
        first, second = (pro.api.post(where, json=a_session(2, [work("plank")])) for _ in range(2))
        assert (first.status_code, second.status_code) == (201, 201)
        assert first.json == second.json
        assert self.sessions(pro, program) == 2

    def test_client_10_16_a_repeat_is_known_even_when_its_day_was_moved(
        self, lifter: Person
    ) -> None:
        program = lifter.api.post(f"{TEMPLATE}/clone").json
        where = f"/programs/{program['id']}/sessions"
        # Day 5 is taken, so the first one lands on day 6; so does its repeat.
        first, second = (lifter.api.post(where, json=a_session(5)) for _ in range(2))
        assert first.json == second.json
        assert first.json["day_number"] == 6
        assert self.sessions(lifter, program) == 5

    def test_client_10_16_identical_sessions_at_once_make_one(
        self, pro: Person, program: Any
    ) -> None:
        where = f"/programs/{program['id']}/sessions"
        answers = together([lambda: pro.api.post(where, json=a_session(2))] * 4)
        assert [answer.status_code for answer in answers] == [201] * 4
        assert len({answer.json["id"] for answer in answers}) == 1
        assert self.sessions(pro, program) == 2

    def test_client_10_16_a_session_with_other_content_is_another(
        self, people: People, pro: Person, program: Any
    ) -> None:
        where = f"/programs/{program['id']}/sessions"
        made = pro.api.post(where, json=a_session(2)).json
        other = pro.api.post(where, json=a_session(2, name="Other"))
        refused(other, 409, "DUPLICATE_ENTRY")
        somebody_else = people.colleague(pro).api.post(where, json=a_session(2))
        refused(somebody_else, 409, "DUPLICATE_ENTRY")
        pro.api.delete(f"{where}/{made['id']}")
        again = pro.api.post(where, json=a_session(2)).json
        assert again["id"] != made["id"]
