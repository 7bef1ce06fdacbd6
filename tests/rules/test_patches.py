"""Patches: exactly what they say happens, all of it or nothing, and it can be undone."""

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from shared.errors import Conflict, Invalid, PatchMisfit, Refused
from shared.models.patches import MOST_OPERATIONS, Patch, PatchOperation
from shared.models.programs import Program
from shared.models.sessions import Session, SessionExercise
from shared.models.slots import Load, RepRange
from shared.rules.counted import CountedProgram
from shared.rules.edits import additions
from shared.rules.patch_steps import diff
from shared.rules.patches import apply_patch
from tests.rules.build import LATER, a_program, a_session, counted_ids

PATCH = TypeAdapter(Patch)
EXERCISES = ["bench", "row", "curl", "squat", "raise"]


def patch(*steps: tuple[Any, ...]) -> list[PatchOperation]:
    """Steps as (op, path) or (op, path, value), read as from a client."""
    named = [dict(zip(("op", "path", "value"), step, strict=False)) for step in steps]
    return PATCH.validate_json(json.dumps(named))


def patched(program: Program, steps: list[PatchOperation]) -> Program:
    return apply_patch(program, steps, new_id=counted_ids("new"), user_id="ann", now=LATER)


def contents(program: Program) -> list[Any]:
    """What a client can write of the sessions, in their order."""
    return [
        (
            session.name,
            session.day_number,
            session.order_in_program,
            sorted(session.exercises, key=lambda slot: slot.order_in_session),
        )
        for session in program.in_order
    ]


def plain(session: Session) -> dict[str, Any]:
    """All of it but the moment of its last change, exercises in their order."""
    order = sorted(session.exercises, key=lambda row: row.order_in_session)
    return session.model_copy(update={"exercises": order}).model_dump(exclude={"updated_at"})


def push_pull() -> Program:
    """Stored with the later session first: places follow the turns, not the storage."""
    pull = a_session(2, {"row": 4, "curl": 3}, name="Pull")
    push = a_session(1, {"bench": 3, "raise": 2}, name="Push")
    return a_program([pull, push])


def slot(exercise: str, sets: int = 3, place: int = 1) -> dict[str, Any]:
    return {"exercise_id": exercise, "sets": sets, "order_in_session": place}


def test_replacing_sets_changes_that_number_and_nothing_else() -> None:
    before = push_pull()
    after = patched(
        before,
        patch(
            ("test", "/sessions/1/id", "session-2"),
            ("test", "/sessions/1/exercises/0/exercise_id", "row"),
            ("replace", "/sessions/1/exercises/0/sets", 6),
        ),
    )
    push, pull = after.in_order
    assert push is before.in_order[0]
    assert [(row.exercise_id, row.sets) for row in pull.exercises] == [("row", 6), ("curl", 3)]
    changed = {"exercises", "updated_at"}
    assert pull.model_dump(exclude=changed) == before.in_order[1].model_dump(exclude=changed)
    assert pull.updated_at == after.updated_at == LATER
    same = {"sessions", "updated_at"}
    assert after.model_dump(exclude=same) == before.model_dump(exclude=same)


def test_a_patch_that_changes_nothing_gives_the_same_program() -> None:
    program = push_pull()
    assert patched(program, []) is program
    assert patched(program, patch(("replace", "/sessions/0/exercises/0/sets", 3))) is program


def test_exercises_are_added_at_the_end_or_before_a_place_and_removed() -> None:
    after = patched(
        push_pull(),
        patch(
            ("add", "/sessions/0/exercises/-", slot("squat", 5, 9)),
            ("remove", "/sessions/1/exercises/1"),
        ),
    )
    push, pull = after.in_order
    assert [(row.exercise_id, row.sets, row.order_in_session) for row in push.exercises] == [
        ("bench", 3, 1),
        ("raise", 2, 2),
        ("squat", 5, 9),
    ]
    assert [row.exercise_id for row in pull.exercises] == ["row"]


