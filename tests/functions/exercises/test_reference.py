"""The lists of muscle groups and equipment (E7, E8) and their short addresses (E11)."""

from typing import Any

import pytest

from tests.client import Api

# Categories as the web client groups its picker, in its order, and the added 18th group.
MUSCLES = [
    ("CHEST", "Chest", "Upper Push"),
    ("FRONT_DELTS", "Front Delts", "Upper Push"),
    ("SIDE_DELTS", "Side Delts", "Upper Push"),
    ("TRICEPS", "Triceps", "Upper Push"),
    ("REAR_DELTS", "Rear Delts", "Upper Pull"),
    ("LATS", "Lats", "Upper Pull"),
    ("TRAPS_RHOMBOIDS", "Traps & Rhomboids", "Upper Pull"),
    ("ELBOW_FLEXORS", "Elbow Flexors (Biceps)", "Upper Pull"),
    ("FOREARMS", "Forearms", "Upper Pull"),
    ("SPINAL_ERECTORS", "Spinal Erectors", "Core & Posterior"),
    ("ABS", "Abs", "Core & Posterior"),
    ("OBLIQUES", "Obliques", "Core & Posterior"),
    ("GLUTES", "Glutes", "Lower Body"),
    ("QUADRICEPS", "Quadriceps", "Lower Body"),
    ("HAMSTRINGS", "Hamstrings", "Lower Body"),
    ("ADDUCTORS", "Adductors", "Lower Body"),
    ("CALVES", "Calves", "Lower Body"),
    ("ABDUCTORS", "Abductors", "Lower Body"),
]

EQUIPMENT = [
    ("BARBELL", "Barbell", True, False),
    ("DUMBBELL", "Dumbbell", True, False),
    ("CABLE", "Cable", False, False),
    ("MACHINE", "Machine", False, True),
    ("SMITH_MACHINE", "Smith Machine", False, True),
    ("BODYWEIGHT", "Bodyweight", False, False),
    ("KETTLEBELL", "Kettlebell", True, False),
    ("RESISTANCE_BAND", "Resistance Band", False, False),
    ("OTHER", "Other", False, False),
]


def get(api: Api, path: str) -> Any:
    answer = api.get(path)
    assert answer.status_code == 200, answer.text
    return answer.json


def test_e7_the_18_muscle_groups_are_public(api: Api) -> None:
    rows = get(api, "/exercises/muscles/groups")
    assert [(row["value"], row["display_name"], row["category"]) for row in rows] == MUSCLES
    assert all(row["body_part"] for row in rows)


def test_e8_the_nine_kinds_of_equipment_are_public(api: Api) -> None:
    fields = ("value", "display_name", "is_free_weight", "is_fixed_path")
    assert get(api, "/exercises/equipment/types") == [
        dict(zip(fields, row, strict=True)) for row in EQUIPMENT
    ]


@pytest.mark.parametrize(
    ("alias", "path"),
    [
        ("/exercises/muscle-groups", "/exercises/muscles/groups"),
        ("/exercises/equipment-types", "/exercises/equipment/types"),
    ],
)
def test_e11_the_short_addresses_answer_the_same(api: Api, alias: str, path: str) -> None:
    assert get(api, alias) == get(api, path)


@pytest.mark.parametrize("path", ["/exercises/muscles/groups", "/exercises/equipment/types"])
def test_e7_e8_reference_lists_may_be_kept_for_a_day(api: Api, path: str) -> None:
    first = api.get(path)
    assert first.headers["Cache-Control"] == "public, max-age=86400"
    held = api.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (held.status_code, held.data) == (304, b"")
