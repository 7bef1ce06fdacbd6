"""GET /programs (P1) and /programs/templates (P11): filters, paging, totals, rows."""

from typing import Any

import pytest

from tests.client import Api
from tests.functions.bodies import a_program, a_session
from tests.functions.pages import everything
from tests.functions.refusals import needs_sign_in, problem_places
from tests.people import People, Person

TEMPLATES = {"upper-lower-4-day-split", "push-pull-legs-6-day-split", "full-body-3-day-split"}

ROW = {
    "id",
    "name",
    "description",
    "split_type",
    "structure_type",
    "is_template",
    "duration_weeks",
    "session_count",
    "created_at",
    "updated_at",
    "created_by_user_id",
    "organization_id",
}


def rows(person: Person, query: str) -> list[Any]:
    answer = person.api.get(f"/programs?{query}")
    assert answer.status_code == 200, answer.text
    items: list[Any] = answer.json["items"]
    return items


def names(person: Person, query: str) -> list[str]:
    return [row["name"] for row in rows(person, query)]


@pytest.fixture(scope="module")
def owner(people: People, catalogue: None) -> Person:
    """Somebody on Pro with five programs, who only reads in these tests."""
    person = people.pro()
    for body in (
        a_program(name="Arnold's Split", split_type="ARNOLD_SPLIT"),
        a_program(name="Bro", split_type="BRO_SPLIT", duration_weeks=12),
        a_program(name="Cycle", structure_type="CYCLIC"),
        a_program(name="Élite Cycle", structure_type="CYCLIC", split_type="BRO_SPLIT"),
        a_program(name="Elite", sessions=[a_session(1), a_session(2)]),
    ):
        assert person.api.post("/programs", json=body).status_code == 201
    return person


class TestAccess:
    def test_p1_an_anonymous_caller_gets_401(self, api: Api) -> None:
        needs_sign_in(api.get("/programs"))

    def test_p1_another_organization_sees_none_of_these(
        self, owner: Person, stranger: Person
    ) -> None:
        assert rows(stranger, "is_template=false") == []
        assert all(row["is_template"] for row in rows(stranger, "limit=100"))
        assert "Arnold's Split" in names(owner, "search=arnold")
        assert names(stranger, "search=arnold") == ["Arnold Split 6-Day"]

    def test_p1_a_colleague_sees_all_of_them(self, people: People, owner: Person) -> None:
        assert len(rows(people.colleague(owner), "is_template=false")) == 5


class TestRows:
    def test_client_10_7_a_row_has_updated_at_and_who_made_it(self, owner: Person) -> None:
        [row] = [row for row in rows(owner, "is_template=false") if row["name"] == "Elite"]
        assert set(row) == ROW
        assert row["updated_at"] == row["created_at"]
        assert row["created_at"].endswith("Z")
        assert row["created_by_user_id"] == owner.user_id
        assert row["organization_id"] == owner.organization_id
        assert (row["is_template"], row["session_count"], row["duration_weeks"]) == (False, 2, None)
        assert (row["split_type"], row["structure_type"]) == ("CUSTOM", "WEEKLY")

    def test_p1_a_templates_row_belongs_to_nobody(self, lifter: Person, catalogue: None) -> None:
        [row] = [
            row
            for row in everything(lifter, "/programs?is_template=true")
            if row["id"] == "upper-lower-4-day-split"
        ]
        assert row["is_template"] is True
        assert row["organization_id"] is row["created_by_user_id"] is None
        assert (row["session_count"], row["duration_weeks"]) == (4, 8)

    def test_p1_a_row_follows_its_program(self, pro: Person) -> None:
        made = pro.api.post("/programs", json=a_program()).json
        pro.api.post(f"/programs/{made['id']}/sessions", json=a_session(1))
        changed = pro.api.put(f"/programs/{made['id']}", json={"name": "New Name"}).json
        [row] = rows(pro, "is_template=false")
        assert (row["name"], row["session_count"]) == ("New Name", 1)
        assert row["updated_at"] == changed["updated_at"] > row["created_at"]

    def test_p1_the_newest_comes_first_and_templates_are_among_them(self, owner: Person) -> None:
        moments = [row["created_at"] for row in rows(owner, "limit=100")]
        assert moments == sorted(moments, reverse=True)
        own = ["Elite", "Élite Cycle", "Cycle", "Bro", "Arnold's Split"]
        assert names(owner, "is_template=false&limit=50&skip=0") == own
        assert {row["id"] for row in everything(owner, "/programs")} >= TEMPLATES


