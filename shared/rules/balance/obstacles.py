"""Why a target is missed: what stands in the way of one more step towards it.

A step adds a set to an exercise of a session, or adds an exercise with its fewest sets. Of each
step that would help the muscle, all limits are noted that forbid it; the limits named are those
whose lifting, of one alone, would allow the step that helps most.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from shared.models.designs import Limit
from shared.models.muscles import MuscleGroup
from shared.models.volume import Axis
from shared.rules.balance.formulation import Tag
from shared.rules.balance.task import (
    Candidate,
    Plan,
    Task,
    barrier,
    counts,
    room,
    session_caps,
    shares_of,
)
from shared.rules.balance.weighing import edits, missing_of, weekly_of
from shared.rules.targets import deficit

_ENOUGH = 1e-9


class Obstacle(NamedTuple):
    """What keeps a muscle from its target."""

    muscle: MuscleGroup
    missing: float
    """Weekly sets of direct work."""

    tags: tuple[Tag, ...]
    """The limits that stand in the way."""

    together: bool
    """Whether all of them would have to be lifted; else any kind of them would do."""


def obstacles(task: Task, plan: Plan) -> list[Obstacle]:
    """For each muscle that misses its target, most points missing first."""
    state = _State(task, plan)
    short = [
        _obstacle(state, muscle, sets)
        for muscle, sets in state.missing.items()
        if sets > _ENOUGH and task.targets[muscle].weight
    ]
    return sorted(short, key=lambda found: -found.missing * task.targets[found.muscle].weight)


def _obstacle(state: "_State", muscle: MuscleGroup, missing: float) -> Obstacle:
    steps = [(gain, tags or {Tag(Limit.TRADE_OFF)}) for gain, tags in state.steps(muscle)]
    if not steps:
        return Obstacle(muscle, missing, (Tag(Limit.CATALOGUE),), together=False)
    fewest = min(len(_kinds(tags)) for _, tags in steps)
    simple = [(gain, tags) for gain, tags in steps if len(_kinds(tags)) == fewest]
    most = max(gain for gain, _ in simple)
    best = [tags for gain, tags in simple if gain > most - _ENOUGH]
    if fewest > 1:
        best = [tags for tags in best if _kinds(tags) == _kinds(best[0])]
    named = {tag for tags in best for tag in tags}
    return Obstacle(muscle, missing, tuple(sorted(named, key=_place)), together=fewest > 1)


def _kinds(tags: Iterable[Tag]) -> frozenset[Limit]:
    return frozenset(tag.limit for tag in tags)


def _place(tag: Tag) -> tuple[int, int, str]:
    return list(Limit).index(tag.limit), tag.session or 0, tag.muscle or ""


class _State:
    """The plan, counted every way that limits count."""

    def __init__(self, task: Task, plan: Plan) -> None:
        self.task, self.plan = task, plan
        self.weekly = weekly_of(task, plan)
        self.missing = missing_of(task, self.weekly)
        self.edits = edits(task, plan)
        self.shares = shares_of(task)
        days = range(len(task.days))
        self.names = [[name for day, name in plan if day == here] for here in days]
        self.seconds = [self._needed_seconds(here) for here in days]

    def _needed_seconds(self, day: int) -> int:
        """Without the sets that could go, one after another, and no muscle would miss more."""
        task, plan = self.task, dict(self.plan)
        for candidate in task.candidates:
            name = candidate.exercise_id
            while sets := plan.get((day, name)):
                least, fewest, _ = room(task, day, candidate)
                fewer = sets - 1 if sets > fewest else 0
                if fewer < least or name in task.keep:
                    break
                without = {**plan, (day, name): fewer}
                lacking = missing_of(task, weekly_of(task, without))
                if any(lacking[muscle] > self.missing[muscle] + _ENOUGH for muscle in lacking):
                    break
                plan = without
        return sum(
            sets * task.seconds(day, name) for (here, name), sets in plan.items() if here == day
        )

    def steps(self, muscle: MuscleGroup) -> Iterator[tuple[float, set[Tag]]]:
        """The missing sets that each step would save, and what forbids it."""
        for candidate in self.task.candidates:
            if not candidate.shares.get(muscle):
                continue
            for day in range(len(self.task.days)):
                if not counts(self.task, day, candidate.exercise_id):
                    continue
                added = self.step(day, candidate)
                gain = self.gain(muscle, candidate, added)
                if gain > _ENOUGH:
                    yield gain, set(self.forbidding(day, candidate, added))

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
        if (day, name) not in self.plan and len(self.names[day]) >= task.exercises(day):
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
                    if counts(task, day, name)
                )
                for axis in Axis
            }
            if any(here[axis] + added * ones[axis] > cap for axis, cap in session_caps().items()):
                yield Tag(Limit.SESSION_CAP, day, muscle)
            if any(
                self.weekly[muscle][edge.axis] + added * ones[edge.axis] * float(task.factor)
                > edge.value + _ENOUGH
                for edge in task.ceilings[muscle]
            ):
                yield Tag(Limit.WEEKLY_LIMIT, muscle=muscle)
