"""Programs at rest: packed sessions, a readable outline, and what other hands do to them."""

import json
import time
import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
from google.cloud.firestore import Client

from shared.errors import NameTaken, ProgramNotFound
from shared.models.equipment import Equipment
from shared.models.exercises import Exercise
from shared.models.muscles import MuscleGroup
from shared.models.programs import Program
from shared.storage.documents import Documents
from shared.storage.exercises import ExerciseRepository
from shared.storage.programs import ProgramRepository, Use
from tests.rules.build import a_program, a_session

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def programs(documents: Documents) -> ProgramRepository:
    exercises = ExerciseRepository(documents, time.monotonic)
    exercises.add(
        Exercise(
            id="plank",
            name="Plank",
            equipment=Equipment.BODYWEIGHT,
            muscle_contributions={MuscleGroup.ABS: 1.0},
            created_at=NOW,
            updated_at=NOW,
        )
    )
    return ProgramRepository(documents, time.monotonic, exercises.names)


@pytest.fixture
def made(programs: ProgramRepository) -> Program:
    sessions = [a_session(2, {"plank": 3, "gone": 2}), a_session(1)]
    return programs.add(a_program(sessions, id=str(uuid.uuid4())))


def path(program: Program) -> str:
    return f"organizations/gym/programs/{program.id}"


def listed(programs: ProgramRepository) -> list[str]:
    return [row.id for row in programs.rows("gym")]


def test_a_program_is_one_document_with_an_outline_people_can_read(
    client: Client, programs: ProgramRepository, made: Program
) -> None:
    stored = client.document(path(made)).get().to_dict()
    assert stored["outline"] == ["Day 1 Session 1: empty", "Day 2 Session 2: Plank x 3, gone x 2"]
    assert stored["exercise_ids"] == ["gone", "plank"]
    assert [row["name"] for row in json.loads(stored["sessions"])] == ["Session 2", "Session 1"]
    assert programs.get(made.id, "gym") == made


def test_fields_of_the_console_survive_a_change(
    client: Client, programs: ProgramRepository, made: Program
) -> None:
    client.document(path(made)).update({"remark": "by hand"})
    changed = programs.change(
        made.id, "gym", lambda row: row.model_copy(update={"sessions": [a_session(5)]})
    )
    stored = client.document(path(made)).get().to_dict()
    assert stored["remark"] == "by hand"
    assert (stored["outline"], stored["exercise_ids"]) == (["Day 5 Session 5: empty"], [])
    assert programs.get(made.id, "gym") == changed


@pytest.mark.parametrize(
    "edit",
    [
        {"sessions": "[{broken"},
        {"sessions": '[{"id": 1}]'},
        {"sessions": 7},
        {"split_type": "PPL"},
        {"structure_config": {"days_per_week": 99}},
        {"name": None},
    ],
)
def test_a_broken_document_breaks_neither_the_list_nor_its_own_deletion(
    client: Client,
    programs: ProgramRepository,
    made: Program,
    errors: list[Any],
    edit: dict[str, Any],
) -> None:
    client.document(path(made)).update(edit)
    assert programs.get(made.id, "gym") is None
    assert errors[0][1]["document"] == path(made)
    assert listed(programs) == [made.id]
    # It still holds what it uses.
    assert [use.program_id for use in programs.using("plank", "gym", limit=5)] == [made.id]
    with pytest.raises(ProgramNotFound):
        programs.change(made.id, "gym", lambda row: row)
    programs.remove(made.id, "gym", None)
    assert listed(programs) == []


def test_a_document_deleted_in_the_console_is_missing_and_nothing_worse(
    client: Client, programs: ProgramRepository, made: Program
) -> None:
    client.document(path(made)).delete()
    assert programs.get(made.id, "gym") is None
    with pytest.raises(ProgramNotFound):
        programs.remove(made.id, "gym", None)
    assert listed(programs) == [made.id]


def test_uses_are_found_per_owner_and_everywhere(
    programs: ProgramRepository, made: Program
) -> None:
    other = programs.add(
        a_program([a_session(1, {"plank": 3})], id=str(uuid.uuid4()), organization_id="club")
    )
    assert programs.using("plank", "gym", limit=5) == [Use(made.id, "Program")]
    assert programs.using("plank", None, limit=5) == []
    everywhere = programs.using_anywhere("plank", limit=5)
    assert {use.program_id for use in everywhere} == {made.id, other.id}


def test_a_templates_readable_id_is_taken_once(programs: ProgramRepository) -> None:
    template = a_program(id="full-body", organization_id=None, created_by_user_id=None)
    programs.add(template)
    with pytest.raises(NameTaken):
        programs.add(template)


def test_the_same_program_means_no_change(programs: ProgramRepository, made: Program) -> None:
    assert programs.change(made.id, "gym", lambda row: row) == made
