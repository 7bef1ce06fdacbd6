"""GET /exercises (E1): every filter, both ways of paging, exact totals, ranked search."""

import pytest

from tests.client import Api
from tests.functions.bodies import a_name, an_exercise
from tests.functions.refusals import needs_sign_in, problem_places
from tests.people import Person
from tests.rules.build import seed_exercises

PAGE = {
    "items",
    "total",
    "page",
    "page_size",
    "total_pages",
    "has_next",
    "has_previous",
    "has_more",
}


def add(person: Person, *names: str, **fields: object) -> None:
    for name in names:
        answer = person.api.post("/exercises", json=an_exercise(name=name, **fields))
        assert answer.status_code == 201, answer.text


def names(person: Person, query: str) -> list[str]:
    answer = person.api.get(f"/exercises?{query}")
    assert answer.status_code == 200, answer.text
    found = [row["name"] for row in answer.json["items"]]
    assert answer.json["total"] == len(found) or answer.json["has_more"]
    return found


@pytest.fixture(scope="module")
def owner(people, catalogue) -> Person:
    """Somebody on Pro with seven exercises, who only reads in these tests."""
    person = people.pro()
    add(person, "Bench Press", "Incline Bench Press", "Benchmark Squat")
    add(person, "Élévation Latérale", equipment="CABLE", muscle_contributions={"SIDE_DELTS": 1})
    add(person, "Pull-Ups", equipment="BODYWEIGHT", muscle_contributions={"LATS": 1, "ABS": 0.25})
    add(person, "abductor walk", equipment="OTHER", muscle_contributions={"ABDUCTORS": 1})
    add(person, "Smolov Lunge", muscle_contributions={"QUADRICEPS": 1})
    return person


class TestAccess:
    def test_e1_an_anonymous_caller_gets_401(self, api: Api) -> None:
        needs_sign_in(api.get("/exercises"))

    def test_e1_another_organization_sees_none_of_these(
        self, owner: Person, stranger: Person
    ) -> None:
        assert names(stranger, "is_global=false") == []
        assert "Smolov Lunge" not in names(stranger, "limit=100")
        assert names(stranger, "search=smolov") == []

    def test_e1_a_free_member_may_browse(self, lifter: Person, catalogue: None) -> None:
        assert len(names(lifter, "limit=100")) >= 75


class TestFilters:
    def test_e1_own_exercises_come_by_name_whatever_the_letter_case(self, owner: Person) -> None:
        # é sorts after every plain letter: the key is the folded name, not a collation.
        assert names(owner, "is_global=false") == [
            "abductor walk",
            "Bench Press",
            "Benchmark Squat",
            "Incline Bench Press",
            "Pull-Ups",
            "Smolov Lunge",
            "Élévation Latérale",
        ]

    def test_e1_the_shared_catalogue_comes_first(self, owner: Person) -> None:
        # Where the one ends and the other begins: more than 80 are shared, 7 are the owner's.
        rows = owner.api.get("/exercises?limit=100&skip=70").json["items"]
        shared = [row["is_global"] for row in rows]
        assert shared == sorted(shared, reverse=True)
        assert set(shared) == {True, False}
        folded = [row["name"].casefold() for row in rows if row["is_global"]]
        assert folded == sorted(folded)

    def test_e1_is_global_selects_the_shared_catalogue(self, owner: Person) -> None:
        rows = owner.api.get("/exercises?is_global=true&limit=100").json["items"]
        assert all(row["is_global"] and row["organization_id"] is None for row in rows)

    def test_e1_equipment_selects(self, owner: Person) -> None:
        assert names(owner, "is_global=false&equipment=CABLE") == ["Élévation Latérale"]

    def test_e1_muscle_group_counts_any_contribution(self, owner: Person) -> None:
        assert names(owner, "is_global=false&muscle_group=ABS") == ["Pull-Ups"]
        assert len(names(owner, "is_global=false&muscle_group=TRICEPS")) == 3

    @pytest.mark.parametrize("spelling", ["QUADRICEPS", "quadriceps", "QUADS"])
    def test_b12_quadriceps_are_found_under_every_spelling(
        self, owner: Person, spelling: str
    ) -> None:
        assert names(owner, f"is_global=false&muscle_group={spelling}") == ["Smolov Lunge"]
        assert "Barbell Back Squat" in names(owner, f"muscle_group={spelling}")

    def test_e1_filters_combine(self, owner: Person) -> None:
        query = "is_global=false&equipment=BARBELL&muscle_group=CHEST&search=incline"
        assert names(owner, query) == ["Incline Bench Press"]

    def test_e1_blank_filters_are_no_filters(self, owner: Person) -> None:
        blank = "search=&equipment=&muscle_group=&is_global=false&skip=&page=&limit="
        assert len(names(owner, blank)) == 7

    @pytest.mark.parametrize(
        ("query", "place"),
        [
            ("equipment=STONE", "query.equipment"),
            ("muscle_group=NECK", "query.muscle_group"),
            ("is_global=perhaps", "query.is_global"),
            ("limit=101", "query.limit"),
            ("limit=0", "query.limit"),
            ("page=0", "query.page"),
            ("skip=-1", "query.skip"),
            ("limit=many", "query.limit"),
            ("search=" + "x" * 101, "query.search"),
        ],
    )
    def test_e1_what_cannot_be_understood_is_422(
        self, owner: Person, query: str, place: str
    ) -> None:
        assert problem_places(owner.api.get(f"/exercises?{query}")) == [place]


