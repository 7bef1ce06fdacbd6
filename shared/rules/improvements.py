"""The single edits that bring a program's volume nearest to what is wanted.

As every session comes up equally often, what an added exercise does to the week does not depend
on the session; and an edit moves only the muscles of its exercise. So each edit is measured on
what it changes, and never by counting the program again.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from shared.models.exercises import Exercise
from shared.models.lint import LintSettings
from shared.models.muscles import MuscleGroup
from shared.models.programs import Program
from shared.rules.edits import ADDED_SETS, Edit, Turn, addition, slot_edits, turns
from shared.rules.equipment import available
from shared.rules.objective import burdens, muscle_burden
from shared.rules.targets import Targets, beyond_session, deficit, surplus
from shared.rules.volume import (
    Exercises,
    Tally,
    pass_sets,
    per_week,
    rotation_factor,
    tally,
    weekly_sets,
)

_DIGITS = 9
"""Improvements are compared after rounding, so that the order of adding up decides nothing."""


class Improvement(NamedTuple):
    size: float
    """By how much the objective gets smaller; always positive."""

    edit: Edit


class Effect(NamedTuple):
    """One muscle's weekly sets on both axes, before and after an edit."""

    muscle: MuscleGroup
    fractional: float
    direct: float
    fractional_after: float
    direct_after: float

    relief: float
    """By how much the objective gets smaller."""


class _Share(NamedTuple):
    """What one set of an exercise counts for a muscle, on either axis."""

    muscle: MuscleGroup
    fractional: float
    direct: int


class Measure:
    """What edits of one program do; what many of them share is computed once.

    `exercises` hold those of the program and those that could be added.
    """

    def __init__(self, program: Program, exercises: Exercises, wanted: Targets) -> None:
        self._exercises = exercises
        self._wanted = wanted
        self._factor = rotation_factor(program)
        self._once = pass_sets(program, exercises)
        weekly = weekly_sets(program, exercises)
        self._burdens = burdens(wanted, weekly)
        counts = {muscle: (weekly.fractional[muscle], weekly.direct[muscle]) for muscle in wanted}
        self._short = {muscle for muscle, row in counts.items() if deficit(wanted[muscle], *row)}
        self._over = {muscle for muscle, row in counts.items() if surplus(wanted[muscle], *row)}
        self._shares: dict[str, list[_Share]] = {}
        self._reliefs: dict[tuple[MuscleGroup, float, int], float] = {}
        self._sessions: dict[int, Tally] = {}

    def improvement(self, exercise_id: str, added: int) -> float:
        """By how much so many sets more of the exercise make the objective smaller."""
        shares = self._shares_of(exercise_id)
        # Only more sets help what has too few, and only fewer what has too many.
        helped = self._short if added > 0 else self._over
        if helped.isdisjoint([share[0] for share in shares]):
            return 0.0
        return round(
            sum(
                self._relief(muscle, added * fractional, added * direct)
                for muscle, fractional, direct in shares
            ),
            _DIGITS,
        )

    def effects(self, edit: Edit) -> list[Effect]:
        """On every muscle that the exercise trains."""
        return [
            self._effect(muscle, edit.counted * fractional, edit.counted * direct)
            for muscle, fractional, direct in self._shares_of(edit.slot.exercise_id)
        ]

    def overfills(self, edit: Edit) -> bool:
        """Whether a muscle gets more sets in the session than a session has use for."""
        place = edit.turn.place
        if place not in self._sessions:
            self._sessions[place] = tally(edit.turn.slots, self._exercises)
        there, added = self._sessions[place], edit.counted
        return any(
            beyond_session(
                self._wanted[muscle],
                there.fractional[muscle] + added * fractional,
                there.direct[muscle] + added * direct,
            )
            for muscle, fractional, direct in self._shares_of(edit.slot.exercise_id)
        )

    def categories(self, exercise_id: str) -> set[str]:
        """The parts of the split that the exercise trains directly."""
        return {share.muscle.category for share in self._shares_of(exercise_id) if share.direct}

    def _shares_of(self, exercise_id: str) -> list[_Share]:
        if exercise_id not in self._shares:
            exercise = self._exercises.get(exercise_id)
            direct = exercise.direct_muscles if exercise else ()
            self._shares[exercise_id] = [
                _Share(muscle, share, int(muscle in direct))
                for muscle, share in (exercise.muscle_contributions.items() if exercise else ())
            ]
        return self._shares[exercise_id]

    def _relief(self, muscle: MuscleGroup, fractional: float, direct: int) -> float:
        """Of so many sets more in one pass."""
        key = muscle, fractional, direct
        if key not in self._reliefs:
            after = self._weekly(muscle, fractional, direct)
            burden = muscle_burden(self._wanted[muscle], *after)
            self._reliefs[key] = self._burdens[muscle] - burden
        return self._reliefs[key]

    def _effect(self, muscle: MuscleGroup, fractional: float, direct: int) -> Effect:
        before = self._weekly(muscle, 0, 0)
        after = self._weekly(muscle, fractional, direct)
        return Effect(muscle, *before, *after, self._relief(muscle, fractional, direct))

    def _weekly(self, muscle: MuscleGroup, fractional: float, direct: int) -> tuple[float, float]:
        return (
            per_week(self._once.fractional[muscle] + fractional, self._factor),
            per_week(self._once.direct[muscle] + direct, self._factor),
        )


