"""D9 to D17: all exercises, the shared catalogue, and the templates."""

import pytest

from tests.client import Api
from tests.functions.bodies import MISSING, a_name, a_program, a_session, an_exercise, work
from tests.functions.refusals import needs_sign_in, problem_places, refused
from tests.people import Person

SPELLINGS = pytest.mark.parametrize("base", ["/admin/programs", "/admin/programs/templates"])


def names(answer) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [row["name"] for row in answer.json["items"]]


class TestExercises:
    def test_nobody_else_keeps_the_catalogue(self, api: Api, pro: Person) -> None:
        needs_sign_in(api.get("/admin/exercises"))
        for call in (
            pro.api.get("/admin/exercises"),
            pro.api.post("/admin/exercises", json=an_exercise()),
            pro.api.delete("/admin/exercises/barbell-bench-press"),
        ):
            refused(call, 403, "ADMIN_REQUIRED")

    def test_those_of_all_owners_are_listed_and_filtered(
        self, admin: Person, pro: Person, stranger: Person
    ) -> None:
        """D9."""
        word = a_name("W").replace(" ", "")
        muscles = {"CALVES": 1.0}
        own = pro.api.post("/exercises", json=an_exercise(name=f"{word} own")).json
        other = stranger.api.post(
            "/exercises",
            json=an_exercise(name=f"{word} other", equipment="CABLE", muscle_contributions=muscles),
        ).json
        shared = admin.api.post("/admin/exercises", json=an_exercise(name=f"{word} shared")).json

        def found(query: str) -> set[str]:
            return {
                row["id"]
                for row in admin.api.get(f"/admin/exercises?search={word}&{query}").json["items"]
            }

        assert found("") == {own["id"], other["id"], shared["id"]}
        assert found("is_global=true") == {shared["id"]}
        assert found("is_global=false") == {own["id"], other["id"]}
        assert found(f"organization_id={pro.organization_id}") == {own["id"]}
        assert found("equipment=CABLE") == {other["id"]}
        assert found("muscle_group=CALVES") == {other["id"]}
        assert found("muscle_group=CHEST&equipment=BARBELL") == {own["id"], shared["id"]}
        listed = admin.api.get(f"/admin/exercises?search=other%20{word}")
        assert names(listed) == [f"{word} other"]
        assert listed.json["total"] == 1

    def test_without_a_search_the_newest_come_first(self, admin: Person, pro: Person) -> None:
        made = [pro.api.post("/exercises", json=an_exercise()).json["id"] for _ in range(3)]
        page = admin.api.get("/admin/exercises?limit=3").json
        assert [row["id"] for row in page["items"]] == made[::-1]
        calves = admin.api.get("/admin/exercises?muscle_group=CHEST&limit=1").json
        assert calves["items"][0]["id"] == made[-1]
        assert admin.api.get("/admin/exercises").json["page_size"] == 50
        assert problem_places(admin.api.get("/admin/exercises?equipment=ROPE")) == [
            "query.equipment"
        ]

    def test_one_is_added_for_everybody(self, admin: Person, lifter: Person) -> None:
        """D10."""
        made = admin.api.post("/admin/exercises", json=an_exercise())
        assert made.status_code == 201
        assert (made.json["is_global"], made.json["organization_id"]) == (True, None)
        assert lifter.api.get(f"/exercises/{made.json['id']}").status_code == 200
        again = admin.api.post("/admin/exercises", json=an_exercise(name=made.json["name"].upper()))
        refused(again, 409, "RESOURCE_ALREADY_EXISTS")

    def test_one_is_changed_for_everybody(self, admin: Person, lifter: Person) -> None:
        """D11."""
        made = admin.api.post("/admin/exercises", json=an_exercise()).json
        path = f"/admin/exercises/{made['id']}"
        assert admin.api.put(path, json={"description": "Slow."}).json["description"] == "Slow."
        assert lifter.api.get(f"/exercises/{made['id']}").json["description"] == "Slow."
        stale = {"If-Match": '"1"'}
        refused(
            admin.api.put(path, json={"description": "Fast."}, headers=stale),
            412,
            "PRECONDITION_FAILED",
        )

    def test_an_organizations_own_is_refused_here(self, admin: Person, pro: Person) -> None:
        own = pro.api.post("/exercises", json=an_exercise()).json
        path = f"/admin/exercises/{own['id']}"
        refused(admin.api.put(path, json={"description": "Mine."}), 403, "PERMISSION_DENIED")
        refused(admin.api.delete(path), 403, "PERMISSION_DENIED")
        missing = f"/admin/exercises/{MISSING}"
        refused(admin.api.put(missing, json={"description": "x"}), 404, "EXERCISE_NOT_FOUND")

    def test_one_in_use_is_withdrawn_by_force_alone(self, admin: Person, pro: Person) -> None:
        """D12."""
        made = admin.api.post("/admin/exercises", json=an_exercise()).json
        body = a_program(sessions=[a_session(1, [work(made["id"])])])
        program = pro.api.post("/programs", json=body).json
        path = f"/admin/exercises/{made['id']}"
        details = refused(admin.api.delete(path), 409, "RESOURCE_IN_USE")
        assert details["programs"] == [{"id": program["id"], "name": program["name"]}]
        assert admin.api.delete(f"{path}?force=true").status_code == 204
        refused(admin.api.delete(path), 404, "EXERCISE_NOT_FOUND")
        # What uses it goes on showing its name and its volume.
        shown = pro.api.get(f"/programs/{program['id']}").json
        assert shown["sessions"][0]["exercises"][0]["exercise_name"] == made["name"]
        assert shown["stats"]["total_sets"] == 3
        refused(pro.api.post("/programs", json=body | {"name": "Other"}), 400, "INVALID_OPERATION")


