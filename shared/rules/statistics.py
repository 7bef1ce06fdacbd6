"""What is answered about a program: the weekly volume, its verdicts, and what to know of both."""

from collections.abc import Collection, Sequence
from math import ceil
from operator import attrgetter

from shared.models.muscles import MuscleGroup
from shared.models.volume import MuscleVolume, ProgramStats, Recommendation, WeeklyVolume
from shared.rules.counted import CountedProgram
from shared.rules.profiles import landmarks
from shared.rules.targets import Target, deficit, surplus
from shared.rules.volume import Tally, hard_sets, per_week, verdict
from shared.rules.words import so_many
from shared.rules.yardsticks import Yardstick


def stats(
    counted: CountedProgram, yardstick: Yardstick, withdrawn: Collection[str] = ()
) -> ProgramStats:
    """`withdrawn` are ids of exercises that are gone from the catalogue but still counted."""
    program, weekly = counted.program, counted.weekly
    fractional = [turn.sets.fractional for turn in counted.turns]
    direct = [turn.sets.direct for turn in counted.turns]
    volume = [
        _muscle_volume(
            muscle,
            [sets[muscle] for sets in fractional],
            [sets[muscle] for sets in direct],
            counted,
            yardstick,
        )
        for muscle in weekly.fractional
    ]
    volume.sort(key=attrgetter("sets_per_week"), reverse=True)
    total_sets = sum(turn.total_sets for turn in counted.turns)
    return ProgramStats(
        total_sessions=len(program.sessions),
        total_sets=total_sets,
        avg_sets_per_session=round(total_sets / len(program.sessions), 1)
        if program.sessions
        else 0.0,
        weekly_volume=volume,
        training_frequency=round(float(program.structure_config.training_days_per_week), 1),
        rotation_factor=round(float(counted.factor), 4),
        profile=yardstick.profile,
        notes=_notes(counted, withdrawn),
        recommendations=[
            recommendation
            for row in volume
            if (recommendation := _recommendation(row, weekly, yardstick.targets[row.muscle]))
        ],
    )


def weekly_volume(answered: ProgramStats) -> WeeklyVolume:
    """The statistics with the weekly sets as a map, too."""
    return WeeklyVolume(
        **dict(answered),
        volume_by_muscle={row.muscle: row.sets_per_week for row in answered.weekly_volume},
    )


def _muscle_volume(
    muscle: MuscleGroup,
    fractional: Sequence[float],
    direct: Sequence[float],
    counted: CountedProgram,
    yardstick: Yardstick,
) -> MuscleVolume:
    """`fractional` and `direct` are the muscle's sets in each session."""
    exposures = len(fractional) - fractional.count(0)
    weekly = counted.weekly.fractional[muscle], counted.weekly.direct[muscle]
    judged = verdict(*weekly, yardstick.limits[muscle])
    return MuscleVolume(
        muscle=muscle,
        muscle_name=muscle.display_name,
        sets_per_week=round(weekly[0], 2),
        sets_per_pass=counted.once.fractional[muscle],
        direct_sets_per_week=round(weekly[1], 2),
        exposures_per_week=round(per_week(exposures, counted.factor), 2),
        most_sets_per_session=max(fractional, default=0.0),
        most_direct_sets_per_session=max(direct, default=0.0),
        status=judged.status,
        zone=judged.zone,
        priority=yardstick.targets[muscle].priority,
        basis=judged.basis,
    )


def _recommendation(row: MuscleVolume, weekly: Tally, target: Target) -> Recommendation | None:
    counted = weekly.fractional[row.muscle], weekly.direct[row.muscle]
    delta = deficit(target, *counted) - surplus(target, *counted)
    if not delta:
        return None
    number = max(1, ceil(abs(delta)))
    sets = f"{so_many(number, 'set')} a week that {'trains' if number == 1 else 'train'}"
    if delta > 0:
        sentence = f"Add at least {sets} {row.muscle_name} directly."
    else:
        sentence = f"Remove at least {sets} {row.muscle_name}."
    return Recommendation(
        muscle=row.muscle,
        muscle_name=row.muscle_name,
        current_volume=row.sets_per_week,
        status=row.status,
        recommendation=sentence,
        sets_delta=round(delta, 2),
    )


def _notes(counted: CountedProgram, withdrawn: Collection[str]) -> list[str]:
    program, factor = counted.program, counted.factor
    if not program.sessions:
        return ["The program has no sessions yet."]
    most = landmarks().limits.session_sets.value
    notes = []
    if factor != 1:
        days = program.structure_config.training_days_per_week
        notes.append(
            f"Sessions per pass: {len(program.sessions)}; training days per week: "
            f"{float(days):.4g}. Each session comes up {float(factor):.4g} times in an average "
            "week, and weekly sets are counted accordingly."
        )
    notes += [
        f"{turn.session.name} has {turn.total_sets} sets; more than {most:g} in one session "
        "are hard to recover from."
        for turn in counted.turns
        if turn.total_sets > most
    ]
    with_effort = [slot for turn in counted.turns for slot in turn.slots if slot.rir is not None]
    if easy := sum(slot.sets - hard_sets(slot) for slot in with_effort):
        notes.append(
            f"Not counted as hard sets, because they end more than "
            f"{landmarks().limits.hard_set_rir.value:g} repetitions before failure: {easy} of the "
            "sets of one pass."
        )
    used = {name for turn in counted.turns for name in turn.exercise_ids}
    if unknown := len(used - counted.exercises.keys()):
        notes.append(f"Not counted, because they no longer exist: {unknown} of the exercises.")
    if gone := len(used.intersection(withdrawn)):
        notes.append(f"Withdrawn from the catalogue, but still counted: {gone} of the exercises.")
    return notes
