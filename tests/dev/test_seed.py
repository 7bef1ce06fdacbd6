"""Seeding: through the services, once."""

import json

import pytest

from infra.dev.seed import SEEDER, SEEDS, Counts, seed
from shared.models.exercises import ExerciseChange
from shared.wiring import Wiring
from tests.functions.pages import everything
from tests.people import Person

EXERCISES = json.loads((SEEDS / "exercises.json").read_text())
TEMPLATES = json.loads((SEEDS / "programs.json").read_text())


@pytest.mark.usefixtures("catalogue")
def test_everybody_sees_the_seeded_catalogue_and_templates(lifter: Person) -> None:
    shared = everything(lifter, "/exercises?is_global=true")
    assert {row["id"] for row in EXERCISES} <= {row["id"] for row in shared}
    templates = everything(lifter, "/programs?is_template=true")
    assert {row["id"] for row in TEMPLATES} <= {row["id"] for row in templates}


@pytest.mark.usefixtures("catalogue")
def test_seeding_again_adds_nothing_and_undoes_nothing(parts: Wiring) -> None:
    changed = "barbell-shrug"
    before = parts.exercises.get(SEEDER, changed).description
    try:
        parts.exercises.change(SEEDER, changed, ExerciseChange(description="Ours."), None)
        again = seed(parts, SEEDER)
        assert (again.exercises, again.templates) == (
            Counts(added=0, present=len(EXERCISES)),
            Counts(added=0, present=len(TEMPLATES)),
        )
        assert parts.exercises.get(SEEDER, changed).description == "Ours."
    finally:
        parts.exercises.change(SEEDER, changed, ExerciseChange(description=before), None)
