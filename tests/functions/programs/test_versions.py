"""The history of a program: every change is in it, two states compare, and one can go back."""

from collections import Counter
from typing import Any

import pytest

from tests.functions.bodies import MISSING, a_name, a_program, a_session, work
from tests.functions.refusals import needs_sign_in, problem_places, refused
from tests.functions.together import together
from tests.people import People, Person

pytestmark = pytest.mark.usefixtures("catalogue")

BENCH, ROW = "barbell-bench-press", "barbell-bent-over-row"
TEMPLATE = "upper-lower-4-day-split"


@pytest.fixture
def made(pro: Person) -> Any:
    sessions = [a_session(1, [work(BENCH, 4)], name="Push"), a_session(2, name="Pull")]
    answer = pro.api.post("/programs", json=a_program(name="Mine", sessions=sessions))
    assert answer.status_code == 201
    return answer.json


def where(program: Any, rest: str = "") -> str:
    return f"/programs/{program['id']}{rest}"


def history(person: Person, program: Any, query: str = "") -> Any:
    answer = person.api.get(where(program, f"/versions{query}"))
    assert answer.status_code == 200, answer.text
    return answer.json


def test_nobody_looks_back_without_signing_in(api: Any, made: Any) -> None:
    needs_sign_in(api.get(where(made, "/versions")))
    needs_sign_in(api.get(where(made, "/versions/1")))
    needs_sign_in(api.get(where(made, "/diff")))
    needs_sign_in(api.post(where(made, "/versions/1/restore")))


def test_every_change_is_a_version_with_its_author_and_its_reason(pro: Person, made: Any) -> None:
    push, pull = (session["id"] for session in made["sessions"])
    for method, path, body in (
        ("PUT", "", {"name": "Winter"}),
        ("POST", "/sessions", a_session(3, [work(ROW)], name="Legs")),
        ("PUT", f"/sessions/{push}", {"exercises": [work(BENCH, 5)]}),
        ("DELETE", f"/sessions/{pull}", None),
        ("POST", "/versions/1/restore", None),
    ):
        assert pro.api.call(method, where(made, path), json=body).status_code < 300
    page = history(pro, made)
    assert [(row["number"], row["reason"]) for row in page["items"]] == [
        (6, "Version 1 restored."),
        (5, "Session “Pull” removed."),
        (4, "Barbell Bench Press in “Push”: 4 to 5 sets."),
        (3, "Session “Legs” added."),
        (2, "Renamed to “Winter”."),
        (1, "Created."),
    ]
    author = {"user_id": pro.user_id, "name": "Robin Lifter"}
    assert all(row["author"] == author for row in page["items"])
    assert (page["total"], page["has_more"]) == (6, False)
    assert pro.api.get(where(made)).json["version_number"] == 6


def test_whoever_changes_something_may_say_why(pro: Person, made: Any) -> None:
    push = made["sessions"][0]["id"]
    for path, body in (
        ("", {"duration_weeks": 6, "reason": " Holiday in July. "}),
        (f"/sessions/{push}", {"name": "Press", "reason": "The knee."}),
        ("", {"name": "Renamed", "reason": "  "}),
        # A reason alone changes nothing.
        ("", {"reason": "Because."}),
    ):
        assert pro.api.put(where(made, path), json=body).status_code == 200
    assert [row["reason"] for row in history(pro, made)["items"]] == [
        "Renamed to “Renamed”.",
        "The knee.",
        "Holiday in July.",
        "Created.",
    ]
    long = pro.api.put(where(made), json={"reason": "x" * 201})
    assert problem_places(long) == ["body.reason"]


def test_pages_of_versions(pro: Person, made: Any) -> None:
    for number in range(4):
        pro.api.put(where(made), json={"name": f"Name {number}"})
    page = history(pro, made, "?page=2&limit=2")
    assert [row["number"] for row in page["items"]] == [3, 2]
    assert (page["total"], page["total_pages"], page["has_more"]) == (5, 3, True)
    assert history(pro, made, "?skip=50")["items"] == []


