"""Taking over what a template has changed since it was copied."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.functions.bodies import a_name, a_program, a_session, an_exercise, work
from tests.functions.refusals import needs_sign_in, problem_places, refused
from tests.people import Person
from tests.services.instance import program_draft

pytestmark = pytest.mark.usefixtures("catalogue")

BENCH, ROW, CURL = "barbell-bench-press", "barbell-bent-over-row", "leg-curl"


@pytest.fixture
def template(admin: Person) -> Iterator[Any]:
    """Push: bench 4, leg curl 3; 8 weeks."""
    draft = program_draft(name=a_name("Template"), duration_weeks=8).model_dump(mode="json")
    made = admin.parts.programs.create_template(
        admin.caller,
        type(program_draft()).model_validate(
            draft | {"sessions": [a_session(1, [work(BENCH, 4), work(CURL, 3, 2)], name="Push")]}
        ),
    )
    yield admin.api.get(f"/programs/{made.id}").json
    admin.api.delete(f"/programs/{made.id}")


@pytest.fixture
def copy(lifter: Person, template: Any) -> Any:
    return lifter.api.post(f"/programs/{template['id']}/clone").json


def session(program: Any, place: int = 0) -> str:
    return f"/programs/{program['id']}/sessions/{program['sessions'][place]['id']}"


def a_template(admin: Person, *sessions: Any, name: str | None = None) -> Any:
    body = a_program(name=name or a_name("Template"), sessions=list(sessions))
    answer = admin.api.post("/admin/programs", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json


def update(program: Any) -> str:
    return f"/programs/{program['id']}/template-update"


def change_template(admin: Person, template: Any, *rows: Any) -> None:
    answer = admin.api.put(session(template), json={"exercises": list(rows)})
    assert answer.status_code == 200, answer.text


def test_nobody_takes_over_without_signing_in(api: Any, copy: Any) -> None:
    needs_sign_in(api.get(update(copy)))
    needs_sign_in(api.post(update(copy)))


def test_a_program_that_is_no_copy_is_offered_nothing(pro: Person) -> None:
    made = pro.api.post("/programs", json=a_program()).json
    offer = pro.api.get(update(made)).json
    assert (offer["is_available"], offer["template_id"], offer["merged"]) == (False, None, None)
    assert offer["note"] == "This program is not a copy of a template."
    refused(pro.api.post(update(made)), 400, "INVALID_OPERATION")


def test_a_fresh_copy_has_everything(lifter: Person, copy: Any) -> None:
    offer = lifter.api.get(update(copy)).json
    assert offer["is_available"] is False
    assert (offer["taken_version"], offer["newest_version"]) == (1, 1)
    assert offer["base_is_kept"] is True
    refused(lifter.api.post(update(copy)), 400, "INVALID_OPERATION")


def test_what_only_the_template_changed_is_shown_and_taken(
    lifter: Person, admin: Person, template: Any, copy: Any
) -> None:
    lifter.api.put(f"/programs/{copy['id']}", json={"duration_weeks": 6})
    change_template(admin, template, work(BENCH, 5), work(ROW, 3, 2))
    offer = lifter.api.get(update(copy)).json
    assert (offer["is_available"], offer["base_is_kept"], offer["conflicts"]) == (True, True, [])
    assert (offer["taken_version"], offer["newest_version"]) == (1, 2)
    assert offer["changes"]["sentences"] == [
        "Leg Curl replaced by Barbell Bent-Over Row in “Push”.",
        "Barbell Bench Press in “Push”: 4 to 5 sets.",
    ]
    # One session on 4 days a week: a set more is four more a week.
    [chest] = [row for row in offer["changes"]["muscles"] if row["muscle"] == "CHEST"]
    assert (chest["sets_before"], chest["sets_delta"]) == (16, 4)
    # Looking changes nothing.
    assert lifter.api.get(f"/programs/{copy['id']}").json["version_number"] == 2

    taken = lifter.api.post(update(copy), json={"template_version": 2})
    assert taken.status_code == 200, taken.text
    rows = taken.json["sessions"][0]["exercises"]
    assert [(row["exercise_id"], row["sets"]) for row in rows] == [(BENCH, 5), (ROW, 3)]
    assert taken.json["duration_weeks"] == 6
    assert taken.json["name"] == copy["name"]
    assert taken.json["cloned_from_version"] == 2
    [newest, *_] = lifter.api.get(f"/programs/{copy['id']}/versions").json["items"]
    assert (newest["number"], newest["reason"]) == (3, "Changes of the template taken over.")
    assert lifter.api.get(update(copy)).json["is_available"] is False


def test_what_both_changed_is_decided_or_refused(
    lifter: Person, admin: Person, template: Any, copy: Any
) -> None:
    lifter.api.put(session(copy), json={"exercises": [work(BENCH, 6), work(CURL, 6, 2)]})
    change_template(admin, template, work(BENCH, 5), work(CURL, 5, 2))
    offer = lifter.api.get(update(copy)).json
    bench, curl = offer["conflicts"]
    assert bench["sentence"] == (
        "Barbell Bench Press in “Push”: sets 6 with you, 5 in the template."
    )
    assert (bench["ours"], bench["theirs"]) == (6, 5)
    details = refused(lifter.api.post(update(copy)), 409, "MERGE_CONFLICT")
    assert details == {"conflicts": [bench["id"], curl["id"]]}
    half = {"decisions": {bench["id"]: "theirs"}}
    details = refused(lifter.api.post(update(copy), json=half), 409, "MERGE_CONFLICT")
    assert details == {"conflicts": [curl["id"]]}
    stale = {"decisions": {"session.none": "ours"}, "otherwise": "ours"}
    assert problem_places(lifter.api.post(update(copy), json=stale)) == [
        "body.decisions.session.none"
    ]
    assert problem_places(lifter.api.post(update(copy), json={"otherwise": "mine"})) == [
        "body.otherwise"
    ]
    taken = lifter.api.post(update(copy), json=half | {"otherwise": "ours"})
    rows = taken.json["sessions"][0]["exercises"]
    assert [(row["exercise_id"], row["sets"]) for row in rows] == [(BENCH, 5), (CURL, 6)]


def test_what_was_looked_at_is_what_is_taken(
    lifter: Person, admin: Person, template: Any, copy: Any
) -> None:
    change_template(admin, template, work(BENCH, 5))
    change_template(admin, template, work(BENCH, 6))
    answer = lifter.api.post(update(copy), json={"template_version": 2})
    refused(answer, 412, "PRECONDITION_FAILED")
    tag = lifter.api.get(f"/programs/{copy['id']}").headers["ETag"]
    lifter.api.put(f"/programs/{copy['id']}", json={"name": "Changed meanwhile"})
    answer = lifter.api.post(update(copy), headers={"If-Match": tag})
    refused(answer, 412, "PRECONDITION_FAILED")


def test_a_template_takes_over_nothing(lifter: Person, admin: Person, template: Any) -> None:
    refused(lifter.api.post(update(template)), 403, "PERMISSION_DENIED")
    refused(admin.api.post(update(template)), 400, "INVALID_OPERATION")
    assert lifter.api.get(update(template)).json["is_available"] is False


def test_what_one_has_added_is_not_lost_to_a_template_that_replaces_by_the_same(
    admin: Person, lifter: Person
) -> None:
    origin = a_template(admin, a_session(1, [work(BENCH, 4)]))
    copy = lifter.api.post(f"/programs/{origin['id']}/clone").json
    mine = {"exercises": [work(BENCH, 4), work(CURL, 6, 2, notes="mine")]}
    assert lifter.api.put(session(copy), json=mine).status_code == 200
    theirs = {"exercises": [work(CURL, 2, 1)]}
    assert admin.api.put(session(origin), json=theirs).status_code == 200
    offer = lifter.api.get(update(copy)).json
    [row] = offer["merged"]["sessions"][0]["exercises"]
    assert (row["exercise_id"], row["sets"], row["notes"]) == (CURL, 6, "mine")


def test_a_merge_leaves_at_least_one_session(admin: Person, lifter: Person) -> None:
    origin = a_template(admin, a_session(1, [work(BENCH, 4)]), a_session(2, [work(CURL, 4)]))
    copy = lifter.api.post(f"/programs/{origin['id']}/clone").json
    assert lifter.api.delete(session(copy)).status_code == 204
    assert admin.api.delete(session(origin, 1)).status_code == 204
    assert lifter.api.post(update(copy)).status_code == 200
    assert lifter.api.get(f"/programs/{copy['id']}").json["sessions"]


def test_a_template_made_again_is_news(admin: Person, lifter: Person) -> None:
    name = a_name("Again")
    origin = a_template(admin, a_session(1, [work(BENCH, 4)]), name=name)
    copy = lifter.api.post(f"/programs/{origin['id']}/clone").json
    assert admin.api.delete(f"/programs/{origin['id']}").status_code == 204
    again = a_template(admin, a_session(1, [work(CURL, 2)]), name=name)
    assert again["id"] == origin["id"]
    offer = lifter.api.get(update(copy)).json
    assert (offer["is_available"], offer["base_is_kept"]) == (True, False)
    taken = lifter.api.post(update(copy), json={"otherwise": "theirs"}).json
    assert [row["exercise_id"] for row in taken["sessions"][0]["exercises"]] == [CURL]
    assert lifter.api.get(update(copy)).json["is_available"] is False


def test_what_an_offer_shows_can_be_taken(admin: Person, lifter: Person) -> None:
    gone = admin.api.post("/admin/exercises", json=an_exercise()).json["id"]
    origin = a_template(admin, a_session(1, [work(BENCH, 4)]))
    copy = lifter.api.post(f"/programs/{origin['id']}/clone").json
    added = admin.api.post(f"/programs/{origin['id']}/sessions", json=a_session(2, [work(gone)]))
    assert added.status_code == 201
    assert admin.api.delete(f"/admin/exercises/{gone}?force=true").status_code == 204
    assert lifter.api.get(update(copy)).json["is_available"] is True
    assert lifter.api.post(f"/programs/{origin['id']}/clone").status_code == 201
    taken = lifter.api.post(update(copy))
    assert taken.status_code == 200, taken.text
