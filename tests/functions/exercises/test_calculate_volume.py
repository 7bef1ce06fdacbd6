"""POST /exercises/calculate-volume (E10): sets per muscle of a list of exercises."""

from typing import Any

import pytest

from tests.client import Api
from tests.functions.bodies import MISSING, an_exercise
from tests.functions.refusals import needs_sign_in, problem_places, refused
from tests.people import Person

pytestmark = pytest.mark.usefixtures("catalogue")

PATH = "/exercises/calculate-volume"


def planned(**sets: int) -> dict[str, Any]:
    return {
        "exercises": [
            {"exercise_id": name.replace("_", "-"), "sets": count} for name, count in sets.items()
        ]
    }


def test_e10_an_anonymous_caller_gets_401(api: Api) -> None:
    needs_sign_in(api.post(PATH, json={}))


def test_e10_a_foreign_exercise_is_400_like_an_unknown_one(pro: Person, stranger: Person) -> None:
    foreign = pro.api.post("/exercises", json=an_exercise()).json["id"]
    body = {"exercises": [{"exercise_id": foreign, "sets": 3}]}
    assert pro.api.post(PATH, json=body).status_code == 200
    answers = []
    for identifier in (foreign, MISSING):
        body["exercises"][0]["exercise_id"] = identifier
        answer = stranger.api.post(PATH, json=body)
        assert refused(answer, 400, "INVALID_OPERATION") == {"exercise_ids": [identifier]}
        answers.append(answer.json["detail"].replace(identifier, "…"))
    assert answers[0] == answers[1]


def test_e10_sets_times_contribution_for_all_18_muscles(lifter: Person) -> None:
    answer = lifter.api.post(PATH, json=planned(barbell_bench_press=3, dumbbell_incline_press=2))
    assert answer.status_code == 200, answer.text
    volume = answer.json["volume_by_muscle"]
    assert len(volume) == 18
    # Bench: chest 1, triceps .75, front delts .5. Incline: chest 1, front delts .75, triceps .5.
    expected = {
        "CHEST": 3 * 1 + 2 * 1,
        "TRICEPS": 3 * 0.75 + 2 * 0.5,
        "FRONT_DELTS": 3 * 0.5 + 2 * 0.75,
    }
    assert {muscle: sets for muscle, sets in volume.items() if sets} == expected
    assert answer.json["total_sets"] == 5
    muscles = answer.json["muscles"]
    assert muscles[0] == {
        "muscle": "CHEST",
        "muscle_name": "Chest",
        "sets": 5.0,
        "direct_sets": 5.0,
    }
    assert [row["sets"] for row in muscles] == sorted(volume.values(), reverse=True)
    assert {row["muscle"]: row["sets"] for row in muscles} == volume


def test_e10_the_same_exercise_may_come_twice(lifter: Person) -> None:
    body = planned(leg_curl=3)
    body["exercises"] *= 2
    assert lifter.api.post(PATH, json=body).json["volume_by_muscle"]["HAMSTRINGS"] == 6.0


def test_e10_nothing_planned_is_no_volume(lifter: Person) -> None:
    answer = lifter.api.post(PATH, json={"exercises": []}).json
    assert answer["total_sets"] == 0
    assert set(answer["volume_by_muscle"].values()) == {0.0}


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({}, "body.exercises"),
        ({"exercises": [{"exercise_id": "leg-curl"}]}, "body.exercises.0.sets"),
        ({"exercises": [{"exercise_id": "leg-curl", "sets": 0}]}, "body.exercises.0.sets"),
        ({"exercises": [{"exercise_id": "leg-curl", "sets": 21}]}, "body.exercises.0.sets"),
        ({"exercises": [{"exercise_id": "", "sets": 1}]}, "body.exercises.0.exercise_id"),
        ({"exercises": [{"exercise_id": "leg-curl", "sets": 1}] * 51}, "body.exercises"),
    ],
)
def test_e10_what_cannot_be_understood_is_422(lifter: Person, body: Any, place: str) -> None:
    assert problem_places(lifter.api.post(PATH, json=body)) == [place]
