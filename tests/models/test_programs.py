"""Programs, sessions and structures as sent and as answered."""

import json
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError

from shared.models.equipment import Equipment
from shared.models.exercises import ExerciseSummary
from shared.models.programs import (
    CloneDraft,
    Program,
    ProgramChange,
    ProgramDraft,
    ProgramFilter,
    ProgramRow,
    ProgramView,
)
from shared.models.schedule import ScheduleRequest
from shared.models.sessions import Session, SessionChange, SessionDraft, SessionExercise
from shared.models.structures import CyclicStructure, SplitType, Structure, WeeklyStructure
from shared.models.volume import ProfileName, ProgramStats, StatsQuery

NOW = datetime(2026, 3, 2, tzinfo=UTC)
DRAFT = {"name": "Go", "split_type": "ARNOLD_SPLIT", "structure_type": "WEEKLY"}
SESSION = {"name": "A", "day_number": 1, "order_in_program": 1}
ROW = {"exercise_id": "curl", "sets": 3, "order_in_session": 1}
UNSAID = dict.fromkeys(("target_reps", "rir", "rest_seconds", "tempo", "superset", "load"))

structure = TypeAdapter[WeeklyStructure | CyclicStructure](Structure)


def places(model: type[BaseModel], fields: dict[str, Any]) -> list[str]:
    """Where the refusal points to."""
    with pytest.raises(ValidationError) as refused:
        model.model_validate(fields)
    return [str(problem["loc"][0]) for problem in refused.value.errors()]


def test_a_draft_needs_a_name_a_split_and_a_structure_type_only() -> None:
    draft = ProgramDraft.model_validate(DRAFT)
    assert (draft.description, draft.duration_weeks, draft.sessions) == ("", None, [])
    assert draft.structure.structure_type == "WEEKLY"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "x"),
        ("name", "x" * 101),
        ("name", "Go\x00"),
        ("name", "G\udfff"),
        ("description", "x" * 2001),
        ("split_type", "HALVES"),
        ("structure_type", "DAILY"),
        ("duration_weeks", 0),
        ("duration_weeks", 53),
        ("duration_weeks", float("nan")),
        ("sessions", [SESSION | {"day_number": n, "order_in_program": n} for n in range(1, 16)]),
        ("sessions", [SESSION, SESSION | {"day_number": 2}]),
        ("sessions", [SESSION, SESSION | {"order_in_program": 2}]),
        ("structure_config", {"days_on": 3, "days_off": 1}),
        ("structure_config", {"days_per_week": 3}),
        ("structure_config", "weekly"),
        ("structure_config", []),
    ],
)
def test_a_wrong_draft_is_refused_where_it_is_wrong(field: str, value: object) -> None:
    assert places(ProgramDraft, DRAFT | {field: value}) == [field]


def test_fourteen_sessions_fit() -> None:
    rows = [SESSION | {"day_number": n, "order_in_program": n} for n in range(1, 15)]
    assert len(ProgramDraft.model_validate(DRAFT | {"sessions": rows}).sessions) == 14


@pytest.mark.parametrize("split", list(SplitType))
def test_all_seven_splits_are_taken(split: SplitType) -> None:
    assert ProgramDraft.model_validate(DRAFT | {"split_type": split.value}).split_type == split


