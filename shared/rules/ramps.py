"""How many sets each exercise gets from week to week, so that every muscle rises and recovers.

Sets are whole numbers per exercise, and one exercise trains several muscles, so the weeks are
found step by step: down to the fewest sets that leave no muscle short, then up a set at a time.
"""

import heapq
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

from shared.models.muscles import MuscleGroup
from shared.models.programs import Program
from shared.models.sessions import SessionExercise
from shared.models.volume import Axis, MusclePriority
from shared.rules.profiles import landmarks
from shared.rules.targets import deficit
from shared.rules.volume import Exercises, hard_sets, per_week, rotation_factor
from shared.rules.yardsticks import Yardstick

MOST_SETS = 6
"""Of one exercise in one session, as far as sets are added. A house convention: whoever needs
more for a muscle is better served by another exercise or another session."""

_LARGE_ENOUGH = 10

_RISING = {MusclePriority.NORMAL, MusclePriority.PRIORITISED}


class Slot(NamedTuple):
    """An exercise in a session, and what it trains."""

    session: int
    row: SessionExercise
    shares: dict[MuscleGroup, float]
    direct: tuple[MuscleGroup, ...]


class Ramp:
    """The sets of all slots while they are being moved; equal inputs move them equally.

    `sets` are per pass, in the order of the program's sessions and of their exercises.
    """

    def __init__(self, program: Program, exercises: Exercises, yardstick: Yardstick) -> None:
        self.slots = list(_slots(program, exercises))
        self.sets = [slot.row.sets for slot in self.slots]
        self._factor = rotation_factor(program)
        self._limits = yardstick.limits
        self._targets = yardstick.targets
        self._counts = {axis: dict.fromkeys(MuscleGroup, 0.0) for axis in Axis}
        self._sessions: Counter[int] = Counter()
        self._at_once: Counter[tuple[int, MuscleGroup]] = Counter()
        for index, sets in enumerate(self.sets):
            self._count(index, sets)
        self._moves = [self._may_move(slot) for slot in self.slots]

    def weekly(self, muscle: MuscleGroup, axis: Axis) -> float:
        return per_week(self._counts[axis][muscle], self._factor)

    def excess(self, muscle: MuscleGroup) -> list[Axis]:
        """The axes on which the muscle gets more than it can recover from."""
        return [
            limit.axis
            for limit in self._limits[muscle].maximum_recoverable
            if self.weekly(muscle, limit.axis) > limit.value
        ]

    def missing(self, muscle: MuscleGroup) -> float:
        """Weekly sets of direct work up to the least that is wanted."""
        fractional, direct = (self.weekly(muscle, axis) for axis in Axis)
        return deficit(self._targets[muscle], fractional, direct)

    def lower(self) -> None:
        """Take sets away, from the longest exercises first, as long as no muscle falls short.

        A muscle that is short already gets no less direct work, and does not hold back exercises
        that train it only on the side. Each exercise keeps one set, and all of them where it
        trains only ignored muscles.
        """
        waiting = [(-sets, -index) for index, sets in enumerate(self.sets) if self._moves[index]]
        heapq.heapify(waiting)
        while waiting:
            index = -heapq.heappop(waiting)[1]
            before = {muscle: self.missing(muscle) for muscle in self.slots[index].shares}
            enough = partial(self._as_good_as, index, before)
            if self.sets[index] > 1 and self._try(index, -1, enough):
                heapq.heappush(waiting, (-self.sets[index], -index))

    def cap(self) -> None:
        """Take sets away, if need be whole exercises, until every muscle can recover."""
        for muscle in MuscleGroup:
            while axes := self.excess(muscle):
                counted = [
                    index
                    for index, slot in enumerate(self.slots)
                    if self.sets[index] and any(_trains(slot, muscle, axis) for axis in axes)
                ]
                self._move(max(counted, key=lambda index: (self.sets[index], index)), -1)

    def raise_to_minimum(self) -> None:
        """Add sets to what trains a muscle directly until the least that is wanted is there."""
        for muscle in MuscleGroup:
            able = [index for index in self._direct(muscle) if self._moves[index]]
            while able and self.missing(muscle):
                index = min(able, key=lambda index: (self.sets[index], index))
                if not self._try(index, +1, partial(self._bearable, index)):
                    able.remove(index)

    def trained_directly(self, muscle: MuscleGroup) -> bool:
        return bool(self._direct(muscle))

    def weeks(self, number: int) -> list[list[int]]:
        """The sets of so many weeks: at most one more per exercise from each to the next."""
        start = {muscle: self._measured(muscle) for muscle in MuscleGroup}
        peak = {muscle: max(start[muscle], self._peak(muscle)) for muscle in MuscleGroup}
        before, found = list(self.sets), [list(self.sets)]
        for week in range(1, number):
            share = week / (number - 1)
            goal = {
                muscle: start[muscle] + (peak[muscle] - start[muscle]) * share
                for muscle in MuscleGroup
            }
            self._rise(goal, peak)
            found.append(list(self.sets))
        for index, sets in enumerate(before):
            self._move(index, sets - self.sets[index])
        return found

    def _rise(self, goal: dict[MuscleGroup, float], peak: dict[MuscleGroup, float]) -> None:
        for index in sorted(range(len(self.slots)), key=lambda index: (self.sets[index], index)):
            rising = [m for m in self.slots[index].direct if self._targets[m].priority in _RISING]
            behind = any(self._measured(muscle) < goal[muscle] for muscle in rising)
            # What was dropped stays dropped.
            if self.sets[index] and behind:
                limits = [(muscle, peak[muscle]) for muscle in rising]
                self._try(index, +1, partial(self._bearable, index, limits))

    def _as_good_as(self, index: int, missing: dict[MuscleGroup, float]) -> bool:
        direct = self.slots[index].direct
        return all(
            self.missing(muscle) <= short or (short and muscle not in direct)
            for muscle, short in missing.items()
        )

    def _peak(self, muscle: MuscleGroup) -> float:
        """Where the muscle's weekly sets may end; a house convention between sourced numbers."""
        edges = self._limits[muscle].axes[-1]
        most = edges.maximum_recoverable.value
        if self._targets[muscle].priority is MusclePriority.PRIORITISED:
            return most
        return (edges.maximum_adaptive.value + most) / 2

    def _measured(self, muscle: MuscleGroup) -> float:
        """Weekly sets on the axis a source publishes the muscle's own numbers for."""
        return self.weekly(muscle, self._limits[muscle].axes[-1].axis)

    def _bearable(self, index: int, peaks: Sequence[tuple[MuscleGroup, float]] = ()) -> bool:
        """Whether the week and the session can bear what this exercise now is."""
        slot, most = self.slots[index], landmarks().limits
        at_once = max((self._at_once[slot.session, muscle] for muscle in slot.direct), default=0)
        return (
            self.sets[index] <= MOST_SETS
            and self._sessions[slot.session] <= most.session_sets.value
            and at_once <= most.session_direct_sets.value
            and not any(self.excess(muscle) for muscle in slot.shares)
            and all(self._measured(muscle) <= peak for muscle, peak in peaks)
        )

    def _direct(self, muscle: MuscleGroup) -> list[int]:
        """The slots that train it directly and were not dropped."""
        return [
            index
            for index, slot in enumerate(self.slots)
            if self.sets[index] and muscle in slot.direct
        ]

    def _may_move(self, slot: Slot) -> bool:
        return any(
            self._targets[muscle].priority is not MusclePriority.IGNORE for muscle in slot.direct
        )

    def _try(self, index: int, by: int, good: Callable[[], bool]) -> bool:
        self._move(index, by)
        if good():
            return True
        self._move(index, -by)
        return False

    def _move(self, index: int, by: int) -> None:
        self.sets[index] += by
        self._count(index, by)

    def _count(self, index: int, by: int) -> None:
        slot = self.slots[index]
        self._sessions[slot.session] += by
        for muscle, share in slot.shares.items():
            self._counts[Axis.FRACTIONAL][muscle] += by * share
        for muscle in slot.direct:
            self._counts[Axis.DIRECT][muscle] += by
            self._at_once[slot.session, muscle] += by