class TestFilters:
    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("split_type=ARNOLD_SPLIT", ["Arnold's Split"]),
            ("split_type=BRO_SPLIT", ["Élite Cycle", "Bro"]),
            ("structure_type=CYCLIC", ["Élite Cycle", "Cycle"]),
            ("structure_type=CYCLIC&split_type=BRO_SPLIT", ["Élite Cycle"]),
            ("split_type=PUSH_PULL_LEGS", []),
            ("search=elite", ["Elite", "Élite Cycle"]),
            ("search=cycle&structure_type=CYCLIC", ["Cycle", "Élite Cycle"]),
            ("search=b", ["Bro"]),
            ("search=&split_type=&structure_type=", None),
        ],
    )
    def test_p1_filters_select_and_a_search_ranks(
        self, owner: Person, query: str, expected: list[str] | None
    ) -> None:
        found = names(owner, f"is_template=false&{query}")
        if expected is None:
            assert len(found) == 5
        else:
            assert found == expected

    @pytest.mark.parametrize(
        ("query", "place"),
        [
            ("split_type=PPL", "query.split_type"),
            ("structure_type=DAILY", "query.structure_type"),
            ("is_template=maybe", "query.is_template"),
            ("limit=101", "query.limit"),
            ("skip=-1", "query.skip"),
            ("page=0", "query.page"),
            ("search=" + "x" * 101, "query.search"),
        ],
    )
    def test_p1_what_cannot_be_understood_is_422(
        self, owner: Person, query: str, place: str
    ) -> None:
        assert problem_places(owner.api.get(f"/programs?{query}")) == [place]


class TestPaging:
    def test_p1_pages_partition_the_list_and_say_so(self, owner: Person) -> None:
        whole = names(owner, "is_template=false")
        seen = []
        # 5 rows in pages of 2: 2, 2, 1.
        for page in (1, 2, 3):
            answer = owner.api.get(f"/programs?is_template=false&limit=2&page={page}").json
            assert [answer["total"], answer["total_pages"], answer["page"]] == [5, 3, page]
            assert answer["page_size"] == 2
            assert answer["has_previous"] is (page > 1)
            assert answer["has_next"] is answer["has_more"] is (page < 3)
            seen += [row["name"] for row in answer["items"]]
        assert seen == whole

    def test_p1_skip_wins_over_page_and_may_pass_the_end(self, owner: Person) -> None:
        whole = names(owner, "is_template=false")
        assert names(owner, "is_template=false&limit=2&skip=1&page=3") == whole[1:3]
        beyond = owner.api.get("/programs?is_template=false&skip=5").json
        assert (beyond["items"], beyond["total"], beyond["has_next"]) == ([], 5, False)
        assert beyond["has_previous"] is True


class TestTemplates:
    def test_p11_an_anonymous_caller_gets_401(self, api: Api) -> None:
        needs_sign_in(api.get("/programs/templates"))

    def test_p11_templates_are_the_list_of_templates(self, owner: Person) -> None:
        alias = owner.api.get("/programs/templates?limit=100")
        assert alias.status_code == 200
        assert alias.json == owner.api.get("/programs?is_template=true&limit=100").json
        listed = everything(owner, "/programs/templates")
        assert {row["id"] for row in listed} >= TEMPLATES

    def test_p11_filters_and_pages_work_as_in_the_list(self, owner: Person) -> None:
        found = owner.api.get("/programs/templates?split_type=FULL_BODY&is_template=false").json
        assert {row["id"] for row in found["items"]} == {
            "full-body-3-day-split",
            "minimal-3-day-full-body",
        }
        page = owner.api.get("/programs/templates?limit=1&page=2").json
        assert (len(page["items"]), page["has_previous"]) == (1, True)
        assert problem_places(owner.api.get("/programs/templates?limit=101")) == ["query.limit"]
