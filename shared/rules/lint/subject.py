"""What the rules look at, and what they say about it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from shared.models.exercises import Exercise
from shared.models.lint import LintSettings, Location, RuleId, Severity
from shared.models.muscles import MuscleGroup
from shared.models.sessions import SessionExercise
from shared.models.volume import MusclePriority
from shared.rules.counted import CountedProgram, Turn
from shared.rules.patch_steps import SlotChanges
from shared.rules.targets import Targets
from shared.rules.volume import Count, per_week

Fix = Mapping[int, SlotChanges]
"""Changes of some sessions, by their turn."""


class Slot(NamedTuple):
    """An exercise in a session; there is none for one that no longer exists."""

    turn: Turn
    place: int
    slot: SessionExercise
    exercise: Exercise


@dataclass(eq=False)
class Subject:
    """One program, and what it is measured with.

    Rules about single muscles or sessions look at `muscles`, `looked_at` and `slots`: all of them,
    or those that a fix changes, since about the others there is nothing new to say.
    """

    counted: CountedProgram
    """As it is stored, without any fix."""

    targets: Targets
    settings: LintSettings

    turns: list[Turn]
    """With the fix, as are the weeks."""

    looked_at: list[Turn]
    muscles: Targets
    weeks: Mapping[MuscleGroup, Count]
    """Sets of an average scheduled week, of all muscles."""

    @classmethod
    def of(cls, counted: CountedProgram, targets: Targets, settings: LintSettings) -> "Subject":
        weekly = counted.weekly
        return cls(
            counted=counted,
            targets=targets,
            settings=settings,
            turns=counted.turns,
            looked_at=counted.turns,
            muscles=_cared_for(targets),
            weeks={
                muscle: Count(fractional, weekly.direct[muscle])
                for muscle, fractional in weekly.fractional.items()
            },
        )

    def mended(self, fix: Fix) -> "Subject":
        """The program with the fix, of which only what that changes is looked at."""
        turns, exercises = self.turns.copy(), self.counted.exercises
        moved: set[MuscleGroup] = set()
        for place, changes in fix.items():
            old = turns[place]
            turns[place] = old.changed(changes, exercises)
            for changed in changes:
                if exercise := exercises.get(old.slots[changed].exercise_id):
                    moved.update(exercise.muscle_contributions)
        return Subject(
            counted=self.counted,
            targets=self.targets,
            settings=self.settings,
            turns=turns,
            looked_at=[turns[place] for place in fix],
            muscles={muscle: row for muscle, row in self.muscles.items() if muscle in moved},
            weeks={**self.weeks, **{muscle: self._week(turns, muscle) for muscle in moved}},
        )

    def looks_at(self, location: Location) -> bool:
        """Whether what is found there is found anew, and not merely as it was before a fix."""
        return (location.muscle is None or location.muscle in self.muscles) and (
            location.session_id is None
            or any(turn.session.id == location.session_id for turn in self.looked_at)
        )

    def _week(self, turns: list[Turn], muscle: MuscleGroup) -> Count:
        (fractional, direct), factor = sets_once(turns, muscle), self.counted.factor
        return Count(per_week(fractional, factor), per_week(direct, factor))

    @cached_property
    def wanted(self) -> Targets:
        """Of the muscles somebody cares about, looked at or not."""
        return _cared_for(self.targets)

    @cached_property
    def slots(self) -> list[Slot]:
        """Those looked at."""
        return self.all_slots if self.looked_at is self.turns else self._slots(self.looked_at)

    @cached_property
    def all_slots(self) -> list[Slot]:
        return self._slots(self.turns)

    def training(self, muscle: MuscleGroup) -> list[Slot]:
        """Whatever trains the muscle, in the order of the program."""
        return self._by_muscle.get(muscle, [])

    @cached_property
    def _by_muscle(self) -> dict[MuscleGroup, list[Slot]]:
        found: dict[MuscleGroup, list[Slot]] = {}
        for slot in self.all_slots:
            for muscle in slot.exercise.muscle_contributions:
                found.setdefault(muscle, []).append(slot)
        return found

    def _slots(self, turns: Iterable[Turn]) -> list[Slot]:
        return [
            Slot(turn, place, slot, exercise)
            for turn in turns
            for place, slot in enumerate(turn.slots)
            if (exercise := self.counted.exercises.get(slot.exercise_id))
        ]


def sets_once(turns: Iterable[Turn], muscle: MuscleGroup) -> Count:
    """The muscle's sets when each of these sessions is done once."""
    fractional = direct = 0.0
    for turn in turns:
        fractional += turn.sets.fractional[muscle]
        direct += turn.sets.direct[muscle]
    return Count(fractional, direct)


def _cared_for(targets: Targets) -> Targets:
    """All muscles but those to be ignored."""
    return {
        muscle: target
        for muscle, target in targets.items()
        if target.priority is not MusclePriority.IGNORE
    }


class Hit(NamedTuple):
    """One thing a rule found."""

    message: str
    location: Location

    evidence: Sequence[str] = ()
    """Sources besides the rule's own."""

    fix: Callable[[], Fix | None] | None = None
    """Makes the program as it might be; whether that is better is for others to find out."""


@dataclass(frozen=True, eq=False)
class Rule:
    id: RuleId
    severity: Severity

    evidence: Sequence[str]
    """Ids of sources."""

    check: Callable[[Subject], Iterator[Hit]]

    reads: Sequence[str]
    """The fields of exercises in sessions that its findings hang on. Whatever is read, an exercise
    that is taken out may change them."""


HARD_SETS = ("sets", "rir")
"""The fields that hard sets are counted from."""

LENGTH = ("sets", "rest_seconds")
"""The fields that a session's length is counted from."""

NOTHING = ()