@pytest.mark.parametrize(
    "config",
    [
        {"days_per_week": 2, "selected_days": ["MON", "TUE"]},
        {"days_per_week": 8, "selected_days": ["MON"] * 8},
        {"days_per_week": 3, "selected_days": ["MON", "MON", "TUE"]},
        {"days_per_week": 4, "selected_days": ["MON", "TUE", "WED"]},
        {"days_per_week": 3, "selected_days": ["MON", "TUE", "XYZ"]},
        {"days_on": 0, "days_off": 1},
        {"days_on": 7, "days_off": 1},
        {"days_on": 6, "days_off": 4},
        {"days_on": 1, "days_off": 2},  # 7 / 3 training days a week
        {"days_on": 3, "days_off": 0},
        {"days_on": 3},
        {},
    ],
)
def test_a_structure_outside_its_limits_is_refused(config: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        structure.validate_python(config)


@pytest.mark.parametrize(
    ("config", "days"),
    [
        ({"days_per_week": 3, "selected_days": ["SUN", "TUE", "THU"]}, Fraction(3)),
        ({"days_on": 3, "days_off": 1}, Fraction(21, 4)),
        ({"days_on": 6, "days_off": 3}, Fraction(14, 3)),
        ({"days_on": 1, "days_off": 1}, Fraction(7, 2)),
    ],
)
def test_training_days_per_week_are_exact(config: dict[str, Any], days: Fraction) -> None:
    assert structure.validate_python(config).training_days_per_week == days


def test_a_structure_is_read_back_from_what_was_written() -> None:
    for config in (
        {"days_on": 2, "days_off": 1},
        {"days_per_week": 3, "selected_days": ["MON", "WED", "FRI"]},
    ):
        parsed = structure.validate_python(config)
        assert structure.validate_json(structure.dump_json(parsed)) == parsed


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "   "),
        ("name", "x" * 101),
        ("day_number", 0),
        ("day_number", 10**20),
        ("order_in_program", 0),
        ("exercises", [ROW] * 21),
        ("exercises", [ROW | {"sets": 0}]),
        ("exercises", [ROW | {"sets": 21}]),
        ("exercises", [ROW | {"order_in_session": 0}]),
        ("exercises", [ROW | {"exercise_id": "../secret"}]),
        ("exercises", [ROW | {"exercise_id": ""}]),
        ("exercises", [ROW | {"notes": "x" * 501}]),
        ("exercises", [ROW | {"notes": "a\x00b"}]),
    ],
)
def test_a_wrong_session_is_refused_where_it_is_wrong(field: str, value: object) -> None:
    assert places(SessionDraft, SESSION | {field: value}) == [field]
    assert places(SessionChange, {field: value}) == [field]


def test_a_session_may_be_empty_have_one_letter_and_twenty_sets() -> None:
    assert SessionDraft.model_validate(SESSION).exercises == []
    rows = [ROW | {"sets": 20, "notes": "  "}]
    (planned,) = SessionDraft.model_validate(SESSION | {"exercises": rows}).exercises
    assert (planned.sets, planned.notes) == (20, None)


def test_a_session_change_tells_an_empty_list_from_nothing() -> None:
    assert SessionChange.model_validate({"exercises": []}).exercises == []
    assert SessionChange.model_validate({"exercises": None}).exercises is None


def test_a_change_with_a_config_of_another_type_is_refused() -> None:
    config = {"days_on": 3, "days_off": 1}
    fields = {"structure_type": "WEEKLY", "structure_config": config}
    assert places(ProgramChange, fields) == ["structure_config"]
    assert ProgramChange.model_validate({"structure_config": config}).structure_config


@pytest.mark.parametrize("body", ["{}", '{"new_name": null}', '{"new_name": "  ", "name": ""}'])
def test_a_clone_may_say_nothing(body: str) -> None:
    draft = CloneDraft.model_validate_json(body)
    assert (draft.new_name, draft.name, draft.duration_weeks) == (None, None, None)


@pytest.mark.parametrize(
    ("field", "value"), [("search", "x" * 101), ("split_type", "X"), ("limit", "101")]
)
def test_a_wrong_filter_is_refused(field: str, value: str) -> None:
    assert places(ProgramFilter, {field: value}) == [field]


def test_blank_filters_filter_nothing() -> None:
    blank = dict.fromkeys(["search", "split_type", "structure_type", "is_template"], "")
    assert ProgramFilter.model_validate(blank) == ProgramFilter()


