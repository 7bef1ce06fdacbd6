"""Request bodies as clients send them: valid by default, override what matters."""

import uuid
from typing import Any

MISSING = "00000000-0000-4000-8000-000000000000"
"""An id that nobody ever made."""

MONDAY = "2026-03-02"


def a_name(prefix: str = "Name") -> str:
    """Used by nobody else, so that tests which share a stack do not collide."""
    return f"{prefix} {uuid.uuid4().hex[:10]}"


def an_exercise(**fields: Any) -> dict[str, Any]:
    given = {
        "name": a_name("Exercise"),
        "equipment": "BARBELL",
        "muscle_contributions": {"CHEST": 1.0, "TRICEPS": 0.5},
    }
    return given | fields


def a_program(**fields: Any) -> dict[str, Any]:
    given = {"name": a_name("Program"), "split_type": "CUSTOM", "structure_type": "WEEKLY"}
    return given | fields


def a_session(number: int, exercises: list[dict[str, Any]] | None = None, **fields: Any) -> Any:
    """Day and turn `number`."""
    given = {
        "name": f"Session {number}",
        "day_number": number,
        "order_in_program": number,
        "exercises": exercises or [],
    }
    return given | fields


def work(exercise_id: str, sets: int = 3, order: int = 1, **fields: Any) -> dict[str, Any]:
    """One exercise of a session."""
    return {"exercise_id": exercise_id, "sets": sets, "order_in_session": order, **fields}
