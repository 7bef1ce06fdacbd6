"""Versions: all of training is in them, and the newest fifty are kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.models.programs import Program
from shared.models.versions import ProgramVersion
from shared.rules.versions import content, differs, kept_numbers
from tests.rules.build import LATER, NOW, a_program, a_session
from tests.rules.programs_at_random import programs


@pytest.mark.parametrize(
    ("current", "newest", "oldest", "number"),
    [(1, 1, 1, 1), (49, 49, 1, 49), (50, 50, 1, 50), (51, 51, 2, 50), (120, 120, 71, 50)],
)
def test_which_versions_are_kept(current: int, newest: int, oldest: int, number: int) -> None:
    kept = kept_numbers(current)
    assert (kept[0], kept[-1], len(kept)) == (newest, oldest, number)


def test_none_are_kept_of_a_program_from_before_there_were_any() -> None:
    assert list(kept_numbers(0)) == []


@given(program=programs(), other=programs(), number=st.integers(1, 500))
def test_going_back_brings_all_of_training_back(
    program: Program, other: Program, number: int
) -> None:
    numbered = program.model_copy(update={"version_number": number})
    version = ProgramVersion.of(numbered, None, "Saved.")
    assert version.number == number
    restored = version.as_program(other)
    assert content(restored) == content(program)
    assert (restored.id, restored.version_number) == (other.id, other.version_number)


def test_who_touched_what_when_is_no_content() -> None:
    before = a_program([a_session(1, {"bench": 3})])
    touched = before.sessions[0].model_copy(
        update={"updated_at": LATER, "created_by_user_id": "bob", "asked_day": 7}
    )
    assert not differs(before, before.model_copy(update={"updated_at": LATER}))
    assert not differs(before, before.model_copy(update={"sessions": [touched]}))


@pytest.mark.parametrize(
    "change",
    [
        {"name": "New"},
        {"description": "New."},
        {"duration_weeks": 3},
        {"sessions": []},
        {"sessions": [a_session(1, {"bench": 4}, created_at=NOW)]},
        {"sessions": [a_session(1, {"bench": 3}, name="New")]},
        {"cloned_from_version": 2},
    ],
)
def test_every_content_counts(change: dict[str, object]) -> None:
    before = a_program([a_session(1, {"bench": 3})])
    assert differs(before, before.model_copy(update=change))
