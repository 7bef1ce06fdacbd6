"""DELETE /exercises/{id} (E6): who may, and never while a program uses it."""

from typing import Any

import pytest

from tests.client import Api
from tests.functions.bodies import MISSING, a_program, a_session, an_exercise, work
from tests.functions.refusals import needs_sign_in, refused, tells_the_same
from tests.people import People, Person


@pytest.fixture
def made(pro: Person) -> Any:
    return pro.api.post("/exercises", json=an_exercise()).json


def where(made: Any) -> str:
    return f"/exercises/{made['id']}"


def program_with(person: Person, *exercises: str) -> Any:
    rows = [work(identifier, order=place) for place, identifier in enumerate(exercises, 1)]
    answer = person.api.post("/programs", json=a_program(sessions=[a_session(1, rows)]))
    assert answer.status_code == 201, answer.text
    return answer.json


class TestAccess:
    def test_e6_an_anonymous_caller_gets_401(self, api: Api) -> None:
        needs_sign_in(api.delete(f"/exercises/{MISSING}"))

    def test_e6_a_foreign_id_reads_like_a_missing_one(
        self, pro: Person, made: Any, stranger: Person
    ) -> None:
        foreign = stranger.api.delete(where(made))
        refused(foreign, 404, "EXERCISE_NOT_FOUND")
        tells_the_same(foreign, stranger.api.delete(f"/exercises/{MISSING}"))
        assert pro.api.get(where(made)).json == made

    def test_e6_a_colleague_who_did_not_make_it_gets_403(
        self, people: People, pro: Person, made: Any
    ) -> None:
        refused(people.colleague(pro).api.delete(where(made)), 403, "PERMISSION_DENIED")

    @pytest.mark.usefixtures("catalogue")
    def test_e6_the_shared_catalogue_is_closed_to_users(self, pro: Person) -> None:
        refused(pro.api.delete("/exercises/barbell-curl"), 403, "PERMISSION_DENIED")

    def test_e6_an_administrator_may_delete_any_organizations_exercise(
        self, pro: Person, made: Any, admin: Person
    ) -> None:
        assert admin.api.delete(where(made)).status_code == 204
        refused(pro.api.get(where(made)), 404, "EXERCISE_NOT_FOUND")
        assert pro.api.get("/exercises?is_global=false").json["total"] == 0


class TestRemoval:
    def test_e6_what_is_deleted_is_gone_everywhere(self, pro: Person, made: Any) -> None:
        answer = pro.api.delete(where(made))
        assert (answer.status_code, answer.data) == (204, b"")
        refused(pro.api.get(where(made)), 404, "EXERCISE_NOT_FOUND")
        assert pro.api.get("/exercises?is_global=false").json["total"] == 0
        assert pro.api.get("/exercises/stats/overview").json["organization"] == 0

    def test_e6_a_repeated_delete_is_404_never_500(self, pro: Person, made: Any) -> None:
        pro.api.delete(where(made))
        tells_the_same(pro.api.delete(where(made)), pro.api.delete(f"/exercises/{MISSING}"))

    def test_e6_the_name_is_free_again(self, pro: Person, made: Any) -> None:
        pro.api.delete(where(made))
        again = pro.api.post("/exercises", json=an_exercise(name=made["name"]))
        assert again.status_code == 201
        assert again.json["id"] != made["id"]

    def test_e6_an_outdated_version_is_412(self, pro: Person, made: Any) -> None:
        outdated = pro.api.get(where(made)).headers["ETag"]
        pro.api.put(where(made), json={"description": "New."})
        late = pro.api.delete(where(made), headers={"If-Match": outdated})
        refused(late, 412, "PRECONDITION_FAILED")
        current = pro.api.get(where(made)).headers["ETag"]
        assert pro.api.delete(where(made), headers={"If-Match": current}).status_code == 204


class TestInUse:
    def test_c5_an_exercise_in_use_is_409_and_the_programs_are_named(
        self, pro: Person, made: Any
    ) -> None:
        programs = [program_with(pro, made["id"]) for _ in range(2)]
        answer = pro.api.delete(where(made))
        details = refused(answer, 409, "RESOURCE_IN_USE")
        named = sorted(details["programs"], key=lambda row: row["name"])
        assert named == sorted(
            ({"id": row["id"], "name": row["name"]} for row in programs),
            key=lambda row: row["name"],
        )
        assert "and other programs" in answer.json["detail"]
        assert pro.api.get(where(made)).status_code == 200

    def test_c5_once_unused_it_may_be_deleted(self, pro: Person, made: Any) -> None:
        program = program_with(pro, made["id"])
        [session] = program["sessions"]
        pro.api.put(f"/programs/{program['id']}/sessions/{session['id']}", json={"exercises": []})
        assert pro.api.delete(where(made)).status_code == 204

    def test_c5_at_most_five_programs_are_named(self, pro: Person, made: Any) -> None:
        for _ in range(6):
            program_with(pro, made["id"])
        details = refused(pro.api.delete(where(made)), 409, "RESOURCE_IN_USE")
        assert len(details["programs"]) == 5

    def test_c5_a_global_exercise_is_kept_while_any_organization_uses_it(
        self, admin: Person, pro: Person, stranger: Person
    ) -> None:
        shared = admin.api.post("/exercises", json=an_exercise()).json
        programs = [program_with(person, shared["id"]) for person in (pro, stranger)]
        details = refused(admin.api.delete(where(shared)), 409, "RESOURCE_IN_USE")
        assert {row["id"] for row in details["programs"]} == {row["id"] for row in programs}
        for person, program in zip((pro, stranger), programs, strict=True):
            person.api.delete(f"/programs/{program['id']}")
        assert admin.api.delete(where(shared)).status_code == 204

    @pytest.mark.usefixtures("catalogue")
    def test_c5_a_global_exercise_is_kept_while_a_template_uses_it(self, admin: Person) -> None:
        details = refused(admin.api.delete("/exercises/plank"), 409, "RESOURCE_IN_USE")
        assert {"id": "full-body-3-day-split", "name": "Full Body 3-Day Split"} in details[
            "programs"
        ]
