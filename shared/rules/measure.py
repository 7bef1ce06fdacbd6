"""What edits of one program do to the objective.

As every session comes up equally often, what an added exercise does to the week does not depend
on the session; and an edit moves only the muscles of its exercise. So each edit is measured on
what it changes, and never by counting the program again.
"""

from typing import NamedTuple

from shared.models.contributions import Share
from shared.models.muscles import MuscleGroup
from shared.rules.counted import CountedProgram
from shared.rules.edits import Amounts, Edit
from shared.rules.objective import OVERLOAD_WEIGHT, SURPLUS_WEIGHT, burdens, muscle_burden
from shared.rules.targets import Targets, beyond_session, deficit, surplus
from shared.rules.volume import Exercises

_DIGITS = 9
"""Improvements are compared after rounding, so that the order of adding up decides nothing."""

_ROUNDING = 1e-6
"""More than rounding can make of an improvement."""


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

    `exercises` hold those of the program and those that could be added. Where most of the time
    goes, weekly sets are written out as `per_week` has them.
    """

    def __init__(self, counted: CountedProgram, exercises: Exercises, wanted: Targets) -> None:
        self._exercises = exercises
        self._wanted = wanted
        self._times, self._weeks = counted.factor.as_integer_ratio()
        once, weekly = counted.once, counted.weekly
        self._burdens = burdens(wanted, weekly)
        self._once = {m: (sets, once.direct[m]) for m, sets in once.fractional.items()}
        self._now = {m: (sets, weekly.direct[m]) for m, sets in weekly.fractional.items()}
        burdened = {m: self._now[m] for m, burden in self._burdens.items() if burden}
        self._short = {
            m: wanted[m].weight for m, now in burdened.items() if deficit(wanted[m], *now)
        }
        too_many = SURPLUS_WEIGHT + OVERLOAD_WEIGHT
        self._over = {m: too_many for m, now in burdened.items() if surplus(wanted[m], *now)}
        self._reliefs: dict[tuple[Share, Amounts], list[float]] = {}

    def most(self, exercise_id: str, added: int) -> float:
        """Up to so many sets more of the exercise make the objective smaller by no more than this.

        Negative ones are sets fewer. Only more sets help what has too few, and only fewer what has
        too many. A set counts on either axis for no more than the exercise's larger share, and for
        no more than its weights, as edges rise from low to limit; and no more can be gained than
        there is to bear.
        """
        exercise = self._exercises.get(exercise_id)
        if exercise is None:
            return 0.0
        wrong = self._short if added > 0 else self._over
        sets = abs(added) * self._times / self._weeks
        most = 0.0
        for muscle, fractional, direct in exercise.shares:
            if muscle in wrong:
                share = fractional if fractional > direct else direct
                most += min(self._burdens[muscle], wrong[muscle] * sets * share)
        return most + _ROUNDING if most else 0.0

    def gains(self, exercise_id: str, amounts: Amounts) -> list[tuple[int, float]]:
        """Which of so many sets more make the objective smaller, and by how much."""
        shares = self._exercises[exercise_id].shares
        reliefs = [self._reliefs_of(share, amounts) for share in shares]
        sizes = [round(sum(parts), _DIGITS) for parts in zip(*reliefs, strict=True)]
        return [(amount, size) for amount, size in zip(amounts, sizes, strict=True) if size > 0]

    def effects(self, edit: Edit) -> list[Effect]:
        """On every muscle that the exercise trains."""
        exercise = self._exercises[edit.slot.exercise_id]
        return [self._effect(share, edit.counted) for share in exercise.shares]

    def overfills(self, edit: Edit) -> bool:
        """Whether a muscle gets more sets in the session than a session has use for."""
        there, added = edit.turn.sets, edit.counted
        return any(
            beyond_session(
                self._wanted[muscle],
                there.fractional[muscle] + added * fractional,
                there.direct[muscle] + added * direct,
            )
            for muscle, fractional, direct in self._exercises[edit.slot.exercise_id].shares
        )

    def categories(self, exercise_id: str) -> frozenset[str]:
        """The parts of the split that the exercise trains directly."""
        exercise = self._exercises.get(exercise_id)
        return exercise.direct_categories if exercise else frozenset()

    def _reliefs_of(self, share: Share, amounts: Amounts) -> list[float]:
        """By how much so many sets more in one pass make the muscle's burden smaller."""
        key = share, amounts
        if key not in self._reliefs:
            muscle, fractional, direct = share
            target, now = self._wanted[muscle], self._burdens[muscle]
            once_fractional, once_direct = self._once[muscle]
            times, weeks = self._times, self._weeks
            self._reliefs[key] = [
                now
                - muscle_burden(
                    target,
                    (once_fractional + amount * fractional) * times / weeks,
                    (once_direct + amount * direct) * times / weeks,
                )
                for amount in amounts
            ]
        return self._reliefs[key]

    def _effect(self, share: Share, amount: int) -> Effect:
        muscle, fractional, direct = share
        once_fractional, once_direct = self._once[muscle]
        after = (
            (once_fractional + amount * fractional) * self._times / self._weeks,
            (once_direct + amount * direct) * self._times / self._weeks,
        )
        relief = self._burdens[muscle] - muscle_burden(self._wanted[muscle], *after)
        return Effect(muscle, *self._now[muscle], *after, relief)
