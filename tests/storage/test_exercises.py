"""Exercises at rest: what other hands and old data do to them."""

import json
import time
import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
from google.cloud.firestore import Client

from shared.errors import ExerciseNotFound
from shared.models.equipment import Equipment
from shared.models.exercises import Exercise
from shared.models.muscles import MuscleGroup
from shared.storage.documents import Documents
from shared.storage.exercises import ExerciseRepository

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def exercises(documents: Documents) -> ExerciseRepository:
    return ExerciseRepository(documents, time.monotonic)


def an_exercise(name: str, organization_id: str | None = "gym", **fields: Any) -> Exercise:
    given = {
        "id": str(uuid.uuid4()) if organization_id else name.lower(),
        "name": name,
        "equipment": Equipment.CABLE,
        "muscle_contributions": {MuscleGroup.ABS: 1.0},
        "organization_id": organization_id,
        "created_at": NOW,
        "updated_at": NOW,
    }
    return Exercise(**{**given, **fields})


def path(exercise: Exercise) -> str:
    return f"organizations/gym/exercises/{exercise.id}"


def test_the_document_can_be_read_in_the_console(
    client: Client, exercises: ExerciseRepository
) -> None:
    made = exercises.add(an_exercise("Crunch"))
    stored = client.document(path(made)).get().to_dict()
    assert stored["schema"] == 1
    assert (stored["name"], stored["equipment"]) == ("Crunch", "CABLE")
    assert stored["muscle_contributions"] == {"ABS": 1.0}
    assert stored["created_at"] == NOW
    catalogue = client.document("organizations/gym/catalogue/exercises").get().to_dict()
    assert catalogue["count"] == 1
    assert json.loads(catalogue["items"])[0]["id"] == made.id


def test_fields_of_the_console_survive_a_change(
    client: Client, exercises: ExerciseRepository
) -> None:
    made = exercises.add(an_exercise("Crunch"))
    client.document(path(made)).update({"remark": "by hand"})
    changed = exercises.change(
        made.id, "gym", lambda row: row.model_copy(update={"description": "New."}), None
    )
    stored = client.document(path(made)).get().to_dict()
    assert (stored["remark"], stored["description"], stored["schema"]) == ("by hand", "New.", 1)
    assert exercises.get(made.id, "gym") == changed


@pytest.mark.parametrize(
    "edit", [{"equipment": "STONE"}, {"name": 7}, {"created_at": "yesterday"}, {"name": None}]
)
def test_a_broken_document_is_reported_and_breaks_nothing_else(
    client: Client, exercises: ExerciseRepository, errors: list[Any], edit: dict[str, Any]
) -> None:
    broken, sound = exercises.add(an_exercise("Crunch")), exercises.add(an_exercise("Plank"))
    client.document(path(broken)).update(edit)
    assert exercises.get(broken.id, "gym") is None
    assert errors[0][0] == "unreadable document"
    with pytest.raises(ExerciseNotFound):
        exercises.change(broken.id, "gym", lambda row: row, None)
    assert [row.name for row in exercises.library("gym").rows()] == ["Crunch", "Plank"]
    assert exercises.get(sound.id, "gym") == sound


def test_a_broken_row_is_left_out_of_the_list(
    client: Client, exercises: ExerciseRepository, errors: list[Any]
) -> None:
    for name in ("Crunch", "Plank", "Twist"):
        exercises.add(an_exercise(name))
    catalogue = client.document("organizations/gym/catalogue/exercises")
    rows = json.loads(catalogue.get().to_dict()["items"])
    rows[1]["muscle_contributions"] = "strong"
    catalogue.update({"items": json.dumps(rows)})
    assert [row.name for row in exercises.library("gym").rows()] == ["Crunch", "Twist"]
    assert [fields["row"] for _, fields in errors] == [1]


def test_what_was_removed_still_lends_its_name(exercises: ExerciseRepository) -> None:
    made = exercises.add(an_exercise("Crunch"))
    exercises.remove(made.id, "gym", lambda row: None, None)
    library = exercises.lending("gym", [made.id])
    assert not library.usable(made.id)
    assert library.known()[made.id].name == "Crunch"
    assert library.rows() == []


def test_a_readable_id_that_comes_back_is_alive_again(exercises: ExerciseRepository) -> None:
    exercises.add(an_exercise("crunch", None))
    exercises.remove("crunch", None, lambda row: None, None)
    again = exercises.add(an_exercise("crunch", None, description="Back."))
    library = exercises.library("gym")
    assert [row.description for row in library.rows()] == ["Back."]
    assert library.shared.removed == {}
    assert exercises.get("crunch", "gym") == again


def test_an_exercise_another_instance_just_made_can_be_used_at_once(
    documents: Documents, exercises: ExerciseRepository
) -> None:
    # Both catalogues are at hand and young enough, but do not hold the ids.
    exercises.lending("gym", [str(uuid.uuid4()), "nothing"])
    elsewhere = ExerciseRepository(documents, time.monotonic)
    own = elsewhere.add(an_exercise("Crunch"))
    shared = elsewhere.add(an_exercise("plank", None))
    library = exercises.lending("gym", [own.id, shared.id])
    assert library.usable(own.id)
    assert library.usable(shared.id)
