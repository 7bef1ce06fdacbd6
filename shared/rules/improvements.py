"""The single edits that bring a program's volume nearest to what is wanted.

As every session comes up equally often, what an added exercise does to the week does not depend
on the session; and an edit moves only the muscles of its exercise. So each edit is measured on
what it changes, and never by counting the program again.
"""

from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from typing import NamedTuple

from shared.models.contributions import Share
from shared.models.exercises import Exercise
from shared.models.lint import LintSettings
from shared.models.muscles import MuscleGroup
from shared.models.programs import Program
from shared.rules.edits import ADDED_SETS, Edit, Turn, addition, other_sets, turns
from shared.rules.equipment import available
from shared.rules.objective import burdens, muscle_burden
from shared.rules.targets import Targets, beyond_session, deficit, surplus
from shared.rules.volume import (
    Exercises,
    Tally,
    hard_sets,
    pass_sets,
    per_week,
    rotation_factor,
    tally,
    weekly_total,
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


class _Candidate(NamedTuple):
    """Sets that would help, before it is looked at where they fit."""

    rank: tuple[object, ...]
    """Sorts the best first; among equals the smaller edit, and changing before adding before
    removing."""

    size: float

    of: Hashable
    """The slot, or the exercise to add, of which only the best candidate that fits is told."""

    edits: Iterable[Edit]
    """The same in any session where it may be, the best one first."""


class Measure:
    """What edits of one program do; what many of them share is computed once.

    `exercises` hold those of the program and those that could be added.
    """

    def __init__(self, program: Program, exercises: Exercises, wanted: Targets) -> None:
        self._exercises = exercises
        self._wanted = wanted
        self._factor = rotation_factor(program)
        self._once = pass_sets(program, exercises)
        weekly = weekly_total([self._once], self._factor)
        self._burdens = burdens(wanted, weekly)
        self._now = {m: (weekly.fractional[m], weekly.direct[m]) for m in wanted}
        self._short = {m for m, counts in self._now.items() if deficit(wanted[m], *counts)}
        self._over = {m for m, counts in self._now.items() if surplus(wanted[m], *counts)}
        self._sizes: dict[tuple[str, int], float] = {}
        self._reliefs: dict[tuple[MuscleGroup, float, int], float] = {}
        self._sessions: dict[int, Tally] = {}

    def may_help(self, exercise_id: str, added: int) -> bool:
        """Only more sets help what has too few, and only fewer what has too many."""
        wrong, exercise = self._short if added > 0 else self._over, self._exercises.get(exercise_id)
        return exercise is not None and not wrong.isdisjoint(exercise.muscle_contributions)

    def improvement(self, exercise_id: str, added: int) -> float:
        """By how much so many sets more of the exercise make the objective smaller."""
        key = exercise_id, added
        if key not in self._sizes:
            relief = 0.0
            for muscle, fractional, direct in self._shares_of(exercise_id):
                relief += self._relief(muscle, added * fractional, added * direct)
            self._sizes[key] = round(relief, _DIGITS)
        return self._sizes[key]

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

    def categories(self, exercise_id: str) -> frozenset[str]:
        """The parts of the split that the exercise trains directly."""
        exercise = self._exercises.get(exercise_id)
        return exercise.direct_categories if exercise else frozenset()

    def _shares_of(self, exercise_id: str) -> tuple[Share, ...]:
        exercise = self._exercises.get(exercise_id)
        return exercise.shares if exercise else ()

    def _relief(self, muscle: MuscleGroup, fractional: float, direct: int) -> float:
        """Of so many sets more in one pass."""
        key = muscle, fractional, direct
        if key not in self._reliefs:
            after = self._weekly(muscle, fractional, direct)
            burden = muscle_burden(self._wanted[muscle], *after)
            self._reliefs[key] = self._burdens[muscle] - burden
        return self._reliefs[key]

    def _effect(self, muscle: MuscleGroup, fractional: float, direct: int) -> Effect:
        after = self._weekly(muscle, fractional, direct)
        return Effect(muscle, *self._now[muscle], *after, self._relief(muscle, fractional, direct))

    def _weekly(self, muscle: MuscleGroup, fractional: float, direct: int) -> tuple[float, float]:
        return (
            per_week(self._once.fractional[muscle] + fractional, self._factor),
            per_week(self._once.direct[muscle] + direct, self._factor),
        )


def improvements(
    program: Program, measure: Measure, catalogue: Collection[Exercise], settings: LintSettings
) -> Iterator[Improvement]:
    """The best edit of each exercise in each session, and of each one that could be added.

    The best comes first. `catalogue` holds what may be added. Few are asked for, so each is
    fitted in only when its turn comes.
    """
    order = turns(program)
    there = available(settings.equipment)
    usable = {exercise.id for exercise in catalogue if exercise.equipment in there}
    candidates = [*_changes(order, measure, usable), *_additions(order, measure, usable)]
    told: set[Hashable] = set()
    for candidate in sorted(candidates, key=lambda candidate: candidate.rank):
        if candidate.of not in told:
            fitting = (edit for edit in candidate.edits if _fits(edit, measure, settings))
            if edit := next(fitting, None):
                told.add(candidate.of)
                yield Improvement(candidate.size, edit)


def _changes(
    order: Sequence[Turn], measure: Measure, usable: Collection[str]
) -> Iterator[_Candidate]:
    for turn in order:
        for place, slot in enumerate(turn.slots):
            name = slot.exercise_id
            more = name in usable and measure.may_help(name, +1)
            fewer = measure.may_help(name, -1)
            if not hard_sets(slot) or not (more or fewer):
                continue
            for after in other_sets(slot.sets):
                added = after - slot.sets
                wanted = more if added > 0 else fewer
                if wanted and (size := measure.improvement(name, added)) > 0:
                    rank = (-size, abs(added), 0 if after else 2, name, turn.session.id)
                    edit = Edit(turn, slot, place, slot.sets, after)
                    yield _Candidate(rank, size, (turn.place, place), [edit])


def _additions(
    order: Sequence[Turn], measure: Measure, usable: Iterable[str]
) -> Iterator[_Candidate]:
    """Each in the session where it belongs: one that trains the same part of the split (pushing,
    pulling, core, legs) already, and among those the shortest."""
    there = [
        frozenset[str]().union(*(measure.categories(slot.exercise_id) for slot in turn.slots))
        for turn in order
    ]
    shortest_first = sorted(order, key=lambda turn: (turn.seconds, turn.session.id))

    def homes(exercise_id: str, sets: int) -> Iterator[Edit]:
        here = measure.categories(exercise_id)
        for turn in sorted(shortest_first, key=lambda turn: here.isdisjoint(there[turn.place])):
            if edit := addition(turn, exercise_id, sets):
                yield edit

    for exercise_id in usable:
        if not measure.may_help(exercise_id, +1):
            continue
        for sets in ADDED_SETS:
            size = measure.improvement(exercise_id, sets)
            if size > 0:
                rank = (-size, sets, 1, exercise_id, "")
                yield _Candidate(rank, size, exercise_id, homes(exercise_id, sets))


def _fits(edit: Edit, measure: Measure, settings: LintSettings) -> bool:
    """Whether there is time, and use, for the sets in one session; taking some away always fits."""
    if edit.added < 0:
        return True
    minutes = settings.session_minutes
    in_time = minutes is None or edit.seconds_after <= minutes * 60
    return in_time and not measure.overfills(edit)
