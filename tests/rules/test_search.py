"""Finding and ranking names."""

import pytest

from shared.rules.search import EXACT, PREFIX, SUBSTRING, WORD_PREFIX, rank, ranked


@pytest.mark.parametrize(
    ("query", "name", "place"),
    [
        ("bench press", "Bench Press", EXACT),
        ("Bench-Press!", "Bench Press", EXACT),
        ("ben", "Bench Press", PREFIX),
        ("bench p", "Bench Press", PREFIX),
        ("press", "Bench Press", WORD_PREFIX),
        ("press ben", "Bench Press", WORD_PREFIX),
        ("ress", "Bench Press", SUBSTRING),
        ("pullups", "Pull-Ups", SUBSTRING),
        ("t-bar", "T-Bar Row", PREFIX),
        ("bench row", "Bench Press", None),
        ("---", "Bench Press", None),
        ("   ", "Bench Press", None),
    ],
)
def test_every_word_must_occur_and_earlier_is_better(
    query: str, name: str, place: int | None
) -> None:
    assert rank(query, name) == place


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("developpe", "Développé couché"),
        ("DÉVELOPPÉ", "Developpe couche"),
        ("uberzug", "Überzug"),
        ("strasse", "Straße"),
        ("rahaevning", "Råhævning"),
        ("lodz", "Łódź"),
        ("istanbul", "İstanbul"),
    ],
)
def test_accents_and_letter_case_make_no_difference(query: str, name: str) -> None:
    assert rank(query, name) is not None


def test_better_matches_come_first_and_equal_ones_by_name() -> None:
    names = ["Machine Bench", "Compressor", "Press", "Leg Press", "Bench Press", "Press-Up", "Row"]
    assert ranked("press", names, str) == [
        "Press",
        "Press-Up",
        "Bench Press",
        "Leg Press",
        "Compressor",
    ]


def test_rows_of_equal_names_keep_their_order() -> None:
    rows = [("Curl", 2), ("Curl", 1)]
    assert ranked("curl", rows, lambda row: row[0]) == rows
