"""Sixty stored questions: no limit is broken, the answers are near the best, reasons are right.

`pytest tests/optimiser -k "build"`, `-k "repair"` and `-k "reason"` run the parts.
"""

from functools import cache
from statistics import median
from typing import NamedTuple

import pytest

from shared.gateways.highs import HighsSolver
from shared.models.designs import Ending
from shared.rules.balance.conflicts import conflict
from shared.rules.balance.formulation import formulate
from shared.rules.balance.linear import LinearProgram
from shared.rules.balance.obstacles import obstacles
from shared.rules.balance.task import Plan, Task
from shared.rules.balance.weighing import cost, cost_of_nothing, gap, missing_of, weekly_of
from tests.optimiser.checker import violations
from tests.optimiser.instances import Instance, stored, task_of

SECONDS = 3
"""The default limit of the API."""

INSTANCES: list[Instance] = stored()["instances"]
CATALOGUE = stored()["exercises"]
POSSIBLE = [row for row in INSTANCES if row["best"] is not None]
IMPOSSIBLE = [row for row in INSTANCES if row["best"] is None]
FOR_A_REASON = [row for row in POSSIBLE if "reason" in row]


def named(rows: list[Instance]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("instance", rows, ids=[row["name"] for row in rows])


class Answer(NamedTuple):
    task: Task
    ending: Ending
    plan: Plan
    objective: float
    """The solver's points."""
    bound: float


@cache
def answer(name: str) -> Answer:
    [instance] = [row for row in INSTANCES if row["name"] == name]
    task = task_of(instance, CATALOGUE)
    made = formulate(task)
    solved = HighsSolver().solve(made.linear, SECONDS, made.start)
    assert solved.ending is not Ending.INFEASIBLE
    costs = zip(made.linear.cost, solved.values, strict=True)
    return Answer(
        task,
        solved.ending,
        made.plan(solved.values),
        sum(cost * value for cost, value in costs),
        solved.bound,
    )


def shortfall(instance: Instance) -> float:
    """The share of what the best known answer gains over nothing that this one lacks."""
    found = answer(instance["name"])
    return gap(found.task, cost(found.task, found.plan), instance["best"])


def test_there_are_sixty_questions_as_varied_as_promised() -> None:
    assert len({row["name"] for row in INSTANCES}) == len(INSTANCES) == 60
    large = [row for row in INSTANCES if "reason" not in row]
    assert {len(row["exercises"]) for row in large} <= {*range(40, 91)}
    assert {len(row["days"]) for row in large} >= {3, 4, 5, 6}
    assert {day["minutes"] for row in large for day in row["days"]} >= {30, 45, 60, 75}
    assert len({str(row["equipment"]) for row in large}) == 4
    assert {row["reason"]["limit"] for row in INSTANCES if "reason" in row} >= {
        "EQUIPMENT",
        "AVOID",
        "CATALOGUE",
        "SPLIT",
        "EDITS",
        "MINUTES",
        "EXERCISES",
        "SETS",
        "SESSION_CAP",
        "WEEKLY_LIMIT",
    }
    trained = {muscle for row in CATALOGUE.values() for muscle in row["muscles"]}
    assert len(trained) == 18


@named(POSSIBLE)
def test_no_limit_is_broken(instance: Instance) -> None:
    assert violations(instance, CATALOGUE, answer(instance["name"]).plan) == []


@named(POSSIBLE)
def test_the_answer_is_near_the_best_that_is_known(instance: Instance) -> None:
    assert shortfall(instance) <= 0.08


def test_half_the_answers_are_within_two_per_cent() -> None:
    assert median(shortfall(instance) for instance in POSSIBLE) <= 0.02


@named(POSSIBLE)
def test_what_is_said_about_quality_is_true(instance: Instance) -> None:
    """The bound really is one: even the best known answer does not go below it."""
    found = answer(instance["name"])
    reached = cost(found.task, found.plan)
    assert found.bound <= instance["best"] + 1e-3
    assert reached >= instance["bound"] - 1e-3
    assert gap(found.task, reached, found.bound) >= shortfall(instance) - 1e-6
    if found.ending is Ending.OPTIMAL:
        assert reached == pytest.approx(instance["best"], abs=1e-3)


@named(POSSIBLE)
def test_the_plan_is_worth_what_the_solver_says(instance: Instance) -> None:
    """Or more: a search that was stopped need not have chosen the easier one of two edges."""
    found = answer(instance["name"])
    reached = cost(found.task, found.plan)
    assert reached <= found.objective + 1e-3
    if found.ending is Ending.OPTIMAL:
        assert reached == pytest.approx(found.objective, abs=1e-3)
    assert cost_of_nothing(found.task) > found.bound


@named(FOR_A_REASON)
def test_the_reason_for_a_missed_target_is_named(instance: Instance) -> None:
    found = answer(instance["name"])
    why = {row.muscle: row for row in obstacles(found.task, found.plan)}
    obstacle = why[instance["reason"]["muscle"]]
    assert instance["reason"]["limit"] in {tag.limit for tag in obstacle.tags}
    assert not obstacle.together


LIFTED: dict[str, dict[str, object]] = {
    "EQUIPMENT": {"equipment": None},
    "AVOID": {"avoid": []},
    "EXERCISES": {"most_exercises": 8},
    "SETS": {"most_sets": 5},
    "EDITS": {"edits": 20},
}


@named([row for row in FOR_A_REASON if row["reason"]["limit"] in LIFTED])
def test_without_the_named_limit_less_is_missing(instance: Instance) -> None:
    muscle = instance["reason"]["muscle"]
    found = answer(instance["name"])
    before = missing_of(found.task, weekly_of(found.task, found.plan))[muscle]
    task = task_of(instance | LIFTED[instance["reason"]["limit"]], CATALOGUE)
    made = formulate(task)
    plan = made.plan(HighsSolver().solve(made.linear, SECONDS, made.start).values)
    assert missing_of(task, weekly_of(task, plan))[muscle] < before


@named(IMPOSSIBLE)
def test_the_reason_why_nothing_is_possible_is_named(instance: Instance) -> None:
    made = formulate(task_of(instance, CATALOGUE))
    solver = HighsSolver()
    assert solver.solve(made.linear, SECONDS).ending is Ending.INFEASIBLE

    def possible(linear: LinearProgram) -> bool:
        return solver.solve(linear, SECONDS).ending is not Ending.INFEASIBLE

    found = conflict(made, possible)
    assert {tag.limit for tag in found.tags} == {instance["reason"]["limit"]}
    assert not found.together
    if muscle := instance["reason"]["muscle"]:
        assert {tag.muscle for tag in found.tags} == {muscle}
