"""What people ask for, as the question that is solved."""

from fractions import Fraction
from typing import Any

import pytest

from shared.errors import Invalid, Refused
from shared.models.designs import BalanceRequest, DesignRequest, Limit
from shared.models.muscles import MuscleGroup
from shared.models.sessions import SessionExercise
from shared.models.volume import MusclePriority, PublishedProfile
from shared.rules.balance.asking import balance_task, design_task, wanted
from shared.rules.balance.task import Task
from shared.rules.yardsticks import published
from tests.rules.build import a_program, a_session, seed_exercises

EVIDENCE = published(PublishedProfile.EVIDENCE)
FOUR_DAYS = {"days_per_week": 4, "selected_days": ["MON", "TUE", "THU", "FRI"]}
USABLE = list(seed_exercises().values())


def design(**fields: Any) -> Task:
    asked = DesignRequest.model_validate({"structure_config": FOUR_DAYS} | fields)
    return design_task(asked, USABLE, wanted(asked, EVIDENCE))


def balance(*sessions: Any, usable: list[Any] = USABLE, **fields: Any) -> Task:
    program = a_program(list(sessions))
    asked = BalanceRequest.model_validate(fields)
    return balance_task(asked, program, usable, seed_exercises(), wanted(asked, EVIDENCE))


def hindrances(task: Task) -> dict[str, Limit | None]:
    return {row.exercise_id: row.hindrance for row in task.candidates}


def test_sessions_take_turns_on_the_training_days() -> None:
    task = design(split_type="PUSH_PULL_LEGS", session_minutes=45)
    # Six sessions on four days: each comes up two thirds of a time.
    assert task.factor == Fraction(2, 3)
    assert [day.seconds for day in task.days] == [2700] * 6
    assert MuscleGroup.CHEST in (task.days[0].muscles or ())
    assert MuscleGroup.CHEST not in (task.days[1].muscles or ())


def test_equipment_and_what_is_avoided_keep_exercises_out() -> None:
    found = hindrances(design(equipment=["DUMBBELL"], avoid=["push-ups"]))
    assert found["barbell-bench-press"] is Limit.EQUIPMENT
    assert found["push-ups"] is Limit.AVOID
    # One's own body is always there.
    assert found["plank"] is None
    assert found["dumbbell-row"] is None


def test_priorities_move_targets_and_never_ceilings() -> None:
    task = design(priorities={"CHEST": "IGNORE", "quads": "PRIORITISED"})
    assert task.targets[MuscleGroup.CHEST].priority is MusclePriority.IGNORE
    assert task.targets[MuscleGroup.QUADRICEPS].weight == 2
    # Maximum recoverable: 30 fractional, 24 direct (landmarks, Chest).
    assert [edge.value for edge in task.ceilings[MuscleGroup.CHEST]] == [30, 24]


def test_a_repair_starts_from_what_is_there() -> None:
    slow = SessionExercise(
        exercise_id="leg-press", sets=4, order_in_session=1, rest_seconds=180, rir=6
    )
    task = balance(
        a_session(1, exercises=[slow]), a_session(2, {"plank": 3}), max_edits=2, session_minutes=30
    )
    first, second = task.days
    assert (task.edits, task.factor) == (2, Fraction(3, 2))
    assert (first.now, second.now) == ({"leg-press": 4}, {"plank": 3})
    # 40 seconds of work and 180 of rest.
    assert (task.seconds(0, "leg-press"), task.seconds(1, "leg-press")) == (220, 160)
    # 6 repetitions in reserve are too many to count.
    assert (first.easy, second.easy) == ({"leg-press"}, set())


def test_without_a_time_a_session_may_take_as_long_as_now_and_an_hour_in_any_case() -> None:
    # 30 sets of 160 seconds are 4,800.
    task = balance(a_session(1, {"leg-press": 20, "plank": 10}), a_session(2, {"plank": 3}))
    assert [day.seconds for day in task.days] == [4800, 3600]


def test_building_anew_starts_from_nothing() -> None:
    task = balance(a_session(1, {"plank": 3}), mode="build")
    assert (task.edits, task.days[0].now) == (None, {})


def test_what_is_gone_from_the_catalogue_stays_or_goes() -> None:
    usable = [row for row in USABLE if row.id != "plank"]
    task = balance(a_session(1, {"plank": 3, "vanished": 2}), usable=usable)
    found = {row.exercise_id: row for row in task.candidates}
    assert found["plank"].hindrance is found["vanished"].hindrance is Limit.CATALOGUE
    assert (found["vanished"].shares, found["plank"].direct) == ({}, {MuscleGroup.ABS})


def test_exercises_to_keep_must_be_there_and_doable() -> None:
    with pytest.raises(Refused, match="nonsense"):
        design(keep=["nonsense"])
    with pytest.raises(Invalid):
        design(keep=["leg-press"], equipment=["DUMBBELL"])
    with pytest.raises(Invalid):
        balance(a_session(1, {"plank": 3}), keep=["leg-press"])
    usable = [row for row in USABLE if row.id != "plank"]
    with pytest.raises(Refused, match="plank"):
        balance(a_session(1, {"plank": 3}), keep=["plank"], mode="BUILD", usable=usable)
