"""The eighteen muscle groups that volume is counted for."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, NamedTuple

from pydantic import BeforeValidator

from shared.models.base import Model


class MuscleGroup(StrEnum):
    """In the order people read a body chart: pushing, pulling, core, legs."""

    CHEST = "CHEST"
    FRONT_DELTS = "FRONT_DELTS"
    SIDE_DELTS = "SIDE_DELTS"
    TRICEPS = "TRICEPS"
    REAR_DELTS = "REAR_DELTS"
    LATS = "LATS"
    TRAPS_RHOMBOIDS = "TRAPS_RHOMBOIDS"
    ELBOW_FLEXORS = "ELBOW_FLEXORS"
    FOREARMS = "FOREARMS"
    SPINAL_ERECTORS = "SPINAL_ERECTORS"
    ABS = "ABS"
    OBLIQUES = "OBLIQUES"
    GLUTES = "GLUTES"
    QUADRICEPS = "QUADRICEPS"
    HAMSTRINGS = "HAMSTRINGS"
    ADDUCTORS = "ADDUCTORS"
    CALVES = "CALVES"
    ABDUCTORS = "ABDUCTORS"

    @property
    def display_name(self) -> str:
        return _FACTS[self].display_name

    @property
    def category(self) -> str:
        return _FACTS[self].category

    @property
    def body_part(self) -> str:
        return _FACTS[self].body_part


class _Facts(NamedTuple):
    display_name: str
    category: str
    body_part: str


# Clients colour and group muscles by the exact display name.
_FACTS = {
    MuscleGroup.CHEST: _Facts("Chest", "Upper Push", "Chest"),
    MuscleGroup.FRONT_DELTS: _Facts("Front Delts", "Upper Push", "Shoulders"),
    MuscleGroup.SIDE_DELTS: _Facts("Side Delts", "Upper Push", "Shoulders"),
    MuscleGroup.TRICEPS: _Facts("Triceps", "Upper Push", "Arms"),
    MuscleGroup.REAR_DELTS: _Facts("Rear Delts", "Upper Pull", "Shoulders"),
    MuscleGroup.LATS: _Facts("Lats", "Upper Pull", "Back"),
    MuscleGroup.TRAPS_RHOMBOIDS: _Facts("Traps & Rhomboids", "Upper Pull", "Back"),
    MuscleGroup.ELBOW_FLEXORS: _Facts("Elbow Flexors (Biceps)", "Upper Pull", "Arms"),
    MuscleGroup.FOREARMS: _Facts("Forearms", "Upper Pull", "Arms"),
    MuscleGroup.SPINAL_ERECTORS: _Facts("Spinal Erectors", "Core & Posterior", "Back"),
    MuscleGroup.ABS: _Facts("Abs", "Core & Posterior", "Core"),
    MuscleGroup.OBLIQUES: _Facts("Obliques", "Core & Posterior", "Core"),
    MuscleGroup.GLUTES: _Facts("Glutes", "Lower Body", "Legs"),
    MuscleGroup.QUADRICEPS: _Facts("Quadriceps", "Lower Body", "Legs"),
    MuscleGroup.HAMSTRINGS: _Facts("Hamstrings", "Lower Body", "Legs"),
    MuscleGroup.ADDUCTORS: _Facts("Adductors", "Lower Body", "Legs"),
    MuscleGroup.CALVES: _Facts("Calves", "Lower Body", "Legs"),
    MuscleGroup.ABDUCTORS: _Facts("Abductors", "Lower Body", "Legs"),
}

_ALIASES = {
    "QUADS": MuscleGroup.QUADRICEPS,
    "TRAPS": MuscleGroup.TRAPS_RHOMBOIDS,
    "BICEPS": MuscleGroup.ELBOW_FLEXORS,
}


def canonical_muscle(value: Any) -> Any:
    """The group a client means by a name in any letter case or a short name; else unchanged."""
    if not isinstance(value, str):
        return value
    name = value.strip().upper()
    return _ALIASES.get(name, name)


MuscleInput = Annotated[MuscleGroup, BeforeValidator(canonical_muscle)]
"""A muscle group as clients may spell it: any letter case, or QUADS, TRAPS, BICEPS."""


def _each_muscle_once(value: Any) -> Any:
    if isinstance(value, Mapping):
        muscles = [canonical_muscle(name) for name in value]
        if len(set(muscles)) != len(muscles):
            raise ValueError("a muscle group must not be named twice")
    return value


EachMuscleOnce = BeforeValidator(_each_muscle_once)
"""For what is given by muscle group, which may be spelt in several ways."""


class MuscleGroupInfo(Model):
    value: MuscleGroup
    """The name used in requests and answers."""

    display_name: str
    """The name to show to people."""

    category: str
    """Where the group stands in a training split, such as `Upper Push`."""

    body_part: str
    """The part of the body, such as `Shoulders`."""

    @classmethod
    def of(cls, muscle: MuscleGroup) -> "MuscleGroupInfo":
        return cls(
            value=muscle,
            display_name=muscle.display_name,
            category=muscle.category,
            body_part=muscle.body_part,
        )
