"""Comma-separated values that a spreadsheet shows and never runs (RFC 4180)."""

import csv
import io
from collections.abc import Iterable

_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a cell must not begin with: spreadsheets would take it for a formula (OWASP)."""


def cell(value: object) -> str:
    """As text; an apostrophe before what would be run."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip(" ").startswith(_RUNS) or text.startswith(" ") else text


def csv_line(values: Iterable[object]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerow([cell(value) for value in values])
    return out.getvalue().encode()
