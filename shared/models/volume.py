"""Weekly training volume per muscle group, and what it is judged to be."""

from enum import StrEnum
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from shared.models.base import Model
from shared.models.muscles import EachMuscleOnce, MuscleGroup, MuscleInput


class VolumeStatus(StrEnum):
    LOW = "low"
    OPTIMAL = "optimal"
    HIGH = "high"
    EXCESSIVE = "excessive"


class Zone(StrEnum):
    """A finer verdict than the status."""

    UNTRAINED = "untrained"
    BELOW_EFFECTIVE = "below_effective"
    EFFECTIVE = "effective"
    PRODUCTIVE = "productive"
    HIGH = "high"
    EXCESSIVE = "excessive"


class PublishedProfile(StrEnum):
    """`evidence`: per muscle, from published studies and landmarks; `uniform`: 10 to 20 for all."""

    EVIDENCE = "evidence"
    UNIFORM = "uniform"


class ProfileName(StrEnum):
    """`evidence`: per muscle, from published studies and landmarks; `uniform`: 10 to 20 for all;
    `organization`: with the organization's own numbers; `mine`: with the caller's own priorities
    and experience."""

    EVIDENCE = "evidence"
    UNIFORM = "uniform"
    ORGANIZATION = "organization"
    MINE = "mine"


_PROFILE_ALIASES = {"evidence_2025": "evidence", "seed_uniform": "uniform"}


def _canonical_profile(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    name = value.strip().lower()
    return _PROFILE_ALIASES.get(name, name) or ProfileName.EVIDENCE


ProfileInput = Annotated[ProfileName, BeforeValidator(_canonical_profile)]
"""A profile as clients may spell it: any letter case, or its long name."""


class StatsQuery(Model):
    profile: ProfileInput = ProfileName.EVIDENCE
    """Which thresholds judge the volume."""


class Axis(StrEnum):
    """How the sets were counted."""

    FRACTIONAL = "fractional"
    """Each set times the exercise's contribution to the muscle."""

    DIRECT = "direct"
    """Only sets of exercises in which the muscle does the work (contribution 1, unless the exercise
    says otherwise)."""


class MusclePriority(StrEnum):
    """How much a muscle's missing sets matter to somebody."""

    NORMAL = "NORMAL"
    PRIORITISED = "PRIORITISED"
    """Missing sets count double."""

    MAINTAIN = "MAINTAIN"
    """Enough sets to keep what is there; missing ones count half."""

    IGNORE = "IGNORE"
    """Never asked for: no recommendations and no findings."""


Priorities = Annotated[
    dict[MuscleInput, MusclePriority], Field(max_length=len(MuscleGroup)), EachMuscleOnce
]
"""By muscle group."""


class Experience(StrEnum):
    """How long somebody has trained; beginners grow from fewer sets."""

    BEGINNER = "BEGINNER"
    INTERMEDIATE = "INTERMEDIATE"
    ADVANCED = "ADVANCED"


class Confidence(StrEnum):
    GOOD = "good"
    MEDIUM = "medium"
    LOW = "low"


class Basis(Model):
    """A published number that decided the verdict."""

    axis: Axis
    """How its source counted sets, and so which of the muscle's counts it was compared with."""

    threshold: str
    """What the number stands for, such as `minimum_effective`."""

    value: float
    """Sets per week."""

    source_id: str
    """The source, as listed in docs/training.md and by `GET /programs/volume/sources`;
    `organization` for the organization's own number."""

    source_date: str
    """Year, or year and month, of the source; such numbers move over time."""

    confidence: Confidence


class MuscleVolume(Model):
    muscle: MuscleGroup

    muscle_name: str

    sets_per_week: float
    """Sets times contribution, over an average scheduled week."""

    sets_per_pass: float
    """Sets times contribution, when each session is done once."""

    direct_sets_per_week: float
    """Weekly sets of exercises that train this muscle directly."""

    exposures_per_week: float
    """How often a session of an average week has hard sets for this muscle, direct or not. Spread
    alone hardly changes growth (pelland-2025), so it is no part of the verdict."""

    most_sets_per_session: float
    """Sets times contribution in the session with the most of them; compare with 11
    (remmert-2025)."""

    most_direct_sets_per_session: float
    """Direct sets in the session with the most of them; compare with 10 (rp-working-sets)."""

    status: VolumeStatus

    zone: Zone

    priority: MusclePriority
    """How much the muscle matters under the profile; without one of your own, `NORMAL`."""

    basis: list[Basis]
    """The numbers that decided; empty for an untrained muscle."""


class Recommendation(Model):
    muscle: MuscleGroup

    muscle_name: str

    current_volume: float
    """Sets per week now."""

    status: VolumeStatus

    recommendation: str
    """A sentence for people."""

    sets_delta: float
    """Weekly sets to add, or to remove when negative."""


class ProgramStats(Model):
    total_sessions: int

    total_sets: int
    """Sets when each session is done once."""

    avg_sets_per_session: float
    """One decimal; 0 without sessions."""

    weekly_volume: list[MuscleVolume]
    """All muscle groups, most sets per week first."""

    training_frequency: float
    """Training days per week, one decimal."""

    rotation_factor: float
    """How often each session comes up in an average week."""

    profile: ProfileName

    notes: list[str]
    """Sentences on what to know when reading these numbers."""

    recommendations: list[Recommendation]
    """What to change, for muscles outside the wanted range; in the order of `weekly_volume`."""


class WeeklyVolume(ProgramStats):
    """Program statistics with the weekly sets as a map, too."""

    volume_by_muscle: dict[MuscleGroup, float]
    """Sets per week of all muscle groups."""
