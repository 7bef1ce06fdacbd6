"""The sentences, and what programs become."""

from shared.models.designs import Limit
from shared.models.muscles import MuscleGroup
from shared.rules.balance.formulation import Tag
from shared.rules.balance.obstacles import Obstacle
from shared.rules.balance.outcome import balanced, changed_slots, impossible, shown
from tests.rules.build import a_program, a_session, seed_exercises

NAMES = ["Push", "Pull"]


def test_a_missed_target_is_told_in_a_sentence() -> None:
    tags = (Tag(Limit.EQUIPMENT), Tag(Limit.MINUTES, 0), Tag(Limit.MINUTES, 1))
    rows = [
        Obstacle(MuscleGroup.CALVES, 6.0, tags, together=True),
        Obstacle(
            MuscleGroup.QUADRICEPS,
            1.5,
            (Tag(Limit.SPLIT), Tag(Limit.SESSION_CAP, 1, MuscleGroup.QUADRICEPS)),
            together=False,
        ),
    ]
    first, second = shown(rows, NAMES)
    assert first.message == (
        "Calves lacks 6 weekly sets because of the equipment there is and the time for Push, Pull."
    )
    assert [(row.limit, row.session_name) for row in first.hindrances] == [
        (Limit.EQUIPMENT, None),
        (Limit.MINUTES, "Push"),
        (Limit.MINUTES, "Pull"),
    ]
    assert second.message == (
        "Quadriceps lacks 1.5 weekly sets because of the split, or the sets of a session worth "
        "doing for Quadriceps."
    )


def test_what_makes_everything_impossible_is_told_as_well() -> None:
    [row] = impossible([Tag(Limit.SESSION_CAP, 0, MuscleGroup.CHEST)], NAMES, together=False)
    assert (row.muscle, row.missing_sets) == (MuscleGroup.CHEST, None)
    assert row.message == (
        "No program keeps all the limits because of the sets of a session worth doing for Chest."
    )


def test_what_stays_keeps_its_place_and_what_is_new_follows() -> None:
    program = a_program(
        [a_session(2, {"plank": 3}), a_session(1, {"leg-press": 4, "leg-curl": 3, "pull-ups": 3})]
    )
    # Sessions are counted by their turn: number 0 is session 1.
    plan = {(0, "leg-press"): 2, (0, "pull-ups"): 3, (0, "cable-fly"): 4, (0, "deadlift"): 2}
    after = balanced(program, plan, seed_exercises())
    second, first = after.sessions
    assert second.exercises == []
    # The deadlift trains more than the fly.
    assert [(row.exercise_id, row.sets, row.order_in_session) for row in first.exercises] == [
        ("leg-press", 2, 1),
        ("pull-ups", 3, 3),
        ("deadlift", 2, 4),
        ("cable-fly", 4, 5),
    ]
    # Leg press changed, leg curl and plank gone, two added.
    assert changed_slots(program, after) == 5
