"""How much an exercise trains each muscle, and in which role."""

from enum import StrEnum
from typing import Annotated, NamedTuple, Self

from pydantic import AfterValidator, Field

from shared.models.base import Model, NoTruthValue
from shared.models.muscles import EachMuscleOnce, MuscleGroup, MuscleInput


def _exact_quarter(share: float) -> float:
    # multiple_of lets 0.9999999999 pass, which is then not a primary muscle.
    return round(share * 4) / 4


Contribution = Annotated[
    float,
    Field(ge=0.25, le=1, multiple_of=0.25),
    NoTruthValue,
    AfterValidator(_exact_quarter),
]
"""The share of a set that counts for a muscle: 0.25, 0.5, 0.75, or 1 for a primary muscle."""

Contributions = Annotated[
    dict[MuscleInput, Contribution],
    Field(min_length=1, max_length=len(MuscleGroup)),
    EachMuscleOnce,
]


class MuscleRole(StrEnum):
    """What a muscle does in an exercise."""

    DIRECT = "direct"
    """The work: sets count on the direct axis, as published landmarks count them."""

    INDIRECT = "indirect"
    """It helps."""


def usual_role(share: float) -> MuscleRole:
    """The role of a muscle for which an exercise states none."""
    return MuscleRole.DIRECT if share == 1 else MuscleRole.INDIRECT


class Share(NamedTuple):
    """What one set of an exercise counts for one muscle, on either axis."""

    muscle: MuscleGroup
    fractional: float
    direct: int


MuscleRoles = Annotated[dict[MuscleInput, MuscleRole], EachMuscleOnce]


_LABELS = {0.25: "Minimal (25%)", 0.5: "Moderate (50%)", 0.75: "High (75%)", 1.0: "Primary (100%)"}


class MuscleContribution(Model):
    muscle: MuscleGroup
    muscle_name: str

    contribution: float
    """The share of a set that counts for the muscle: 0.25, 0.5, 0.75 or 1."""

    contribution_percentage: int
    contribution_label: str

    role: MuscleRole
    """Whether its sets are direct work for the muscle."""

    @classmethod
    def of(cls, muscle: MuscleGroup, share: float, role: MuscleRole) -> Self:
        return cls(
            muscle=muscle,
            muscle_name=muscle.display_name,
            contribution=share,
            contribution_percentage=round(share * 100),
            # Whatever somebody wrote in the console, the list has to stay readable.
            contribution_label=_LABELS.get(share, f"{share:.0%}"),
            role=role,
        )
