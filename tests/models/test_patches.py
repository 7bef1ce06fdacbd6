"""Values of patches: whatever is wrong with one is told of what it was meant to be."""

from typing import Any

import pytest
from pydantic import ValidationError

from shared.models.patches import PatchAction, PatchOperation
from shared.models.sessions import SessionDraft, SessionExerciseDraft
from shared.models.slots import LoadDraft, RepRangeDraft

EXERCISE = {"exercise_id": "bench", "sets": 3, "order_in_session": 1}
SESSION = {"name": "Push", "day_number": 1, "order_in_program": 1}
PATH = "/sessions/0/exercises/0/sets"


def refusals(value: Any) -> list[tuple[str, str]]:
    """Where, and what kind of mistake."""
    with pytest.raises(ValidationError) as caught:
        PatchOperation(op=PatchAction.REPLACE, path=PATH, value=value)
    return [(".".join(map(str, row["loc"])), row["type"]) for row in caught.value.errors()]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (EXERCISE | {"sets": 0}, [("value.sets", "greater_than_equal")]),
        ({"sets": 3, "order_in_session": 1}, [("value.exercise_id", "missing")]),
        (SESSION | {"day_number": 0}, [("value.day_number", "greater_than_equal")]),
        ({"name": "Push", "day_number": 1}, [("value.order_in_program", "missing")]),
        (
            SESSION | {"exercises": [{}]},
            [
                ("value.exercises.0.exercise_id", "missing"),
                ("value.exercises.0.sets", "missing"),
                ("value.exercises.0.order_in_session", "missing"),
            ],
        ),
        ({"min": 9, "max": 3}, [("value", "value_error")]),
        ({"amount": 5}, [("value.unit", "missing")]),
        ("x" * 501, [("value", "string_too_long")]),
        (True, [("value", "patch_value")]),
        ([3], [("value", "patch_value")]),
    ],
)
def test_a_value_is_refused_for_what_is_wrong_with_it(
    value: Any, expected: list[tuple[str, str]]
) -> None:
    assert refusals(value) == expected


@pytest.mark.parametrize(
    "value",
    [
        3,
        2.5,
        "Push",
        None,
        EXERCISE,
        SESSION,
        SESSION | {"exercises": [EXERCISE]},
        {"min": 8, "max": 12},
        {"amount": 80, "unit": "KG"},
    ],
)
def test_a_value_is_kept_as_it_is_meant(value: Any) -> None:
    step = PatchOperation(op=PatchAction.REPLACE, path=PATH, value=value)
    shown = step.model_dump(mode="json", exclude_unset=True)["value"]
    assert shown == value
    again = PatchOperation.model_validate_json(step.model_dump_json())
    assert again.value == step.value


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ({"amount": 60, "unit": "KG", "name": "bar"}, LoadDraft),
        ({"min": 8, "max": 12, "exercise_id": "bench"}, RepRangeDraft),
        (EXERCISE | {"min": 8}, SessionExerciseDraft),
        (SESSION | {"exercise_id": "bench"}, SessionDraft),
    ],
)
def test_unknown_fields_are_ignored_and_tell_nothing(value: Any, kind: type) -> None:
    assert type(PatchOperation(op=PatchAction.REPLACE, path=PATH, value=value).value) is kind


def test_an_operation_without_the_value_it_needs_is_refused() -> None:
    for action in (PatchAction.TEST, PatchAction.REPLACE, PatchAction.ADD):
        with pytest.raises(ValidationError, match="needs a value"):
            PatchOperation(op=action, path=PATH)
    assert PatchOperation(op=PatchAction.REMOVE, path="/sessions/0").value is None
