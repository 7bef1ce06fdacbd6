"""The landmark data: sound, sourced, and described by its schema."""

import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from shared.models.muscles import MuscleGroup
from shared.models.volume import PublishedProfile
from shared.rules import profiles
from shared.rules.profiles import Landmarks, landmarks, thresholds

RULES = Path(profiles.__file__).parent
TRAINING = Path(__file__).parents[2] / "docs" / "training.md"


def raw() -> dict:
    return json.loads((RULES / "landmarks.json").read_text(encoding="utf-8"))


def test_the_schema_beside_the_data_is_the_models_schema() -> None:
    written = json.loads((RULES / "landmarks.schema.json").read_text(encoding="utf-8"))
    assert written == {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Landmarks.model_json_schema(),
    }


def test_every_source_is_explained_in_the_training_notes() -> None:
    notes = TRAINING.read_text(encoding="utf-8")
    assert [source.id for source in landmarks().sources if source.id not in notes] == []


def test_the_table_in_the_training_notes_has_the_numbers_of_the_data() -> None:
    notes = TRAINING.read_text(encoding="utf-8")
    for muscle, edges in landmarks().profiles[PublishedProfile.EVIDENCE].direct.items():
        numbers = (
            edges.maintenance,
            edges.minimum_effective,
            edges.maximum_adaptive,
            edges.maximum_recoverable,
        )
        cells = [muscle.display_name, edges.row, *map(str, numbers), edges.confidence]
        assert f"| {' | '.join(cells)}" in notes


@pytest.mark.parametrize("name", list(PublishedProfile))
def test_the_thresholds_of_every_muscle_rise(name: PublishedProfile) -> None:
    limits = thresholds(name)
    assert list(limits) == list(MuscleGroup)
    for muscle, row in limits.items():
        for axis in (row.fractional, row.direct):
            if axis is not None:
                values = [edge.value for edge in axis]
                assert values == sorted(set(values)), muscle


def test_muscles_without_published_numbers_are_judged_by_the_fractional_axis_alone() -> None:
    limits = thresholds(PublishedProfile.EVIDENCE)
    assert {muscle for muscle, row in limits.items() if row.direct is None} == {
        MuscleGroup.SPINAL_ERECTORS,
        MuscleGroup.ADDUCTORS,
        MuscleGroup.ABDUCTORS,
    }


def test_numbers_of_an_unknown_source_are_refused() -> None:
    data = raw()
    data["profiles"]["evidence"]["fractional"]["floor"]["source"] = "hearsay"
    with pytest.raises(ValidationError, match="hearsay"):
        Landmarks.model_validate(data)


def test_direct_numbers_without_a_source_are_refused() -> None:
    data = raw()
    data["profiles"]["evidence"]["direct_source"] = None
    with pytest.raises(ValidationError, match="need a source"):
        Landmarks.model_validate(data)
