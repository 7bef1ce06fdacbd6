"""Finding and ranking names."""

import pytest

from shared.rules.search import (
    EXACT,
    PREFIX,
    SUBSTRING,
    WORD_PREFIX,
    fits,
    leading,
    needs_comparing,
    prefixes,
    rank,
    ranked,
)


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


def test_an_index_gets_all_beginnings_of_each_word() -> None:
    assert prefixes("Zoë Li") == ["z", "zo", "zoe", "l", "li"]
    # Ten letters are enough to ask for; the rest is compared afterwards.
    assert "maximilian" in prefixes("Maximiliano")
    assert "maximiliano" not in prefixes("Maximiliano")


def test_a_word_that_has_no_room_is_left_out_whole() -> None:
    """Six words of ten letters fill the sixty; a seventh has no beginning at all in them."""
    names = " ".join(letter + "xxxxxxxxx" for letter in "abcdefg")
    found = prefixes(names)
    assert len(found) == 60
    assert not any(word.startswith("g") for word in found)


@pytest.mark.parametrize(
    ("query", "leads", "compared"),
    [
        ("zoe", "zoe", False),
        ("zoe li", "zoe", True),
        ("Maximiliano", "maximilian", True),
        ("  ", None, True),
    ],
)
def test_the_longest_word_leads_a_query(query: str, leads: str | None, compared: bool) -> None:
    assert leading(query) == leads
    assert needs_comparing(query) is compared


def test_every_word_asked_for_begins_one() -> None:
    assert fits("li zo", "Zoë Li", "zoe@example.com")
    assert fits("exam", "Zoë Li", "zoe@example.com")
    assert not fits("oe", "Zoë Li", "zoe@example.com")
