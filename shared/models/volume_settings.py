"""What organizations and people set about weekly volume: own numbers, priorities, rules."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from shared.models.base import Model, Moment, NoTruthValue
from shared.models.lint import RuleId, RuleIds
from shared.models.muscles import MuscleGroup, MuscleInput
from shared.models.volume import (
    Axis,
    Basis,
    Experience,
    MusclePriority,
    Priorities,
    PublishedProfile,
)

_Sets = Annotated[float, Field(ge=0, le=100, multiple_of=0.5), NoTruthValue]


class MuscleEdges(Model):
    """An organization's own numbers for one muscle on one axis, in sets per week.

    What is null stays as published; on the direct axis of a muscle without published numbers all
    three are needed.
    """

    muscle: MuscleGroup
    axis: Axis

    minimum_effective: float | None = None
    """Fewer are low."""

    maximum_adaptive: float | None = None
    """More are high."""

    maximum_recoverable: float | None = None
    """More are excessive."""


class MuscleEdgesDraft(MuscleEdges):
    """An organization's own numbers for one muscle on one axis, in sets per week.

    What is null stays as published; on the direct axis of a muscle without published numbers all
    three are needed.
    """

    muscle: MuscleInput
    axis: Axis

    minimum_effective: _Sets | None = None
    """Fewer are low."""

    maximum_adaptive: _Sets | None = None
    """More are high."""

    maximum_recoverable: _Sets | None = None
    """More are excessive."""


class OrganizationVolumeDraft(Model):
    """How an organization judges volume; replaces what was set before."""

    base: PublishedProfile = PublishedProfile.EVIDENCE
    """The published numbers that hold where there are none of your own."""

    thresholds: Annotated[list[MuscleEdgesDraft], Field(max_length=36)] = Field(default=[])
    """Each muscle at most once per axis; the numbers of a muscle must rise."""

    disabled_rules: RuleIds = Field(default=[])
    """Rules that no program of the organization is held to."""

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        seen = {(row.muscle, row.axis) for row in self.thresholds}
        if len(seen) != len(self.thresholds):
            raise ValueError("thresholds must not name a muscle twice on one axis")
        return self


class OrganizationVolume(Model):
    """How an organization judges volume."""

    base: PublishedProfile = PublishedProfile.EVIDENCE
    """The published numbers that hold where there are none of its own."""

    thresholds: list[MuscleEdges] = Field(default=[])

    disabled_rules: list[RuleId] = Field(default=[])
    """Rules that no program of the organization is held to."""

    updated_at: Moment | None = None
    """The date of its own numbers; null while nothing was ever set."""


class PersonalVolumeDraft(Model):
    """What somebody wants of their training; replaces what was set before."""

    base: PublishedProfile = PublishedProfile.EVIDENCE
    """The published numbers to start from."""

    experience: Experience = Experience.INTERMEDIATE
    """Beginners already grow from 4 weekly sets (pelland-2025), so theirs is a lower minimum."""

    priorities: Priorities = Field(default={})
    """By muscle group; the others are `NORMAL`."""


class PersonalVolume(Model):
    """What somebody wants of their training."""

    base: PublishedProfile = PublishedProfile.EVIDENCE
    """The published numbers to start from."""

    experience: Experience = Experience.INTERMEDIATE

    priorities: dict[MuscleGroup, MusclePriority] = Field(default={})
    """By muscle group; the others are `NORMAL`."""

    updated_at: Moment | None = None
    """Null while nothing was ever set."""


class MuscleThresholds(Model):
    """The dated numbers that one muscle's weekly sets are compared with."""

    muscle: MuscleGroup
    muscle_name: str

    floor: Basis | None
    """Fewer sets are low in any case."""

    maintenance: list[Basis]
    """Any one of them is enough to keep what is there."""

    beginner: Basis
    """The minimum effective for beginners."""

    minimum_effective: list[Basis]
    """One per axis; reaching any of them is enough."""

    maximum_adaptive: list[Basis]
    """More than any of them is high."""

    maximum_recoverable: list[Basis]
    """More than any of them is excessive."""


class VolumeProfile(Model):
    name: PublishedProfile
    thresholds: list[MuscleThresholds]


class VolumeSource(Model):
    """Where numbers come from."""

    id: str
    """As `source_id` and `evidence` name it elsewhere."""

    date: str
    """Year, or year and month; published numbers move over time."""

    title: str
    url: str | None

    says: str
    """What the numbers rest on."""
