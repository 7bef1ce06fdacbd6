"""The single edits that bring a program's volume nearest to what is wanted."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from heapq import heappop, heappush
from operator import attrgetter
from typing import NamedTuple

from shared.models.lint import LintSettings
from shared.rules.counted import CountedProgram, Turn
from shared.rules.edits import ADDED_SETS, Amounts, Edit, addition, other_sets
from shared.rules.measure import Measure
from shared.rules.volume import hard_sets

_CHANGE, _ADDITION, _REMOVAL = range(3)

_ANYWHERE = (-1, -1)


class Improvement(NamedTuple):
    size: float
    """By how much the objective gets smaller; always positive."""

    edit: Edit


class _Choice(NamedTuple):
    """Numbers of sets by which one exercise may be changed wherever it has so many, or by which it
    may be added."""

    most: float
    """None of them makes the objective smaller by more than this."""

    exercise_id: str

    sets: int
    """0 for an exercise to add."""

    amounts: Amounts

    slots: Sequence[tuple[Turn | None, int]]
    """Sessions and the places in them; no session for an exercise to add."""


_Option = tuple[float, int, int, int]
"""One of a choice's numbers of sets. It sorts the best first: by how much the objective gets larger
(a negative number), how many sets are moved, and whether it changes, adds or removes an exercise;
then the number itself."""


class _Candidate(NamedTuple):
    """The best option left for one slot, before it is looked at whether it fits."""

    loss: float
    amount: int
    kind: int
    exercise_id: str
    session_id: str
    place: tuple[int, int]
    """Of the session and in it; `_ANYWHERE` for an exercise to add."""

    added: int
    turn: Turn | None
    others: list[_Option]
    """Those left, the best one last."""

    @property
    def slot_key(self) -> tuple[str, tuple[int, int]]:
        """What only the best edit that fits is told of."""
        return self.exercise_id, self.place


def improvements(
    counted: CountedProgram,
    measure: Measure,
    usable: Collection[str],
    settings: LintSettings,
) -> Iterator[Improvement]:
    """The best edit of each exercise in each session, and of each one that could be added.

    The best comes first. `usable` are the ids of what may be added. As few are asked for, choices
    are measured, and fitted in, only when nothing else is sure to be better.
    """
    homes = _Homes(counted.turns, measure)
    waiting = [*_changes(counted.turns, measure, usable), *_additions(measure, usable)]
    waiting.sort(key=attrgetter("most"))
    ready: list[_Candidate] = []
    told = set()
    while waiting or ready:
        while waiting and (not ready or waiting[-1].most >= -ready[0].loss):
            choice = waiting.pop()
            options = _options(measure, choice)
            for turn, place in choice.slots:
                _push_best(ready, choice.exercise_id, turn, place, options.copy())
        if not ready:
            break
        candidate = heappop(ready)
        if candidate.slot_key in told:
            continue
        if edit := _fitting(candidate, homes, measure, settings):
            told.add(candidate.slot_key)
            yield Improvement(-candidate.loss, edit)
        else:
            _, slot = candidate.place
            _push_best(ready, candidate.exercise_id, candidate.turn, slot, candidate.others)


def _changes(order: Sequence[Turn], measure: Measure, usable: Collection[str]) -> Iterator[_Choice]:
    there: dict[tuple[str, int], list[tuple[Turn, int]]] = {}
    for turn in order:
        for place, slot in enumerate(turn.slots):
            if hard_sets(slot):
                there.setdefault((slot.exercise_id, slot.sets), []).append((turn, place))
    for (name, sets), slots in there.items():
        fewer, more = other_sets(sets)
        if most := measure.most(name, fewer[0]):
            yield _Choice(most, name, sets, fewer, slots)
        if more and name in usable and (most := measure.most(name, more[-1])):
            yield _Choice(most, name, sets, more, slots)


def _additions(measure: Measure, usable: Iterable[str]) -> Iterator[_Choice]:
    for name in usable:
        if most := measure.most(name, ADDED_SETS[-1]):
            yield _Choice(most, name, 0, ADDED_SETS, [(None, 0)])


def _options(measure: Measure, choice: _Choice) -> list[_Option]:
    """Those that help, the best one last."""
    sets = choice.sets
    kind = _CHANGE if sets else _ADDITION
    options = [
        (-size, abs(added), kind if sets + added else _REMOVAL, added)
        for added, size in measure.gains(choice.exercise_id, choice.amounts)
    ]
    return sorted(options, reverse=True)


def _push_best(
    ready: list[_Candidate], name: str, turn: Turn | None, slot: int, options: list[_Option]
) -> None:
    """Add the best option, if there is any left."""
    if options:
        loss, amount, kind, added = options.pop()
        session_id, place = (turn.session.id, (turn.place, slot)) if turn else ("", _ANYWHERE)
        candidate = _Candidate(
            loss, amount, kind, name, session_id, place, added, turn, others=options
        )
        heappush(ready, candidate)


def _fitting(
    candidate: _Candidate, homes: "_Homes", measure: Measure, settings: LintSettings
) -> Edit | None:
    """The candidate's edit in the best session where it fits."""
    turn, (_, place), added = candidate.turn, candidate.place, candidate.added
    if turn is None:
        edits = homes.additions(candidate.exercise_id, added)
        return next((edit for edit in edits if _fits(edit, measure, settings)), None)
    slot = turn.slots[place]
    edit = Edit(turn, slot, place, slot.sets, slot.sets + added)
    return edit if _fits(edit, measure, settings) else None


class _Homes:
    """Where exercises belong that are added: in a session that trains the same part of the split
    (pushing, pulling, core, legs) already, and among those in the shortest."""

    def __init__(self, order: Sequence[Turn], measure: Measure) -> None:
        self._shortest_first = sorted(order, key=lambda turn: (turn.seconds, turn.session.id))
        self._measure = measure
        self._there = [
            {part for slot in turn.slots for part in measure.categories(slot.exercise_id)}
            for turn in order
        ]

    def additions(self, exercise_id: str, sets: int) -> Iterator[Edit]:
        """In any session where it may be, the best one first."""
        here = self._measure.categories(exercise_id)
        strangers = []
        for turn in self._shortest_first:
            if here.isdisjoint(self._there[turn.place]):
                strangers.append(turn)
            elif edit := addition(turn, exercise_id, sets):
                yield edit
        for turn in strangers:
            if edit := addition(turn, exercise_id, sets):
                yield edit


def _fits(edit: Edit, measure: Measure, settings: LintSettings) -> bool:
    """Whether there is time, and use, for the sets in one session; taking some away always fits."""
    if edit.added < 0:
        return True
    minutes = settings.session_minutes
    in_time = minutes is None or edit.seconds_after <= minutes * 60
    return in_time and not measure.overfills(edit)
