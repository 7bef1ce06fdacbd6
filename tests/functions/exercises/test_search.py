"""GET and POST /exercises/search (E2): summaries, ranked, by the beginnings of words."""

from typing import Any

import pytest

from tests.client import Api
from tests.functions.bodies import a_name, an_exercise
from tests.functions.refusals import needs_sign_in, problem_places
from tests.people import Person

pytestmark = pytest.mark.usefixtures("catalogue")


def found(person: Person, query: str) -> list[str]:
    rows: Any = person.api.get(f"/exercises/search?{query}").json
    return [row["name"] for row in rows]


class TestGet:
    def test_e2_an_anonymous_caller_gets_401(self, api: Api) -> None:
        needs_sign_in(api.get("/exercises/search?q=bench"))

    def test_e2_another_organizations_exercise_is_not_found(
        self, pro: Person, stranger: Person
    ) -> None:
        name = a_name("Zercher")
        pro.api.post("/exercises", json=an_exercise(name=name))
        assert found(pro, f"q={name}") == [name]
        assert found(stranger, f"q={name}") == []

    def test_e2_a_summary_has_six_fields(self, lifter: Person) -> None:
        rows = lifter.api.get("/exercises/search?q=barbell bench press").json
        assert rows[0] == {
            "id": "barbell-bench-press",
            "name": "Barbell Bench Press",
            "equipment": "BARBELL",
            "equipment_name": "Barbell",
            "primary_muscles": ["Chest"],
            "is_global": True,
        }

    @pytest.mark.parametrize("query", ["ben", "bench", "press bench", "b"])
    def test_e2_beginnings_of_words_are_enough(self, lifter: Person, query: str) -> None:
        assert "Barbell Bench Press" in found(lifter, f"q={query}&limit=50")

    def test_e2_limit_bounds_the_answer(self, lifter: Person) -> None:
        assert len(found(lifter, "q=e&limit=3")) == 3
        assert len(found(lifter, "q=e")) == 20

    def test_e2_nothing_found_is_an_empty_list(self, lifter: Person) -> None:
        assert lifter.api.get("/exercises/search?q=qqqqq").json == []

    @pytest.mark.parametrize(
        ("query", "place"),
        [
            ("", "query.q"),
            ("q=", "query.q"),
            ("q=%20%20", "query.q"),
            ("q=" + "x" * 101, "query.q"),
            ("q=b&limit=51", "query.limit"),
            ("q=b&limit=0", "query.limit"),
        ],
    )
    def test_e2_what_cannot_be_understood_is_422(
        self, lifter: Person, query: str, place: str
    ) -> None:
        assert problem_places(lifter.api.get(f"/exercises/search?{query}")) == [place]


class TestPost:
    def test_e2_an_anonymous_caller_gets_401(self, api: Api) -> None:
        needs_sign_in(api.post("/exercises/search", json={"query": "bench"}))

    def test_e2_the_body_says_the_same_as_the_query(self, lifter: Person) -> None:
        by_body = lifter.api.post("/exercises/search", json={"query": "curl", "limit": 5})
        assert by_body.status_code == 200
        assert by_body.json == lifter.api.get("/exercises/search?q=curl&limit=5").json

    @pytest.mark.parametrize("body", [{}, {"query": " "}, {"query": "x" * 101}, {"query": 7}])
    def test_e2_what_cannot_be_understood_is_422(
        self, lifter: Person, body: dict[str, Any]
    ) -> None:
        answer = lifter.api.post("/exercises/search", json=body)
        assert problem_places(answer) == ["body.query"]
