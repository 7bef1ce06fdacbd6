"""Programs by chance, for what must hold for every one of them."""

from hypothesis import strategies as st

from shared.models.muscles import MuscleGroup
from shared.models.programs import Program
from shared.models.sessions import Session, SessionExercise
from shared.models.structures import CyclicStructure, WeeklyStructure
from tests.rules.build import a_program, a_session, an_exercise, cyclic, weekly

M = MuscleGroup
EXERCISES = {
    row.id: row
    for row in (
        an_exercise("bench", {M.CHEST: 1.0, M.TRICEPS: 0.75, M.FRONT_DELTS: 0.5}),
        an_exercise("fly", {M.CHEST: 1.0}),
        an_exercise("row", {M.LATS: 1.0, M.TRAPS_RHOMBOIDS: 0.75, M.ELBOW_FLEXORS: 0.5}),
        an_exercise("curl", {M.ELBOW_FLEXORS: 1.0, M.FOREARMS: 0.25}),
        an_exercise("squat", {M.QUADRICEPS: 1.0, M.GLUTES: 0.75, M.ADDUCTORS: 0.5}),
        an_exercise("raise", {M.SIDE_DELTS: 1.0}),
    )
}

structures: st.SearchStrategy[WeeklyStructure | CyclicStructure] = st.one_of(
    st.integers(3, 7).map(weekly), st.sampled_from([cyclic(3, 1), cyclic(2, 1), cyclic(1, 1)])
)


@st.composite
def slots(draw: st.DrawFn) -> list[SessionExercise]:
    chosen = draw(st.lists(st.sampled_from(sorted(EXERCISES)), unique=True, max_size=4))
    return [
        SessionExercise(
            exercise_id=identifier,
            sets=draw(st.integers(1, 10)),
            order_in_session=place,
            rir=draw(st.sampled_from([None, 1.0, 2.5])),
        )
        for place, identifier in enumerate(chosen, 1)
    ]


@st.composite
def sessions(draw: st.DrawFn) -> list[Session]:
    """With ids from a small stock, so that two draws have some in common."""
    numbers = draw(st.lists(st.integers(1, 5), unique=True, min_size=1, max_size=4))
    days = draw(st.permutations(range(1, 1 + len(numbers))))
    return [
        a_session(
            number,
            day_number=day,
            order_in_program=turn,
            name=draw(st.sampled_from(["Push", "Pull", "Legs"])),
            exercises=draw(slots()),
        )
        for turn, (number, day) in enumerate(zip(numbers, days, strict=True), 1)
    ]


@st.composite
def programs(draw: st.DrawFn) -> Program:
    return a_program(
        draw(sessions()),
        structure_config=draw(structures),
        description=draw(st.sampled_from(["", "Old.", "New."])),
        duration_weeks=draw(st.sampled_from([None, 8, 12])),
    )
