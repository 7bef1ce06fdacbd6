"""What-if: a program that need not be saved, whose it is to be, and what it amounts to."""

from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, model_validator

from shared.models.base import Id, Model
from shared.models.equipment import Equipment
from shared.models.muscles import MuscleInput
from shared.models.patches import Patch
from shared.models.programs import ProgramDraft
from shared.models.recommendations import RecommendedEdit
from shared.models.volume import Experience, MusclePriority, ProfileInput, ProfileName, ProgramStats

Minutes = Annotated[int, Field(ge=10, le=300)]


def _listed(value: Any) -> Any:
    """A list for `BARBELL,DUMBBELL`, as query strings spell it."""
    return [name for name in value.split(",") if name] if isinstance(value, str) else value


class AnalysisContext(Model):
    """Who trains, and with what; everything is optional."""

    profile: ProfileInput = ProfileName.EVIDENCE
    """Which thresholds judge the volume."""

    priorities: dict[MuscleInput, MusclePriority] | None = None
    """What somebody wants of muscle groups; those not named are normal ones."""

    experience: Experience | None = None
    """By default intermediate; beginners need fewer sets (docs/training.md)."""

    equipment: list[Equipment] | None = Field(default=None, max_length=len(Equipment))
    """Recommendations use nothing else; absent or null means that everything is there."""

    session_minutes: Minutes | None = None
    """Recommendations never make a session longer than this many minutes, by an estimate of 40
    seconds for a set and its rest, or 120 seconds where the rest is not stated (a convention)."""


class RecommendationQuery(Model):
    profile: ProfileInput = ProfileName.EVIDENCE
    """Which thresholds judge the volume."""

    experience: Experience | None = None
    """By default intermediate; beginners need fewer sets."""

    equipment: Annotated[
        list[Equipment] | None,
        BeforeValidator(_listed, json_schema_input_type=str | None),
        Field(max_length=len(Equipment)),
    ] = None
    """Names with commas between them; nothing else is recommended. By default everything."""

    session_minutes: Minutes | None = None
    """Recommendations never make a session longer than this many minutes."""


class AnalysisRequest(Model):
    """A program to look at, either written out or a saved one, with or without edits."""

    program: ProgramDraft | None = None
    """A program that need not be saved."""

    program_id: Id | None = None
    """A saved program or a template."""

    patch: Patch = Field(default=[])
    """Edits to make before looking; nothing of them is stored."""

    context: AnalysisContext = Field(default=AnalysisContext())

    @model_validator(mode="after")
    def _one_program(self) -> Self:
        if (self.program is None) == (self.program_id is None):
            raise ValueError("give either program or program_id")
        return self


class SessionLength(Model):
    session_id: str | None
    """Null for a session that is not saved."""

    session_name: str

    minutes: float
    """An estimate by convention: 40 seconds for each set, and its rest or else 120 seconds."""


class Analysis(Model):
    """What a program amounts to, and what would improve it."""

    stats: ProgramStats

    session_lengths: list[SessionLength]
    """By `order_in_program`."""

    recommendations: list[RecommendedEdit]
    """Single edits, the most helpful first; each measured as if it were the only one."""
