"""Small changes that may mend what a rule found; whether they are safe is found out afterwards."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from operator import attrgetter

from shared.models.muscles import MuscleGroup
from shared.rules.counted import Turn
from shared.rules.lint.subject import Fix, Slot, Subject, sets_once
from shared.rules.volume import Count, hard_sets, per_week

MOST_SETS = 5
"""Of one exercise, to which a fix may add. A house convention without a study behind it."""


@dataclass(eq=False)
class _Place:
    """An exercise whose hard sets train the muscle, with the sets it may come to have."""

    at: Slot

    share: float
    """The exercise's contribution to the muscle."""

    purity: float
    """The part of all its contributions that goes to the muscle."""

    is_direct: bool
    sets: int


def with_more_sets(
    subject: Subject, muscle: MuscleGroup, missing: Callable[[Count], float]
) -> Fix | None:
    """Sets are added, one at a time, where there are fewest for the muscle directly."""
    places = [
        place for place in _places(subject, muscle) if place.is_direct and place.sets < MOST_SETS
    ]
    once = sets_once(subject.turns, muscle)
    fewest = partial(min, key=attrgetter("sets"))
    return _mended(once, subject.counted.factor, missing, places, fewest, step=+1, end=MOST_SETS)


def with_fewer_sets(
    subject: Subject,
    muscle: MuscleGroup,
    too_many: Callable[[Count], float],
    turn: Turn | None = None,
) -> Fix | None:
    """Sets are taken away, one at a time, where they train the muscle most and little else.

    With a turn, only its own sets are counted, and taken away.
    """
    places = [place for place in _places(subject, muscle, turn) if place.sets > 1]
    once = sets_once([turn] if turn else subject.turns, muscle)
    factor = Fraction(1) if turn else subject.counted.factor
    purest = partial(max, key=attrgetter("purity", "sets"))
    return _mended(once, factor, too_many, places, purest, step=-1, end=1)


def with_values(at: Slot, **fields: object) -> Fix:
    """Other values in one slot."""
    return {at.turn.place: {at.place: fields}}


def _places(subject: Subject, muscle: MuscleGroup, only: Turn | None = None) -> Iterator[_Place]:
    for at in subject.training(muscle):
        if (only is None or at.turn is only) and hard_sets(at.slot):
            share = at.exercise.muscle_contributions[muscle]
            purity = share / at.exercise.total_contribution
            yield _Place(at, share, purity, muscle in at.exercise.direct_muscles, at.slot.sets)


def _mended(
    once: Count,
    factor: Fraction,
    wrong: Callable[[Count], float],
    places: list[_Place],
    best: Callable[[list[_Place]], _Place],
    *,
    step: int,
    end: int,
) -> Fix | None:
    """With one set more or less at a time until nothing is wrong; None when that cannot be.

    `once` are the sets of one pass; no exercise gets beyond so many sets as `end`.
    """
    fractional, direct = once
    open_places = places.copy()
    while wrong(Count(per_week(fractional, factor), per_week(direct, factor))) > 0:
        if not open_places:
            return None
        place = best(open_places)
        place.sets += step
        fractional += step * place.share
        direct += step * place.is_direct
        if place.sets == end:
            open_places.remove(place)
    return _with_sets(places)


def _with_sets(places: list[_Place]) -> Fix:
    fix: dict[int, dict[int, dict[str, object]]] = {}
    for place in places:
        at = place.at
        if place.sets != at.slot.sets:
            fix.setdefault(at.turn.place, {})[at.place] = {"sets": place.sets}
    return fix
