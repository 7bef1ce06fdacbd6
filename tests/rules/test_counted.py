"""Counted programs: what a change of exercises makes of a session is what counting anew makes."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from shared.models.muscles import MuscleGroup as M
from shared.models.sessions import SessionExercise
from shared.rules.counted import CountedProgram, Turn
from tests.rules.build import a_program, a_session, an_exercise, weekly

EXERCISES = {
    key: an_exercise(key, shares)
    for key, shares in {
        "bench": {M.CHEST: 1.0, M.TRICEPS: 0.75, M.FRONT_DELTS: 0.5},
        "fly": {M.CHEST: 1.0},
        "row": {M.LATS: 1.0, M.ELBOW_FLEXORS: 0.5},
    }.items()
}

slots = st.lists(
    st.builds(
        SessionExercise,
        exercise_id=st.sampled_from([*EXERCISES, "gone"]),
        sets=st.integers(1, 20),
        order_in_session=st.integers(1, 30),
        rest_seconds=st.sampled_from([None, 60, 180]),
        rir=st.sampled_from([None, 2.0, 6.0]),
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda row: row.order_in_session,
)
values = st.fixed_dictionaries(
    {},
    optional={
        "sets": st.integers(1, 20),
        "rir": st.sampled_from([None, 2.0, 6.0]),
        "rest_seconds": st.sampled_from([None, 30]),
    },
)


def counts(turn: Turn) -> tuple[Any, ...]:
    return (
        turn.slots,
        turn.seconds,
        turn.total_sets,
        turn.sets,
        turn.exercise_ids,
        turn.is_storable,
    )


@given(slots, st.dictionaries(st.integers(0, 5), st.none() | values, max_size=4))
def test_a_changed_session_is_counted_as_if_it_were_new(
    rows: list[SessionExercise], asked: dict[int, dict[str, Any] | None]
) -> None:
    changes = {place: fields for place, fields in asked.items() if place < len(rows)}
    turn = Turn.of(0, a_session(1, exercises=rows), EXERCISES)
    left = [
        slot.model_copy(update=changes.get(place) or {})
        for place, slot in enumerate(turn.slots)
        if changes.get(place, {}) is not None
    ]
    anew = Turn.of(0, a_session(1, exercises=left), EXERCISES)
    assert counts(turn.changed(changes, EXERCISES)) == counts(anew)


def test_a_program_is_counted_by_turns_for_one_pass_and_for_a_week() -> None:
    """Two sessions on three days: each comes up 3/2 times. The second one has the first turn."""
    sessions = [
        a_session(1, {"bench": 4}, order_in_program=2),
        a_session(2, {"fly": 2, "row": 3}, order_in_program=1),
    ]
    counted = CountedProgram.of(a_program(sessions, structure_config=weekly(3)), EXERCISES)
    assert [turn.session.id for turn in counted.turns] == ["session-2", "session-1"]
    assert [turn.total_sets for turn in counted.turns] == [5, 4]
    # Chest: 4 + 2 = 6 in a pass, 6 x 3/2 = 9 a week; triceps 4 x 0.75 = 3, 3 x 3/2 = 4.5, and none
    # of them direct.
    assert (counted.once.fractional[M.CHEST], counted.weekly.fractional[M.CHEST]) == (6, 9)
    assert (counted.once.direct[M.CHEST], counted.weekly.direct[M.CHEST]) == (6, 9)
    assert (counted.once.fractional[M.TRICEPS], counted.weekly.fractional[M.TRICEPS]) == (3, 4.5)
    assert counted.weekly.direct[M.TRICEPS] == 0
