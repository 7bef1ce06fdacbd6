"""Where sessions stand in their program, and how they are added, changed and removed."""

from datetime import timedelta

import pytest

from shared.errors import Conflict, Invalid, Refused, SessionNotFound
from shared.models.sessions import SessionChange
from shared.rules.sessions import (
    add_session,
    change_session,
    copied,
    just_added,
    placed,
    remove_session,
    require_distinct_exercises,
    require_known_exercises,
)
from tests.rules.build import (
    LATER,
    NOW,
    a_program,
    a_session,
    a_session_draft,
    counted_ids,
    planned,
)


def sessions(days: list[int], orders: list[int] | None = None):
    orders = orders or list(range(1, len(days) + 1))
    return [
        a_session(n, day_number=day, order_in_program=order)
        for n, (day, order) in enumerate(zip(days, orders, strict=True), 1)
    ]


@pytest.mark.parametrize(
    ("days", "orders", "asked", "given"),
    [
        ([], [], (1, 1), (1, 1)),
        ([1, 2, 3], [1, 2, 3], (4, 4), (4, 4)),
        # Upper/Lower: the fifth session's day 5 is taken, its turn 5 is free.
        ([1, 2, 4, 5], [1, 2, 3, 4], (5, 5), (6, 5)),
        # The second of four was deleted; 4 is taken twice.
        ([1, 3, 4], [1, 3, 4], (4, 4), (5, 5)),
        ([1, 3, 4], [1, 2, 3], (4, 4), (5, 4)),
        # The next number is above every other, not in the first gap.
        ([3, 9], [1, 2], (3, 3), (10, 3)),
        # A free number is kept, whatever the count.
        ([1, 2, 4, 5], [1, 2, 3, 4], (3, 7), (3, 7)),
    ],
)
def test_an_appended_session_finds_a_free_day_and_turn(
    days: list[int], orders: list[int], asked: tuple[int, int], given: tuple[int, int]
) -> None:
    found = placed(a_session_draft(*asked), sessions(days, orders))
    assert (found.day_number, found.order_in_program) == given


@pytest.mark.parametrize(
    ("asked", "field"),
    [((1, 9), "day_number"), ((9, 1), "order_in_program"), ((4, 9), "day_number")],
)
def test_any_other_number_that_is_taken_is_a_conflict(asked: tuple[int, int], field: str) -> None:
    with pytest.raises(Conflict) as refused:
        placed(a_session_draft(*asked), sessions([1, 2, 4, 5]))
    assert refused.value.details["field"] == field


def test_adding_gives_the_changed_program_and_leaves_the_old_one() -> None:
    before = a_program(sessions([1, 2, 4, 5]))
    after, added = add_session(
        before,
        a_session_draft(5, exercises=planned("b", "a")),
        session_id="new",
        user_id="bob",
        now=LATER,
    )
    assert (added.id, added.day_number, added.created_by_user_id) == ("new", 6, "bob")
    assert [row.exercise_id for row in added.exercises] == ["b", "a"]
    assert after.sessions == [*before.sessions, added]
    assert (after.updated_at, before.updated_at, len(before.sessions)) == (LATER, NOW, 4)


def test_a_program_has_at_most_fourteen_sessions() -> None:
    full = a_program(sessions(list(range(1, 15))))
    with pytest.raises(Refused):
        add_session(full, a_session_draft(15), session_id="x", user_id=None, now=LATER)


def test_an_exercise_may_not_occur_twice_in_a_session() -> None:
    with pytest.raises(Refused, match="Exercise a must not occur twice") as refused:
        require_distinct_exercises(planned("a", "b", "a"), ("body", "sessions", 1))
    assert refused.value.details == {
        "exercise_ids": ["a"],
        "loc": ["body", "sessions", 1, "exercises", 2, "exercise_id"],
    }


def test_a_place_in_the_session_may_not_occur_twice() -> None:
    first, second = planned("a", "b")
    clash = second.model_copy(update={"order_in_session": 1})
    with pytest.raises(Invalid) as refused:
        require_distinct_exercises([first, clash])
    assert refused.value.problems[0]["loc"] == ["body", "exercises", 1, "order_in_session"]


