"""The question as a mixed-integer linear program.

Columns: sets and presence (0 or 1) of each exercise in each session, missing and superfluous
weekly sets of each muscle. Weekly sets are those of one pass times the rotation factor.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from shared.models.designs import Limit
from shared.models.muscles import MuscleGroup
from shared.models.volume import Axis, Basis
from shared.rules.balance.linear import INFINITY, LinearProgram
from shared.rules.balance.task import (
    AGAIN,
    AND_AGAIN,
    BURDEN,
    DIRECT,
    EDIT,
    EXTRA,
    SLOT,
    Candidate,
    Plan,
    Task,
    counts,
    direct_goal,
    middle_of,
    room,
    session_caps,
    shares_of,
)
from shared.rules.objective import SURPLUS_WEIGHT

Entries = list[tuple[int, float]]


class Tag(NamedTuple):
    """Which limit a row stands for."""

    limit: Limit
    session: int | None = None
    muscle: MuscleGroup | None = None


@dataclass(slots=True)
class Formulation:
    """The program, and where in it what is."""

    linear: LinearProgram = field(default_factory=LinearProgram)
    sets: dict[tuple[int, str], int] = field(default_factory=dict)
    """The column of the sets, by session and exercise."""

    present: dict[tuple[int, str], int] = field(default_factory=dict)
    tags: dict[int, Tag] = field(default_factory=dict)
    """Of the rows that are limits."""

    start: dict[int, float] = field(default_factory=dict)
    """Values of columns from which to search: those of the program that is to be repaired."""

    def plan(self, values: list[float]) -> Plan:
        counts = {place: round(values[column]) for place, column in self.sets.items()}
        return {place: sets for place, sets in counts.items() if sets}

    def limit(self, tag: Tag, most: float, entries: Iterable[tuple[int, float]]) -> None:
        """A row that must not exceed `most`; left out where it could not."""
        entries = list(entries)
        if sum(self.linear.upper[column] * factor for column, factor in entries) > most:
            self.tags[self.linear.row(-INFINITY, most, entries)] = tag


def formulate(task: Task) -> Formulation:
    made = Formulation()
    for day in range(len(task.days)):
        for candidate in task.candidates:
            _place(made, task, day, candidate)
        _limit_session(made, task, day)
    _count_repeats(made, task)
    if task.edits is not None:
        _count_edits(made, task, task.edits)
    else:
        _require_kept(made, task)
    shares = shares_of(task)
    for muscle in MuscleGroup:
        _aim(made, task, muscle, shares[muscle])
    return made


def _place(made: Formulation, task: Task, day: int, candidate: Candidate) -> None:
    least, fewest, most = room(task, day, candidate)
    if not most:
        return
    linear, key = made.linear, (day, candidate.exercise_id)
    sets = made.sets[key] = linear.column(least, most, integer=True)
    present = made.present[key] = linear.column(1 if least else 0, 1, cost=SLOT, integer=True)
    if task.repairs:
        now = task.days[day].now.get(candidate.exercise_id, 0)
        made.start |= {sets: now, present: 1 if now else 0}
    linear.row(0, INFINITY, [(sets, 1), (present, -fewest)])
    linear.row(-INFINITY, 0, [(sets, 1), (present, -most)])


def _limit_session(made: Formulation, task: Task, day: int) -> None:
    here = {key[1]: column for key, column in made.sets.items() if key[0] == day}
    seconds = {name: task.seconds(day, name) for name in here}
    most, one = task.days[day].seconds, next(iter(seconds.values()), 1)
    if set(seconds.values()) == {one}:
        # Whole sets: a stronger limit than the seconds.
        most, seconds = most // one, dict.fromkeys(here, 1)
    minutes = [(here[name], seconds[name]) for name in here]
    made.limit(Tag(Limit.MINUTES, day), most, minutes)
    slots = [(made.present[day, name], 1.0) for name in here]
    made.limit(Tag(Limit.EXERCISES, day), task.exercises(day), slots)
    shares = shares_of(task)
    for muscle in MuscleGroup:
        for axis, cap in session_caps().items():
            entries = [
                (here[name], share)
                for name, share in shares[muscle][axis].items()
                if name in here and counts(task, day, name)
            ]
            made.limit(Tag(Limit.SESSION_CAP, day, muscle), cap, entries)


def _count_repeats(made: Formulation, task: Task) -> None:
    columns = defaultdict(list)
    for (_, name), column in made.present.items():
        columns[name].append((column, 1.0))
    for entries in columns.values():
        if len(entries) > 1:
            again = made.linear.column(0, 1, cost=AGAIN)
            and_again = made.linear.column(0, len(task.days), cost=AND_AGAIN)
            made.linear.row(-INFINITY, 1, [*entries, (again, -1), (and_again, -1)])


def _require_kept(made: Formulation, task: Task) -> None:
    for name in sorted(task.keep):
        entries = [(column, 1.0) for key, column in made.present.items() if key[1] == name]
        made.tags[made.linear.row(1, INFINITY, entries)] = Tag(Limit.KEEP)


def _count_edits(made: Formulation, task: Task, most: int) -> None:
    linear = made.linear
    entries: Entries = []
    gone = 0
    for day, asked in enumerate(task.days):
        for name, now in asked.now.items():
            if (day, name) not in made.sets:
                gone += 1
                continue
            sets = made.sets[day, name]
            edited = linear.column(0, 1, cost=EDIT, integer=True)
            made.start[edited] = 0
            linear.row(-INFINITY, now, [(sets, 1), (edited, now - linear.upper[sets])])
            linear.row(now, INFINITY, [(sets, 1), (edited, now - linear.lower[sets])])
            entries.append((edited, 1))
    for (day, name), present in made.present.items():
        if name not in task.days[day].now:
            linear.cost[present] += EDIT
            entries.append((present, 1))
    # What must go counts as well, and nothing can be done about it.
    entries.append((linear.column(gone, gone, cost=EDIT), 1))
    made.tags[linear.row(-INFINITY, most, entries)] = Tag(Limit.EDITS)


def _aim(
    made: Formulation, task: Task, muscle: MuscleGroup, shares: Mapping[Axis, Mapping[str, float]]
) -> None:
    weekly = {
        axis: [
            (column, rows[name] * float(task.factor))
            for (day, name), column in made.sets.items()
            if name in rows and counts(task, day, name)
        ]
        for axis, rows in shares.items()
    }
    for edge in task.ceilings[muscle]:
        made.limit(Tag(Limit.WEEKLY_LIMIT, muscle=muscle), edge.value, weekly[edge.axis])
    target, linear = task.targets[muscle], made.linear
    missing = linear.column(0, INFINITY, cost=BURDEN * target.weight)
    if target.floor:
        linear.row(target.floor.value, INFINITY, [*weekly[Axis.FRACTIONAL], (missing, 1)])
    _reach(linear, target.low, weekly, missing)
    superfluous = linear.column(0, INFINITY, cost=BURDEN * SURPLUS_WEIGHT)
    for edge in target.high:
        linear.row(-INFINITY, edge.value, [*weekly[edge.axis], (superfluous, -1)])
    for goal, points in ((middle_of(target), EXTRA), (direct_goal(target), DIRECT)):
        if goal:
            earned = linear.column(0, goal.value, cost=-points * target.weight)
            linear.row(0, INFINITY, [*weekly[goal.axis], (earned, -1)])


def _reach(
    linear: LinearProgram, low: tuple[Basis, ...], weekly: Mapping[Axis, Entries], missing: int
) -> None:
    """Any one of the edges is enough."""
    edges = [edge for edge in low if not _implied(edge, low)]
    if any(edge.value <= 0 for edge in edges):
        return
    if len(edges) == 1:
        [edge] = edges
        linear.row(edge.value, INFINITY, [*weekly[edge.axis], (missing, 1)])
    elif edges:
        fractional, direct = sorted(edges, key=lambda edge: edge.axis is Axis.DIRECT)
        by_direct = linear.column(0, 1, integer=True)
        linear.row(
            fractional.value,
            INFINITY,
            [*weekly[Axis.FRACTIONAL], (missing, 1), (by_direct, fractional.value)],
        )
        linear.row(0, INFINITY, [*weekly[Axis.DIRECT], (missing, 1), (by_direct, -direct.value)])
        # The convex hull of both, as there are never fewer fractional sets than direct ones.
        part = direct.value / fractional.value
        hull = {column: factor * part for column, factor in weekly[Axis.FRACTIONAL]}
        for column, factor in weekly[Axis.DIRECT]:
            hull[column] += factor * (1 - part)
        linear.row(direct.value, INFINITY, [*hull.items(), (missing, 1)])


def _implied(edge: Basis, low: tuple[Basis, ...]) -> bool:
    """Whether so many direct sets would be enough fractional ones anyway."""
    return edge.axis is Axis.DIRECT and any(
        other.axis is Axis.FRACTIONAL and other.value <= edge.value for other in low
    )
