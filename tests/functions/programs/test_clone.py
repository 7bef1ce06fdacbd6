"""POST /programs/{id}/clone (P4): a copy of one's own, open to every plan."""

from typing import Any

import pytest

from shared.models.programs import ProgramDraft
from tests.client import Api
from tests.functions.bodies import MISSING, a_program, a_session
from tests.functions.refusals import needs_sign_in, problem_places, refused, tells_the_same
from tests.people import Person

pytestmark = pytest.mark.usefixtures("catalogue")

TEMPLATE = "/programs/upper-lower-4-day-split"


def content(program: Any) -> list[Any]:
    """What the sessions hold, without what makes them somebody's."""
    own = {"id", "program_id", "created_at", "updated_at"}
    return [
        {key: value for key, value in session.items() if key not in own}
        for session in program["sessions"]
    ]


def a_template(admin: Person) -> Any:
    """A template of this test's own; there is no route that makes one yet."""
    draft = ProgramDraft.model_validate(a_program(sessions=[a_session(1)]))
    view = admin.parts.programs.create_template(admin.caller, draft)
    return admin.api.get(f"/programs/{view.id}").json


def test_p4_an_anonymous_caller_gets_401(api: Api) -> None:
    needs_sign_in(api.post(f"{TEMPLATE}/clone"))


def test_p4_a_foreign_id_reads_like_a_missing_one(pro: Person, stranger: Person) -> None:
    foreign = pro.api.post("/programs", json=a_program()).json["id"]
    answer = stranger.api.post(f"/programs/{foreign}/clone")
    refused(answer, 404, "PROGRAM_NOT_FOUND")
    tells_the_same(answer, stranger.api.post(f"/programs/{MISSING}/clone"))


def test_p4_what_is_no_template_is_404(pro: Person) -> None:
    own = pro.api.post("/programs", json=a_program()).json["id"]
    refused(pro.api.post(f"/programs/{own}/clone"), 404, "PROGRAM_NOT_FOUND")


@pytest.mark.parametrize(
    "template",
    ["upper-lower-4-day-split", "push-pull-legs-6-day-split", "full-body-3-day-split"],
)
def test_b10_every_template_can_be_cloned_on_the_free_plan(lifter: Person, template: str) -> None:
    source = lifter.api.get(f"/programs/{template}").json
    answer = lifter.api.post(f"/programs/{template}/clone", json={})
    assert answer.status_code == 201, answer.text
    copy = answer.json
    assert copy["name"] == f"My {source['name']}"
    assert copy["is_template"] is False
    assert copy["organization_id"] == lifter.organization_id
    assert copy["created_by_user_id"] == lifter.user_id
    same = ("description", "split_type", "structure_type", "structure_config", "duration_weeks")
    assert [copy[field] for field in same] == [source[field] for field in same]
    assert content(copy) == content(source)
    assert copy["stats"] == source["stats"]
    ids = {row["id"] for row in copy["sessions"]}
    assert len(ids) == len(copy["sessions"])
    assert ids.isdisjoint(row["id"] for row in source["sessions"])
    assert {row["program_id"] for row in copy["sessions"]} == {copy["id"]}
    assert lifter.api.get(f"/programs/{copy['id']}").json == copy


@pytest.mark.parametrize(
    "request_body",
    [
        {},
        {"data": b""},
        {"data": b"", "content_type": "application/json"},
        {"json": {}},
        {"data": b"null", "content_type": "application/json"},
        {"json": {"new_name": "", "name": None, "template_id": None, "duration_weeks": None}},
        {"json": {"new_name": "  ", "unknown": 1}},
    ],
)
def test_client_10_11_a_clone_needs_no_body(lifter: Person, request_body: Any) -> None:
    answer = lifter.api.post(f"{TEMPLATE}/clone", **request_body)
    assert answer.status_code == 201, answer.text
    assert answer.json["name"] == "My Upper/Lower 4-Day Split"
    assert answer.json["duration_weeks"] == 8


@pytest.mark.parametrize(
    ("body", "name", "weeks"),
    [
        ({"new_name": "AB"}, "AB", 8),
        ({"name": "Other", "duration_weeks": 4}, "Other", 4),
        ({"new_name": "First", "name": "Second"}, "First", 8),
        ({"template_id": "upper-lower-4-day-split"}, "My Upper/Lower 4-Day Split", 8),
    ],
)
def test_p4_name_and_duration_may_be_chosen(
    lifter: Person, body: Any, name: str, weeks: int
) -> None:
    copy = lifter.api.post(f"{TEMPLATE}/clone", json=body).json
    assert (copy["name"], copy["duration_weeks"]) == (name, weeks)


def test_p4_another_template_in_the_body_is_400(lifter: Person) -> None:
    answer = lifter.api.post(f"{TEMPLATE}/clone", json={"template_id": "full-body-3-day-split"})
    refused(answer, 400, "INVALID_OPERATION")


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"new_name": "A"}, "body.new_name"),
        ({"name": "x" * 101}, "body.name"),
        ({"duration_weeks": 53}, "body.duration_weeks"),
        ({"template_id": "a b"}, "body.template_id"),
    ],
)
def test_p4_what_breaks_a_rule_is_422(lifter: Person, body: Any, place: str) -> None:
    assert problem_places(lifter.api.post(f"{TEMPLATE}/clone", json=body)) == [place]


def test_p4_a_copy_and_its_template_do_not_touch_each_other(lifter: Person) -> None:
    source = lifter.api.get(TEMPLATE).json
    copy = lifter.api.post(f"{TEMPLATE}/clone").json
    first = copy["sessions"][0]["id"]
    lifter.api.put(f"/programs/{copy['id']}/sessions/{first}", json={"exercises": []})
    lifter.api.put(f"/programs/{copy['id']}", json={"name": "Changed"})
    assert lifter.api.get(TEMPLATE).json == source


def test_p4_a_templates_later_change_does_not_reach_copies(admin: Person, pro: Person) -> None:
    source = a_template(admin)
    copy = pro.api.post(f"/programs/{source['id']}/clone").json
    session = source["sessions"][0]["id"]
    changed = admin.api.put(
        f"/programs/{source['id']}/sessions/{session}", json={"name": "Changed"}
    )
    assert changed.status_code == 200, changed.text
    assert pro.api.get(f"/programs/{copy['id']}").json == copy
    assert admin.api.delete(f"/programs/{source['id']}").status_code == 204
    assert pro.api.get(f"/programs/{copy['id']}").json == copy
