"""GET /exercises/{id} (E3): one exercise, field by field, and its version."""

from datetime import datetime

import pytest

from tests.client import Api
from tests.functions.bodies import MISSING, a_name, an_exercise
from tests.functions.refusals import needs_sign_in, problem_places, refused, tells_the_same
from tests.people import Person

pytestmark = pytest.mark.usefixtures("catalogue")


def test_e3_an_anonymous_caller_gets_401(api: Api) -> None:
    needs_sign_in(api.get("/exercises/barbell-bench-press"))


def test_e3_a_foreign_id_reads_like_a_missing_one(pro: Person, stranger: Person) -> None:
    foreign = pro.api.post("/exercises", json=an_exercise()).json["id"]
    answer = stranger.api.get(f"/exercises/{foreign}")
    refused(answer, 404, "EXERCISE_NOT_FOUND")
    tells_the_same(answer, stranger.api.get(f"/exercises/{MISSING}"))


@pytest.mark.parametrize("identifier", ["no-such-slug", MISSING, MISSING.upper(), "x" * 128])
def test_e3_an_id_of_nothing_is_404(lifter: Person, identifier: str) -> None:
    refused(lifter.api.get(f"/exercises/{identifier}"), 404, "EXERCISE_NOT_FOUND")


@pytest.mark.parametrize("identifier", ["-x", "a.b", "a%20b", "%C3%A9", "x" * 129, "__all__"])
def test_e3_what_is_no_id_is_422(lifter: Person, identifier: str) -> None:
    assert problem_places(lifter.api.get(f"/exercises/{identifier}")) == ["path.exercise_id"]


def test_e3_the_answer_field_by_field(lifter: Person) -> None:
    body = lifter.api.get("/exercises/barbell-bench-press").json
    created, updated = body.pop("created_at"), body.pop("updated_at")
    for moment in (created, updated):
        assert moment.endswith("Z")
        assert datetime.fromisoformat(moment).utcoffset() is not None
    assert body.pop("description").endswith(".")
    assert body == {
        "id": "barbell-bench-press",
        "name": "Barbell Bench Press",
        "equipment": "BARBELL",
        "equipment_name": "Barbell",
        "image_url": None,
        "video_url": None,
        "difficulty_level": "INTERMEDIATE",
        "force_type": "PUSH",
        "is_global": True,
        "created_by_user_id": None,
        "organization_id": None,
        "muscle_contributions": [
            {
                "muscle": "CHEST",
                "muscle_name": "Chest",
                "contribution": 1.0,
                "contribution_percentage": 100,
                "contribution_label": "Primary (100%)",
                "role": "direct",
            },
            {
                "muscle": "TRICEPS",
                "muscle_name": "Triceps",
                "contribution": 0.75,
                "contribution_percentage": 75,
                "contribution_label": "High (75%)",
                "role": "indirect",
            },
            {
                "muscle": "FRONT_DELTS",
                "muscle_name": "Front Delts",
                "contribution": 0.5,
                "contribution_percentage": 50,
                "contribution_label": "Moderate (50%)",
                "role": "indirect",
            },
        ],
        "primary_muscles": ["Chest"],
        "secondary_muscles": ["Triceps", "Front Delts"],
        # 1 + 0.75 + 0.5
        "total_contribution": 2.25,
        "is_compound": True,
    }


def test_client_10_15_contributions_are_json_numbers(lifter: Person) -> None:
    answer = lifter.api.get("/exercises/barbell-bench-press")
    assert b'"contribution":1.0' in answer.data
    assert b'"contribution_percentage":100,' in answer.data
    assert b'"total_contribution":2.25' in answer.data


def test_client_10_15_display_names_are_the_ones_the_client_knows(pro: Person) -> None:
    everything = {
        "CHEST": "Chest",
        "FRONT_DELTS": "Front Delts",
        "SIDE_DELTS": "Side Delts",
        "TRICEPS": "Triceps",
        "REAR_DELTS": "Rear Delts",
        "LATS": "Lats",
        "TRAPS_RHOMBOIDS": "Traps & Rhomboids",
        "ELBOW_FLEXORS": "Elbow Flexors (Biceps)",
        "FOREARMS": "Forearms",
        "SPINAL_ERECTORS": "Spinal Erectors",
        "ABS": "Abs",
        "OBLIQUES": "Obliques",
        "GLUTES": "Glutes",
        "QUADRICEPS": "Quadriceps",
        "HAMSTRINGS": "Hamstrings",
        "ADDUCTORS": "Adductors",
        "CALVES": "Calves",
        "ABDUCTORS": "Abductors",
    }
    body = an_exercise(muscle_contributions=dict.fromkeys(everything, 1.0))
    answer = pro.api.post("/exercises", json=body).json
    shown = {row["muscle"]: row["muscle_name"] for row in answer["muscle_contributions"]}
    assert shown == everything
    assert answer["primary_muscles"] == list(everything.values())
    assert (answer["secondary_muscles"], answer["total_contribution"]) == ([], 18.0)


def test_e3_an_own_exercise_names_its_maker_and_organization(pro: Person) -> None:
    made = pro.api.post(
        "/exercises", json=an_exercise(muscle_contributions={"CALVES": 1}, force_type="PUSH")
    ).json
    answer = pro.api.get(f"/exercises/{made['id']}")
    assert answer.json == made
    assert made["created_by_user_id"] == pro.user_id
    assert made["organization_id"] == pro.organization_id
    assert (made["is_global"], made["is_compound"]) == (False, False)


def test_e3_the_etag_stays_until_something_changes(pro: Person) -> None:
    made = pro.api.post("/exercises", json=an_exercise())
    where = f"/exercises/{made.json['id']}"
    first = pro.api.get(where)
    assert first.headers["ETag"] == made.headers["ETag"] == pro.api.get(where).headers["ETag"]
    held = pro.api.get(where, headers={"If-None-Match": first.headers["ETag"]})
    assert (held.status_code, held.data) == (304, b"")
    changed = pro.api.put(where, json={"name": a_name()})
    assert changed.headers["ETag"] != first.headers["ETag"]
    assert pro.api.get(where, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("https://storage.googleapis.com/pictures/bench.png", True),
        ("https://STORAGE.googleapis.com/pictures/bench.png", True),
        ("https://example.com/bench.png", False),
        ("https://storage.googleapis.com.example.com/bench.png", False),
        ("https://example.com/?storage.googleapis.com", False),
    ],
)
def test_client_10_14_pictures_are_shown_only_from_hosts_the_client_loads(
    pro: Person, sent: str, shown: bool
) -> None:
    made = pro.api.post("/exercises", json=an_exercise(image_url=sent)).json
    expected = sent if shown else None
    assert made["image_url"] == expected
    assert pro.api.get(f"/exercises/{made['id']}").json["image_url"] == expected
    [row] = pro.api.get("/exercises?is_global=false").json["items"]
    assert row["image_url"] == expected
