"""A create that comes twice within ten seconds makes one exercise."""

from tests.functions.bodies import an_exercise
from tests.functions.refusals import refused
from tests.functions.together import together
from tests.people import People, Person


def test_client_10_16_an_identical_create_returns_the_first_one(pro: Person) -> None:
    body = an_exercise()
    first, second = (pro.api.post("/exercises", json=body) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json == second.json
    assert first.headers["ETag"] == second.headers["ETag"]
    assert pro.api.get("/exercises?is_global=false").json["total"] == 1


def test_client_10_16_identical_creates_at_once_make_one(pro: Person) -> None:
    body = an_exercise()
    answers = together([lambda: pro.api.post("/exercises", json=body)] * 4)
    assert [answer.status_code for answer in answers] == [201] * 4
    assert len({answer.json["id"] for answer in answers}) == 1
    assert pro.api.get("/exercises?is_global=false").json["total"] == 1


def test_client_10_16_the_same_name_with_other_content_is_409(pro: Person) -> None:
    body = an_exercise()
    pro.api.post("/exercises", json=body)
    other = pro.api.post("/exercises", json=body | {"description": "Other."})
    refused(other, 409, "RESOURCE_ALREADY_EXISTS")


def test_client_10_16_a_repeat_is_the_same_persons(people: People, pro: Person) -> None:
    body = an_exercise()
    pro.api.post("/exercises", json=body)
    answer = people.colleague(pro).api.post("/exercises", json=body)
    refused(answer, 409, "RESOURCE_ALREADY_EXISTS")


def test_client_10_16_after_a_delete_the_same_create_makes_a_new_one(pro: Person) -> None:
    body = an_exercise()
    first = pro.api.post("/exercises", json=body).json
    pro.api.delete(f"/exercises/{first['id']}")
    again = pro.api.post("/exercises", json=body)
    assert again.status_code == 201
    assert again.json["id"] != first["id"]
    assert pro.api.get(f"/exercises/{again.json['id']}").status_code == 200


def test_client_10_16_a_repeat_returns_what_became_of_the_first_one(pro: Person) -> None:
    body = an_exercise()
    first = pro.api.post("/exercises", json=body).json
    changed = pro.api.put(f"/exercises/{first['id']}", json={"description": "Since then."})
    repeated = pro.api.post("/exercises", json=body)
    assert (repeated.status_code, repeated.json) == (201, changed.json)


def test_client_10_16_deletes_at_once_succeed_once_and_never_fail(pro: Person) -> None:
    made = pro.api.post("/exercises", json=an_exercise()).json
    answers = together([lambda: pro.api.delete(f"/exercises/{made['id']}")] * 4)
    assert sorted(answer.status_code for answer in answers) == [204, 404, 404, 404]
