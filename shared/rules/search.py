"""Finding names: every word asked for must occur, accents and letter case make no difference."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import TypeVar

Row = TypeVar("Row")

_WORD = re.compile(r"[^\W_]+")

# Letters that Unicode does not take apart into a base letter and an accent.
_PLAIN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "\u0131": "i"}
)

EXACT, PREFIX, WORD_PREFIX, SUBSTRING = range(4)
"""How well a name fits, best first."""


@lru_cache(maxsize=8192)
def words(text: str) -> tuple[str, ...]:
    """The words of a text in small letters without accents."""
    if text.isascii():
        return tuple(_WORD.findall(text.lower()))
    apart = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return tuple(_WORD.findall(plain.casefold().translate(_PLAIN)))


def rank(query: str, name: str) -> int | None:
    """How well the name fits, smaller is better; None when a word of the query is missing.

    “Pull-Ups” is found as “pull ups”, “pullups” and “ups pull”.
    """
    asked, present = words(query), words(name)
    if not asked:
        return None
    if asked == present:
        return EXACT
    if " ".join(present).startswith(" ".join(asked)):
        return PREFIX
    if all(any(word.startswith(token) for word in present) for token in asked):
        return WORD_PREFIX
    joined = "".join(present)
    return SUBSTRING if all(token in joined for token in asked) else None


def ranked(query: str, rows: Iterable[Row], name_of: Callable[[Row], str]) -> list[Row]:
    """The rows whose names fit, best first, then by name."""
    found = []
    for row in rows:
        name = name_of(row)
        place = rank(query, name)
        if place is not None:
            found.append((place, words(name), row))
    found.sort(key=lambda match: match[:2])
    return [row for _, _, row in found]