def halvable(weeks: list[list[int]]) -> list[list[int]]:
    """The weeks without their last added set where the peak is odd and too small to be halved.

    An odd number below eleven has no whole number within 45 and 55 % of it.
    """
    peak = sum(weeks[-1])
    if peak % 2 == 0 or peak > _LARGE_ENOUGH:
        return weeks
    found = [list(week) for week in weeks]
    for number in range(len(found) - 1, 0, -1):
        before, after = found[number - 1], found[number]
        risen = [index for index, sets in enumerate(after) if sets > before[index]]
        if risen:
            for week in found[number:]:
                week[risen[-1]] -= 1
            break
    return found


def halved(slots: Sequence[Slot], sets: Sequence[int]) -> list[int]:
    """Half of the sets, exactly in total (an odd total is rounded up).

    Of the exercises with an odd number every other one is rounded up, muscle by muscle, so that
    no muscle's own exercises together are more than a set away from half.
    """
    half = [number // 2 for number in sets]
    order = list(MuscleGroup)
    odd = sorted(
        (index for index, number in enumerate(sets) if number % 2),
        key=lambda index: (
            order.index(slots[index].direct[0]) if slots[index].direct else len(order),
            index,
        ),
    )
    for index in odd[::2]:
        half[index] += 1
    return half


def _slots(program: Program, exercises: Exercises) -> list[Slot]:
    found = []
    for number, session in enumerate(program.in_order):
        for row in sorted(session.exercises, key=lambda row: row.order_in_session):
            # Sets that are too easy to count train nothing, so they stay as they are.
            exercise = exercises.get(row.exercise_id) if hard_sets(row) else None
            shares = dict(exercise.muscle_contributions) if exercise else {}
            direct = exercise.direct_muscles if exercise else ()
            found.append(Slot(number, row, shares, direct))
    return found


def _trains(slot: Slot, muscle: MuscleGroup, axis: Axis) -> bool:
    return muscle in (slot.direct if axis is Axis.DIRECT else slot.shares)