class TestTemplates:
    @SPELLINGS
    def test_nobody_else_keeps_templates(self, api: Api, pro: Person, base: str) -> None:
        needs_sign_in(api.get(base))
        refused(pro.api.post(base, json=a_program()), 403, "ADMIN_REQUIRED")

    @SPELLINGS
    def test_one_is_made_listed_changed_and_removed(
        self, admin: Person, lifter: Person, base: str
    ) -> None:
        """D13 to D16."""
        made = admin.api.post(base, json=a_program(sessions=[a_session(1)]))
        assert made.status_code == 201
        assert (made.json["is_template"], made.json["organization_id"]) == (True, None)
        name = made.json["name"]
        assert names(admin.api.get(f"{base}?search={name}")) == [name]
        assert name in names(lifter.api.get("/programs?is_template=true&limit=100"))
        path = f"{base}/{made.json['id']}"
        changed = admin.api.put(path, json={"duration_weeks": 6})
        assert changed.json["duration_weeks"] == 6
        copy = lifter.api.post(f"/programs/{made.json['id']}/clone")
        assert copy.status_code == 201
        assert admin.api.delete(path).status_code == 204
        refused(admin.api.delete(path), 404, "PROGRAM_NOT_FOUND")
        assert lifter.api.get(f"/programs/{copy.json['id']}").status_code == 200

    @SPELLINGS
    def test_the_list_holds_templates_alone(self, admin: Person, base: str) -> None:
        own = admin.api.post("/programs", json=a_program()).json
        rows = admin.api.get(f"{base}?limit=100&is_template=false").json["items"]
        assert own["id"] not in {row["id"] for row in rows}
        assert {row["is_template"] for row in rows} <= {True}
        refused(admin.api.put(f"{base}/{own['id']}", json={"name": "x2"}), 403, "PERMISSION_DENIED")
        refused(admin.api.delete(f"{base}/{own['id']}"), 403, "PERMISSION_DENIED")
        refused(admin.api.delete(f"{base}/{MISSING}"), 404, "PROGRAM_NOT_FOUND")

    def test_a_template_takes_no_organizations_exercise(self, admin: Person, pro: Person) -> None:
        own = pro.api.post("/exercises", json=an_exercise()).json
        body = a_program(sessions=[a_session(1, [work(own["id"])])])
        refused(admin.api.post("/admin/programs", json=body), 400, "INVALID_OPERATION")

    def test_sessions_of_a_template_are_an_administrators(self, admin: Person, pro: Person) -> None:
        """D17."""
        made = admin.api.post("/admin/programs", json=a_program(sessions=[a_session(1)])).json
        path = f"/programs/{made['id']}/sessions"
        refused(pro.api.post(path, json=a_session(2)), 403, "PERMISSION_DENIED")
        added = admin.api.post(path, json=a_session(2))
        assert added.status_code == 201
        one = f"{path}/{added.json['id']}"
        assert admin.api.put(one, json={"name": "Legs"}).json["name"] == "Legs"
        assert admin.api.delete(one).status_code == 204
        logged = admin.api.get(f"/admin/audit-logs?target_id={made['id']}").json["items"]
        assert [row["action"] for row in logged] == [
            "program.update_template",
            "program.update_template",
            "program.update_template",
            "program.create_template",
        ]


def test_a_template_called_design_can_be_read(admin: Person, lifter: Person) -> None:
    body = a_program(name="Design", sessions=[a_session(1)])
    origin = admin.api.post("/admin/programs", json=body).json
    answer = lifter.api.get(f"/programs/{origin['id']}")
    assert answer.status_code == 200, answer.text
    assert admin.api.delete(f"/programs/{origin['id']}").status_code == 204


def test_administrators_may_use_short_names_of_muscles(admin: Person) -> None:
    assert admin.api.get("/admin/exercises?muscle_group=QUADS").status_code == 200
