"""What makes a sound exercise."""

import re

import pytest

from shared.errors import Invalid
from shared.models.exercises import Difficulty, ExerciseChange, ExerciseDraft
from shared.models.muscles import MuscleGroup
from shared.rules.exercises import apply_change, new_exercise, require_target, shown_image, slug
from tests.rules.build import LATER, NOW

M = MuscleGroup


def an_exercise(**fields):
    draft = {
        "name": "Bench Press",
        "description": "Press.",
        "equipment": "BARBELL",
        "muscle_contributions": {"CHEST": 1, "TRICEPS": 0.5},
        "image_url": "https://storage.googleapis.com/bucket/bench.jpg",
        "video_url": "https://youtu.be/abc",
        "difficulty_level": "BEGINNER",
        "force_type": "PUSH",
    }
    return new_exercise(
        ExerciseDraft.model_validate({**draft, **fields}),
        exercise_id="bench",
        organization_id="gym",
        user_id="ann",
        now=NOW,
    )


@pytest.mark.parametrize("contributions", [{}, {M.CHEST: 0.75, M.TRICEPS: 0.75}])
def test_an_exercise_without_a_primary_muscle_is_refused_at_its_contributions(
    contributions: dict[MuscleGroup, float],
) -> None:
    with pytest.raises(Invalid) as refused:
        require_target(contributions)
    assert refused.value.problems[0]["loc"] == ["body", "muscle_contributions"]


def test_a_change_touches_only_what_it_names() -> None:
    before = an_exercise()
    after = apply_change(before, ExerciseChange(name="Press"), LATER)
    assert after == before.model_copy(update={"name": "Press", "updated_at": LATER})


def test_null_clears_links_and_labels_and_leaves_everything_else() -> None:
    nulls = dict.fromkeys(ExerciseChange.model_fields)
    before = an_exercise()
    after = apply_change(before, ExerciseChange.model_validate(nulls), LATER)
    assert (after.image_url, after.video_url, after.difficulty_level, after.force_type) == (
        None,
        None,
        None,
        None,
    )
    assert (after.name, after.description, after.equipment, after.muscle_contributions) == (
        before.name,
        before.description,
        before.equipment,
        before.muscle_contributions,
    )


def test_an_empty_description_replaces_the_old_one() -> None:
    assert apply_change(an_exercise(), ExerciseChange(description=""), LATER).description == ""


def test_new_contributions_replace_the_whole_map() -> None:
    change = ExerciseChange.model_validate({"muscle_contributions": {"quads": 1}})
    assert apply_change(an_exercise(), change, LATER).muscle_contributions == {M.QUADRICEPS: 1}


def test_a_change_may_not_take_the_primary_muscle_away() -> None:
    change = ExerciseChange.model_validate({"muscle_contributions": {"CHEST": 0.75}})
    with pytest.raises(Invalid):
        apply_change(an_exercise(), change, LATER)


def test_a_label_is_set_by_a_change() -> None:
    change = ExerciseChange.model_validate({"difficulty_level": "ADVANCED"})
    assert apply_change(an_exercise(), change, LATER).difficulty_level == Difficulty.ADVANCED


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://storage.googleapis.com/b/x.png", True),
        ("https://STORAGE.googleapis.com/b/x.png", True),
        ("https://storage.googleapis.com.evil.example/x.png", False),
        ("https://evil.example/storage.googleapis.com/x.png", False),
        ("https://pictures.example/x.png", False),
        (None, False),
    ],
)
def test_pictures_are_shown_from_allowed_hosts_only(url: str | None, shown: bool) -> None:
    assert shown_image(url, {"storage.googleapis.com"}) == (url if shown else None)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Barbell Bench Press", "barbell-bench-press"),
        ("Dips (Chest Focused)", "dips-chest-focused"),
        ("Farmer's Walk", "farmer-s-walk"),
        ("Développé couché", "developpe-couche"),
        ("a" * 63 + " b", "a" * 63),
    ],
)
def test_ids_of_catalogue_exercises_are_readable(name: str, expected: str) -> None:
    assert slug(name) == expected


@pytest.mark.parametrize("name", ["ベンチプレス", "!!!", "\U0001f4aa\U0001f4aa\U0001f4aa"])
def test_a_name_without_latin_letters_has_an_id_too(name: str) -> None:
    assert re.fullmatch(r"x-[0-9a-f]{16}", slug(name))
    assert slug(name) == slug(f" {name} ")
