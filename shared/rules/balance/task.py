"""The question: what may be chosen, within which limits, and what it should bring."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from shared.models.designs import Limit
from shared.models.muscles import MuscleGroup
from shared.models.volume import Axis, Basis, MusclePriority
from shared.rules.profiles import landmarks
from shared.rules.targets import Target, Targets

BURDEN = 10.0
"""Points for each weekly set of `shared/rules/objective.py`: missing, or too many. All points are
house conventions; what matters is their order."""

DIRECT, EXTRA = 2.0, 1.0
"""Points that a weekly set earns, times the muscle's weight: a direct one up to the direct minimum,
even where indirect work would do, and one of either kind up to the middle of the range."""

SLOT, EDIT = 1.0, 2.0
"""Points that an exercise of a session costs, and that an edit of a program costs."""

AGAIN, AND_AGAIN = 2.0, 8.0
"""Points that an exercise's second session of a pass costs, and each one after it."""

Plan = Mapping[tuple[int, str], int]
"""Sets by session (counted from 0) and exercise; what is absent is not done."""


class Candidate(NamedTuple):
    """An exercise, and what forbids it if anything does."""

    exercise_id: str
    shares: Mapping[MuscleGroup, float]
    direct: frozenset[MuscleGroup]
    hindrance: Limit | None = None


class Day(NamedTuple):
    """One session of a pass."""

    seconds: int
    """How long it may take."""

    muscles: frozenset[MuscleGroup] | None = None
    """Those whose direct work belongs here; None for all."""

    now: Mapping[str, int] = {}
    """Sets of the program that is to be repaired, by exercise."""

    set_seconds: Mapping[str, int] = {}
    """Of exercises whose sets take another time than the usual."""

    easy: frozenset[str] = frozenset()
    """Exercises whose sets end too far from failure to count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """`candidates` in a fixed order, so that equal questions make equal programs."""

    candidates: tuple[Candidate, ...]
    days: tuple[Day, ...]
    targets: Targets
    ceilings: Mapping[MuscleGroup, tuple[Basis, ...]]
    """Weekly sets that must not be exceeded, for ignored muscles, too."""

    factor: Fraction
    """How often each session comes up in an average week."""

    keep: frozenset[str] = frozenset()
    """Exercises that must be there; in a repair with at least their sets."""

    edits: int | None = None
    """At most so many exercises of sessions may differ from `now`; None for a new program."""

    set_seconds: int
    fewest_sets: int
    most_sets: int
    most_exercises: int

    @property
    def repairs(self) -> bool:
        return self.edits is not None

    def exercises(self, day: int) -> int:
        """How many a session may have; one that has more keeps as many."""
        return max(self.most_exercises, len(self.days[day].now))

    def seconds(self, day: int, exercise_id: str) -> int:
        """What one set takes."""
        return self.days[day].set_seconds.get(exercise_id, self.set_seconds)


class Room(NamedTuple):
    """How many sets an exercise may have in a session; 0 is possible unless `least` says no."""

    least: int
    """At least so many, always."""

    fewest: int
    """At least so many, if any."""

    most: int


def room(task: Task, day: int, candidate: Candidate) -> Room:
    """What the exercise's own limits leave, before any that exercises share."""
    hindrance, now = barrier(task, day, candidate), task.days[day].now.get(candidate.exercise_id, 0)
    if hindrance in {Limit.EQUIPMENT, Limit.AVOID}:
        return Room(0, 0, 0)
    least = now if task.repairs and candidate.exercise_id in task.keep else 0
    if hindrance is not None:
        return Room(least, min(now, task.fewest_sets), now)
    return Room(
        least,
        min(now, task.fewest_sets) if now else task.fewest_sets,
        max(now, task.most_sets),
    )


def barrier(task: Task, day: int, candidate: Candidate) -> Limit | None:
    """Why the exercise may not be added to the session, however much room there is."""
    if candidate.hindrance is not None:
        return candidate.hindrance
    muscles = task.days[day].muscles
    if muscles is None or candidate.exercise_id in task.keep or candidate.direct & muscles:
        return None
    return Limit.SPLIT


def session_caps() -> dict[Axis, float]:
    """Sets for one muscle in one session that are worth doing."""
    limits = landmarks().limits
    return {
        Axis.DIRECT: limits.session_direct_sets.value,
        Axis.FRACTIONAL: limits.session_fractional_sets.value,
    }


def counts(task: Task, day: int, exercise_id: str) -> bool:
    return exercise_id not in task.days[day].easy


def shares_of(task: Task) -> dict[MuscleGroup, dict[Axis, dict[str, float]]]:
    """What one set of each exercise counts for each muscle, on both axes."""
    shares: dict[MuscleGroup, dict[Axis, dict[str, float]]] = {
        muscle: {Axis.FRACTIONAL: {}, Axis.DIRECT: {}} for muscle in MuscleGroup
    }
    for candidate in task.candidates:
        for muscle, share in candidate.shares.items():
            shares[muscle][Axis.FRACTIONAL][candidate.exercise_id] = share
        for muscle in candidate.direct:
            shares[muscle][Axis.DIRECT][candidate.exercise_id] = 1.0
    return shares


def middle_of(target: Target) -> Basis | None:
    """The middle of the wanted range, on the first axis that has both ends.

    Up to there more sets are worth having (docs/training.md, schoenfeld-2017), but for muscles
    that are only to be maintained.
    """
    if target.priority is MusclePriority.MAINTAIN:
        return None
    for low in target.low:
        for high in target.high:
            if low.axis is high.axis:
                return low.model_copy(update={"value": (low.value + high.value) / 2})
    return None


def direct_goal(target: Target) -> Basis | None:
    """Up to so many direct sets are better than indirect ones."""
    return next((edge for edge in target.low if edge.axis is Axis.DIRECT), None)
