"""All single edits of a program, and those that bring its volume nearest to what is wanted.

An edit changes the sets of one exercise by a few, removes it, or adds one of the catalogue. As
every session comes up equally often, what an added exercise does to the week does not depend on
the session; and an edit moves only the muscles of its exercise. So each edit is measured on what
it changes, and never by counting the program again.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import groupby, product
from typing import NamedTuple

from shared.models.exercises import MAX_SETS, Exercise
from shared.models.lint import LintSettings
from shared.models.muscles import MuscleGroup
from shared.models.programs import Program
from shared.models.sessions import MAX_SESSION_EXERCISES, Session, SessionExercise
from shared.rules.durations import session_seconds, set_seconds
from shared.rules.equipment import available
from shared.rules.objective import burdens, muscle_burden
from shared.rules.sessions import in_place_order
from shared.rules.targets import Targets, deficit, surplus
from shared.rules.volume import (
    Exercises,
    hard_sets,
    pass_sets,
    per_week,
    rotation_factor,
    weekly_sets,
)

MOST_STEPS = 2
"""Sets by which one edit changes an exercise that is there already. A house convention."""

ADDED_SETS = range(2, 6)
"""Sets of an exercise that an edit adds. A house convention."""

_DIGITS = 9
"""Improvements are compared after rounding, so that the order of adding up decides nothing."""


class Turn(NamedTuple):
    """A session by its place in the order of turns."""

    place: int
    session: Session
    slots: list[SessionExercise]
    """In their order."""

    seconds: int


class Edit(NamedTuple):
    """One exercise's sets in one session, before and after; 0 stands for not being there."""

    turn: Turn
    slot: SessionExercise
    """As it is now, or as it would be added."""

    slot_place: int | None
    """Within the session; None for an exercise to add."""

    before: int
    after: int

    @property
    def added(self) -> int:
        """Sets; negative when they are taken away."""
        return self.after - self.before

    @property
    def counted(self) -> int:
        """The same, but 0 for sets that are too easy to count."""
        return self.added if hard_sets(self.slot) else 0

    @property
    def seconds_after(self) -> int:
        """How long the session then takes."""
        return self.turn.seconds + self.added * set_seconds(self.slot)


class Improvement(NamedTuple):
    size: float
    """By how much the objective gets smaller; always positive."""

    edit: Edit


def turns(program: Program) -> list[Turn]:
    return [
        Turn(
            place,
            session,
            in_place_order(session.exercises),
            session_seconds(session.exercises),
        )
        for place, session in enumerate(program.in_order)
    ]


def slot_edits(order: Iterable[Turn]) -> Iterator[Edit]:
    """All edits of what is there; those of one exercise in one session follow each other."""
    for turn in order:
        for place, slot in enumerate(turn.slots):
            fewest = max(1, slot.sets - MOST_STEPS)
            most = min(MAX_SETS, slot.sets + MOST_STEPS)
            for after in (0, *range(fewest, most + 1)):
                if after != slot.sets:
                    yield Edit(turn, slot, place, slot.sets, after)


def addition(turn: Turn, exercise_id: str, sets: int) -> Edit | None:
    """The exercise at the end of a session that has room for it and not the exercise yet."""
    if len(turn.slots) >= MAX_SESSION_EXERCISES or any(
        slot.exercise_id == exercise_id for slot in turn.slots
    ):
        return None
    last = turn.slots[-1].order_in_session if turn.slots else 0
    slot = SessionExercise(exercise_id=exercise_id, sets=sets, order_in_session=last + 1)
    return Edit(turn, slot, None, 0, sets)


def additions(order: Iterable[Turn], exercise_ids: Iterable[str]) -> Iterator[Edit]:
    """All edits that add one of the exercises."""
    for exercise_id, turn, sets in product(exercise_ids, order, ADDED_SETS):
        if edit := addition(turn, exercise_id, sets):
            yield edit


class Effect(NamedTuple):
    """One muscle's weekly sets on both axes, before and after an edit."""

    muscle: MuscleGroup
    fractional: float
    direct: float
    fractional_after: float
    direct_after: float

    relief: float
    """By how much the objective gets smaller."""


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
        self._trained: dict[str, list[tuple[MuscleGroup, float, int]]] = {}
        self._effects: dict[tuple[MuscleGroup, float, int], Effect] = {}

    def effects(self, exercise_id: str, added: int) -> list[Effect]:
        """Of so many sets more of the exercise, on every muscle it trains."""
        return [
            self._effect(muscle, added * share, added * direct)
            for muscle, share, direct in self._muscles(exercise_id)
        ]

    def improvement(self, exercise_id: str, added: int) -> float:
        """By how much so many sets more of the exercise make the objective smaller."""
        # Only more sets help what has too few, and only fewer what has too many.
        helped = self._short if added > 0 else self._over
        if all(muscle not in helped for muscle, _, _ in self._muscles(exercise_id)):
            return 0.0
        return round(sum(effect.relief for effect in self.effects(exercise_id, added)), _DIGITS)

    def categories(self, exercise_id: str) -> set[str]:
        """The parts of the split that the exercise trains directly."""
        return {muscle.category for muscle, _, direct in self._muscles(exercise_id) if direct}

    def _muscles(self, exercise_id: str) -> list[tuple[MuscleGroup, float, int]]:
        """What one set counts for each muscle, on either axis."""
        if exercise_id not in self._trained:
            exercise = self._exercises.get(exercise_id)
            direct = exercise.direct_muscles if exercise else ()
            self._trained[exercise_id] = [
                (muscle, share, int(muscle in direct))
                for muscle, share in (exercise.muscle_contributions.items() if exercise else ())
            ]
        return self._trained[exercise_id]

    def _effect(self, muscle: MuscleGroup, fractional: float, direct: int) -> Effect:
        key = muscle, fractional, direct
        if key not in self._effects:
            once = self._once.fractional[muscle], self._once.direct[muscle]
            after = (
                per_week(once[0] + fractional, self._factor),
                per_week(once[1] + direct, self._factor),
            )
            self._effects[key] = Effect(
                muscle,
                per_week(once[0], self._factor),
                per_week(once[1], self._factor),
                *after,
                self._burdens[muscle] - muscle_burden(self._wanted[muscle], *after),
            )
        return self._effects[key]


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
            and (edit.added < 0 or (edit.slot.exercise_id in usable and _in_time(edit, settings)))
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
    shortest_first = sorted(order, key=lambda turn: (turn.seconds, turn.session.id, turn.place))
    for exercise_id in usable:
        sizes = [(measure.improvement(exercise_id, sets), sets) for sets in ADDED_SETS]
        better = sorted((row for row in sizes if row[0] > 0), key=lambda row: (-row[0], row[1]))
        if not better:
            continue
        here = measure.categories(exercise_id)
        homes = sorted(shortest_first, key=lambda turn: here.isdisjoint(there[turn.place]))
        for size, sets in better:
            edits = (addition(turn, exercise_id, sets) for turn in homes)
            if edit := next((edit for edit in edits if edit and _in_time(edit, settings)), None):
                yield Improvement(size, edit)
                break


def _in_time(edit: Edit, settings: LintSettings) -> bool:
    minutes = settings.session_minutes
    return minutes is None or edit.seconds_after <= minutes * 60


def _rank(found: Improvement) -> tuple[object, ...]:
    edit = found.edit
    kind = 2 if edit.after == 0 else 1 if edit.before == 0 else 0
    # Ids do not depend on the order of turns; sessions that are not saved have none.
    session = edit.turn.session.id, edit.turn.place
    return (-found.size, abs(edit.added), kind, edit.slot.exercise_id, *session)