class TestSearch:
    def test_e1_one_letter_is_enough(self, owner: Person) -> None:
        assert "Smolov Lunge" in names(owner, "is_global=false&search=s")

    def test_e1_the_best_match_comes_first(self, owner: Person) -> None:
        # Exact, then the beginning of the name, then the beginning of a word.
        assert names(owner, "is_global=false&search=bench press") == [
            "Bench Press",
            "Incline Bench Press",
        ]
        assert names(owner, "is_global=false&search=bench") == [
            "Bench Press",
            "Benchmark Squat",
            "Incline Bench Press",
        ]

    @pytest.mark.parametrize("query", ["elevation", "ÉLÉVATION", "laterale", "élév lat"])
    def test_e1_accents_and_letter_case_make_no_difference(self, owner: Person, query: str) -> None:
        assert names(owner, f"is_global=false&search={query}") == ["Élévation Latérale"]

    @pytest.mark.parametrize("query", ["pullups", "pull ups", "PULL-UPS", "ups pull"])
    def test_e1_hyphens_make_no_difference(self, owner: Person, query: str) -> None:
        assert names(owner, f"is_global=false&search={query}") == ["Pull-Ups"]

    @pytest.mark.parametrize("query", ["%25", "_", "!!!", "zzzz", "bench zzzz"])
    def test_e1_what_matches_nothing_gives_an_empty_page(self, owner: Person, query: str) -> None:
        answer = owner.api.get(f"/exercises?search={query}").json
        assert (answer["items"], answer["total"], answer["total_pages"]) == ([], 0, 0)
        assert (answer["has_next"], answer["has_previous"]) == (False, False)


class TestPaging:
    def test_e1_pages_partition_the_list_and_say_so(self, owner: Person) -> None:
        whole = names(owner, "is_global=false")
        seen = []
        # 7 rows in pages of 3: 3, 3, 1.
        for page, length in ((1, 3), (2, 3), (3, 1)):
            answer = owner.api.get(f"/exercises?is_global=false&limit=3&page={page}").json
            assert set(answer) == PAGE
            assert [answer["total"], answer["total_pages"]] == [7, 3]
            assert [answer["page"], answer["page_size"]] == [page, 3]
            assert answer["has_previous"] is (page > 1)
            assert answer["has_next"] is answer["has_more"] is (page < 3)
            assert len(answer["items"]) == length
            seen += [row["name"] for row in answer["items"]]
        assert seen == whole

    def test_e1_skip_begins_anywhere_and_wins_over_page(self, owner: Person) -> None:
        whole = names(owner, "is_global=false")
        answer = owner.api.get("/exercises?is_global=false&limit=3&skip=2&page=9").json
        assert [row["name"] for row in answer["items"]] == whole[2:5]
        assert (answer["page"], answer["has_previous"], answer["has_next"]) == (1, True, True)

    def test_e1_a_page_beyond_the_end_is_empty_and_keeps_the_total(self, owner: Person) -> None:
        for query in ("page=4&limit=3", "skip=7&limit=3", "page=1000000&limit=100"):
            answer = owner.api.get(f"/exercises?is_global=false&{query}").json
            assert (answer["items"], answer["total"]) == ([], 7), query
            assert (answer["has_next"], answer["has_previous"]) == (False, True), query

    def test_b11_the_total_counts_what_is_listed(self, owner: Person) -> None:
        first = owner.api.get("/exercises?limit=100&skip=0").json
        rest = owner.api.get("/exercises?limit=100&skip=100").json
        assert len(first["items"]) + len(rest["items"]) == first["total"] == rest["total"]

    def test_client_10_8_the_library_fits_into_the_one_page_the_client_reads(
        self, lifter: Person, catalogue: None
    ) -> None:
        answer = lifter.api.get("/exercises?limit=100&skip=0").json
        assert len(answer["items"]) == min(answer["total"], 100)
        # Other tests may be adding to the shared catalogue; the seeds alone have to fit.
        seeds = {row.name for row in seed_exercises().values()}
        assert len(seeds) <= 100
        found = {row["name"] for row in answer["items"]}
        assert answer["total"] > 100 or seeds <= found

    def test_e1_twenty_rows_unless_asked_otherwise(self, lifter: Person, catalogue: None) -> None:
        answer = lifter.api.get("/exercises").json
        assert (len(answer["items"]), answer["page_size"], answer["page"]) == (20, 20, 1)


def test_e1_a_new_exercise_is_listed_at_once(pro: Person) -> None:
    name = a_name()
    assert names(pro, "is_global=false") == []
    add(pro, name)
    assert names(pro, "is_global=false") == [name]
