"""The catalogue and the templates that every installation starts with."""

from collections import Counter

import pytest

from shared.models.equipment import Equipment
from shared.models.muscles import MuscleGroup
from shared.models.structures import SplitType
from shared.rules.exercises import slug
from shared.rules.names import name_key
from tests.rules.build import SEEDS, seed_exercises, seed_templates

M = MuscleGroup


def test_the_catalogue_fits_into_one_page_of_the_web_client() -> None:
    assert 75 <= len(seed_exercises()) <= 95


def test_ids_are_the_slugs_of_names_that_occur_once() -> None:
    exercises = seed_exercises().values()
    assert [row.id for row in exercises] == [slug(row.name) for row in exercises]
    assert len({name_key(row.name) for row in exercises}) == len(exercises)
    templates = seed_templates().values()
    assert [row.id for row in templates] == [slug(row.name) for row in templates]


def test_every_muscle_group_has_three_exercises_that_train_it_fully() -> None:
    primary = Counter(muscle for row in seed_exercises().values() for muscle in row.primary_muscles)
    assert {muscle: primary[muscle] for muscle in M if primary[muscle] < 3} == {}


def test_every_kind_of_equipment_occurs() -> None:
    assert {row.equipment for row in seed_exercises().values()} == set(Equipment)


def test_every_exercise_is_described_and_labelled() -> None:
    for row in seed_exercises().values():
        assert 30 <= len(row.description) <= 300, row.id
        assert row.description.endswith("."), row.id
        assert row.difficulty_level is not None, row.id
        assert row.force_type is not None, row.id


@pytest.mark.parametrize(
    ("exercise_id", "contributions"),
    [
        ("dips-chest-focused", {M.CHEST: 1.0, M.TRICEPS: 0.75, M.FRONT_DELTS: 0.25}),
        ("dumbbell-row", {M.LATS: 1.0, M.TRAPS_RHOMBOIDS: 0.75, M.ELBOW_FLEXORS: 0.25}),
        ("hammer-curl", {M.ELBOW_FLEXORS: 1.0, M.FOREARMS: 0.5}),
        ("bulgarian-split-squat", {M.QUADRICEPS: 1.0, M.GLUTES: 0.75, M.HAMSTRINGS: 0.25}),
        (
            "deadlift",
            {
                M.HAMSTRINGS: 1.0,
                M.GLUTES: 1.0,
                M.SPINAL_ERECTORS: 1.0,
                M.TRAPS_RHOMBOIDS: 0.75,
                M.FOREARMS: 0.75,
                M.LATS: 0.5,
            },
        ),
    ],
)
def test_the_well_known_exercises_have_their_agreed_contributions(
    exercise_id: str, contributions: dict[MuscleGroup, float]
) -> None:
    assert seed_exercises()[exercise_id].muscle_contributions == contributions


def test_templates_use_exercises_of_the_catalogue_once_per_session() -> None:
    for template in seed_templates().values():
        assert template.is_template
        assert set(template.exercise_ids) <= set(seed_exercises())


@pytest.mark.parametrize(
    ("template_id", "split", "weeks", "sets", "days"),
    [
        ("upper-lower-4-day-split", SplitType.UPPER_LOWER, 8, [17, 14, 17, 14], [1, 2, 4, 5]),
        ("push-pull-legs-6-day-split", SplitType.PUSH_PULL_LEGS, 12, [17, 17, 18], [1, 2, 3]),
        ("full-body-3-day-split", SplitType.FULL_BODY, 8, [15, 15, 15], [1, 3, 5]),
    ],
)
def test_the_templates_are_the_agreed_ones(
    template_id: str, split: SplitType, weeks: int, sets: list[int], days: list[int]
) -> None:
    template = seed_templates()[template_id]
    assert (template.split_type, template.duration_weeks) == (split, weeks)
    assert [session.total_sets for session in template.in_order] == sets
    assert [session.day_number for session in template.in_order] == days


@pytest.mark.parametrize("name", ["exercises.json", "programs.json"])
def test_seed_files_end_with_a_line_break(name: str) -> None:
    assert (SEEDS / name).read_bytes().endswith(b"}\n]\n")
