"""What the rules look at, and what they say about it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from shared.models.exercises import Exercise
from shared.models.lint import LintSettings, Location, RuleId, Severity
from shared.models.muscles import MuscleGroup
from shared.models.programs import Program
from shared.models.sessions import Session, SessionExercise
from shared.models.volume import MusclePriority
from shared.rules.targets import Targets
from shared.rules.volume import Exercises, Tally, per_week, rotation_factor, tally

NewSlots = Mapping[str, list[SessionExercise]]
"""What some sessions are to hold instead, by their ids."""

Slot = tuple[Session, SessionExercise, Exercise]
"""In the order of the program; there is none for an exercise that no longer exists."""


class Count(NamedTuple):
    """Sets of one muscle."""

    fractional: float
    direct: float


class Counted(NamedTuple):
    """A session with its own sets."""

    session: Session
    sets: Tally

    is_storable: bool
    """Whether it has each exercise once."""

    @classmethod
    def of(cls, session: Session, exercises: Exercises) -> "Counted":
        names = {slot.exercise_id for slot in session.exercises}
        sets = tally(session.exercises, exercises)
        return cls(session, sets, len(names) == len(session.exercises))


@dataclass(frozen=True)
class Subject:
    """One program, and what it is measured with.

    Rules about single muscles or sessions look at `muscles`, `looked_at` and `slots`: all of them,
    or those that a fix changes, since about the others there is nothing new to say.
    """

    program: Program
    exercises: Exercises
    targets: Targets
    settings: LintSettings
    factor: Fraction
    """How often each session comes up in an average week; no fix changes it."""

    sessions: list[Counted]
    """By their turn."""

    looked_at: list[Counted]
    muscles: Targets
    _weeks: dict[MuscleGroup, Count] = field(default_factory=dict, init=False)

    @classmethod
    def of(
        cls, program: Program, exercises: Exercises, targets: Targets, settings: LintSettings
    ) -> "Subject":
        sessions = [Counted.of(session, exercises) for session in program.in_order]
        return cls(
            program,
            exercises,
            targets,
            settings,
            rotation_factor(program),
            sessions,
            looked_at=sessions,
            muscles=_cared_for(targets),
        )

    def mended(self, slots: NewSlots) -> "Subject":
        """The program with other slots, of which only what that changes is looked at."""
        changed = {
            counted.session.id: Counted.of(
                counted.session.model_copy(update={"exercises": slots[counted.session.id]}),
                self.exercises,
            )
            for counted in self.sessions
            if counted.session.id in slots
        }
        moved = {
            muscle
            for old in self.sessions
            if (new := changed.get(old.session.id))
            for before, after in zip(old.sets, new.sets, strict=True)
            for muscle, sets in before.items()
            if after[muscle] != sets
        }
        sessions = [changed.get(counted.session.id, counted) for counted in self.sessions]
        return replace(
            self,
            program=self.program.model_copy(
                update={"sessions": [counted.session for counted in sessions]}
            ),
            sessions=sessions,
            looked_at=list(changed.values()),
            muscles={muscle: row for muscle, row in self.muscles.items() if muscle in moved},
        )

    def looks_at(self, location: Location) -> bool:
        """Whether what is found there is found anew, and not merely as it was before a fix."""
        return (location.muscle is None or location.muscle in self.muscles) and (
            location.session_id is None
            or any(counted.session.id == location.session_id for counted in self.looked_at)
        )

    def week(self, muscle: MuscleGroup) -> Count:
        """Sets of an average scheduled week."""
        if muscle not in self._weeks:
            self._weeks[muscle] = Count(
                per_week(sum([row.sets.fractional[muscle] for row in self.sessions]), self.factor),
                per_week(sum([row.sets.direct[muscle] for row in self.sessions]), self.factor),
            )
        return self._weeks[muscle]

    @property
    def wanted(self) -> Targets:
        """Of the muscles somebody cares about, looked at or not."""
        return _cared_for(self.targets)

    @cached_property
    def slots(self) -> list[Slot]:
        """Those looked at."""
        return self._slots(self.looked_at)

    @cached_property
    def all_slots(self) -> list[Slot]:
        return self._slots(self.sessions)

    def training(self, muscle: MuscleGroup) -> list[Slot]:
        """Whatever trains the muscle, in the order of the program."""
        return self._by_muscle.get(muscle, [])

    @cached_property
    def _by_muscle(self) -> dict[MuscleGroup, list[Slot]]:
        found: dict[MuscleGroup, list[Slot]] = {}
        for slot in self.all_slots:
            for muscle in slot[2].muscle_contributions:
                found.setdefault(muscle, []).append(slot)
        return found

    def _slots(self, sessions: Iterable[Counted]) -> list[Slot]:
        return [
            (counted.session, slot, exercise)
            for counted in sessions
            for slot in counted.session.exercises
            if (exercise := self.exercises.get(slot.exercise_id))
        ]


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

    fix: Callable[[], NewSlots | None] | None = None
    """Makes the program as it might be; whether that is better is for others to find out."""


@dataclass(frozen=True)
class Rule:
    id: RuleId
    severity: Severity

    evidence: Sequence[str]
    """Ids of sources."""

    check: Callable[[Subject], Iterator[Hit]]
