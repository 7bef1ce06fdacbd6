"""All single edits of a program: another number of sets, an exercise less, an exercise more."""

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import chain, product
from typing import NamedTuple

from shared.models.exercises import MAX_SETS
from shared.models.sessions import MAX_POSITION, MAX_SESSION_EXERCISES, SessionExercise
from shared.rules.counted import Turn
from shared.rules.durations import set_seconds
from shared.rules.volume import hard_sets

MOST_STEPS = 2
"""Sets by which one edit changes an exercise that is there already. A house convention."""

ADDED_SETS = (2, 3, 4, 5)
"""Sets of an exercise that an edit adds. A house convention."""


Amounts = tuple[int, ...]
"""Sets to add; negative ones are taken away."""


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


def slot_edits(order: Iterable[Turn]) -> Iterator[Edit]:
    """All edits of what is there."""
    for turn in order:
        for place, slot in enumerate(turn.slots):
            for added in chain(*other_sets(slot.sets)):
                yield Edit(turn, slot, place, slot.sets, slot.sets + added)


@cache
def other_sets(before: int) -> tuple[Amounts, Amounts]:
    """By how many sets one edit may change so many sets of an exercise: fewer, and more.

    Taking all of them away removes it; else there are never more than an exercise may have.
    """
    near = range(max(1, before - MOST_STEPS), min(MAX_SETS, before + MOST_STEPS) + 1)
    fewer = (-before, *(after - before for after in near if after < before))
    return fewer, tuple(after - before for after in near if after > before)


def addition(turn: Turn, exercise_id: str, sets: int) -> Edit | None:
    """The exercise at the end of a session that has room for it and not the exercise yet."""
    last = turn.slots[-1].order_in_session if turn.slots else 0
    full = len(turn.slots) >= MAX_SESSION_EXERCISES or last >= MAX_POSITION
    if full or exercise_id in turn.exercise_ids:
        return None
    slot = SessionExercise(exercise_id=exercise_id, sets=sets, order_in_session=last + 1)
    return Edit(turn, slot, None, 0, sets)


def additions(order: Iterable[Turn], exercise_ids: Iterable[str]) -> Iterator[Edit]:
    """All edits that add one of the exercises."""
    for exercise_id, turn, sets in product(exercise_ids, order, ADDED_SETS):
        if edit := addition(turn, exercise_id, sets):
            yield edit
