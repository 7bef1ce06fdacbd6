"""Exercises as sent and as answered."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from shared.models.equipment import Equipment
from shared.models.exercises import (
    Exercise,
    ExerciseChange,
    ExerciseDraft,
    ExerciseFilter,
    ExerciseStatistics,
    ExerciseSummary,
    ExerciseView,
    SearchQuery,
    SearchRequest,
    VolumeRequest,
)
from shared.models.muscles import MuscleGroup

M = MuscleGroup
DRAFT = {"name": "Curl", "equipment": "CABLE", "muscle_contributions": {"BICEPS": 1}}
NOW = datetime(2026, 3, 2, tzinfo=UTC)


def draft(**fields: Any) -> ExerciseDraft:
    """As it comes in: parsed from JSON."""
    return ExerciseDraft.model_validate_json(json.dumps(DRAFT | fields))


def places(model: type[BaseModel], fields: dict[str, Any]) -> list[str]:
    """Where the refusal points to."""
    with pytest.raises(ValidationError) as refused:
        model.model_validate(fields)
    return [str(problem["loc"][0]) for problem in refused.value.errors()]


def an_exercise(**fields: Any) -> Exercise:
    given = {
        "id": "deadlift",
        "name": "Deadlift",
        "equipment": Equipment.BARBELL,
        "muscle_contributions": {M.LATS: 0.5, M.GLUTES: 1.0, M.FOREARMS: 0.75, M.HAMSTRINGS: 1.0},
        "created_at": NOW,
        "updated_at": NOW,
        "version": "v1",
    }
    return Exercise(**{**given, **fields})


def test_a_draft_needs_a_name_equipment_and_contributions_only() -> None:
    exercise = draft()
    assert exercise.description == ""
    assert (exercise.image_url, exercise.difficulty_level) == (None, None)


def test_muscles_are_canonical_and_shares_may_be_numeric_text() -> None:
    contributions = draft(muscle_contributions={"quads": "0.75", "CHEST": 1}).muscle_contributions
    assert contributions == {M.QUADRICEPS: 0.75, M.CHEST: 1.0}


@pytest.mark.parametrize(
    "share",
    [0, 0.1, 0.3, 1.25, -1, "nan", "inf", float("nan"), float("inf"), 1e308, "1,0", True, None, []],
)
def test_a_share_is_a_quarter_a_half_three_quarters_or_one(share: object) -> None:
    assert places(ExerciseDraft, DRAFT | {"muscle_contributions": {"CHEST": share}}) == [
        "muscle_contributions"
    ]


@pytest.mark.parametrize(
    ("share", "exact"), [(0.9999999999, 1.0), ("0.99999999999", 1.0), (0.25000000001, 0.25)]
)
def test_a_share_a_hair_off_becomes_exact(share: object, exact: float) -> None:
    assert draft(muscle_contributions={"CHEST": share}).muscle_contributions == {M.CHEST: exact}


def test_a_muscle_may_not_be_named_twice_by_an_alias() -> None:
    twice = {"quads": 1, "QUADRICEPS": 0.5}
    assert places(ExerciseDraft, DRAFT | {"muscle_contributions": twice}) == [
        "muscle_contributions"
    ]


@pytest.mark.parametrize("name", ["ab", "  ab  ", "x" * 101, "Curl\x00", "Cu\ud800rl", "", None, 7])
def test_a_name_has_three_to_a_hundred_clean_characters(name: object) -> None:
    assert places(ExerciseDraft, DRAFT | {"name": name}) == ["name"]


def test_a_name_is_trimmed_before_it_is_measured() -> None:
    assert draft(name="  Curl ").name == "Curl"
    assert draft(name=" " * 50 + "x" * 100).name == "x" * 100


@pytest.mark.parametrize("description", ["x" * 501, "\x1b[31mred", 5])
def test_a_description_has_at_most_five_hundred_clean_characters(description: object) -> None:
    assert places(ExerciseDraft, DRAFT | {"description": description}) == ["description"]


def test_no_description_may_be_written_as_null() -> None:
    assert draft(description=None).description == ""


@pytest.mark.parametrize("field", ["image_url", "video_url"])
@pytest.mark.parametrize(
    "url",
    [
        "ftp://files.example/x",
        "javascript:alert(1)",
        "//host.example/x",
        "http://",
        "https://user:secret@host.example/",
        "https://user@host.example/",
        "https://host.example:99999/",
        "https://[half/",
        "https://a b.example/",
        "https://evil.example\\@good.example/",
        "https://host.example/\nx",
        "https://host.example/" + "x" * 2048,
    ],
)
def test_only_plain_web_addresses_are_taken(field: str, url: str) -> None:
    assert places(ExerciseDraft, DRAFT | {field: url}) == [field]


@pytest.mark.parametrize("url", ["http://host.example/a.png?x=1#y", "https://Host.example:8443/ä"])
def test_web_addresses_are_kept_as_written(url: str) -> None:
    assert draft(image_url=f" {url} ").image_url == url


@pytest.mark.parametrize("field", ["image_url", "video_url", "difficulty_level", "force_type"])
def test_a_blank_optional_field_means_none(field: str) -> None:
    assert getattr(draft(**{field: " "}), field) is None


def test_fields_that_are_not_the_clients_to_set_have_no_effect() -> None:
    sent = draft(id="x", organization_id="other", created_by_user_id="root", is_global=True)
    assert sent == draft()


def test_a_change_tells_absent_fields_from_null() -> None:
    change = ExerciseChange.model_validate_json('{"name": null, "image_url": null}')
    assert change.model_fields_set == {"name", "image_url"}
    assert ExerciseChange().model_fields_set == set()


def test_a_change_has_the_limits_of_a_draft() -> None:
    fields = {"name": "ab", "muscle_contributions": {"CHEST": 0.3}, "image_url": "x"}
    assert places(ExerciseChange, fields) == ["name", "muscle_contributions", "image_url"]


def test_an_answer_has_every_field_the_client_reads() -> None:
    view = ExerciseView.of(an_exercise(), image_url="https://storage.googleapis.com/x.png")
    answered = json.loads(view.model_dump_json())
    assert answered == {
        "id": "deadlift",
        "name": "Deadlift",
        "description": "",
        "equipment": "BARBELL",
        "equipment_name": "Barbell",
        "image_url": "https://storage.googleapis.com/x.png",
        "video_url": None,
        "difficulty_level": None,
        "force_type": None,
        "is_global": True,
        "created_by_user_id": None,
        "organization_id": None,
        "muscle_contributions": [
            {
                "muscle": muscle,
                "muscle_name": name,
                "contribution": share,
                "contribution_percentage": percentage,
                "contribution_label": label,
                "role": "direct" if share == 1 else "indirect",
            }
            for muscle, name, share, percentage, label in [
                ("GLUTES", "Glutes", 1.0, 100, "Primary (100%)"),
                ("HAMSTRINGS", "Hamstrings", 1.0, 100, "Primary (100%)"),
                ("FOREARMS", "Forearms", 0.75, 75, "High (75%)"),
                ("LATS", "Lats", 0.5, 50, "Moderate (50%)"),
            ]
        ],
        "primary_muscles": ["Glutes", "Hamstrings"],
        "secondary_muscles": ["Forearms", "Lats"],
        "total_contribution": 3.25,
        "is_compound": True,
        "created_at": "2026-03-02T00:00:00Z",
        "updated_at": "2026-03-02T00:00:00Z",
    }


def test_the_version_travels_with_the_answer_but_not_in_its_body() -> None:
    view = ExerciseView.of(an_exercise(), image_url=None)
    assert view.version == "v1"
    assert "version" not in view.model_dump()
    assert "version" not in ExerciseView.model_json_schema(mode="serialization")["properties"]
    assert "version" not in an_exercise().model_dump()


def test_one_muscle_makes_no_compound_exercise() -> None:
    exercise = an_exercise(muscle_contributions={M.ABS: 1.0}, organization_id="gym")
    view = ExerciseView.of(exercise, image_url=None)
    assert (view.is_compound, view.is_global) == (False, False)


def test_a_summary_is_short() -> None:
    assert ExerciseSummary.of(an_exercise()).model_dump(mode="json") == {
        "id": "deadlift",
        "name": "Deadlift",
        "equipment": "BARBELL",
        "equipment_name": "Barbell",
        "primary_muscles": ["Glutes", "Hamstrings"],
        "is_global": True,
    }


def test_a_filter_is_read_from_the_texts_of_a_query_string() -> None:
    asked = ExerciseFilter.model_validate(
        {"search": "a", "muscle_group": "quads", "is_global": "false", "skip": "40", "limit": "100"}
    )
    assert (asked.search, asked.muscle_group, asked.is_global) == ("a", M.QUADRICEPS, False)
    assert (asked.offset, asked.limit) == (40, 100)


def test_blank_filters_filter_nothing() -> None:
    blank = dict.fromkeys(["search", "equipment", "muscle_group", "is_global", "skip"], "")
    assert ExerciseFilter.model_validate(blank) == ExerciseFilter()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("search", "x" * 101),
        ("search", "a\x00"),
        ("equipment", "SWORD"),
        ("muscle_group", "BACK"),
        ("is_global", "perhaps"),
    ],
)
def test_a_wrong_filter_is_refused(field: str, value: str) -> None:
    assert places(ExerciseFilter, {field: value}) == [field]


@pytest.mark.parametrize(
    ("model", "field"), [(SearchQuery, "q"), (SearchRequest, "query")], ids=["GET", "POST"]
)
def test_a_search_asks_for_something_and_at_most_fifty(model: type[BaseModel], field: str) -> None:
    assert model.model_validate({field: "a", "limit": "50"}).model_dump()["limit"] == 50
    assert places(model, {field: "   "}) == [field]
    assert places(model, {field: "x" * 101}) == [field]
    assert places(model, {field: "a", "limit": 51}) == ["limit"]
    assert places(model, {}) == [field]


@pytest.mark.parametrize("sets", [0, 21, 1.5, "many", 10**30])
def test_planned_sets_are_one_to_twenty(sets: object) -> None:
    assert places(VolumeRequest, {"exercises": [{"exercise_id": "a", "sets": sets}]}) == [
        "exercises"
    ]


def test_planned_exercises_are_at_most_fifty() -> None:
    row = {"exercise_id": "a", "sets": 3}
    assert len(VolumeRequest.model_validate({"exercises": [row] * 50}).exercises) == 50
    assert places(VolumeRequest, {"exercises": [row] * 51}) == ["exercises"]


def test_statistics_call_the_catalogue_global() -> None:
    numbers = ExerciseStatistics(
        total=3,
        global_=2,
        organization=1,
        by_equipment={Equipment.CABLE: 3},
        by_muscle={M.LATS: 3},
    )
    assert json.loads(numbers.model_dump_json()) == {
        "total": 3,
        "global": 2,
        "organization": 1,
        "by_equipment": {"CABLE": 3},
        "by_muscle": {"LATS": 3},
    }


def test_what_a_set_counts_follows_the_contributions_of_a_changed_copy() -> None:
    curl = Exercise(
        id="curl",
        name="Curl",
        equipment="CABLE",
        muscle_contributions={M.ELBOW_FLEXORS: 1, M.FOREARMS: 0.5},
        created_at=NOW,
        updated_at=NOW,
    )
    assert curl.shares == ((M.ELBOW_FLEXORS, 1, 1), (M.FOREARMS, 0.5, 0))
    for deep in (False, True):
        other = curl.model_copy(update={"muscle_contributions": {M.CALVES: 1}}, deep=deep)
        assert other.shares == ((M.CALVES, 1, 1),)
        assert other.direct_muscles == (M.CALVES,)
    assert curl.model_copy() == curl