def test_unknown_exercises_are_refused_by_name() -> None:
    require_known_exercises(planned("a", "b"), {"a", "b", "c"})
    with pytest.raises(Refused, match="zz") as refused:
        require_known_exercises(planned("a", "zz"), {"a"})
    assert refused.value.details == {"exercise_ids": ["zz"]}


def test_a_change_touches_only_what_it_names() -> None:
    program = a_program([a_session(1, {"a": 3}), a_session(2)])
    after, changed = change_session(program, "session-1", SessionChange(name="Legs"), LATER)
    assert changed == program.sessions[0].model_copy(update={"name": "Legs", "updated_at": LATER})
    assert after.sessions == [changed, program.sessions[1]]


def test_an_empty_list_empties_the_session() -> None:
    program = a_program([a_session(1, {"a": 3})])
    _, changed = change_session(program, "session-1", SessionChange(exercises=[]), LATER)
    assert changed.exercises == []


def test_exercises_are_kept_in_their_order() -> None:
    rows = [
        row.model_copy(update={"order_in_session": place})
        for row, place in zip(planned("a", "b", "c"), (3, 1, 2), strict=True)
    ]
    _, changed = change_session(
        a_program([a_session(1)]), "session-1", SessionChange(exercises=rows), LATER
    )
    assert [row.exercise_id for row in changed.exercises] == ["b", "c", "a"]


@pytest.mark.parametrize("field", ["day_number", "order_in_program"])
def test_a_change_may_not_take_another_sessions_place(field: str) -> None:
    program = a_program([a_session(1), a_session(2)])
    with pytest.raises(Conflict):
        change_session(program, "session-1", SessionChange.model_validate({field: 2}), LATER)


@pytest.mark.parametrize("field", ["day_number", "order_in_program"])
def test_a_session_may_keep_its_own_place(field: str) -> None:
    program = a_program([a_session(1), a_session(2)])
    change = SessionChange.model_validate({field: 1})
    assert getattr(change_session(program, "session-1", change, LATER)[1], field) == 1


def test_a_removed_session_is_gone_and_the_others_stay() -> None:
    program = a_program([a_session(1), a_session(2), a_session(3)])
    assert [row.id for row in remove_session(program, "session-2", LATER).sessions] == [
        "session-1",
        "session-3",
    ]


def test_the_last_session_cannot_be_removed() -> None:
    with pytest.raises(Refused):
        remove_session(a_program([a_session(1)]), "session-1", LATER)


def test_a_session_of_another_program_is_not_found() -> None:
    program = a_program([a_session(1)])
    with pytest.raises(SessionNotFound):
        change_session(program, "elsewhere", SessionChange(name="x"), LATER)
    with pytest.raises(SessionNotFound):
        remove_session(program, "elsewhere", LATER)


@pytest.mark.parametrize(
    ("user_id", "seconds", "draft", "repeated"),
    [
        ("ann", 0, a_session_draft(5, exercises=planned("a")), True),
        ("ann", 9, a_session_draft(5, exercises=planned("a")), True),
        ("ann", 10, a_session_draft(5, exercises=planned("a")), False),
        ("bob", 1, a_session_draft(5, exercises=planned("a")), False),
        ("ann", 1, a_session_draft(6, exercises=planned("a")), False),
        ("ann", 1, a_session_draft(5, exercises=planned("b")), False),
        ("ann", 1, a_session_draft(5, name="Other", exercises=planned("a")), False),
    ],
)
def test_an_immediate_repeat_of_the_same_request_by_the_same_person_is_recognised(
    user_id: str, seconds: int, draft, repeated: bool
) -> None:
    """Also when the first one was given another day than it asked for: here 6 instead of 5."""
    program, added = add_session(
        a_program(sessions([1, 2, 4, 5])),
        a_session_draft(5, exercises=planned("a")),
        session_id="new",
        user_id="ann",
        now=NOW,
    )
    found = just_added(program, draft, user_id, NOW + timedelta(seconds=seconds))
    assert found == (added if repeated else None)


def test_a_copied_session_is_no_request_that_could_be_repeated() -> None:
    program, added = add_session(
        a_program(), a_session_draft(1), session_id="new", user_id="ann", now=NOW
    )
    copy = copied(added, new_id=counted_ids(), user_id="ann", now=NOW)
    copy_of_program = program.model_copy(update={"sessions": [copy]})
    assert just_added(copy_of_program, a_session_draft(1), "ann", NOW) is None
