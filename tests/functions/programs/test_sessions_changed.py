"""PUT (P9) and DELETE (P10) /programs/{id}/sessions/{id}."""

from typing import Any

import pytest

from tests.client import Api
from tests.functions.bodies import MISSING, a_program, a_session, an_exercise, work
from tests.functions.refusals import needs_sign_in, problem_places, refused, tells_the_same
from tests.people import People, Person

pytestmark = pytest.mark.usefixtures("catalogue")


@pytest.fixture
def program(pro: Person) -> Any:
    rows = [work("leg-curl", notes="Slow."), work("plank", order=2)]
    body = a_program(sessions=[a_session(1, rows), a_session(2), a_session(4, order_in_program=3)])
    return pro.api.post("/programs", json=body).json


def where(program: Any, index: int = 0) -> str:
    return f"/programs/{program['id']}/sessions/{program['sessions'][index]['id']}"


class TestChange:
    def test_p9_an_anonymous_caller_gets_401(self, api: Api) -> None:
        needs_sign_in(api.put(f"/programs/{MISSING}/sessions/{MISSING}", json={}))

    def test_p9_a_foreign_session_reads_like_a_missing_one(
        self, pro: Person, program: Any, stranger: Person
    ) -> None:
        answer = stranger.api.put(where(program), json={"name": "Stolen"})
        refused(answer, 404, "PROGRAM_NOT_FOUND")
        missing = f"/programs/{MISSING}/sessions/{MISSING}"
        tells_the_same(answer, stranger.api.put(missing, json={"name": "Stolen"}))
        assert pro.api.get(f"/programs/{program['id']}").json == program

    def test_c6_a_session_of_another_program_is_404(self, pro: Person, program: Any) -> None:
        other = pro.api.post("/programs", json=a_program(sessions=[a_session(1)])).json
        crossed = f"/programs/{other['id']}/sessions/{program['sessions'][0]['id']}"
        answer = pro.api.put(crossed, json={"name": "Crossed"})
        refused(answer, 404, "SESSION_NOT_FOUND")
        missing = f"/programs/{other['id']}/sessions/{MISSING}"
        tells_the_same(answer, pro.api.put(missing, json={"name": "Crossed"}))
        assert pro.api.get(f"/programs/{program['id']}").json == program

    def test_p9_a_foreign_exercise_is_400_like_an_unknown_one(
        self, pro: Person, program: Any, stranger: Person
    ) -> None:
        foreign = stranger.api.post("/exercises", json=an_exercise()).json["id"]
        told = []
        for identifier in (foreign, MISSING):
            answer = pro.api.put(where(program), json={"exercises": [work(identifier)]})
            assert refused(answer, 400, "INVALID_OPERATION") == {"exercise_ids": [identifier]}
            told.append(answer.json["detail"].replace(identifier, "…"))
        assert told[0] == told[1]
        assert pro.api.get(f"/programs/{program['id']}").json == program

    def test_p9_templates_are_403_for_users(self, pro: Person) -> None:
        template = pro.api.get("/programs/full-body-3-day-split").json
        refused(pro.api.put(where(template), json={"name": "Mine"}), 403, "PERMISSION_DENIED")
        refused(pro.api.delete(where(template)), 403, "PERMISSION_DENIED")

    def test_p9_any_member_may_change_it(self, people: People, pro: Person, program: Any) -> None:
        answer = people.colleague(pro).api.put(where(program), json={"name": "Ours"})
        assert (answer.status_code, answer.json["name"]) == (200, "Ours")

    @pytest.mark.parametrize(
        ("body", "expected"),
        [
            ({"name": "B"}, {"name": "B"}),
            ({"day_number": 3}, {"day_number": 3}),
            ({"order_in_program": 9}, {"order_in_program": 9}),
            ({"day_number": 1, "order_in_program": 1}, {}),
            ({"name": None, "day_number": None, "exercises": None}, {}),
            ({"exercises": []}, {"exercises": [], "total_sets": 0, "exercise_count": 0}),
            ({}, {}),
        ],
    )
    def test_p9_what_is_sent_changes_and_the_rest_stays(
        self, pro: Person, program: Any, body: Any, expected: Any
    ) -> None:
        answer = pro.api.put(where(program), json=body)
        assert answer.status_code == 200, answer.text
        varying = {"updated_at": ""}
        assert answer.json | varying == program["sessions"][0] | expected | varying
        sessions = pro.api.get(f"/programs/{program['id']}").json["sessions"]
        assert answer.json in sessions
        assert sorted(row["id"] for row in sessions) == sorted(
            row["id"] for row in program["sessions"]
        )

    def test_p9_exercises_are_replaced_as_a_whole(self, pro: Person, program: Any) -> None:
        rows = [work("barbell-curl", 20, 2), work("leg-press", 5, 1)]
        answer = pro.api.put(where(program), json={"exercises": rows}).json
        assert [row["exercise_id"] for row in answer["exercises"]] == ["leg-press", "barbell-curl"]
        assert answer["total_sets"] == 25

    @pytest.mark.parametrize(
        ("body", "details"),
        [
            ({"day_number": 2}, {"field": "day_number", "value": 2}),
            ({"day_number": 4}, {"field": "day_number", "value": 4}),
            ({"order_in_program": 3}, {"field": "order_in_program", "value": 3}),
        ],
    )
    def test_c1_a_place_of_another_session_is_409(
        self, pro: Person, program: Any, body: Any, details: Any
    ) -> None:
        # 4 is also the number of sessions plus one: only adding may be given another number.
        assert refused(pro.api.put(where(program), json=body), 409, "DUPLICATE_ENTRY") == details
        assert pro.api.get(f"/programs/{program['id']}").json == program

    @pytest.mark.parametrize(
        ("body", "place"),
        [
            ({"name": " "}, "name"),
            ({"day_number": 0}, "day_number"),
            ({"order_in_program": "first"}, "order_in_program"),
            ({"exercises": [work("plank", 21)]}, "exercises.0.sets"),
            ({"exercises": [work(f"e{n}", order=n) for n in range(1, 22)]}, "exercises"),
        ],
    )
    def test_p9_what_breaks_a_rule_is_422(
        self, pro: Person, program: Any, body: Any, place: str
    ) -> None:
        assert problem_places(pro.api.put(where(program), json=body)) == [f"body.{place}"]

    def test_p9_an_exercise_twice_is_400_and_named(self, pro: Person, program: Any) -> None:
        body = {"exercises": [work("plank"), work("plank", order=2)]}
        answer = pro.api.put(where(program), json=body)
        assert refused(answer, 400, "INVALID_OPERATION")["exercise_ids"] == ["plank"]

    def test_p9_an_outdated_version_is_412(self, pro: Person, program: Any) -> None:
        outdated = pro.api.get(f"/programs/{program['id']}").headers["ETag"]
        pro.api.put(where(program), json={"name": "First"})
        for method, body in (("PUT", {"name": "Second"}), ("DELETE", None)):
            late = pro.api.call(method, where(program), json=body, headers={"If-Match": outdated})
            refused(late, 412, "PRECONDITION_FAILED")