def test_an_exercise_appended_to_a_place_that_is_taken_comes_after_all_others() -> None:
    after = patched(push_pull(), patch(("add", "/sessions/0/exercises/-", slot("squat"))))
    assert [(row.exercise_id, row.order_in_session) for row in after.in_order[0].exercises] == [
        ("bench", 1),
        ("raise", 2),
        ("squat", 3),
    ]


def test_there_is_an_end_to_places() -> None:
    program = a_program([a_session(1, {"bench": 3})])
    last = patched(program, patch(("add", "/sessions/0/exercises/-", slot("row", 3, 1000))))
    with pytest.raises(PatchMisfit):
        patched(last, patch(("add", "/sessions/0/exercises/-", slot("curl"))))
    assert list(additions(CountedProgram.of(last, {}).turns, ["curl"])) == []
    assert len(list(additions(CountedProgram.of(program, {}).turns, ["curl"]))) == 4


def test_places_may_clash_between_the_steps_but_not_at_the_end() -> None:
    swap = (
        ("replace", "/sessions/0/order_in_program", 2),
        ("replace", "/sessions/1/order_in_program", 1),
    )
    after = patched(push_pull(), patch(*swap))
    assert [session.name for session in after.in_order] == ["Pull", "Push"]
    with pytest.raises(Conflict) as refusal:
        patched(push_pull(), patch(swap[0]))
    assert refusal.value.details == {"field": "order_in_program", "value": 2}
    with pytest.raises(Invalid):
        patched(push_pull(), patch(("replace", "/sessions/0/exercises/0/order_in_session", 2)))


def test_sessions_are_added_with_new_ids_and_removed() -> None:
    legs = {
        "name": "Legs",
        "day_number": 5,
        "order_in_program": 3,
        "id": "chosen",
        "exercises": [slot("squat")],
    }
    after = patched(push_pull(), patch(("add", "/sessions/-", legs), ("remove", "/sessions/0")))
    pull, made = after.in_order
    assert (pull.name, made.name, made.id) == ("Pull", "Legs", "new-1")
    assert (made.created_by_user_id, made.created_at) == ("ann", LATER)
    assert [row.sets for row in made.exercises] == [3]


def test_how_sets_are_done_is_changed_cleared_and_tested_as_clients_write_it() -> None:
    where = "/sessions/0/exercises/0"
    bench = patched(
        push_pull(),
        patch(
            ("replace", f"{where}/target_reps", "8-12"),
            ("test", f"{where}/target_reps", {"min": 8, "max": 12}),
            ("replace", f"{where}/load", {"amount": 80, "unit": "KG"}),
            ("test", f"{where}/load", {"unit": "KG", "amount": 80.0}),
            ("replace", f"{where}/rir", 1.5),
            ("replace", f"{where}/rest_seconds", 90),
            ("replace", f"{where}/rest_seconds", None),
            ("test", f"{where}/rest_seconds", None),
        ),
    )
    [first, _] = bench.in_order[0].exercises
    assert first.target_reps is not None
    assert (first.target_reps.min, first.target_reps.max) == (8, 12)
    assert first.load is not None
    assert (first.load.amount, first.load.unit) == (80, "KG")
    assert (first.rir, first.rest_seconds) == (1.5, None)


