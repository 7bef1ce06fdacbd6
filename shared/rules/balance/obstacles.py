"""Why a target is missed: what stands in the way of one more step towards it.

A step adds a set to an exercise of a session, or adds an exercise with its fewest sets. Of each
step that would help the muscle, all limits are noted that forbid it; the limit named is the one
whose lifting alone would let in the most help.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from shared.models.designs import Limit
from shared.models.muscles import MuscleGroup
from shared.models.volume import Axis
from shared.rules.balance.formulation import Tag
from shared.rules.balance.task import SESSION_CAPS, Candidate, Plan, Task, barrier, room, shares_of
from shared.rules.balance.weighing import edits, missing_of, weekly_of
from shared.rules.targets import deficit

_ENOUGH = 1e-9


class Obstacle(NamedTuple):
    """What keeps a muscle from its target."""

    muscle: MuscleGroup
    missing: float
    """Weekly sets of direct work."""

    tags: tuple[Tag, ...]
    """Limits of one kind; of several kinds only where none alone is to blame."""


def obstacles(task: Task, plan: Plan) -> list[Obstacle]:
    """For each muscle that misses its target, most points missing first."""
    missing = missing_of(task, weekly_of(task, plan))
    short = [
        Obstacle(muscle, sets, _blame(task, plan, muscle))
        for muscle, sets in missing.items()
        if sets > _ENOUGH and task.targets[muscle].weight
    ]
    return sorted(
        short, key=lambda found: -found.missing * task.targets[found.muscle].weight
    )


def _blame(task: Task, plan: Plan, muscle: MuscleGroup) -> tuple[Tag, ...]:
    help_by: dict[frozenset[Tag], float] = defaultdict(float)
    for gain, tags in _steps(task, plan, muscle):
        help_by[frozenset(tags)] += gain
    if not help_by:
        return (Tag(Limit.CATALOGUE),)
    by_kinds: dict[frozenset[Limit], float] = defaultdict(float)
    for tags, gain in help_by.items():
        by_kinds[frozenset(tag.limit for tag in tags)] += gain
    order = list(Limit)
    kinds = min(
        by_kinds,
        key=lambda kinds: (
            len(kinds), -by_kinds[kinds], sorted(order.index(kind) for kind in kinds)
        ),
    )
    if not kinds:
        return (Tag(Limit.TRADE_OFF),)
    named = {
        tag for tags in help_by for tag in tags if kinds == {each.limit for each in tags}
    }
    return tuple(
        sorted(
            named,
            key=lambda tag: (order.index(tag.limit), tag.session or 0, tag.muscle or ""),
        )
    )


def _steps(task: Task, plan: Plan, muscle: MuscleGroup) -> Iterator[tuple[float, set[Tag]]]:
    """The missing sets that each step would save, and what forbids it."""
    state = _State(task, plan)
    for candidate in task.candidates:
        if not candidate.shares.get(muscle):
            continue
        for day in range(len(task.days)):
            added = state.step(day, candidate)
            gain = state.gain(muscle, candidate, added)
            if gain > _ENOUGH:
                yield gain, set(state.forbidding(day, candidate, added))


class _State:
    """The plan, counted every way that limits count."""

    def __init__(self, task: Task, plan: Plan) -> None:
        self.task, self.plan = task, plan
        self.weekly = weekly_of(task, plan)
        self.edits = edits(task, plan)
        self.shares = shares_of(task)
        days = range(len(task.days))
        self.names = [[name for day, name in plan if day == here] for here in days]
        self.seconds = [
            sum(plan[here, name] * task.seconds(here, name) for name in self.names[here])
            for here in days
        ]

    def step(self, day: int, candidate: Candidate) -> int:
        """How many sets the smallest step adds."""
        if (day, candidate.exercise_id) in self.plan:
            return 1
        return max(1, room(self.task, day, candidate).fewest or self.task.fewest_sets)

    def gain(self, muscle: MuscleGroup, candidate: Candidate, added: int) -> float:
        target, sets = self.task.targets[muscle], self.weekly[muscle]
        weekly = added * float(self.task.factor)
        fractional = sets[Axis.FRACTIONAL] + weekly * candidate.shares[muscle]
        direct = sets[Axis.DIRECT] + weekly * (muscle in candidate.direct)
        before = deficit(target, sets[Axis.FRACTIONAL], sets[Axis.DIRECT])
        return before - deficit(target, fractional, direct)

    def forbidding(self, day: int, candidate: Candidate, added: int) -> Iterator[Tag]:
        task, name = self.task, candidate.exercise_id
        sets = self.plan.get((day, name), 0) + added
        if sets > room(task, day, candidate).most:
            yield Tag(barrier(task, day, candidate) or Limit.SETS)
        if self.seconds[day] + added * task.seconds(day, name) > task.days[day].seconds:
            yield Tag(Limit.MINUTES, day)
        if (day, name) not in self.plan and len(self.names[day]) >= task.most_exercises:
            yield Tag(Limit.EXERCISES, day)
        if task.edits is not None and self._edits_with(day, name, sets) > task.edits:
            yield Tag(Limit.EDITS)
        yield from self._caps(day, candidate, added)

    def _edits_with(self, day: int, name: str, sets: int) -> int:
        now = self.task.days[day].now.get(name)
        was = self.plan.get((day, name))
        return self.edits + (sets != now) - (was != now)

    def _caps(self, day: int, candidate: Candidate, added: int) -> Iterator[Tag]:
        task = self.task
        for muscle in candidate.shares:
            ones: Mapping[Axis, float] = {
                axis: rows.get(candidate.exercise_id, 0)
                for axis, rows in self.shares[muscle].items()
            }
            here = {
                axis: sum(
                    self.plan[day, name] * self.shares[muscle][axis].get(name, 0)
                    for name in self.names[day]
                )
                for axis in Axis
            }
            if any(here[axis] + added * ones[axis] > cap for axis, cap in SESSION_CAPS.items()):
                yield Tag(Limit.SESSION_CAP, day, muscle)
            if any(
                self.weekly[muscle][edge.axis] + added * ones[edge.axis] * float(task.factor)
                > edge.value + _ENOUGH
                for edge in task.ceilings[muscle]
            ):
                yield Tag(Limit.WEEKLY_LIMIT, muscle=muscle)
