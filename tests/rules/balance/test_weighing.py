"""What plans are worth, computed by hand, and found by the solver."""

from fractions import Fraction

import pytest

from shared.gateways.highs import HighsSolver
from shared.models.designs import Ending
from shared.rules.balance.formulation import formulate
from shared.rules.balance.task import Day, Plan
from shared.rules.balance.weighing import cost, cost_of_nothing, edits, gap
from tests.rules.balance.questions import for_chest

DAY = Day(3600)


@pytest.mark.parametrize(
    ("plan", "points"),
    [
        # 6 direct sets are missing, 10 points each.
        ({}, 60),
        # 1 is missing: 10. Up to the middle (15) 5 x -1, up to the direct minimum (6) 5 x -2; a
        # slot costs 1.
        ({(0, "fly"): 5}, 10 - 5 - 10 + 1),
        # None is missing: 9 x -1, 6 x -2; two slots, and the second session with it 2.
        ({(0, "fly"): 5, (1, "fly"): 4}, -9 - 12 + 2 + 2),
        # 18 direct sets are 2 above 16: 20. 15 x -1, 6 x -2; three slots; the third session 8.
        ({(0, "fly"): 6, (1, "fly"): 6, (2, "fly"): 6}, 20 - 15 - 12 + 3 + 2 + 8),
    ],
)
def test_the_points_of_a_plan(plan: Plan, points: float) -> None:
    assert cost(for_chest(DAY, DAY, DAY), plan) == points


def test_weekly_sets_are_those_of_a_pass_times_the_rotation() -> None:
    # 2 sets 1.5 times a week are 3: 3 missing; 3 x -1, 3 x -2; a slot.
    task = for_chest(DAY, DAY, factor=Fraction(3, 2))
    assert cost(task, {(0, "fly"): 2}) == 30 - 3 - 6 + 1


def test_sets_that_are_too_easy_count_for_nothing() -> None:
    easy = Day(3600, easy=frozenset({"fly"}))
    assert cost(for_chest(easy), {(0, "fly"): 5}) == 60 + 1


def test_an_edit_costs_two() -> None:
    task = for_chest(Day(3600, now={"fly": 5}), DAY, edits=2)
    # 2 are missing: 20; 4 x -1, 4 x -2; a slot; one edit.
    assert cost(task, {(0, "fly"): 4}) == 20 - 4 - 8 + 1 + 2
    # Moving it is two edits: away here, added there.
    assert edits(task, {(1, "fly"): 5}) == 2
    assert edits(task, {(0, "fly"): 5}) == 0


def test_the_gap_is_a_share_of_what_can_be_gained_over_nothing() -> None:
    task = for_chest(DAY, DAY)
    assert cost_of_nothing(task) == 60
    # From 60 down to -20 are 80 points; -4 lacks 16 of them.
    assert gap(task, -4, -20) == 16 / 80
    assert gap(task, -20, -20) == 0
    assert gap(task, 60, 60) == 0


def test_the_solver_finds_the_best_plan() -> None:
    # With at most 5 sets in each of two sessions: 10 x -1, 6 x -2, two slots, one repetition.
    task = for_chest(DAY, DAY)
    made = formulate(task)
    solved = HighsSolver().solve(made.linear, 1)
    assert solved.ending is Ending.OPTIMAL
    assert made.plan(solved.values) == {(0, "fly"): 5, (1, "fly"): 5}
    assert solved.bound == pytest.approx(-10 - 12 + 2 + 2)


def test_a_session_never_takes_longer_than_it_may() -> None:
    # 600 seconds hold 3 sets of 160; where each takes 250, 2.
    slow = Day(600, set_seconds={"fly": 250})
    for day, most in ((Day(600), 3), (slow, 2)):
        made = formulate(for_chest(day))
        plan = made.plan(HighsSolver().solve(made.linear, 1).values)
        assert plan == {(0, "fly"): most}
