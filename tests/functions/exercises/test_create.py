"""POST /exercises (E4): the plan, what is accepted, what is refused."""

from typing import Any

import pytest

from tests.client import Api
from tests.functions.bodies import MISSING, a_name, an_exercise
from tests.functions.refusals import needs_sign_in, problem_places, refused
from tests.people import Person


def test_e4_an_anonymous_caller_gets_401_before_anything_else(api: Api) -> None:
    needs_sign_in(api.post("/exercises", json={}))


def test_e4_what_is_made_belongs_to_the_callers_organization_whatever_the_body_says(
    pro: Person, stranger: Person
) -> None:
    forged = an_exercise(
        id=MISSING,
        organization_id=stranger.organization_id,
        created_by_user_id=stranger.user_id,
        is_global=True,
        role="ADMIN",
        tier="PRO",
        created_at="1999-01-01T00:00:00Z",
    )
    made = pro.api.post("/exercises", json=forged).json
    assert made["id"] != MISSING
    assert made["organization_id"] == pro.organization_id
    assert made["created_by_user_id"] == pro.user_id
    assert made["is_global"] is False
    assert made["created_at"] > "2026"
    assert stranger.api.get("/exercises?is_global=false").json["total"] == 0


def test_e4_all_fields_are_stored_and_answered(pro: Person) -> None:
    body = an_exercise(
        name="  Padded  Name ",
        description=" Two lines.\nSecond. ",
        equipment="SMITH_MACHINE",
        muscle_contributions={"CHEST": "1.0", "QUADS": 0.25, "biceps": "0.5", "TRAPS": 1},
        image_url="https://storage.googleapis.com/b/a.png",
        video_url="https://youtu.be/x",
        difficulty_level="ADVANCED",
        force_type="STATIC",
        something_else={"ignored": True},
    )
    answer = pro.api.post("/exercises", json=body)
    assert answer.status_code == 201
    made = answer.json
    assert made["name"] == "Padded  Name"
    assert made["description"] == "Two lines.\nSecond."
    assert made["equipment_name"] == "Smith Machine"
    assert {row["muscle"]: row["contribution"] for row in made["muscle_contributions"]} == {
        "CHEST": 1.0,
        "TRAPS_RHOMBOIDS": 1.0,
        "ELBOW_FLEXORS": 0.5,
        "QUADRICEPS": 0.25,
    }
    assert made["secondary_muscles"] == ["Elbow Flexors (Biceps)", "Quadriceps"]
    assert made["video_url"] == "https://youtu.be/x"
    assert (made["difficulty_level"], made["force_type"]) == ("ADVANCED", "STATIC")
    assert "something_else" not in made


@pytest.mark.parametrize("empty", [None, "", "  "])
def test_e4_blank_optional_fields_count_as_absent(pro: Person, empty: str | None) -> None:
    optional = ("image_url", "video_url", "difficulty_level", "force_type")
    body = an_exercise(description=empty, **dict.fromkeys(optional, empty))
    answer = pro.api.post("/exercises", json=body)
    assert answer.status_code == 201, answer.text
    assert answer.json["description"] == ""
    assert [answer.json[field] for field in optional] == [None] * 4


@pytest.mark.parametrize("name", ["abc", "x" * 100, "日本語", "<b>bold</b>", "O'Neil & Co"])
def test_e4_a_name_may_be_any_text_of_3_to_100_characters(pro: Person, name: str) -> None:
    answer = pro.api.post("/exercises", json=an_exercise(name=name))
    assert (answer.status_code, answer.json["name"]) == (201, name)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "ab"),
        ("name", "  ab  "),
        ("name", "x" * 101),
        ("name", "nul\x00byte"),
        ("name", None),
        ("description", "x" * 501),
        ("equipment", "STONE"),
        ("equipment", None),
        ("muscle_contributions", {}),
        ("muscle_contributions", {"CHEST": 0.75, "TRICEPS": 0.75}),
        ("muscle_contributions", []),
        ("image_url", "javascript:alert(1)"),
        ("image_url", "ftp://example.com/a.png"),
        ("video_url", "youtube"),
        ("difficulty_level", "HARD"),
        ("force_type", "TWIST"),
    ],
)
def test_e4_what_breaks_a_rule_is_422_and_says_where(pro: Person, field: str, value: Any) -> None:
    answer = pro.api.post("/exercises", json=an_exercise(**{field: value}))
    assert problem_places(answer) == [f"body.{field}"]


@pytest.mark.parametrize("share", [0, 0.3, 1.25, -1, True, "much"])
def test_e4_contributions_are_quarters_up_to_one(pro: Person, share: Any) -> None:
    body = an_exercise(muscle_contributions={"CHEST": 1, "ABS": share})
    [place] = problem_places(pro.api.post("/exercises", json=body))
    assert place.startswith("body.muscle_contributions.ABS")


def test_e4_a_muscle_may_not_be_named_twice_under_two_names(pro: Person) -> None:
    body = an_exercise(muscle_contributions={"QUADS": 1, "QUADRICEPS": 0.5})
    assert problem_places(pro.api.post("/exercises", json=body)) == ["body.muscle_contributions"]


def test_e4_missing_fields_are_all_named_at_once(pro: Person) -> None:
    places = problem_places(pro.api.post("/exercises", json={}))
    assert places == ["body.name", "body.equipment", "body.muscle_contributions"]


def test_e4_a_body_that_is_not_json_is_400(pro: Person) -> None:
    answer = pro.api.post("/exercises", data=b"{", content_type="application/json")
    refused(answer, 400, "MALFORMED_BODY")


class TestGlobal:
    def test_e4_an_administrators_exercise_is_for_everybody(
        self, admin: Person, lifter: Person
    ) -> None:
        name = a_name("Global")
        made = admin.api.post("/exercises", json=an_exercise(name=name)).json
        assert made["is_global"] is True
        assert made["organization_id"] is made["created_by_user_id"] is None
        assert made["id"] == name.lower().replace(" ", "-")
        assert lifter.api.get(f"/exercises/{made['id']}").json == made
        assert admin.api.delete(f"/exercises/{made['id']}").status_code == 204

    @pytest.mark.parametrize(
        "name", ["Search", "Muscle groups", "Equipment Types", MISSING.replace("0", "a")]
    )
    def test_e4_a_global_exercise_is_reachable_whatever_its_name(
        self, admin: Person, lifter: Person, name: str
    ) -> None:
        made = admin.api.post("/exercises", json=an_exercise(name=name)).json
        answer = lifter.api.get(f"/exercises/{made['id']}")
        assert answer.status_code == 200, answer.text
        assert answer.json["name"] == name
        assert admin.api.delete(f"/exercises/{made['id']}").status_code == 204
