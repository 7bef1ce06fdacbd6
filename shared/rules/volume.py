"""Weekly training volume: counted from the schedule, judged by thresholds.

A hard set counts for a muscle as much as the exercise contributes to it (fractional axis), and
fully or not at all on the direct axis, by the muscle's role. Counts of one pass are quarters and so
exact in binary; weekly ones come from them by a single division, which hits a threshold exactly
whenever the true count does. Only what is answered is rounded.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import NamedTuple

from shared.models.exercises import Exercise, MuscleSets, PlannedSets, VolumeAnswer
from shared.models.muscles import MuscleGroup
from shared.models.programs import Program
from shared.models.sessions import SessionExercise
from shared.models.volume import (
    Axis,
    Basis,
    VolumeStatus,
    Zone,
)
from shared.rules.profiles import Thresholds, landmarks

Exercises = Mapping[str, Exercise]
"""By id; sets of exercises missing from it count for no muscle."""


STATUSES: Mapping[Zone, VolumeStatus] = MappingProxyType(
    {
        Zone.UNTRAINED: VolumeStatus.LOW,
        Zone.BELOW_EFFECTIVE: VolumeStatus.LOW,
        Zone.EFFECTIVE: VolumeStatus.OPTIMAL,
        Zone.PRODUCTIVE: VolumeStatus.OPTIMAL,
        Zone.HIGH: VolumeStatus.HIGH,
        Zone.EXCESSIVE: VolumeStatus.EXCESSIVE,
    }
)
"""The word for each zone."""


class Count(NamedTuple):
    """Sets of one muscle group."""

    fractional: float
    direct: float


@dataclass(slots=True)
class Tally:
    """Sets per muscle group; all groups are present."""

    fractional: dict[MuscleGroup, float]
    direct: dict[MuscleGroup, float]

    def add(self, exercise: Exercise, sets: int) -> None:
        """So many hard sets of the exercise."""
        for muscle, share, is_direct in exercise.shares:
            self.fractional[muscle] += sets * share
            if is_direct:
                self.direct[muscle] += sets

    def copy(self) -> "Tally":
        return Tally(self.fractional.copy(), self.direct.copy())


_NO_SETS = Tally(dict.fromkeys(MuscleGroup, 0.0), dict.fromkeys(MuscleGroup, 0.0))


class Verdict(NamedTuple):
    status: VolumeStatus
    zone: Zone
    basis: list[Basis]
    """The numbers that decided."""


def rotation_factor(program: Program) -> Fraction:
    """How often each session comes up in an average week; 0 without sessions.

    Sessions take turns on the training days: 3 sessions on 6 days come up twice a week each.
    """
    if not program.sessions:
        return Fraction(0)
    return program.structure_config.training_days_per_week / len(program.sessions)


def hard_sets(row: SessionExercise | PlannedSets) -> int:
    """How many of the sets count: all, unless they end too far from failure.

    The published numbers are counts of working sets, with 0 to 4 repetitions in reserve
    (rp-working-sets). Sets that do not say how hard they are count.
    """
    rir = row.rir
    return 0 if rir is not None and rir > landmarks().limits.hard_set_rir.value else row.sets


def tally(planned: Iterable[SessionExercise | PlannedSets], exercises: Exercises) -> Tally:
    """The hard sets of the rows done once."""
    total = _NO_SETS.copy()
    for row in planned:
        if exercise := exercises.get(row.exercise_id):
            total.add(exercise, hard_sets(row))
    return total


def together(parts: Iterable[Tally]) -> Tally:
    """The sets of all of them."""
    total = _NO_SETS.copy()
    for part in parts:
        for muscle, sets in part.fractional.items():
            total.fractional[muscle] += sets
        for muscle, sets in part.direct.items():
            total.direct[muscle] += sets
    return total


def weekly_total(once: Tally, factor: Fraction) -> Tally:
    """Sets of an average week, of those of one pass."""
    times, weeks = factor.as_integer_ratio()
    return Tally(
        {muscle: sets * times / weeks for muscle, sets in once.fractional.items()},
        {muscle: sets * times / weeks for muscle, sets in once.direct.items()},
    )


def per_week(sets: float, factor: Fraction) -> float:
    """Weekly sets, of sets of one pass."""
    times, weeks = factor.as_integer_ratio()
    return sets * times / weeks


def zone(fractional: float, direct: float, limits: Thresholds) -> Zone:
    """Where weekly sets lie."""
    bounds = limits.bounds
    if not fractional:
        return Zone.UNTRAINED
    if fractional > bounds.high_fractional or direct > bounds.high_direct:
        too_many = fractional > bounds.limit_fractional or direct > bounds.limit_direct
        return Zone.EXCESSIVE if too_many else Zone.HIGH
    too_few = fractional < bounds.low_fractional and direct < bounds.low_direct
    if too_few or fractional < bounds.floor:
        return Zone.BELOW_EFFECTIVE
    middle_fractional, middle_direct = limits.middles
    beyond_middle = fractional > middle_fractional or direct > middle_direct
    return Zone.PRODUCTIVE if beyond_middle else Zone.EFFECTIVE


def verdict(fractional: float, direct: float, limits: Thresholds) -> Verdict:
    """Judge weekly sets."""
    found = zone(fractional, direct, limits)
    return Verdict(STATUSES[found], found, _basis(found, fractional, direct, limits))


def _basis(found: Zone, fractional: float, direct: float, limits: Thresholds) -> list[Basis]:
    sets = {Axis.FRACTIONAL: fractional, Axis.DIRECT: direct}
    if found is Zone.UNTRAINED:
        return []
    if found is Zone.EXCESSIVE:
        return [edge for edge in limits.maximum_recoverable if sets[edge.axis] > edge.value]
    if found is Zone.HIGH:
        return [edge for edge in limits.maximum_adaptive if sets[edge.axis] > edge.value]
    if limits.floor is not None and fractional < limits.floor.value:
        return [limits.floor]
    if found is Zone.BELOW_EFFECTIVE:
        return limits.minimum_effective
    reached = [edge for edge in limits.minimum_effective if sets[edge.axis] >= edge.value]
    return reached + limits.maximum_adaptive


def planned_volume(planned: Sequence[PlannedSets], exercises: Exercises) -> VolumeAnswer:
    """The volume of some exercises done once, outside any program."""
    counted = tally(planned, exercises)
    muscles = [
        MuscleSets(
            muscle=muscle,
            muscle_name=muscle.display_name,
            sets=counted.fractional[muscle],
            direct_sets=counted.direct[muscle],
        )
        for muscle in MuscleGroup
    ]
    muscles.sort(key=lambda row: row.sets, reverse=True)
    return VolumeAnswer(
        volume_by_muscle=counted.fractional,
        muscles=muscles,
        total_sets=sum(row.sets for row in planned),
    )
