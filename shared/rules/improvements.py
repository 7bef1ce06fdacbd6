"""The single edits that bring a program's volume nearest to what is wanted."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from heapq import heappop, heappush
from operator import attrgetter
from typing import NamedTuple

from shared.models.exercises import Exercise
from shared.models.lint import LintSettings
from shared.rules.counted import CountedProgram, Turn
from shared.rules.edits import ADDED_SETS, Amounts, Edit, addition, other_sets
from shared.rules.equipment import available
from shared.rules.measure import Measure
from shared.rules.volume import hard_sets

_CHANGE, _ADDITION, _REMOVAL = range(3)

_ANYWHERE = -1


class Improvement(NamedTuple):
    size: float
    """By how much the objective gets smaller; always positive."""

    edit: Edit


class _Candidate(NamedTuple):
    """Sets that would help, before it is looked at where they fit.

    It sorts the best first; among equals the smaller edit, and changing before adding before
    removing.
    """

    loss: float
    """By how much the objective gets larger: negative."""

    amount: int
    kind: int
    exercise_id: str
    session_id: str
    turn: int
    slot: int
    """Its place in the session; both places are `_ANYWHERE` for an exercise to add."""

    added: int

    @property
    def of(self) -> tuple[str, int, int]:
        """Of what only the best candidate that fits is told."""
        return self.exercise_id, self.turn, self.slot


class _Waiting(NamedTuple):
    """Numbers of sets that have not been measured: of one slot, or of one exercise to add."""

    most: float
    """None of them makes the objective smaller by more than this."""

    exercise_id: str
    amounts: Amounts
    turn: Turn | None
    """None for an exercise to add."""

    slot: int


def improvements(
    counted: CountedProgram,
    measure: Measure,
    catalogue: Collection[Exercise],
    settings: LintSettings,
) -> Iterator[Improvement]:
    """The best edit of each exercise in each session, and of each one that could be added.

    The best comes first. `catalogue` holds what may be added. Few are asked for, so each is
    fitted in only when its turn comes.
    """
    order = counted.turns
    there = available(settings.equipment)
    usable = {exercise.id for exercise in catalogue if exercise.equipment in there}
    homes = _Homes(order, measure)
    told: set[tuple[str, int, int]] = set()
    for candidate in _best_first(
        measure, [*_changes(order, measure, usable), *_additions(measure, usable)]
    ):
        if candidate.of not in told:
            edits = (
                homes.additions(candidate.exercise_id, candidate.added)
                if candidate.slot == _ANYWHERE
                else [_change(order, candidate)]
            )
            if edit := next((edit for edit in edits if _fits(edit, measure, settings)), None):
                told.add(candidate.of)
                yield Improvement(-candidate.loss, edit)


def _best_first(measure: Measure, waiting: list[_Waiting]) -> Iterator[_Candidate]:
    """Measured only when nothing that has been measured is sure to be better."""
    waiting.sort(key=attrgetter("most"))
    ready: list[_Candidate] = []
    while waiting or ready:
        while waiting and (not ready or waiting[-1].most >= -ready[0].loss):
            for candidate in _measured(measure, waiting.pop()):
                heappush(ready, candidate)
        if ready:
            yield heappop(ready)


def _measured(measure: Measure, source: _Waiting) -> Iterator[_Candidate]:
    name, turn, place = source.exercise_id, source.turn, source.slot
    for added, size in measure.gains(name, source.amounts):
        if turn is None:
            yield _Candidate(-size, added, _ADDITION, name, "", _ANYWHERE, _ANYWHERE, added)
        else:
            kind = _CHANGE if turn.slots[place].sets + added else _REMOVAL
            yield _Candidate(
                -size, abs(added), kind, name, turn.session.id, turn.place, place, added
            )


def _changes(
    order: Sequence[Turn], measure: Measure, usable: Collection[str]
) -> Iterator[_Waiting]:
    for turn in order:
        for place, slot in enumerate(turn.slots):
            name = slot.exercise_id
            fewer, more = other_sets(slot.sets) if hard_sets(slot) else ((), ())
            for amounts in (fewer, more if name in usable else ()):
                if most := measure.most(name, amounts):
                    yield _Waiting(most, name, amounts, turn, place)


def _additions(measure: Measure, usable: Iterable[str]) -> Iterator[_Waiting]:
    for name in usable:
        if most := measure.most(name, ADDED_SETS):
            yield _Waiting(most, name, ADDED_SETS, None, _ANYWHERE)


def _change(order: Sequence[Turn], candidate: _Candidate) -> Edit:
    turn = order[candidate.turn]
    slot = turn.slots[candidate.slot]
    return Edit(turn, slot, candidate.slot, slot.sets, slot.sets + candidate.added)


class _Homes:
    """Where exercises belong that are added: in a session that trains the same part of the split
    (pushing, pulling, core, legs) already, and among those in the shortest."""

    def __init__(self, order: Sequence[Turn], measure: Measure) -> None:
        self._shortest_first = sorted(order, key=lambda turn: (turn.seconds, turn.session.id))
        self._measure = measure
        self._there = [
            frozenset[str]().union(*(measure.categories(slot.exercise_id) for slot in turn.slots))
            for turn in order
        ]

    def additions(self, exercise_id: str, sets: int) -> Iterator[Edit]:
        """In any session where it may be, the best one first."""
        here = self._measure.categories(exercise_id)
        for turn in sorted(
            self._shortest_first, key=lambda turn: here.isdisjoint(self._there[turn.place])
        ):
            if edit := addition(turn, exercise_id, sets):
                yield edit


def _fits(edit: Edit, measure: Measure, settings: LintSettings) -> bool:
    """Whether there is time, and use, for the sets in one session; taking some away always fits."""
    if edit.added < 0:
        return True
    minutes = settings.session_minutes
    in_time = minutes is None or edit.seconds_after <= minutes * 60
    return in_time and not measure.overfills(edit)
