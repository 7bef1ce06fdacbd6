"""When two names are the same name."""

import pytest

from shared.rules.names import name_key


@pytest.mark.parametrize(
    "spelling",
    [
        "bench press",
        "BENCH PRESS",
        "  Bench   Press ",
        "Bench\u00a0Press",
        "Bench\tPress",
        "\uff22ench \uff30ress",
        "Ben\u200bch Press",
    ],
)
def test_spellings_that_look_alike_are_one_name(spelling: str) -> None:
    assert name_key(spelling) == name_key("Bench Press")


@pytest.mark.parametrize(
    ("one", "other"),
    [("Straße", "STRASSE"), ("é", "e\u0301"), ("ﬁt", "FIT"), ("Σίσυφος", "ΣΊΣΥΦΟΣ")],
)
def test_letter_case_is_folded_in_every_script(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(("one", "other"), [("Curl", "Curls"), ("Pull-Up", "Pull Up"), ("e", "é")])
def test_different_letters_stay_different_names(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)
