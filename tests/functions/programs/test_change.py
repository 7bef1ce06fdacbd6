"""PUT /programs/{id} (P5) and DELETE /programs/{id} (P6)."""

from typing import Any

import pytest

from tests.client import Api
from tests.functions.bodies import MISSING, a_program, a_session
from tests.functions.refusals import needs_sign_in, problem_places, refused, tells_the_same
from tests.people import People, Person

pytestmark = pytest.mark.usefixtures("catalogue")


@pytest.fixture
def made(pro: Person) -> Any:
    body = a_program(description="Old.", duration_weeks=8, sessions=[a_session(1), a_session(2)])
    return pro.api.post("/programs", json=body).json


def where(made: Any) -> str:
    return f"/programs/{made['id']}"


class TestChange:
    def test_p5_an_anonymous_caller_gets_401(self, api: Api) -> None:
        needs_sign_in(api.put(f"/programs/{MISSING}", json={}))

    def test_p5_a_foreign_id_reads_like_a_missing_one(
        self, pro: Person, made: Any, stranger: Person
    ) -> None:
        foreign = stranger.api.put(where(made), json={"name": "Stolen"})
        refused(foreign, 404, "PROGRAM_NOT_FOUND")
        tells_the_same(foreign, stranger.api.put(f"/programs/{MISSING}", json={"name": "Stolen"}))
        assert pro.api.get(where(made)).json == made

    @pytest.mark.parametrize("body", [{}, {"name": None}, {"duration_weeks": 8}])
    def test_p5_what_changes_nothing_is_no_change(self, pro: Person, made: Any, body: Any) -> None:
        """Nobody else's If-Match goes stale by it."""
        before = pro.api.get(where(made))
        answer = pro.api.put(where(made), json=body)
        session = made["sessions"][0]
        path = f"{where(made)}/sessions/{session['id']}"
        assert pro.api.put(path, json={"name": session["name"]}).status_code == 200
        after = pro.api.get(where(made))
        assert (answer.status_code, answer.json) == (200, made)
        assert (after.json, after.headers["ETag"]) == (before.json, before.headers["ETag"])

    def test_p5_any_member_may_change_it_on_any_plan(
        self, people: People, pro: Person, made: Any
    ) -> None:
        answer = people.colleague(pro).api.put(where(made), json={"name": "Ours"})
        assert (answer.status_code, answer.json["name"]) == (200, "Ours")

    def test_p5_a_template_is_403_for_users_and_open_to_administrators(
        self, pro: Person, admin: Person
    ) -> None:
        template = "/programs/full-body-3-day-split"
        refused(pro.api.put(template, json={"name": "Mine"}), 403, "PERMISSION_DENIED")
        before = pro.api.get(template).json
        answer = admin.api.put(template, json={"duration_weeks": 9})
        assert (answer.status_code, answer.json["duration_weeks"]) == (200, 9)
        restored = admin.api.put(template, json={"duration_weeks": before["duration_weeks"]})
        varying = {"updated_at": "", "version_number": 0}
        assert restored.json | varying == before | varying

    @pytest.mark.parametrize(
        ("body", "expected"),
        [
            ({"name": "AB"}, {"name": "AB"}),
            ({"description": ""}, {"description": ""}),
            ({"split_type": "FULL_BODY"}, {"split_type": "FULL_BODY"}),
            ({"duration_weeks": 52}, {"duration_weeks": 52}),
            ({"duration_weeks": None}, {"duration_weeks": None}),
            (
                {"structure_config": {"days_on": 2, "days_off": 1}},
                {
                    "structure_config": {"days_on": 2, "days_off": 1},
                    "structure_type": "CYCLIC",
                },
            ),
            (
                {"structure_type": "CYCLIC"},
                {
                    "structure_config": {"days_on": 3, "days_off": 1},
                    "structure_type": "CYCLIC",
                },
            ),
            ({"name": None, "description": None, "split_type": None}, {}),
            ({}, {}),
            ({"sessions": [], "organization_id": MISSING, "is_template": True, "id": "x"}, {}),
        ],
    )
    def test_p5_what_is_sent_changes_and_the_rest_stays(
        self, pro: Person, made: Any, body: Any, expected: Any
    ) -> None:
        answer = pro.api.put(where(made), json=body)
        assert answer.status_code == 200, answer.text
        varying = {"updated_at": "", "version_number": 0, "stats": {}}
        assert answer.json | varying == made | expected | varying
        assert answer.json["updated_at"] >= made["updated_at"]
        assert pro.api.get(where(made)).json == answer.json

    @pytest.mark.parametrize(
        ("body", "place"),
        [
            ({"name": "A"}, "body.name"),
            ({"description": "x" * 2001}, "body.description"),
            ({"duration_weeks": 0}, "body.duration_weeks"),
            ({"split_type": "PPL"}, "body.split_type"),
            (
                {"structure_type": "WEEKLY", "structure_config": {"days_on": 2, "days_off": 1}},
                "body.structure_config",
            ),
        ],
    )
    def test_p5_what_breaks_a_rule_is_422(
        self, pro: Person, made: Any, body: Any, place: str
    ) -> None:
        assert problem_places(pro.api.put(where(made), json=body)) == [place]
        assert pro.api.get(where(made)).json == made

    def test_p5_an_outdated_version_is_412(self, pro: Person, made: Any) -> None:
        outdated = pro.api.get(where(made)).headers["ETag"]
        session = pro.api.post(f"{where(made)}/sessions", json=a_session(3))
        assert session.status_code == 201
        late = pro.api.put(where(made), json={"name": "Late"}, headers={"If-Match": outdated})
        refused(late, 412, "PRECONDITION_FAILED")
        current = pro.api.get(where(made)).headers["ETag"]
        assert pro.api.put(where(made), json={}, headers={"If-Match": current}).status_code == 200


