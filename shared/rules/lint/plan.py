"""Rules about the program as a whole: balance, rotation, length, order of days."""

from collections.abc import Iterator, Sequence
from math import inf, lcm

from shared.models.lint import Location, RuleId, Severity
from shared.models.muscles import MuscleGroup
from shared.models.sessions import Session
from shared.models.structures import CyclicStructure, Structure, Weekday
from shared.rules.lint.subject import HARD_SETS, NOTHING, Hit, Rule, Subject
from shared.rules.profiles import landmarks
from shared.rules.words import so_many

_HEAVY = {MuscleGroup.GLUTES, MuscleGroup.QUADRICEPS, MuscleGroup.HAMSTRINGS}
"""A squat or hinge trains one of them directly …"""
_HEAVY_SHARE = 0.5
"""… and loads the spinal erectors at least so much: leg presses and leg curls do not."""


def _push_pull(subject: Subject) -> Iterator[Hit]:
    limits = landmarks().limits
    push, pull = (_category_sets(subject, f"Upper {way}") for way in ("Push", "Pull"))
    if not push and not pull:
        return
    ratio = _ratio(push, pull)
    if not limits.push_pull_lowest.value <= ratio <= limits.push_pull_highest.value:
        yield Hit(
            f"The pushing muscles get {so_many(push, 'weekly set')}, the pulling ones {pull:.4g}; "
            f"one for {limits.push_pull_lowest.value:g} to {limits.push_pull_highest.value:g} of "
            "the other keeps shoulders balanced.",
            Location(),
        )


def _ratio(one: float, other: float) -> float:
    """To two decimals, which is how exact the limits are; infinite when there is no other."""
    return round(one / other, 2) if other else inf


def _category_sets(subject: Subject, category: str) -> float:
    return sum(
        subject.weeks[muscle].fractional for muscle in subject.wanted if muscle.category == category
    )


def _quadriceps_hamstrings(subject: Subject) -> Iterator[Hit]:
    most = landmarks().limits.quadriceps_hamstrings.value
    pair = (MuscleGroup.QUADRICEPS, MuscleGroup.HAMSTRINGS)
    if not set(pair) <= subject.wanted.keys():
        return
    front, back = (subject.weeks[muscle].fractional for muscle in pair)
    if front and _ratio(front, back) > most:
        yield Hit(
            f"The quadriceps get {so_many(front, 'weekly set')}, the hamstrings {back:.4g}, "
            f"which is less than one for every {most:g}.",
            Location(muscle=MuscleGroup.HAMSTRINGS),
        )


def _uneven(subject: Subject) -> Iterator[Hit]:
    sessions = len(subject.counted.program.sessions)
    structure = subject.counted.program.structure_config
    if isinstance(structure, CyclicStructure):
        days, period = structure.days_on, "cycle"
    else:
        days, period = structure.days_per_week, "week"
    if days % sessions:
        yield Hit(
            f"{sessions} sessions take turns on {so_many(days, 'training day')}, so one "
            f"{period} differs from the next; the weekly sets are averages.",
            Location(),
        )


def _no_deload(subject: Subject) -> Iterator[Hit]:
    weeks, most = (
        subject.counted.program.duration_weeks,
        landmarks().limits.weeks_without_deload.value,
    )
    if weeks is not None and weeks > most:
        yield Hit(
            f"The program runs for {weeks} weeks without a lighter one; after {most:g} at the "
            "latest one is worth planning.",
            Location(),
        )


def _heavy_days(subject: Subject) -> Iterator[Hit]:
    heavy: dict[str, str] = {}
    for turn, _, slot, exercise in subject.all_slots:
        if exercise.muscle_contributions.get(
            MuscleGroup.SPINAL_ERECTORS, 0
        ) >= _HEAVY_SHARE and not _HEAVY.isdisjoint(exercise.direct_muscles):
            heavy.setdefault(turn.session.id, slot.exercise_id)
    sessions = [turn.session for turn in subject.turns]
    for first, second in _on_consecutive_days(subject.counted.program.structure_config, sessions):
        if first.id in heavy and second.id in heavy:
            exercise = subject.counted.exercises[heavy[second.id]]
            yield Hit(
                f"{second.name} follows {first.name} on the next day, and both load the lower "
                f"back: {exercise.name} there would be fresher after a day between.",
                Location(session_id=second.id, exercise_id=exercise.id),
            )


def _on_consecutive_days(
    structure: Structure, sessions: Sequence[Session]
) -> list[tuple[Session, Session]]:
    """Which session is followed by which on the very next day, each pair once.

    Sessions take turns from the first training day of the week or of the cycle.
    """
    if isinstance(structure, CyclicStructure):
        days, length = list(range(structure.days_on)), structure.length
    else:
        order = list(Weekday)
        days, length = sorted(order.index(day) for day in structure.selected_days), len(order)
    pairs = {}
    for turn in range(lcm(len(days), len(sessions))):
        today, tomorrow = days[turn % len(days)], days[(turn + 1) % len(days)]
        if (tomorrow - today) % length == 1:
            one, other = sessions[turn % len(sessions)], sessions[(turn + 1) % len(sessions)]
            pairs[one.id, other.id] = (one, other)
    return list(pairs.values())


def rules() -> Iterator[Rule]:
    limits = landmarks().limits
    balance = limits.push_pull_lowest.sources
    legs = limits.quadriceps_hamstrings.sources
    weeks = limits.weeks_without_deload.sources
    yield Rule(RuleId.PUSH_PULL, Severity.INFO, balance, _push_pull, HARD_SETS)
    yield Rule(RuleId.QUADRICEPS_HAMSTRINGS, Severity.INFO, legs, _quadriceps_hamstrings, HARD_SETS)
    yield Rule(RuleId.UNEVEN_ROTATION, Severity.INFO, ["convention"], _uneven, NOTHING)
    yield Rule(RuleId.NO_DELOAD, Severity.INFO, weeks, _no_deload, NOTHING)
    yield Rule(RuleId.HEAVY_DAYS_IN_A_ROW, Severity.INFO, ["convention"], _heavy_days, NOTHING)