def test_a_version_shows_the_program_as_it_was(pro: Person, made: Any) -> None:
    pro.api.put(where(made), json={"name": "Winter"})
    first = pro.api.get(where(made, "/versions/1")).json
    assert first["program"] == made
    assert (first["number"], first["is_current"]) == (1, False)
    assert pro.api.get(where(made, "/versions/2")).json["is_current"] is True


def test_versions_that_do_not_exist(pro: Person, made: Any) -> None:
    refused(pro.api.get(where(made, "/versions/2")), 404, "VERSION_NOT_FOUND")
    refused(pro.api.post(where(made, "/versions/2/restore")), 404, "VERSION_NOT_FOUND")
    refused(pro.api.get(where(made, "/diff?from=1&to=7")), 404, "VERSION_NOT_FOUND")
    assert problem_places(pro.api.get(where(made, "/versions/0"))) == ["path.version_number"]
    assert problem_places(pro.api.get(where(made, "/versions/x"))) == ["path.version_number"]
    assert problem_places(pro.api.get(where(made, "/diff?from=-1"))) == ["query.from"]


def test_a_colleague_sees_and_restores_what_a_stranger_cannot_find(
    people: People, pro: Person, stranger: Person, made: Any
) -> None:
    colleague = people.colleague(pro)
    pro.api.put(where(made), json={"name": "Winter"})
    assert history(colleague, made)["total"] == 2
    back = colleague.api.post(where(made, "/versions/1/restore"))
    assert (back.status_code, back.json["name"]) == (200, "Mine")
    assert history(pro, made)["items"][0]["author"]["user_id"] == colleague.user_id
    refused(stranger.api.get(where(made, "/versions")), 404, "PROGRAM_NOT_FOUND")
    refused(stranger.api.post(where(made, "/versions/1/restore")), 404, "PROGRAM_NOT_FOUND")


def test_a_difference_in_terms_of_training(pro: Person, made: Any) -> None:
    """Two sessions on 4 days: each comes up twice, so 4 to 5 sets of bench are 8 to 10 a week."""
    push = made["sessions"][0]["id"]
    body = {"exercises": [work(BENCH, 5)]}
    pro.api.put(where(made), json={"structure_config": made["structure_config"], "name": "New"})
    pro.api.put(where(made, f"/sessions/{push}"), json=body)
    answer = pro.api.get(where(made, "/diff?from=1&to=3"))
    assert answer.status_code == 200, answer.text
    diff = answer.json
    assert (diff["from_version"], diff["to_version"]) == (1, 3)
    assert diff["sentences"] == [
        "Renamed to “New”.",
        "Barbell Bench Press in “Push”: 4 to 5 sets.",
    ]
    [chest] = [row for row in diff["muscles"] if row["muscle"] == "CHEST"]
    assert (chest["sets_before"], chest["sets_after"], chest["sets_delta"]) == (8, 10, 2)
    assert (chest["direct_sets_before"], chest["direct_sets_delta"]) == (8, 2)
    assert (chest["status_before"], chest["status_after"]) == ("optimal", "optimal")
    assert len(diff["muscles"]) == 18
    assert {"op": "replace", "path": "/sessions/0/exercises/0/sets", "value": 5} in diff["patch"]
    # By default the newest is compared with the one before it; backwards works, too.
    assert pro.api.get(where(made, "/diff")).json["from_version"] == 2
    back = pro.api.get(where(made, "/diff?from=3&to=1")).json
    assert [row["sets_delta"] for row in back["muscles"] if row["muscle"] == "CHEST"] == [-2]


def test_restoring_brings_back_the_whole_of_training(pro: Person, made: Any) -> None:
    push, pull = (session["id"] for session in made["sessions"])
    pro.api.delete(where(made, f"/sessions/{pull}"))
    pro.api.put(where(made, f"/sessions/{push}"), json={"exercises": [], "name": "Empty"})
    pro.api.put(where(made), json={"structure_config": {"days_on": 2, "days_off": 1}})
    back = pro.api.post(where(made, "/versions/1/restore"))
    assert back.status_code == 200
    changing = {"updated_at": "", "version_number": 0}
    assert back.json | changing == made | changing
    assert back.json["version_number"] == 5
    # The list of programs knows it, too.
    [row] = pro.api.get("/programs?is_template=false").json["items"]
    assert row["session_count"] == 2


