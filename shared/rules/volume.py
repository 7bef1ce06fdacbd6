"""Weekly training volume: counted from the schedule, judged by thresholds.

A hard set counts for a muscle as much as the exercise contributes to it (fractional axis), and
fully or not at all on the direct axis, by the muscle's role. Counts of one pass are quarters and so
exact in binary; weekly ones come from them by a single division, which hits a threshold exactly
whenever the true count does. Only what is answered is rounded.
"""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
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


_NOTHING = dict.fromkeys(MuscleGroup, 0.0)


class Tally(NamedTuple):
    """Sets per muscle group; all groups are present."""

    fractional: dict[MuscleGroup, float]
    direct: dict[MuscleGroup, float]


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
    rir = row.rir if isinstance(row, SessionExercise) else None
    return 0 if rir is not None and rir > landmarks().limits.hard_set_rir.value else row.sets


def tally(planned: Iterable[SessionExercise | PlannedSets], exercises: Exercises) -> Tally:
    """The hard sets of the rows done once."""
    fractional, direct = _NOTHING.copy(), _NOTHING.copy()
    for row in planned:
        exercise, sets = exercises.get(row.exercise_id), hard_sets(row)
        if exercise is None:
            continue
        for muscle, share, is_direct in exercise.shares:
            fractional[muscle] += sets * share
            direct[muscle] += sets * is_direct
    return Tally(fractional, direct)


def pass_sets(program: Program, exercises: Exercises) -> Tally:
    """Sets when each session is done once."""
    return tally((row for session in program.sessions for row in session.exercises), exercises)


def weekly_sets(program: Program, exercises: Exercises) -> Tally:
    """Sets of an average scheduled week; what verdicts and targets are measured with."""
    return weekly_total([pass_sets(program, exercises)], rotation_factor(program))


def weekly_total(parts: Iterable[Tally], factor: Fraction) -> Tally:
    """Sets of an average week, of the sets of the parts of one pass."""
    fractional, direct = _NOTHING.copy(), _NOTHING.copy()
    for part in parts:
        for muscle, sets in part.fractional.items():
            fractional[muscle] += sets
            direct[muscle] += part.direct[muscle]
    return Tally(
        *(
            {muscle: per_week(sets, factor) for muscle, sets in axis.items()}
            for axis in (fractional, direct)
        )
    )


def per_week(sets: float, factor: Fraction) -> float:
    """Weekly sets, of sets of one pass."""
    return sets * factor.numerator / factor.denominator


def verdict(fractional: float, direct: float, limits: Thresholds) -> Verdict:
    """Judge weekly sets."""
    if not fractional:
        return Verdict(VolumeStatus.LOW, Zone.UNTRAINED, [])
    sets = {Axis.FRACTIONAL: fractional, Axis.DIRECT: direct}
    if over := [edge for edge in limits.maximum_adaptive if sets[edge.axis] > edge.value]:
        if far_over := [
            edge for edge in limits.maximum_recoverable if sets[edge.axis] > edge.value
        ]:
            return Verdict(VolumeStatus.EXCESSIVE, Zone.EXCESSIVE, far_over)
        return Verdict(VolumeStatus.HIGH, Zone.HIGH, over)
    if limits.floor is not None and fractional < limits.floor.value:
        return Verdict(VolumeStatus.LOW, Zone.BELOW_EFFECTIVE, [limits.floor])
    reached = [edge for edge in limits.minimum_effective if sets[edge.axis] >= edge.value]
    if not reached:
        return Verdict(VolumeStatus.LOW, Zone.BELOW_EFFECTIVE, limits.minimum_effective)
    beyond_middle = any(sets[axis] > middle for axis, middle in limits.middles)
    return Verdict(
        VolumeStatus.OPTIMAL,
        Zone.PRODUCTIVE if beyond_middle else Zone.EFFECTIVE,
        reached + limits.maximum_adaptive,
    )


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
