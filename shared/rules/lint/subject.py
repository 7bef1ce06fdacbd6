"""What the rules look at, and what they say about it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

from shared.models.exercises import Exercise
from shared.models.lint import LintSettings, Location, RuleId, Severity
from shared.models.muscles import MuscleGroup
from shared.models.programs import Program
from shared.models.sessions import Session, SessionExercise
from shared.models.volume import MusclePriority
from shared.rules.targets import Target, Targets
from shared.rules.volume import Exercises, Tally, rotation_factor, tally, weekly_total


@dataclass(frozen=True)
class Subject:
    """One program, and what it is measured with."""

    program: Program
    exercises: Exercises
    targets: Targets
    settings: LintSettings

    counted: dict[int, tuple[Session, Tally]] = field(default_factory=dict)
    """Sets of sessions by the identity of the object, which is kept so that no other one can have
    it; a program mended by a fix shares all sessions but one with the program as it is."""

    @cached_property
    def factor(self) -> Fraction:
        return rotation_factor(self.program)

    @cached_property
    def weekly(self) -> Tally:
        return weekly_total((sets for _, sets in self.sessions), self.factor)

    @cached_property
    def sessions(self) -> list[tuple[Session, Tally]]:
        """Each session, by its turn, with its own sets."""
        for session in self.program.sessions:
            if id(session) not in self.counted:
                sets = tally(session.exercises, self.exercises)
                self.counted[id(session)] = session, sets
        return [self.counted[id(session)] for session in self.program.in_order]

    @property
    def wanted(self) -> list[tuple[MuscleGroup, Target]]:
        """The muscles somebody cares about: all but those to be ignored."""
        return [
            (muscle, target)
            for muscle, target in self.targets.items()
            if target.priority is not MusclePriority.IGNORE
        ]

    @property
    def slots(self) -> Iterator[tuple[Session, SessionExercise, Exercise]]:
        """In the order of the program; without exercises that no longer exist."""
        for session in self.program.in_order:
            for slot in session.exercises:
                if exercise := self.exercises.get(slot.exercise_id):
                    yield session, slot, exercise


@dataclass(frozen=True)
class Hit:
    """One thing a rule found."""

    message: str
    location: Location

    evidence: Sequence[str] = ()
    """Sources besides the rule's own."""

    fix: Callable[[], Program | None] | None = None
    """Makes the program as it might be; whether that is better is for others to find out."""


@dataclass(frozen=True)
class Rule:
    id: RuleId
    severity: Severity

    evidence: Sequence[str]
    """Ids of sources."""

    check: Callable[[Subject], Iterator[Hit]]
