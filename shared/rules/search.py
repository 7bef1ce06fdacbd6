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

LONGEST_PREFIX = 10
"""Letters of a word that are indexed; the rest is compared after reading."""
MOST_PREFIXES = 60

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


def prefixes(*texts: str) -> list[str]:
    """Beginnings of the words of these texts, for a query that asks an index for one of them.

    The first words win when there are too many; each gets all of its beginnings or none.
    """
    found: dict[str, None] = {}
    for word in (word for text in texts for word in words(text)):
        new = {word[:length]: None for length in range(1, min(len(word), LONGEST_PREFIX) + 1)}
        if len(found | new) <= MOST_PREFIXES:
            found |= new
    return list(found)


def leading(query: str) -> str | None:
    """What to ask such an index for: the longest word, as far as it is indexed."""
    return max(words(query), key=len, default="")[:LONGEST_PREFIX] or None


def needs_comparing(query: str) -> bool:
    """Whether the index alone cannot tell what fits."""
    asked = words(query)
    return len(asked) != 1 or len(asked[0]) > LONGEST_PREFIX


def fits(query: str, *texts: str) -> bool:
    """Whether every word asked for begins a word of these texts."""
    present = [word for text in texts for word in words(text)]
    return all(any(word.startswith(token) for word in present) for token in words(query))