class TestRemove:
    def test_p10_an_anonymous_caller_gets_401(self, api: Api) -> None:
        needs_sign_in(api.delete(f"/programs/{MISSING}/sessions/{MISSING}"))

    def test_p10_a_foreign_session_reads_like_a_missing_one(
        self, pro: Person, program: Any, stranger: Person
    ) -> None:
        answer = stranger.api.delete(where(program))
        refused(answer, 404, "PROGRAM_NOT_FOUND")
        tells_the_same(answer, stranger.api.delete(f"/programs/{MISSING}/sessions/{MISSING}"))
        assert pro.api.get(f"/programs/{program['id']}").json == program

    def test_c6_a_session_of_another_program_is_404(self, pro: Person, program: Any) -> None:
        other = pro.api.post(
            "/programs", json=a_program(sessions=[a_session(1), a_session(2)])
        ).json
        crossed = f"/programs/{other['id']}/sessions/{program['sessions'][0]['id']}"
        answer = pro.api.delete(crossed)
        refused(answer, 404, "SESSION_NOT_FOUND")
        tells_the_same(answer, pro.api.delete(f"/programs/{other['id']}/sessions/{MISSING}"))
        assert pro.api.get(f"/programs/{program['id']}").json == program

    def test_p10_a_session_goes_and_the_others_keep_their_places(
        self, pro: Person, program: Any
    ) -> None:
        answer = pro.api.delete(where(program, 1))
        assert (answer.status_code, answer.data) == (204, b"")
        read = pro.api.get(f"/programs/{program['id']}").json
        assert [row["day_number"] for row in read["sessions"]] == [1, 4]
        assert read["stats"]["total_sessions"] == 2
        [row] = pro.api.get("/programs?is_template=false").json["items"]
        assert row["session_count"] == 2

    def test_p10_a_repeated_delete_is_404(self, pro: Person, program: Any) -> None:
        pro.api.delete(where(program))
        refused(pro.api.delete(where(program)), 404, "SESSION_NOT_FOUND")

    def test_p10_the_last_session_stays(self, pro: Person, program: Any) -> None:
        for index in (0, 1):
            assert pro.api.delete(where(program, index)).status_code == 204
        answer = pro.api.delete(where(program, 2))
        refused(answer, 400, "INVALID_OPERATION")
        assert "last session" in answer.json["detail"]
        assert len(pro.api.get(f"/programs/{program['id']}").json["sessions"]) == 1


def test_d17_an_administrator_may_edit_a_templates_sessions(admin: Person) -> None:
    template = "/programs/push-pull-legs-6-day-split"
    added = admin.api.post(f"{template}/sessions", json=a_session(4, [work("plank")]))
    assert added.status_code == 201, added.text
    session = f"{template}/sessions/{added.json['id']}"
    assert admin.api.put(session, json={"name": "Core"}).json["name"] == "Core"
    assert admin.api.delete(session).status_code == 204
    # A template may not depend on what only one organization can see.
    own = admin.api.post("/exercises", json=an_exercise()).json
    assert own["is_global"] is True
    assert admin.api.delete(f"/exercises/{own['id']}").status_code == 204


def test_a_session_with_a_withdrawn_exercise_can_still_be_changed(
    admin: Person, pro: Person
) -> None:
    gone = admin.api.post("/admin/exercises", json=an_exercise()).json["id"]
    sessions = [a_session(1, [work(gone), work("barbell-bench-press", 3, 2)]), a_session(2)]
    program = pro.api.post("/programs", json=a_program(sessions=sessions)).json
    assert admin.api.delete(f"/admin/exercises/{gone}?force=true").status_code == 204
    kept = {"exercises": [work(gone), work("barbell-bench-press", 5, 2)]}
    answer = pro.api.put(where(program), json=kept)
    assert answer.status_code == 200, answer.text
    # It is not brought in anywhere else.
    refused(pro.api.put(where(program, 1), json=kept), 400, "INVALID_OPERATION")
