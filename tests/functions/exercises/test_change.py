"""PUT /exercises/{id} (E5): who may, what changes, what null means, which version."""

from typing import Any

import pytest

from tests.client import Api
from tests.functions.bodies import MISSING, a_name, an_exercise
from tests.functions.refusals import needs_sign_in, problem_places, refused, tells_the_same
from tests.people import People, Person


@pytest.fixture
def made(pro: Person) -> Any:
    body = an_exercise(
        description="Slow.",
        image_url="https://storage.googleapis.com/b/a.png",
        video_url="https://youtu.be/x",
        difficulty_level="BEGINNER",
        force_type="PULL",
    )
    return pro.api.post("/exercises", json=body).json


def where(made: Any) -> str:
    return f"/exercises/{made['id']}"


class TestAccess:
    def test_e5_an_anonymous_caller_gets_401(self, api: Api) -> None:
        needs_sign_in(api.put(f"/exercises/{MISSING}", json={}))

    def test_e5_a_foreign_id_reads_like_a_missing_one(
        self, pro: Person, made: Any, stranger: Person
    ) -> None:
        foreign = stranger.api.put(where(made), json={"name": "Stolen"})
        refused(foreign, 404, "EXERCISE_NOT_FOUND")
        tells_the_same(foreign, stranger.api.put(f"/exercises/{MISSING}", json={"name": "Stolen"}))
        assert pro.api.get(where(made)).json == made

    def test_e5_a_colleague_who_did_not_make_it_gets_403(
        self, people: People, pro: Person, made: Any
    ) -> None:
        colleague = people.colleague(pro)
        assert colleague.api.get(where(made)).status_code == 200
        refused(colleague.api.put(where(made), json={"name": a_name()}), 403, "PERMISSION_DENIED")

    @pytest.mark.usefixtures("catalogue")
    def test_e5_the_shared_catalogue_is_closed_to_users(self, pro: Person) -> None:
        answer = pro.api.put("/exercises/barbell-curl", json={"name": a_name()})
        refused(answer, 403, "PERMISSION_DENIED")

    def test_e5_an_administrator_may_change_any_organizations_exercise(
        self, pro: Person, made: Any, admin: Person
    ) -> None:
        assert admin.api.get(where(made)).status_code == 200
        answer = admin.api.put(where(made), json={"description": "Checked."})
        assert answer.status_code == 200, answer.text
        assert answer.json["organization_id"] == pro.organization_id
        assert pro.api.get(where(made)).json == answer.json
        [row] = pro.api.get("/exercises?is_global=false").json["items"]
        assert row["description"] == "Checked."

    def test_e5_an_administrator_may_change_a_global_exercise(
        self, admin: Person, lifter: Person
    ) -> None:
        shared = admin.api.post("/exercises", json=an_exercise()).json
        renamed = admin.api.put(where(shared), json={"name": a_name("Renamed")}).json
        # The readable id stays, so nothing that refers to it breaks.
        assert renamed["id"] == shared["id"]
        assert lifter.api.get(where(shared)).json["name"] == renamed["name"]
        assert admin.api.delete(where(shared)).status_code == 204