@pytest.mark.parametrize(
    "steps",
    [
        [("test", "/sessions/0/exercises/0/sets", 4)],
        [("test", "/sessions/0/exercises/0/exercise_id", "row")],
        [("test", "/sessions/0/exercises/0/notes", "")],
        [("test", "/sessions/0/id", "session-2")],
        [("test", "/sessions/2/id", "session-2")],
        [("remove", "/sessions/2")],
        [("remove", "/sessions/0/exercises/2")],
        [("replace", "/sessions/0/exercises/2/sets", 2)],
        [("add", "/sessions/0/exercises/3", slot("squat", 3, 7))],
        [("add", "/sessions/0/exercises/-", slot("bench"))],
        # Removing moves what comes after it.
        [("remove", "/sessions/0/exercises/0"), ("remove", "/sessions/0/exercises/1")],
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_done(steps: list[Any]) -> None:
    program = push_pull()
    before = program.model_dump()
    with pytest.raises(PatchMisfit):
        patched(program, patch(("replace", "/sessions/1/exercises/0/sets", 9), *steps))
    assert program.model_dump() == before


@pytest.mark.parametrize(
    ("step", "where"),
    [
        (("replace", "/sessions/0/exercises/0/sets", 0), "value"),
        (("replace", "/sessions/0/exercises/0/sets", 21), "value"),
        (("replace", "/sessions/0/exercises/0/sets", None), "value"),
        (("replace", "/sessions/0/exercises/0/exercise_id", "no/id"), "value"),
        (("replace", "/sessions/0/name", " "), "value"),
        (("replace", "/sessions/0/day_number", 0), "value"),
        (("replace", "/sessions/0/id", "mine"), "path"),
        (("replace", "/sessions/0/created_at", "1999"), "path"),
        (("replace", "/sessions/0/exercises", 3), "path"),
        (("replace", "/sessions/-/name", "Last"), "path"),
        (("remove", "/sessions/-"), "path"),
        (("remove", "/sessions/0/name"), "path"),
        (("add", "/sessions/0/name", "New"), "path"),
        (("add", "/sessions/-", slot("squat")), "value"),
        (("add", "/sessions/0/exercises/-", 3), "value"),
        (("test", "/sessions/0", "Push"), "path"),
    ],
)
def test_what_no_program_could_take_is_invalid_at_the_operation(
    step: tuple[Any, ...], where: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        patched(push_pull(), patch(("test", "/sessions/0/name", "Push"), step))
    [problem] = refusal.value.problems
    assert problem["loc"] == ["body", "patch", 1, where]


@pytest.mark.parametrize(
    "step",
    [
        {"op": "move", "path": "/sessions/0"},
        {"op": "replace", "path": "/name", "value": "x"},
        {"op": "remove", "path": "/sessions/00"},
        {"op": "remove", "path": "/sessions/0/exercises/0/"},
        {"op": "add", "path": "/sessions/-"},
        {"op": "test", "path": "/sessions/0/name"},
        {"op": "replace", "path": "/sessions/0/exercises/0/sets", "value": True},
    ],
)
def test_what_is_no_operation_is_not_even_read(step: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        PATCH.validate_json(json.dumps([step]))


def test_a_program_keeps_its_rules() -> None:
    program = push_pull()
    with pytest.raises(Refused, match="twice"):
        patched(program, patch(("replace", "/sessions/0/exercises/1/exercise_id", "bench")))
    with pytest.raises(Refused, match="last session"):
        patched(program, patch(("remove", "/sessions/1"), ("remove", "/sessions/0")))
    many = [("add", "/sessions/0/exercises/-", slot(f"e-{n}")) for n in range(18)]
    assert len(patched(program, patch(*many)).in_order[0].exercises) == 20
    with pytest.raises(Refused, match="20 exercises"):
        patched(program, patch(*many, ("add", "/sessions/0/exercises/-", slot("e-18"))))
    sessions = [
        ("add", "/sessions/-", {"name": "N", "day_number": n, "order_in_program": n})
        for n in range(3, 15)
    ]
    assert len(patched(program, patch(*sessions)).sessions) == 14
    one_more = {"name": "N", "day_number": 15, "order_in_program": 15}
    with pytest.raises(Refused, match="14 sessions"):
        patched(program, patch(*sessions, ("add", "/sessions/-", one_more)))


rows = st.builds(
    SessionExercise,
    exercise_id=st.sampled_from(EXERCISES),
    sets=st.integers(1, 20),
    order_in_session=st.integers(1, 9),
    notes=st.sampled_from([None, "Slow."]),
    target_reps=st.none() | st.builds(RepRange, min=st.integers(1, 8), max=st.integers(8, 30)),
    rir=st.sampled_from([None, 0, 1.5]),
    rest_seconds=st.sampled_from([None, 60]),
    load=st.none() | st.builds(Load, amount=st.sampled_from([20, 62.5]), unit=st.just("KG")),
)
slots = st.lists(
    rows, max_size=4, unique_by=(lambda row: row.exercise_id, lambda row: row.order_in_session)
)


@st.composite
def programs(draw: st.DrawFn, ids: range = range(1, 6)) -> Program:
    """Sessions with these numbers as ids, on days and turns of any order."""
    chosen = draw(st.lists(st.sampled_from(ids), min_size=1, max_size=4, unique=True))
    days = draw(st.permutations(range(1, len(chosen) + 3)))
    turns = draw(st.permutations(range(1, len(chosen) + 3)))
    return a_program(
        [
            a_session(
                number,
                exercises=draw(slots),
                day_number=day,
                order_in_program=turn,
                name=draw(st.sampled_from(["Push", "Pull"])),
            )
            for number, day, turn in zip(chosen, days, turns, strict=False)
        ]
    )


@given(programs(), programs())
def test_the_difference_between_two_programs_makes_one_of_the_other(
    before: Program, after: Program
) -> None:
    reached = patched(before, diff(before, after))
    assert contents(reached) == contents(after)
    kept = {session.id for session in before.sessions} & {row.id for row in after.sessions}
    assert kept <= {session.id for session in reached.sessions}


@given(programs(), programs())
def test_undoing_is_identity(before: Program, after: Program) -> None:
    reached = patched(before, diff(before, after))
    back = patched(reached, diff(reached, before))
    assert contents(back) == contents(before)


@given(programs(range(1, 4)), programs(range(1, 4)))
def test_undoing_restores_every_session_that_was_only_changed_completely(
    before: Program, after: Program
) -> None:
    reached = patched(before, diff(before, after))
    back = {row.id: row for row in patched(reached, diff(reached, before)).sessions}
    for session in before.sessions:
        if session.id in {row.id for row in after.sessions}:
            assert plain(back[session.id]) == plain(session)


@given(programs(), programs())
def test_a_patch_for_one_program_either_fits_another_or_leaves_it_alone(
    one: Program, other: Program
) -> None:
    """It never does half of what it says: tests come before what they guard."""
    steps = diff(one, a_program([a_session(1, {"bench": 20})]))
    before = other.model_dump()
    with contextlib.suppress(PatchMisfit, Conflict, Refused, Invalid):
        patched(other, steps)
    assert other.model_dump() == before


@given(programs())
def test_a_program_does_not_differ_from_itself(program: Program) -> None:
    assert diff(program, program) == []


def test_no_difference_is_longer_than_a_patch_may_be() -> None:
    """14 sessions of 20 exercises, of which every field differs."""
    before = a_program(
        [a_session(day, {f"exercise-{n}": 3 for n in range(20)}) for day in range(1, 15)]
    )
    other = {
        "sets": 4,
        "notes": "Slow.",
        "target_reps": RepRange(min=8, max=12),
        "rir": 2,
        "rest_seconds": 90,
        "tempo": "3-1-1-0",
        "superset": "A",
        "load": Load(amount=80, unit="KG"),
    }
    sessions = [
        row.model_copy(
            update={
                "name": "Other",
                "day_number": row.day_number + 20,
                "order_in_program": row.order_in_program + 20,
                "exercises": [
                    slot.model_copy(update=other | {"order_in_session": place + 20})
                    for place, slot in enumerate(row.exercises, 1)
                ],
            }
        )
        for row in before.sessions
    ]
    after = before.model_copy(update={"sessions": sessions})
    steps = diff(before, after)
    assert len(steps) <= MOST_OPERATIONS
    assert contents(patched(before, steps)) == contents(after)
