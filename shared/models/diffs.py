"""What differs between two states of a program, in the terms of training."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from shared.models.base import Model
from shared.models.muscles import MuscleGroup
from shared.models.patches import PatchOperation
from shared.models.volume import ProfileInput, ProfileName, VolumeStatus

VersionNumber = Annotated[int, Field(ge=1, le=1_000_000, description="The number of a version.")]

Value = str | int | float | bool | dict[str, object] | list[object] | None
"""Any JSON value."""


class DiffQuery(Model):
    from_: Annotated[VersionNumber | None, Field(alias="from")] = None
    """The number of the earlier version; by default the one before `to`."""

    to: VersionNumber | None = None
    """The number of the later version; by default the newest."""

    profile: ProfileInput = ProfileName.EVIDENCE
    """Which thresholds judge the volume."""


class FieldDifference(Model):
    field: str
    before: Value
    after: Value


class SessionEvent(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    RENAMED = "renamed"
    MOVED = "moved"
    """To another day, or to another turn."""


class SessionDifference(Model):
    event: SessionEvent
    session_id: str

    session_name: str
    """As it is called afterwards, or was when it is gone."""

    fields: list[FieldDifference]
    """The new name, or the day and turn that changed; empty for added and removed ones."""


class ExerciseEvent(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    """Out of one session into another."""

    REPLACED = "replaced"
    """By another exercise in the same place of the same session."""

    CHANGED = "changed"
    """The same exercise in the same session: sets, order, notes and the like."""


class ExercisePlace(Model):
    session_id: str
    session_name: str
    exercise_id: str

    exercise_name: str
    """The id for an exercise whose name nobody knows any more."""

    sets: int
    order_in_session: int


class ExerciseDifference(Model):
    event: ExerciseEvent

    before: ExercisePlace | None
    """Null for an added exercise."""

    after: ExercisePlace | None
    """Null for a removed exercise."""

    fields: list[FieldDifference]
    """What else changed about how it is done: sets, notes and the like."""


class MuscleDifference(Model):
    """Weekly sets of one muscle; `direct` counts only exercises that train it directly."""

    muscle: MuscleGroup
    muscle_name: str
    sets_before: float
    sets_after: float

    sets_delta: float
    """Sets per week after less before, each set times its contribution."""

    direct_sets_before: float
    direct_sets_after: float
    direct_sets_delta: float
    status_before: VolumeStatus
    status_after: VolumeStatus


class Differences(Model):
    """Everything but the volume."""

    fields: list[FieldDifference]
    """Name, description, split, structure and length of the program."""

    sessions: list[SessionDifference]
    exercises: list[ExerciseDifference]

    sentences: list[str]
    """The same for people, from the whole program down to single sets."""


class ProgramDiff(Differences):
    from_version: int
    to_version: int

    muscles: list[MuscleDifference]
    """All 18 muscle groups, in the order of a body chart."""

    patch: list[PatchOperation]
    """The steps that make the later version's sessions of the earlier one's (JSON Patch)."""
