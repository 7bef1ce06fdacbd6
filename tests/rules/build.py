"""Programs, sessions and the seed data, as the tests of rules need them."""

import itertools
import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from shared.models.equipment import Equipment
from shared.models.exercises import Exercise, ExerciseDraft
from shared.models.muscles import MuscleGroup
from shared.models.programs import Program, ProgramDraft
from shared.models.sessions import Session, SessionDraft, SessionExercise, SessionExerciseDraft
from shared.models.structures import CyclicStructure, SplitType, Weekday, WeeklyStructure
from shared.rules.exercises import new_exercise
from shared.rules.programs import new_program

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
LATER = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)
SEEDS = Path(__file__).parents[2] / "infra" / "seeds"


def counted_ids(prefix: str = "id") -> Callable[[], str]:
    numbers = itertools.count(1)
    return lambda: f"{prefix}-{next(numbers)}"


def weekly(days: int) -> WeeklyStructure:
    return WeeklyStructure(days_per_week=days, selected_days=list(Weekday)[:days])


def cyclic(on: int, off: int) -> CyclicStructure:
    return CyclicStructure(days_on=on, days_off=off)


def a_session(number: int, rows: dict[str, int] | None = None, **fields: Any) -> Session:
    """Day and turn `number`; `rows` maps exercise ids to sets."""
    planned = [
        SessionExercise(exercise_id=exercise, sets=sets, order_in_session=place)
        for place, (exercise, sets) in enumerate((rows or {}).items(), 1)
    ]
    given = {
        "id": f"session-{number}",
        "name": f"Session {number}",
        "day_number": number,
        "order_in_program": number,
        "exercises": planned,
        "created_at": NOW,
        "updated_at": NOW,
    }
    return Session(**{**given, **fields})


def a_program(sessions: list[Session] | None = None, **fields: Any) -> Program:
    given = {
        "id": "program",
        "name": "Program",
        "split_type": SplitType.CUSTOM,
        "structure_config": weekly(3),
        "sessions": sessions or [],
        "created_by_user_id": "ann",
        "organization_id": "gym",
        "created_at": NOW,
        "updated_at": NOW,
    }
    return Program(**{**given, **fields})


def a_session_draft(day: int, order: int | None = None, **fields: Any) -> SessionDraft:
    given = {"name": "New", "day_number": day, "order_in_program": order or day, "exercises": []}
    return SessionDraft(**{**given, **fields})


def planned(*exercise_ids: str) -> list[SessionExerciseDraft]:
    return [
        SessionExerciseDraft(exercise_id=exercise, sets=3, order_in_session=place)
        for place, exercise in enumerate(exercise_ids, 1)
    ]


def an_exercise(exercise_id: str, contributions: dict[MuscleGroup, float]) -> Exercise:
    return Exercise(
        id=exercise_id,
        name=exercise_id.title(),
        equipment=Equipment.OTHER,
        muscle_contributions=contributions,
        created_at=NOW,
        updated_at=NOW,
    )


@cache
def seed_exercises() -> dict[str, Exercise]:
    """By id, made the way seeding makes them."""
    rows = json.loads((SEEDS / "exercises.json").read_text(encoding="utf-8"))
    return {
        row["id"]: new_exercise(
            ExerciseDraft.model_validate(row),
            exercise_id=row["id"],
            organization_id=None,
            user_id=None,
            now=NOW,
        )
        for row in rows
    }


@cache
def seed_templates() -> dict[str, Program]:
    """By id, made the way seeding makes them."""
    rows = json.loads((SEEDS / "programs.json").read_text(encoding="utf-8"))
    return {
        row["id"]: new_program(
            ProgramDraft.model_validate(row),
            program_id=row["id"],
            new_id=counted_ids(row["id"]),
            organization_id=None,
            user_id=None,
            now=NOW,
        )
        for row in rows
    }
