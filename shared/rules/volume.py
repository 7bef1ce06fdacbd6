"""Weekly training volume: counted from the schedule, judged by a profile.

A set counts for a muscle as much as the exercise contributes to it (fractional axis), and fully
or not at all on the direct axis. Counts of one pass are quarters and so exact in binary; weekly
counts may not be (7 x 3 / 4 days among 5 sessions). Comparisons therefore multiply both sides by
the denominator of the rotation factor, and only what is answered is divided and rounded.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from fractions import Fraction
from math import ceil
from typing import NamedTuple

from shared.models.exercises import MuscleSets, PlannedSets, VolumeAnswer
from shared.models.muscles import MuscleGroup
from shared.models.programs import Program
from shared.models.sessions import SessionExercise
from shared.models.volume import (
    Basis,
    MuscleVolume,
    ProfileName,
    ProgramStats,
    Recommendation,
    VolumeStatus,
    WeeklyVolume,
    Zone,
)
from shared.rules.profiles import Edges, Thresholds, thresholds

Contributions = Mapping[str, Mapping[MuscleGroup, float]]
"""By exercise id; sets of exercises missing from it count for no muscle."""

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


def tally(planned: Iterable[SessionExercise | PlannedSets], contributions: Contributions) -> Tally:
    fractional = dict.fromkeys(MuscleGroup, 0.0)
    direct = dict.fromkeys(MuscleGroup, 0.0)
    for row in planned:
        for muscle, share in contributions.get(row.exercise_id, {}).items():
            fractional[muscle] += row.sets * share
            if share == 1:
                direct[muscle] += row.sets
    return Tally(fractional, direct)


def verdict(fractional: float, direct: float, limits: Thresholds, scale: int = 1) -> Verdict:
    """Judge weekly sets, which are given as multiples of 1/`scale` sets."""
    if not fractional:
        return Verdict(VolumeStatus.LOW, Zone.UNTRAINED, [])
    axes = _axes(fractional, direct, limits)
    judges = axes[1:] if limits.only_direct_judges_excess else axes
    over = [
        edges.maximum_adaptive
        for edges, sets in judges
        if sets > edges.maximum_adaptive.value * scale
    ]
    if over:
        far_over = [
            edges.maximum_recoverable
            for edges, sets in judges
            if sets > edges.maximum_recoverable.value * scale
        ]
        if far_over:
            return Verdict(VolumeStatus.EXCESSIVE, Zone.EXCESSIVE, far_over)
        return Verdict(VolumeStatus.HIGH, Zone.HIGH, over)
    if limits.floor is not None and fractional < limits.floor.value * scale:
        return Verdict(VolumeStatus.LOW, Zone.BELOW_EFFECTIVE, [limits.floor])
    reached = [
        edges.minimum_effective
        for edges, sets in axes
        if sets >= edges.minimum_effective.value * scale
    ]
    if not reached:
        missed = [edges.minimum_effective for edges, _ in axes]
        return Verdict(VolumeStatus.LOW, Zone.BELOW_EFFECTIVE, missed)
    beyond_middle = any(sets > edges.middle * scale for edges, sets in axes)
    return Verdict(
        VolumeStatus.OPTIMAL,
        Zone.PRODUCTIVE if beyond_middle else Zone.EFFECTIVE,
        reached + [edges.maximum_adaptive for edges, _ in judges],
    )


def sets_to_optimal(fractional: float, direct: float, limits: Thresholds) -> float:
    """Weekly sets of direct work to add, or to remove when negative, until volume is optimal.

    One set of direct work counts as one on both axes.
    """
    axes = _axes(fractional, direct, limits)
    judges = axes[1:] if limits.only_direct_judges_excess else axes
    surplus = max(sets - edges.maximum_adaptive.value for edges, sets in judges)
    if surplus > 0:
        return -surplus
    missing = min(edges.minimum_effective.value - sets for edges, sets in axes)
    to_floor = limits.floor.value - fractional if limits.floor else 0.0
    return max(missing, to_floor, 0.0)


def stats(
    program: Program,
    contributions: Contributions,
    profile: ProfileName = ProfileName.EVIDENCE,
    withdrawn: Collection[str] = (),
) -> ProgramStats:
    """`withdrawn` are ids of exercises that are gone from the catalogue but still counted."""
    factor = rotation_factor(program)
    counted = tally(
        (row for session in program.sessions for row in session.exercises), contributions
    )
    limits = thresholds(profile)
    volume = [_muscle_volume(muscle, counted, factor, limits[muscle]) for muscle in MuscleGroup]
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
        notes=_notes(program, factor, contributions, withdrawn),
        recommendations=[
            _recommendation(row, limits[row.muscle])
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


def planned_volume(planned: Sequence[PlannedSets], contributions: Contributions) -> VolumeAnswer:
    """The volume of some exercises done once, outside any program."""
    counted = tally(planned, contributions)
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


def _axes(fractional: float, direct: float, limits: Thresholds) -> list[tuple[Edges, float]]:
    """The fractional axis, then the direct one where a source publishes numbers for it."""
    axes = [(limits.fractional, fractional)]
    if limits.direct is not None:
        axes.append((limits.direct, direct))
    return axes


def _muscle_volume(
    muscle: MuscleGroup, counted: Tally, factor: Fraction, limits: Thresholds
) -> MuscleVolume:
    scale = factor.denominator
    fractional = counted.fractional[muscle] * factor.numerator
    direct = counted.direct[muscle] * factor.numerator
    judged = verdict(fractional, direct, limits, scale)
    return MuscleVolume(
        muscle=muscle,
        muscle_name=muscle.display_name,
        sets_per_week=round(fractional / scale, 2),
        sets_per_pass=counted.fractional[muscle],
        direct_sets_per_week=round(direct / scale, 2),
        status=judged.status,
        zone=judged.zone,
        basis=judged.basis,
    )


def _recommendation(row: MuscleVolume, limits: Thresholds) -> Recommendation:
    delta = round(sets_to_optimal(row.sets_per_week, row.direct_sets_per_week, limits), 2)
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
    contributions: Contributions,
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
    if unknown := sum(exercise_id not in contributions for exercise_id in used):
        notes.append(f"Not counted, because they no longer exist: {unknown} of the exercises.")
    if gone := sum(exercise_id in withdrawn for exercise_id in used):
        notes.append(f"Withdrawn from the catalogue, but still counted: {gone} of the exercises.")
    return notes