class TestChanges:
    def test_b4_a_change_is_stored_and_listed(self, pro: Person, made: Any) -> None:
        name = a_name()
        answer = pro.api.put(where(made), json={"name": name, "muscle_contributions": {"ABS": 1}})
        assert answer.status_code == 200, answer.text
        assert answer.json["primary_muscles"] == ["Abs"]
        assert answer.json["created_at"] == made["created_at"]
        assert answer.json["updated_at"] > made["updated_at"]
        assert pro.api.get(where(made)).json == answer.json
        assert pro.api.get("/exercises?is_global=false").json["items"] == [answer.json]

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("name", "Another Name"),
            ("description", ""),
            ("equipment", "KETTLEBELL"),
            ("image_url", "https://storage.googleapis.com/b/new.png"),
            ("video_url", "https://vimeo.com/1"),
            ("difficulty_level", "ADVANCED"),
            ("force_type", "PUSH"),
        ],
    )
    def test_e5_one_field_changes_and_the_others_stay(
        self, pro: Person, made: Any, field: str, value: str
    ) -> None:
        answer = pro.api.put(where(made), json={field: value}).json
        derived = {"updated_at", "equipment_name"}
        changed = {key for key in made if answer[key] != made[key]} - derived
        assert (changed, answer[field]) == ({field}, value)

    @pytest.mark.parametrize("field", ["image_url", "video_url", "difficulty_level", "force_type"])
    @pytest.mark.parametrize("nothing", [None, ""])
    def test_e5_null_clears_what_is_optional(
        self, pro: Person, made: Any, field: str, nothing: str | None
    ) -> None:
        assert pro.api.put(where(made), json={field: nothing}).json[field] is None
        assert pro.api.get(where(made)).json[field] is None

    def test_e5_null_leaves_the_rest_alone(self, pro: Person, made: Any) -> None:
        nulls = dict.fromkeys(("name", "description", "equipment", "muscle_contributions"))
        answer = pro.api.put(where(made), json=nulls).json
        assert answer | {"updated_at": ""} == made | {"updated_at": ""}

    def test_e5_ownership_cannot_be_changed(self, pro: Person, made: Any, stranger: Person) -> None:
        forged = {
            "id": MISSING,
            "organization_id": stranger.organization_id,
            "created_by_user_id": stranger.user_id,
            "is_global": True,
        }
        answer = pro.api.put(where(made), json=forged).json
        assert answer | {"updated_at": ""} == made | {"updated_at": ""}

    @pytest.mark.parametrize(
        ("body", "place"),
        [
            ({"name": "ab"}, "body.name"),
            ({"equipment": "STONE"}, "body.equipment"),
            ({"muscle_contributions": {"CHEST": 0.5}}, "body.muscle_contributions"),
            ({"muscle_contributions": {}}, "body.muscle_contributions"),
            ({"description": "x" * 501}, "body.description"),
        ],
    )
    def test_e5_what_breaks_a_rule_is_422_and_changes_nothing(
        self, pro: Person, made: Any, body: Any, place: str
    ) -> None:
        assert problem_places(pro.api.put(where(made), json=body)) == [place]
        assert pro.api.get(where(made)).json == made

    def test_e5_a_name_in_use_is_409_but_ones_own_is_not(self, pro: Person, made: Any) -> None:
        other = pro.api.post("/exercises", json=an_exercise()).json
        clash = pro.api.put(where(made), json={"name": other["name"].upper()})
        details = refused(clash, 409, "RESOURCE_ALREADY_EXISTS")
        assert details == {"exercise_id": other["id"]}
        assert pro.api.put(where(made), json={"name": made["name"].upper()}).status_code == 200


class TestVersions:
    def test_e5_an_outdated_version_is_412(self, pro: Person, made: Any) -> None:
        outdated = pro.api.get(where(made)).headers["ETag"]
        current = pro.api.put(where(made), json={"description": "One."}).headers["ETag"]
        late = pro.api.put(where(made), json={"name": a_name()}, headers={"If-Match": outdated})
        refused(late, 412, "PRECONDITION_FAILED")
        assert pro.api.get(where(made)).json["name"] == made["name"]
        for version in (current, "*"):
            answer = pro.api.put(where(made), json={}, headers={"If-Match": version})
            assert answer.status_code == 200

    def test_e5_each_answer_carries_the_version_for_the_next_change(
        self, pro: Person, made: Any
    ) -> None:
        version = pro.api.get(where(made)).headers["ETag"]
        for number in range(3):
            answer = pro.api.put(
                where(made), json={"description": f"{number}"}, headers={"If-Match": version}
            )
            assert answer.status_code == 200
            version = answer.headers["ETag"]


def test_e5_changed_contributions_reach_the_volume_of_programs(pro: Person, made: Any) -> None:
    session = {
        "name": "A",
        "day_number": 1,
        "order_in_program": 1,
        "exercises": [{"exercise_id": made["id"], "sets": 4, "order_in_session": 1}],
    }
    program = pro.api.post(
        "/programs",
        json={
            "name": "Mine",
            "split_type": "CUSTOM",
            "structure_type": "WEEKLY",
            "sessions": [session],
        },
    ).json
    pro.api.put(where(made), json={"muscle_contributions": {"CALVES": 1}, "name": "Raise"})
    read = pro.api.get(f"/programs/{program['id']}").json
    assert read["sessions"][0]["exercises"][0]["exercise_name"] == "Raise"
    # 4 sets once a pass, 4 days a week over one session.
    assert read["stats"]["weekly_volume"][0]["muscle"] == "CALVES"
    assert read["stats"]["weekly_volume"][0]["sets_per_week"] == 16.0
