"""Unique names (C4, C18): one per owner, however spelled, also when two come at once."""

import pytest

from tests.functions.bodies import a_name, an_exercise
from tests.functions.refusals import refused
from tests.functions.together import together
from tests.people import People, Person


def spellings(name: str) -> list[str]:
    """The same name to a person: another case, doubled blanks, full-width letters."""
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in name)
    return [name, name.upper(), name.replace(" ", "  "), wide]


@pytest.mark.parametrize("spelling", [1, 2, 3])
def test_e4_a_name_is_taken_in_every_spelling(pro: Person, spelling: int) -> None:
    names = spellings(a_name())
    made = pro.api.post("/exercises", json=an_exercise(name=names[0])).json
    answer = pro.api.post("/exercises", json=an_exercise(name=names[spelling]))
    details = refused(answer, 409, "RESOURCE_ALREADY_EXISTS")
    assert details == {"exercise_id": made["id"]}
    assert "already exists" in answer.json["detail"]


def test_e4_a_colleagues_name_is_taken_too(people: People, pro: Person) -> None:
    name = a_name()
    pro.api.post("/exercises", json=an_exercise(name=name))
    answer = people.colleague(pro).api.post("/exercises", json=an_exercise(name=name))
    refused(answer, 409, "RESOURCE_ALREADY_EXISTS")


def test_e4_organizations_do_not_share_names(pro: Person, stranger: Person) -> None:
    name = a_name()
    for person in (pro, stranger):
        assert person.api.post("/exercises", json=an_exercise(name=name)).status_code == 201


@pytest.mark.usefixtures("catalogue")
def test_c18_an_organization_may_use_the_name_of_a_global_exercise(pro: Person) -> None:
    answer = pro.api.post("/exercises", json=an_exercise(name="Barbell Bench Press"))
    assert answer.status_code == 201
    found = pro.api.get("/exercises?search=barbell bench press").json["items"]
    assert [row["is_global"] for row in found[:2]] == [True, False]
    assert found[0]["name"] == found[1]["name"]


@pytest.mark.usefixtures("catalogue")
@pytest.mark.parametrize("name", ["barbell  bench PRESS", "Barbell-Bench/Press"])
def test_e4_a_global_name_is_taken_among_globals(admin: Person, name: str) -> None:
    # The second is another name that would get the same readable id.
    answer = admin.api.post("/exercises", json=an_exercise(name=name))
    refused(answer, 409, "RESOURCE_ALREADY_EXISTS")


def test_c4_of_parallel_creates_of_one_name_exactly_one_wins(people: People, pro: Person) -> None:
    names = spellings(a_name("Race"))
    colleagues = [pro, *(people.colleague(pro) for _ in range(3))]
    answers = together(
        [
            lambda person=person, name=name: person.api.post(
                "/exercises", json=an_exercise(name=name)
            )
            for person, name in zip(colleagues, names, strict=True)
        ]
    )
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    for answer in answers:
        if answer.status_code == 409:
            refused(answer, 409, "RESOURCE_ALREADY_EXISTS")
    assert pro.api.get("/exercises?is_global=false").json["total"] == 1


def test_c4_of_parallel_renames_to_one_name_exactly_one_wins(pro: Person) -> None:
    made = [pro.api.post("/exercises", json=an_exercise()).json for _ in range(4)]
    target = a_name("Target")
    answers = together(
        [
            lambda row=row: pro.api.put(f"/exercises/{row['id']}", json={"name": target})
            for row in made
        ]
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    rows = pro.api.get("/exercises?is_global=false").json["items"]
    assert [row["name"] for row in rows].count(target) == 1
    assert len(rows) == 4
