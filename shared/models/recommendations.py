"""Recommended edits of a program: what to change, what it does to every muscle, and why."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from shared.models.base import Model
from shared.models.muscles import MuscleGroup
from shared.models.patches import Patch, PatchOperation
from shared.models.volume import Basis, VolumeStatus

RecommendationId = Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]


class EditKind(StrEnum):
    CHANGE_SETS = "change_sets"
    ADD_EXERCISE = "add_exercise"
    REMOVE_EXERCISE = "remove_exercise"


class MuscleEffect(Model):
    """What an edit does to one muscle group."""

    muscle: MuscleGroup
    muscle_name: str

    sets_per_week_before: float
    """Sets times contribution, over an average scheduled week."""

    sets_per_week_after: float
    """The same after the edit."""

    direct_sets_per_week_before: float
    """Weekly sets of exercises that train this muscle directly."""

    direct_sets_per_week_after: float
    """The same after the edit."""

    status_before: VolumeStatus
    status_after: VolumeStatus


class Reason(Model):
    """The muscle group that gains most from an edit, and what is wrong with its volume now."""

    rule_id: str
    """HQ101: untrained; HQ102: too few sets; HQ103: more than can be recovered from; HQ117: more
    than help (docs/training.md)."""

    muscle: MuscleGroup
    muscle_name: str

    basis: list[Basis]
    """The published numbers that its volume misses or exceeds now."""


class RecommendedEdit(Model):
    """One edit of a program, measured alone: as if no other recommendation were followed."""

    id: str
    """Follows from the patch: the same edit of the same session always has the same id."""

    kind: EditKind

    session_id: str
    session_name: str
    exercise_id: str
    exercise_name: str

    sets_before: int
    """Sets of this exercise in this session; 0 for an exercise to add."""

    sets_after: int
    """0 for an exercise to remove."""

    sets_delta: int
    """Sets to add to the session, or to remove when negative."""

    improvement: float
    """By how many weekly sets the program comes nearer to what is wanted: missing sets, each
    counted by its muscle's priority, and sets that are too many (docs/training.md)."""

    minutes_after: float
    """How long the session takes after the edit; an estimate by convention (docs/training.md)."""

    effects: list[MuscleEffect]
    """All muscle groups whose volume changes, the most changed first."""

    reason: Reason

    recommendation: str
    """A sentence for people."""

    patch: list[PatchOperation]
    """The edit as a JSON Patch of the program."""


class RecommendationList(Model):
    """What to change in a saved program, the most helpful edit first."""

    program_id: str
    recommendations: list[RecommendedEdit]
    version: str = Field(default="", exclude=True)


class RecommendationChoice(Model):
    """Which recommendations to follow."""

    recommendations: Annotated[list[RecommendationId | Patch], Field(min_length=1, max_length=20)]
    """Ids of recommended edits, or patches; each made for the program as it is now."""
