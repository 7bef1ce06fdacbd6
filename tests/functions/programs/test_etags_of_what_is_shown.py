"""An ETag stands for what is shown: whoever asks for news hears of all of it."""

from typing import Any

import pytest

from tests.functions.bodies import a_program, a_session, an_exercise, work
from tests.people import Person

pytestmark = pytest.mark.usefixtures("catalogue")


def program_of(person: Person, exercise_id: str) -> Any:
    body = a_program(sessions=[a_session(1, [work(exercise_id)])])
    answer = person.api.post("/programs", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json


def test_p2_the_etag_changes_when_an_exercise_is_withdrawn(admin: Person, pro: Person) -> None:
    shared = admin.api.post("/admin/exercises", json=an_exercise()).json["id"]
    where = f"/programs/{program_of(pro, shared)['id']}"
    before = pro.api.get(where)
    assert admin.api.delete(f"/admin/exercises/{shared}?force=true").status_code == 204
    assert pro.api.get(where).json != before.json
    news = pro.api.get(where, headers={"If-None-Match": before.headers["ETag"]})
    assert news.status_code == 200
    assert any("Withdrawn" in note for note in news.json["stats"]["notes"])
    # It still guards the program alone.
    kept = {"If-Match": before.headers["ETag"]}
    assert pro.api.put(where, json={"name": "Mine"}, headers=kept).status_code == 200


class TestMesocycles:
    def made(self, person: Person, exercise_id: str, **fields: Any) -> str:
        program = program_of(person, exercise_id)["id"]
        answer = person.api.post(f"/programs/{program}/mesocycle", json=fields)
        assert answer.status_code == 201, answer.text
        return f"/programs/{program}/mesocycles/{answer.json['id']}"

    def test_the_etag_changes_with_the_exercises_shown(self, pro: Person) -> None:
        own = pro.api.post("/exercises", json=an_exercise()).json["id"]
        where = self.made(pro, own)
        before = pro.api.get(where)
        changes = {"name": an_exercise()["name"], "muscle_contributions": {"CALVES": 1}}
        assert pro.api.put(f"/exercises/{own}", json=changes).status_code == 200
        assert pro.api.get(where).json != before.json
        news = pro.api.get(where, headers={"If-None-Match": before.headers["ETag"]})
        assert news.status_code == 200
        row = news.json["weeks"][0]["sessions"][0]["exercises"][0]
        assert row["exercise_name"] == changes["name"]
        # It still guards the mesocycle alone.
        kept = {"If-Match": before.headers["ETag"]}
        assert pro.api.put(where, json={"name": "Mine"}, headers=kept).status_code == 200

    def test_the_etag_changes_with_the_settings_it_is_judged_by(self, pro: Person) -> None:
        where = self.made(pro, "barbell-bench-press", profile="organization")
        before = pro.api.get(where)
        edges = {"minimum_effective": 1, "maximum_adaptive": 2, "maximum_recoverable": 3}
        own = {"muscle": "CHEST", "axis": "fractional", **edges}
        draft = {"base": "evidence", "thresholds": [own]}
        answer = pro.api.put("/programs/volume/profiles/organization", json=draft)
        assert answer.status_code == 200, answer.text
        assert pro.api.get(where).json != before.json
        news = pro.api.get(where, headers={"If-None-Match": before.headers["ETag"]})
        assert news.status_code == 200
