"""Muscle groups and equipment as clients see and spell them."""

import pytest
from pydantic import TypeAdapter, ValidationError

from shared.models.equipment import Equipment, EquipmentInfo
from shared.models.muscles import MuscleGroup, MuscleGroupInfo, MuscleInput

spelled = TypeAdapter(MuscleInput)


def test_there_are_eighteen_groups_with_the_names_clients_colour_by() -> None:
    assert [muscle.display_name for muscle in MuscleGroup] == [
        "Chest",
        "Front Delts",
        "Side Delts",
        "Triceps",
        "Rear Delts",
        "Lats",
        "Traps & Rhomboids",
        "Elbow Flexors (Biceps)",
        "Forearms",
        "Spinal Erectors",
        "Abs",
        "Obliques",
        "Glutes",
        "Quadriceps",
        "Hamstrings",
        "Adductors",
        "Calves",
        "Abductors",
    ]


@pytest.mark.parametrize(
    ("category", "count"),
    [("Upper Push", 4), ("Upper Pull", 5), ("Core & Posterior", 3), ("Lower Body", 6)],
)
def test_every_group_has_its_category(category: str, count: int) -> None:
    assert sum(muscle.category == category for muscle in MuscleGroup) == count


def test_information_about_a_group_is_complete() -> None:
    assert MuscleGroupInfo.of(MuscleGroup.SPINAL_ERECTORS).model_dump(mode="json") == {
        "value": "SPINAL_ERECTORS",
        "display_name": "Spinal Erectors",
        "category": "Core & Posterior",
        "body_part": "Back",
    }


@pytest.mark.parametrize(
    ("spelling", "muscle"),
    [
        ("QUADS", MuscleGroup.QUADRICEPS),
        ("quads", MuscleGroup.QUADRICEPS),
        ("TRAPS", MuscleGroup.TRAPS_RHOMBOIDS),
        ("Biceps", MuscleGroup.ELBOW_FLEXORS),
        (" chest ", MuscleGroup.CHEST),
        (MuscleGroup.LATS, MuscleGroup.LATS),
    ],
)
def test_short_names_and_letter_case_are_understood(spelling: str, muscle: MuscleGroup) -> None:
    assert spelled.validate_python(spelling) == muscle


@pytest.mark.parametrize(
    "value", ["", "BACK", "QUADS ;", "\x00CHEST", "\uff23HEST", 1, None, [], {}]
)
def test_anything_else_is_refused(value: object) -> None:
    with pytest.raises(ValidationError):
        spelled.validate_python(value)


def test_equipment_has_names_and_kinds() -> None:
    infos = [EquipmentInfo.of(equipment) for equipment in Equipment]
    assert len(infos) == 9
    assert EquipmentInfo.of(Equipment.SMITH_MACHINE).display_name == "Smith Machine"
    assert {row.value for row in infos if row.is_free_weight} == {
        "BARBELL",
        "DUMBBELL",
        "KETTLEBELL",
    }
    assert {row.value for row in infos if row.is_fixed_path} == {"MACHINE", "SMITH_MACHINE"}