def test_restoring_minds_the_version_that_was_read(pro: Person, made: Any) -> None:
    changed = pro.api.put(where(made), json={"name": "Winter"})
    old, new = made, changed.headers["ETag"]
    stale = pro.api.get(where(old)).headers["ETag"]
    pro.api.put(where(made), json={"name": "Spring"})
    headers = {"If-Match": stale}
    answer = pro.api.post(where(made, "/versions/1/restore"), headers=headers)
    refused(answer, 412, "PRECONDITION_FAILED")
    assert new == stale
    current = {"If-Match": pro.api.get(where(made)).headers["ETag"]}
    answer = pro.api.post(where(made, "/versions/1/restore"), headers=current)
    assert answer.status_code == 200


def test_two_changes_at_once_are_two_versions_one_after_the_other(pro: Person, made: Any) -> None:
    changes = [{"name": "One"}, {"description": "Two"}, {"duration_weeks": 3}]
    answers = together([lambda body=body: pro.api.put(where(made), json=body) for body in changes])
    done = Counter(answer.status_code for answer in answers)
    assert set(done) <= {200, 409}
    page = history(pro, made)
    assert [row["number"] for row in page["items"]] == list(range(1 + done[200], 0, -1))
    program = pro.api.get(where(made)).json
    assert program["version_number"] == 1 + done[200]
    # No change was lost: the newest version has all that were answered with 200.
    for body, answer in zip(changes, answers, strict=True):
        if answer.status_code == 200:
            assert program | body == program


def test_two_changes_from_one_reading_are_one_change_and_one_412(pro: Person, made: Any) -> None:
    headers = {"If-Match": pro.api.get(where(made)).headers["ETag"]}
    answers = together(
        [
            lambda name=name: pro.api.put(where(made), json={"name": name}, headers=headers)
            for name in ("One", "Two")
        ]
    )
    assert sorted(answer.status_code for answer in answers) == [200, 412]
    assert history(pro, made)["total"] == 2


def test_a_templates_history_is_everybodys_but_who_made_it_is_not(
    lifter: Person, admin: Person
) -> None:
    before = lifter.api.get(f"/programs/{TEMPLATE}").json
    changed = admin.api.put(f"/programs/{TEMPLATE}", json={"duration_weeks": 13})
    assert changed.status_code == 200
    page = lifter.api.get(f"/programs/{TEMPLATE}/versions").json
    assert page["items"][0]["author"] is None
    assert "to 13 weeks" in page["items"][0]["reason"]
    shown = admin.api.get(f"/programs/{TEMPLATE}/versions").json
    assert shown["items"][0]["author"]["user_id"] == admin.user_id
    number = before["version_number"]
    assert lifter.api.get(f"/programs/{TEMPLATE}/versions/{number}").json["program"] == before
    path = f"/programs/{TEMPLATE}/versions/{number}/restore"
    refused(lifter.api.post(path), 403, "PERMISSION_DENIED")
    restored = admin.api.post(path)
    assert restored.json["duration_weeks"] == before["duration_weeks"]


def test_a_copy_remembers_its_template_and_begins_a_history_of_its_own(lifter: Person) -> None:
    template = lifter.api.get(f"/programs/{TEMPLATE}").json
    copy = lifter.api.post(f"/programs/{TEMPLATE}/clone", json={"new_name": a_name("Copy")}).json
    assert copy["cloned_from"] == TEMPLATE
    assert copy["cloned_from_version"] == template["version_number"]
    [first] = history(lifter, copy)["items"]
    assert first["reason"] == f"Copied from the template “{template['name']}”."
    assert template["cloned_from"] is None


def test_a_deleted_program_has_no_history(pro: Person, made: Any) -> None:
    pro.api.put(where(made), json={"name": "Winter"})
    assert pro.api.delete(where(made)).status_code == 204
    refused(pro.api.get(where(made, "/versions")), 404, "PROGRAM_NOT_FOUND")
    refused(pro.api.get(f"/programs/{MISSING}/versions/1"), 404, "PROGRAM_NOT_FOUND")
