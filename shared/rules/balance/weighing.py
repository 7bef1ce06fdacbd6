"""What a plan is worth, counted from the plan itself and not from the solver's columns."""

from collections import Counter
from collections.abc import Mapping

from shared.models.muscles import MuscleGroup
from shared.models.volume import Axis
from shared.rules.balance.task import (
    AGAIN,
    AND_AGAIN,
    BURDEN,
    DIRECT,
    EDIT,
    EXTRA,
    SLOT,
    Plan,
    Task,
    counts,
    direct_goal,
    middle_of,
    shares_of,
)
from shared.rules.objective import muscle_burden
from shared.rules.targets import deficit
from shared.rules.volume import per_week

Weekly = Mapping[MuscleGroup, Mapping[Axis, float]]


def weekly_of(task: Task, plan: Plan) -> Weekly:
    """Weekly sets of all muscles on both axes."""
    return {
        muscle: {
            axis: per_week(
                sum(
                    sets * rows.get(name, 0)
                    for (day, name), sets in plan.items()
                    if counts(task, day, name)
                ),
                task.factor,
            )
            for axis, rows in axes.items()
        }
        for muscle, axes in shares_of(task).items()
    }


def missing_of(task: Task, weekly: Weekly) -> dict[MuscleGroup, float]:
    """Weekly sets of direct work that each muscle lacks."""
    return {
        muscle: deficit(task.targets[muscle], sets[Axis.FRACTIONAL], sets[Axis.DIRECT])
        for muscle, sets in weekly.items()
    }


def cost(task: Task, plan: Plan) -> float:
    """Points; the less the better, and the same as the linear program's."""
    return _for_muscles(task, weekly_of(task, plan)) + _for_slots(plan) + EDIT * edits(task, plan)


def cost_of_nothing(task: Task) -> float:
    """Of a program without a single set: where what a plan is worth is measured from."""
    return _for_muscles(task, weekly_of(task, {}))


def gap(task: Task, cost: float, bound: float) -> float:
    """The share of what could at most be gained over no program that this one may lack."""
    possible = cost_of_nothing(task) - bound
    return min(1.0, max(0.0, cost - bound) / possible) if possible > 0 else 0.0


def edits(task: Task, plan: Plan) -> int:
    """How many exercises of sessions differ from the program that is repaired."""
    if not task.repairs:
        return 0
    now = {(day, name): sets for day, row in enumerate(task.days) for name, sets in row.now.items()}
    return sum(plan.get(place) != now.get(place) for place in plan.keys() | now.keys())


def _for_muscles(task: Task, weekly: Weekly) -> float:
    points = 0.0
    for muscle, target in task.targets.items():
        sets = weekly[muscle]
        points += BURDEN * muscle_burden(target, sets[Axis.FRACTIONAL], sets[Axis.DIRECT])
        for goal, worth in ((middle_of(target), EXTRA), (direct_goal(target), DIRECT)):
            if goal:
                points -= worth * target.weight * min(sets[goal.axis], goal.value)
    return points


def _for_slots(plan: Plan) -> float:
    uses = Counter(name for _, name in plan)
    again = sum(count > 1 for count in uses.values())
    and_again = sum(max(0, count - 2) for count in uses.values())
    return SLOT * len(plan) + AGAIN * again + AND_AGAIN * and_again
