"""What-if: a program that need not be saved, whose it is to be, and what it amounts to."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from shared.models.base import Id, Model
from shared.models.equipment import Equipment
from shared.models.lint import LintReport, LintSettings, Listed, SessionMinutes
from shared.models.patches import Patch
from shared.models.programs import ProgramDraft
from shared.models.recommendations import RecommendedEdit
from shared.models.volume import (
    Experience,
    Priorities,
    ProfileInput,
    ProfileName,
    ProgramStats,
    StatsQuery,
)


class AnalysisContext(LintSettings):
    """Who trains, and with what; everything is optional."""

    profile: ProfileInput = ProfileName.EVIDENCE
    """Which thresholds judge the volume."""

    priorities: Priorities | None = None
    """What somebody wants of muscle groups; the others are `NORMAL`. By default the profile's."""

    experience: Experience | None = None
    """`BEGINNER` asks for fewer sets than the profile (docs/training.md); nothing else does."""


class RecommendationQuery(StatsQuery):
    experience: Experience | None = None
    """`BEGINNER` asks for fewer sets than the profile; nothing else does."""

    session_minutes: SessionMinutes = None
    """The time there is for one session, in minutes; no recommendation needs more."""

    equipment: Annotated[list[Equipment] | None, Listed] = None
    """What there is to train with besides one's own body, parted by commas; nothing else is
    recommended. Without it, everything."""


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
    session_id: str
    session_name: str

    minutes: float
    """An estimate by convention: 40 seconds for each set, and its rest or else 120 seconds."""


class Analysis(Model):
    """What a program amounts to, and what would improve it.

    A session that is not saved is called `unsaved-` and a number: in a program written out, its
    place by `order_in_program`, counted from 1.
    """

    stats: ProgramStats

    lint: LintReport
    """What is wrong with the program, by rules that have names."""

    session_lengths: list[SessionLength]
    """By `order_in_program`."""

    recommendations: list[RecommendedEdit]
    """Single edits, the most helpful first; each measured as if it were the only one."""