def improvements(
    program: Program, measure: Measure, catalogue: Collection[Exercise], settings: LintSettings
) -> list[Improvement]:
    """The best edit of each exercise in each session, and of each one that could be added.

    The best comes first; among equals the smaller edit, and changing before adding before
    removing. `catalogue` holds what may be added.
    """
    order = turns(program)
    there = available(settings.equipment)
    usable = {exercise.id for exercise in catalogue if exercise.equipment in there}
    found = [
        *_better_slots(order, measure, usable, settings),
        *_better_additions(order, measure, usable, settings),
    ]
    return sorted(found, key=_rank)


def _better_slots(
    order: Sequence[Turn], measure: Measure, usable: Collection[str], settings: LintSettings
) -> Iterator[Improvement]:
    for _, edits in groupby(slot_edits(order), lambda edit: (edit.turn.place, edit.slot_place)):
        better = [
            Improvement(size, edit)
            for edit in edits
            if (size := measure.improvement(edit.slot.exercise_id, edit.counted)) > 0
            and (edit.slot.exercise_id in usable or edit.added < 0)
            and _fits(edit, measure, settings)
        ]
        if better:
            yield min(better, key=_rank)


def _better_additions(
    order: Sequence[Turn], measure: Measure, usable: Iterable[str], settings: LintSettings
) -> Iterator[Improvement]:
    """Each in the session where it belongs: one that trains the same part of the split (pushing,
    pulling, core, legs) already, and among those the shortest."""
    there = [
        set().union(*(measure.categories(slot.exercise_id) for slot in turn.slots))
        for turn in order
    ]
    shortest_first = sorted(order, key=lambda turn: (turn.seconds, turn.session.id))
    for exercise_id in usable:
        sizes = [(measure.improvement(exercise_id, sets), sets) for sets in ADDED_SETS]
        better = sorted((row for row in sizes if row[0] > 0), key=lambda row: (-row[0], row[1]))
        if not better:
            continue
        here = measure.categories(exercise_id)
        homes = sorted(shortest_first, key=lambda turn: here.isdisjoint(there[turn.place]))
        for size, sets in better:
            edits = (addition(turn, exercise_id, sets) for turn in homes)
            fitting = (edit for edit in edits if edit and _fits(edit, measure, settings))
            if edit := next(fitting, None):
                yield Improvement(size, edit)
                break


def _fits(edit: Edit, measure: Measure, settings: LintSettings) -> bool:
    """Whether there is time, and use, for the sets in one session; taking some away always fits."""
    if edit.added < 0:
        return True
    minutes = settings.session_minutes
    in_time = minutes is None or edit.seconds_after <= minutes * 60
    return in_time and not measure.overfills(edit)


def _rank(found: Improvement) -> tuple[object, ...]:
    edit = found.edit
    kind = 2 if edit.after == 0 else 1 if edit.before == 0 else 0
    return (-found.size, abs(edit.added), kind, edit.slot.exercise_id, edit.turn.session.id)
