"""Weekly training volume: counted from the schedule, judged by a profile.

A set counts for a muscle as much as the exercise contributes to it (fractional axis), and fully
or not at all on the direct axis. Counts of one pass are quarters and so exact in binary; weekly
ones come from them by a single division, which hits a threshold exactly whenever the true count
does. Only what is answered is rounded.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from fractions import Fraction
from math import ceil
from typing import NamedTuple

from shared.models.exercises import Exercise, MuscleSets, PlannedSets, VolumeAnswer
from shared.models.muscles import MuscleGroup
from shared.models.programs import Program
from shared.models.sessions import SessionExercise
from shared.models.volume import (
    Axis,
    Basis,
    MuscleVolume,
    ProfileName,
    ProgramStats,
    Recommendation,
    VolumeStatus,
    WeeklyVolume,
    Zone,
)
from shared.rules.profiles import Thresholds, thresholds
from shared.rules.targets import Target, deficit, surplus, targets

Exercises = Mapping[str, Exercise]
"""By id; sets of exercises missing from it count for no muscle."""

MANY_SETS = 30
"""In one session; more draws a note and nothing else."""


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


def tally(planned: Iterable[SessionExercise | PlannedSets], exercises: Exercises) -> Tally:
    """Of the rows done once."""
    fractional = dict.fromkeys(MuscleGroup, 0.0)
    direct = dict.fromkeys(MuscleGroup, 0.0)
    for row in planned:
        exercise = exercises.get(row.exercise_id)
        if exercise is None:
            continue
        for muscle, share in exercise.muscle_contributions.items():
            fractional[muscle] += row.sets * share
        for muscle in exercise.direct_muscles:
            direct[muscle] += row.sets
    return Tally(fractional, direct)


def pass_sets(program: Program, exercises: Exercises) -> Tally:
    """Sets when each session is done once."""
    return tally((row for session in program.sessions for row in session.exercises), exercises)


def weekly_sets(program: Program, exercises: Exercises) -> Tally:
    """Sets of an average scheduled week; what verdicts and targets are measured with."""
    once, factor = pass_sets(program, exercises), rotation_factor(program)
    return Tally(
        *({muscle: _weekly(sets, factor) for muscle, sets in axis.items()} for axis in once)
    )


def verdict(fractional: float, direct: float, limits: Thresholds) -> Verdict:
    """Judge weekly sets."""
    if not fractional:
        return Verdict(VolumeStatus.LOW, Zone.UNTRAINED, [])
    sets = {Axis.FRACTIONAL: fractional, Axis.DIRECT: direct}

    def exceeded(edges: Iterable[Basis]) -> list[Basis]:
        return [edge for edge in edges if sets[edge.axis] > edge.value]

    judges = limits.judges_of_excess
    if over := exceeded(edges.maximum_adaptive for edges in judges):
        if far_over := exceeded(edges.maximum_recoverable for edges in judges):
            return Verdict(VolumeStatus.EXCESSIVE, Zone.EXCESSIVE, far_over)
        return Verdict(VolumeStatus.HIGH, Zone.HIGH, over)
    if limits.floor is not None and fractional < limits.floor.value:
        return Verdict(VolumeStatus.LOW, Zone.BELOW_EFFECTIVE, [limits.floor])
    wanted = [edges.minimum_effective for edges in limits.axes]
    reached = [edge for edge in wanted if sets[edge.axis] >= edge.value]
    if not reached:
        return Verdict(VolumeStatus.LOW, Zone.BELOW_EFFECTIVE, wanted)
    beyond_middle = any(sets[edges.axis] > edges.middle for edges in limits.axes)
    return Verdict(
        VolumeStatus.OPTIMAL,
        Zone.PRODUCTIVE if beyond_middle else Zone.EFFECTIVE,
        reached + [edges.maximum_adaptive for edges in judges],
    )


def stats(
    program: Program,
    exercises: Exercises,
    profile: ProfileName = ProfileName.EVIDENCE,
    withdrawn: Collection[str] = (),
) -> ProgramStats:
    """`withdrawn` are ids of exercises that are gone from the catalogue but still counted."""
    factor = rotation_factor(program)
    once = pass_sets(program, exercises)
    limits = thresholds(profile)
    wanted = targets(limits)
    volume = [_muscle_volume(muscle, once, factor, limits[muscle]) for muscle in MuscleGroup]
    volume.sort(key=lambda row: row.sets_per_week, reverse=True)
    total_sets = sum(session.total_sets for session in program.sessions)
    return ProgramStats(
        total_sessions=len(program.sessions),
        total_sets=total_sets,
        avg_sets_per_session=round(total_sets / len(program.sessions), 1)
        if program.sessions
        else 0.0,
        weekly_volume=volume,
        training_frequency=round(float(program.structure_config.training_days_per_week), 1),
        rotation_factor=round(float(factor), 4),
        profile=profile,
        notes=_notes(program, factor, exercises, withdrawn),
        recommendations=[
            _recommendation(row, wanted[row.muscle])
            for row in volume
            if row.status != VolumeStatus.OPTIMAL
        ],
    )


def weekly_volume(answered: ProgramStats) -> WeeklyVolume:
    """The statistics with the weekly sets as a map, too."""
    return WeeklyVolume(
        **dict(answered),
        volume_by_muscle={row.muscle: row.sets_per_week for row in answered.weekly_volume},
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


def _weekly(sets: float, factor: Fraction) -> float:
    return sets * factor.numerator / factor.denominator


def _muscle_volume(
    muscle: MuscleGroup, once: Tally, factor: Fraction, limits: Thresholds
) -> MuscleVolume:
    fractional = _weekly(once.fractional[muscle], factor)
    direct = _weekly(once.direct[muscle], factor)
    judged = verdict(fractional, direct, limits)
    return MuscleVolume(
        muscle=muscle,
        muscle_name=muscle.display_name,
        sets_per_week=round(fractional, 2),
        sets_per_pass=once.fractional[muscle],
        direct_sets_per_week=round(direct, 2),
        status=judged.status,
        zone=judged.zone,
        basis=judged.basis,
    )


def _recommendation(row: MuscleVolume, target: Target) -> Recommendation:
    counted = row.sets_per_week, row.direct_sets_per_week
    delta = round(deficit(target, *counted) - surplus(target, *counted), 2)
    number = max(1, ceil(abs(delta)))
    sets = "set" if number == 1 else "sets"
    if row.status == VolumeStatus.LOW:
        sentence = f"Add at least {number} {sets} a week that train {row.muscle_name} directly."
    else:
        sentence = f"Remove at least {number} {sets} a week that train {row.muscle_name}."
    return Recommendation(
        muscle=row.muscle,
        muscle_name=row.muscle_name,
        current_volume=row.sets_per_week,
        status=row.status,
        recommendation=sentence,
        sets_delta=delta,
    )


def _notes(
    program: Program,
    factor: Fraction,
    exercises: Exercises,
    withdrawn: Collection[str],
) -> list[str]:
    if not program.sessions:
        return ["The program has no sessions yet."]
    notes = []
    if factor != 1:
        days = program.structure_config.training_days_per_week
        notes.append(
            f"Sessions per pass: {len(program.sessions)}; training days per week: "
            f"{float(days):.4g}. Each session comes up {float(factor):.4g} times in an average "
            "week, and weekly sets are counted accordingly."
        )
    notes += [
        f"{session.name} has {session.total_sets} sets; more than {MANY_SETS} in one session "
        "are hard to recover from."
        for session in program.in_order
        if session.total_sets > MANY_SETS
    ]
    used = program.exercise_ids
    if unknown := sum(exercise_id not in exercises for exercise_id in used):
        notes.append(f"Not counted, because they no longer exist: {unknown} of the exercises.")
    if gone := sum(exercise_id in withdrawn for exercise_id in used):
        notes.append(f"Withdrawn from the catalogue, but still counted: {gone} of the exercises.")
    return notes