class TestRemove:
    def test_p6_an_anonymous_caller_gets_401(self, api: Api) -> None:
        needs_sign_in(api.delete(f"/programs/{MISSING}"))

    def test_p6_a_foreign_id_reads_like_a_missing_one(
        self, pro: Person, made: Any, stranger: Person
    ) -> None:
        foreign = stranger.api.delete(where(made))
        refused(foreign, 404, "PROGRAM_NOT_FOUND")
        tells_the_same(foreign, stranger.api.delete(f"/programs/{MISSING}"))
        assert pro.api.get(where(made)).json == made

    def test_p6_a_template_is_403_for_users(self, pro: Person) -> None:
        answer = pro.api.delete("/programs/full-body-3-day-split")
        refused(answer, 403, "PERMISSION_DENIED")
        assert pro.api.get("/programs/full-body-3-day-split").status_code == 200

    def test_p6_a_program_goes_with_its_sessions(
        self, people: People, pro: Person, made: Any
    ) -> None:
        answer = people.colleague(pro).api.delete(where(made))
        assert (answer.status_code, answer.data) == (204, b"")
        refused(pro.api.get(where(made)), 404, "PROGRAM_NOT_FOUND")
        assert pro.api.get("/programs?is_template=false").json["total"] == 0
        session = f"{where(made)}/sessions/{made['sessions'][0]['id']}"
        refused(pro.api.put(session, json={"name": "Gone"}), 404, "PROGRAM_NOT_FOUND")

    def test_p6_a_repeated_delete_is_404_never_500(self, pro: Person, made: Any) -> None:
        pro.api.delete(where(made))
        tells_the_same(pro.api.delete(where(made)), pro.api.delete(f"/programs/{MISSING}"))

    def test_p6_an_outdated_version_is_412(self, pro: Person, made: Any) -> None:
        outdated = pro.api.get(where(made)).headers["ETag"]
        pro.api.put(where(made), json={"name": "New"})
        late = pro.api.delete(where(made), headers={"If-Match": outdated})
        refused(late, 412, "PRECONDITION_FAILED")
        assert pro.api.get(where(made)).status_code == 200
