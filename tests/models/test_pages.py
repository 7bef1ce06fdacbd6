"""Which piece of a list is asked for, and what it says about the whole."""

from typing import Any

import pytest
from pydantic import ValidationError
from pydantic.json_schema import models_json_schema

from shared.models.exercises import ExercisePage
from shared.models.pages import Page, Paging
from shared.models.programs import ProgramPage


class Numbers(Page[int]):
    """A page that needs no other model."""


@pytest.mark.parametrize(
    ("asked", "offset"),
    [
        ({}, 0),
        ({"page": "3"}, 40),
        ({"page": "3", "limit": "5"}, 10),
        ({"skip": "7"}, 7),
        ({"skip": "0", "page": "3"}, 0),
        ({"skip": "", "page": "2"}, 20),
    ],
)
def test_skip_wins_over_the_page(asked: dict[str, str], offset: int) -> None:
    assert Paging.model_validate(asked).offset == offset


@pytest.mark.parametrize(
    "asked",
    [
        {"page": "0"},
        {"page": "-1"},
        {"skip": "-1"},
        {"limit": "0"},
        {"limit": "101"},
        {"limit": "1.5"},
        {"page": "9" * 40},
        {"page": "9" * 5000},
        {"skip": "nan"},
        {"page": "٣x"},
    ],
)
def test_a_piece_outside_the_limits_is_refused(asked: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Paging.model_validate(asked)


@pytest.mark.parametrize(
    ("asked", "items", "total", "expected"),
    [
        ({"limit": 2}, [1, 2], 5, (1, 3, True, False)),
        ({"limit": 2, "page": 2}, [3, 4], 5, (2, 3, True, True)),
        ({"limit": 2, "page": 3}, [5], 5, (3, 3, False, True)),
        ({"limit": 2, "skip": 3}, [4, 5], 5, (2, 3, False, True)),
        ({"limit": 2, "page": 9}, [], 5, (9, 3, False, True)),
        ({"limit": 2}, [], 0, (1, 0, False, False)),
    ],
)
def test_a_page_knows_its_place_in_the_list(
    asked: dict[str, Any], items: list[int], total: int, expected: tuple[int, int, bool, bool]
) -> None:
    page = Numbers.of(items, total, Paging.model_validate(asked))
    assert (page.page, page.total_pages, page.has_next, page.has_previous) == expected
    assert (page.items, page.total, page.page_size) == (items, total, 2)
    assert page.has_more == page.has_next


def test_schemas_have_plain_names() -> None:
    _, schema = models_json_schema(
        [(ExercisePage, "serialization"), (ProgramPage, "serialization")]
    )
    assert {"ExercisePage", "ProgramPage", "ExerciseView", "ProgramRow"} <= set(schema["$defs"])
    assert all(name.isidentifier() for name in schema["$defs"])
