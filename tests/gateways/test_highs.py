"""HiGHS behind its port: what it answers, and when it stops."""

import pytest

from shared.errors import Unavailable
from shared.gateways import highs
from shared.gateways.highs import HighsSolver
from shared.models.designs import Ending
from shared.rules.balance.formulation import formulate
from shared.rules.balance.linear import INFINITY, LinearProgram
from tests.optimiser.instances import stored, task_of


def knapsack(*, least: float = 0) -> LinearProgram:
    """Worth 5, 4 and 3 for the weights 4, 3 and 2, of which 5 can be carried: the last two."""
    linear = LinearProgram()
    items = [linear.column(0, 1, cost=-worth, integer=True) for worth in (5, 4, 3)]
    linear.row(-INFINITY, 5, zip(items, (4, 3, 2), strict=True))
    linear.row(least, INFINITY, [(items[0], 1), (items[1], 1), (items[2], 1)])
    return linear


def hard() -> LinearProgram:
    """More than a minute's work."""
    [instance] = [row for row in stored()["instances"] if row["name"] == "build-11-free-6x60"]
    return formulate(task_of(instance, stored()["exercises"])).linear


def test_the_best_is_found_and_proved() -> None:
    solved = HighsSolver().solve(knapsack(), 1)
    assert (solved.ending, solved.values, solved.bound) == (Ending.OPTIMAL, [0, 1, 1], -7)


def test_what_cannot_be_is_recognised() -> None:
    solved = HighsSolver().solve(knapsack(least=3), 1)
    assert (solved.ending, solved.values) == (Ending.INFEASIBLE, [])


def test_a_program_without_whole_numbers_is_solved_as_well() -> None:
    linear = LinearProgram()
    share = linear.column(0, 1, cost=-2)
    linear.row(-INFINITY, 1, [(share, 4)])
    solved = HighsSolver().solve(linear, 1)
    assert (solved.ending, solved.values, solved.bound) == (Ending.OPTIMAL, [0.25], -0.5)


def test_the_search_stops_after_its_share_of_work() -> None:
    linear = hard()
    solved = HighsSolver().solve(linear, 0.5)
    assert solved.ending is Ending.EFFORT
    assert len(solved.values) == len(linear.cost)
    costs = zip(linear.cost, solved.values, strict=True)
    assert solved.bound <= sum(cost * value for cost, value in costs)


def test_the_clock_stops_what_runs_far_beyond(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(highs, "_PATIENCE", 0)
    monkeypatch.setattr(highs, "_GRACE_SECONDS", 1)
    assert HighsSolver().solve(hard(), 100).ending is Ending.CLOCK


def test_a_search_that_found_nothing_in_time_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(highs, "_GRACE_SECONDS", 0)
    linear = hard()
    # Not even the empty program is allowed.
    linear.row(40, INFINITY, [(column, 1) for column, whole in enumerate(linear.integer) if whole])
    with pytest.raises(Unavailable):
        HighsSolver().solve(linear, 0)