@pytest.mark.parametrize(
    ("spelling", "profile"),
    [
        ("evidence", ProfileName.EVIDENCE),
        ("Evidence_2025", ProfileName.EVIDENCE),
        ("uniform", ProfileName.UNIFORM),
        ("seed_uniform", ProfileName.UNIFORM),
        ("", ProfileName.EVIDENCE),
    ],
)
def test_profiles_have_long_names_too(spelling: str, profile: ProfileName) -> None:
    assert StatsQuery.model_validate({"profile": spelling}).profile == profile
    assert places(StatsQuery, {"profile": "vibes"}) == ["profile"]


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"start_date": "2026-02-30"},
        {"start_date": "9999-12-31"},
        {"start_date": "2026-03-02", "weeks": 53},
        {"start_date": "2026-03-02", "weeks": 0},
    ],
)
def test_a_schedule_begins_on_a_date_and_lasts_at_most_a_year(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        ScheduleRequest.model_validate(fields)
    assert ScheduleRequest.model_validate({"start_date": "2026-03-02"}).start_date == date(
        2026, 3, 2
    )


def a_program() -> Program:
    rows = [
        SessionExercise(exercise_id="gone", sets=2, order_in_session=2),
        SessionExercise(exercise_id="curl", sets=3, order_in_session=1, notes="slow"),
    ]
    second, first = (
        Session(
            id=f"s{n}",
            name=f"Session {n}",
            day_number=n,
            order_in_program=n,
            exercises=rows if n == 1 else [],
            created_at=NOW,
            updated_at=NOW,
        )
        for n in (2, 1)
    )
    return Program(
        id="p",
        name="Go",
        split_type=SplitType.CUSTOM,
        structure_config=CyclicStructure(days_on=2, days_off=1),
        sessions=[second, first],
        organization_id="gym",
        created_by_user_id="ann",
        cloned_from="template",
        created_at=NOW,
        updated_at=NOW,
        version="v7",
    )


def test_a_stored_program_is_read_back_from_what_was_written() -> None:
    program = a_program()
    written = program.model_dump(mode="json")
    assert "version" not in written
    assert Program.model_validate({**written, "version": "v7"}) == program


def test_a_program_with_two_sessions_on_a_day_is_still_readable() -> None:
    """Such rows must never be written, but if they were, they must not block the program."""
    written = a_program().model_dump()
    written["sessions"][0]["day_number"] = written["sessions"][1]["day_number"] = 1
    assert len(Program.model_validate(written).sessions) == 2


def test_a_row_of_a_list_has_twelve_fields() -> None:
    assert json.loads(ProgramRow.of(a_program()).model_dump_json()) == {
        "id": "p",
        "name": "Go",
        "description": "",
        "split_type": "CUSTOM",
        "structure_type": "CYCLIC",
        "is_template": False,
        "duration_weeks": None,
        "session_count": 2,
        "created_by_user_id": "ann",
        "organization_id": "gym",
        "created_at": "2026-03-02T00:00:00Z",
        "updated_at": "2026-03-02T00:00:00Z",
    }


def test_an_answer_names_exercises_and_survives_missing_ones() -> None:
    curl = ExerciseSummary(
        id="curl",
        name="Curl",
        equipment=Equipment.CABLE,
        equipment_name="Cable",
        primary_muscles=["Elbow Flexors (Biceps)"],
        is_global=True,
    )
    stats = ProgramStats(
        total_sessions=2,
        total_sets=5,
        avg_sets_per_session=2.5,
        weekly_volume=[],
        training_frequency=4.7,
        rotation_factor=2.3333,
        profile=ProfileName.EVIDENCE,
        notes=[],
        recommendations=[],
    )
    view = ProgramView.of(a_program(), stats, {"curl": curl})
    answered = json.loads(view.model_dump_json())
    assert view.version == "v7"
    assert "version" not in answered
    assert answered["structure_type"] == "CYCLIC"
    assert answered["structure_config"] == {"days_on": 2, "days_off": 1}
    assert [session["id"] for session in answered["sessions"]] == ["s1", "s2"]
    first = answered["sessions"][0]
    assert (first["program_id"], first["total_sets"], first["exercise_count"]) == ("p", 5, 2)
    assert first["exercises"] == [
        {
            "exercise_id": "curl",
            "exercise_name": "Curl",
            "sets": 3,
            "order_in_session": 1,
            "notes": "slow",
            "equipment": "CABLE",
            "primary_muscles": ["Elbow Flexors (Biceps)"],
            **UNSAID,
        },
        {
            "exercise_id": "gone",
            "exercise_name": None,
            "sets": 2,
            "order_in_session": 2,
            "notes": None,
            "equipment": None,
            "primary_muscles": [],
            **UNSAID,
        },
    ]
