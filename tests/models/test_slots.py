"""How sets are to be done: what clients may send, what is stored, what is answered."""

from typing import Any

import pytest
from pydantic import ValidationError

from shared.models.sessions import SessionExercise, SessionExerciseDraft, SessionExerciseView

ROW = {"exercise_id": "curl", "sets": 3, "order_in_session": 1}
FIELDS = ("target_reps", "rir", "rest_seconds", "tempo", "superset", "load")


def sent(**fields: Any) -> dict[str, Any]:
    return SessionExerciseDraft.model_validate(ROW | fields).model_dump(mode="json")


@pytest.mark.parametrize(
    ("reps", "low", "high"),
    [
        ({"min": 8, "max": 12}, 8, 12),
        (10, 10, 10),
        ("8-12", 8, 12),
        (" 8 \u2013 12 ", 8, 12),
        ("15", 15, 15),
        (1, 1, 1),
        ("1-100", 1, 100),
    ],
)
def test_repetitions_come_as_a_range_a_number_or_a_text(reps: Any, low: int, high: int) -> None:
    assert sent(target_reps=reps)["target_reps"] == {"min": low, "max": high}


@pytest.mark.parametrize(
    ("field", "value", "stored"),
    [
        ("rir", 2, 2),
        ("rir", 0.5, 0.5),
        ("rir", 10, 10),
        ("rest_seconds", 0, 0),
        ("rest_seconds", 1800, 1800),
        ("tempo", "3-0-1-0", "3-0-1-0"),
        ("tempo", " 3-0-x-10 ", "3-0-X-10"),
        ("superset", " A1 ", "A1"),
        ("load", {"amount": 82.5, "unit": "KG"}, {"amount": 82.5, "unit": "KG"}),
        ("load", {"amount": 185, "unit": "LB"}, {"amount": 185, "unit": "LB"}),
        ("load", {"amount": 75, "unit": "PERCENT_1RM"}, {"amount": 75, "unit": "PERCENT_1RM"}),
    ],
)
def test_each_field_is_kept(field: str, value: Any, stored: Any) -> None:
    assert sent(**{field: value})[field] == stored


@pytest.mark.parametrize("nothing", [None, "", "  "])
@pytest.mark.parametrize("field", ["target_reps", "tempo", "superset"])
def test_a_blank_text_means_nothing(field: str, nothing: str | None) -> None:
    assert sent(**{field: nothing})[field] is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("target_reps", {"min": 12, "max": 8}),
        ("target_reps", {"min": 8}),
        ("target_reps", 0),
        ("target_reps", 101),
        ("target_reps", "8-"),
        ("target_reps", "12-8"),
        ("target_reps", "many"),
        ("target_reps", True),
        ("target_reps", 8.5),
        ("sets", True),
        ("order_in_session", True),
        ("rir", -0.5),
        ("rir", 10.5),
        ("rir", 1.25),
        ("rir", True),
        ("rest_seconds", -1),
        ("rest_seconds", 1801),
        ("rest_seconds", 1.5),
        ("tempo", "3-0-1"),
        ("tempo", "3-0-1-0-1"),
        ("tempo", "3-0-Y-0"),
        ("tempo", "100-0-1-0"),
        ("superset", "x" * 11),
        ("load", {"amount": -1, "unit": "KG"}),
        ("load", {"amount": 2001, "unit": "KG"}),
        ("load", {"amount": 151, "unit": "PERCENT_1RM"}),
        ("load", {"amount": 80}),
        ("load", {"amount": 80, "unit": "STONE"}),
        ("load", 80),
    ],
)
def test_what_makes_no_sense_is_refused_where_it_stands(field: str, value: Any) -> None:
    with pytest.raises(ValidationError) as refused:
        sent(**{field: value})
    assert {problem["loc"][0] for problem in refused.value.errors()} == {field}


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("tempo", "3010", "must be four numbers of seconds, or X, such as 3-0-1-0 or 2-1-X-0"),
        (
            "target_reps",
            "AMRAP",
            "must be a number of repetitions, a text such as 8-12, or min and max",
        ),
    ],
)
def test_whoever_writes_another_form_is_told_the_right_one(
    field: str, value: str, message: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        sent(**{field: value})
    assert [row["msg"] for row in refused.value.errors()] == [f"Value error, {message}"]


def test_what_was_stored_before_these_fields_existed_stays_readable() -> None:
    stored = SessionExercise.model_validate(ROW | {"notes": "slow"})
    assert [getattr(stored, field) for field in FIELDS] == [None] * 6
    shown = SessionExerciseView.of(stored, None).model_dump()
    assert {field: shown[field] for field in FIELDS} == dict.fromkeys(FIELDS)
