"""Exercises: what calls cost, and how long a create is remembered."""

from collections.abc import Callable

import pytest

from shared.errors import NameTaken
from shared.models.exercises import ExerciseChange, ExerciseFilter, PlannedSets, VolumeRequest
from shared.models.users import Caller
from shared.wiring import Wiring
from tests.services.instance import Instance, cost, exercise_draft

pytestmark = pytest.mark.usefixtures("catalogue")


def sets(*identifiers: str) -> VolumeRequest:
    return VolumeRequest(exercises=[PlannedSets(exercise_id=each, sets=3) for each in identifiers])


class TestBudgets:
    """Reads and writes, without what signing in costs."""

    @pytest.mark.parametrize("rows", [0, 3, 30])
    def test_c10_lists_cost_two_reads_whatever_they_hold(
        self, parts: Wiring, here: Instance, caller: Caller, rows: int
    ) -> None:
        for _ in range(rows):
            here.exercises.create(caller, exercise_draft())
        cold = Instance(parts).exercises
        calls: list[Callable[[], object]] = [
            lambda: cold.browse(caller, ExerciseFilter(limit=100)),
            lambda: cold.browse(caller, ExerciseFilter(search="press", page=2)),
            lambda: cold.search(caller, "curl", 50),
            lambda: cold.statistics(caller),
        ]
        assert [cost(call) for call in calls] == [(2, 0)] * 4

    @pytest.mark.parametrize("rows", [1, 10])
    def test_c10_everything_else_costs_the_same_with_ten_times_the_rows(
        self, here: Instance, caller: Caller, rows: int
    ) -> None:
        for _ in range(rows):
            made = here.exercises.create(caller, exercise_draft())
        draft, change = exercise_draft(), ExerciseChange(description="New.")
        assert cost(lambda: here.exercises.get(caller, made.id)) == (1, 0)
        # The catalogue and the memory of repeats; both are written with the exercise.
        assert cost(lambda: here.exercises.create(caller, draft)) == (2, 3)
        # A repeat reads what the first one made, and writes nothing.
        assert cost(lambda: here.exercises.create(caller, draft)) == (3, 0)
        assert cost(lambda: here.exercises.change(caller, made.id, change, None)) == (2, 2)
        # One more: whether a program uses it.
        assert cost(lambda: here.exercises.remove(caller, made.id, None)) == (3, 2)

    def test_c10_another_instances_change_costs_one_more_read_once(
        self, parts: Wiring, here: Instance, caller: Caller
    ) -> None:
        asked = ExerciseFilter(is_global=False)
        here.exercises.browse(caller, asked)
        Instance(parts).exercises.create(caller, exercise_draft())
        costs = [cost(lambda: here.exercises.browse(caller, asked)) for _ in range(2)]
        assert costs == [(3, 0), (2, 0)]
        assert here.exercises.browse(caller, asked).total == 1

    def test_c12_a_volume_is_counted_without_reading_a_single_exercise(
        self, here: Instance, caller: Caller
    ) -> None:
        made = [here.exercises.create(caller, exercise_draft()).id for _ in range(3)]
        ask = sets("leg-curl", "plank", "leg-press")
        assert cost(lambda: here.exercises.volume(caller, ask)) == (1, 0)
        assert cost(lambda: here.exercises.volume(caller, ask)) == (0, 0)
        ask = sets("leg-curl", *made)
        assert cost(lambda: here.exercises.volume(caller, ask)) == (1, 0)


class TestRepeats:
    def test_client_10_16_ten_seconds_later_the_name_is_simply_taken(
        self, here: Instance, caller: Caller
    ) -> None:
        draft = exercise_draft()
        first = here.exercises.create(caller, draft)
        here.clock.seconds = 9.9
        assert here.exercises.create(caller, draft) == first
        here.clock.seconds = 10.0
        with pytest.raises(NameTaken):
            here.exercises.create(caller, draft)

    def test_client_10_16_a_repeat_is_known_on_another_instance(
        self, parts: Wiring, here: Instance, caller: Caller
    ) -> None:
        draft = exercise_draft()
        first = here.exercises.create(caller, draft)
        assert Instance(parts).exercises.create(caller, draft) == first


def test_a_share_somebody_wrote_in_the_console_is_shown_as_it_is(
    parts: Wiring, here: Instance, caller: Caller
) -> None:
    made = here.exercises.create(caller, exercise_draft())
    path = f"organizations/{caller.organization_id}/exercises/{made.id}"
    edit = {"muscle_contributions": {"CHEST": 1.0, "ABS": 0.3}}
    parts.documents.atomically(lambda transaction: transaction.update(path, edit))
    shown = here.exercises.get(caller, made.id).muscle_contributions
    labels = [row.contribution_label for row in shown]
    assert labels == ["Primary (100%)", "30%"]
