"""Cells that a spreadsheet shows and never runs."""

import csv
import io

import pytest

from shared.rules.spreadsheets import cell, csv_line


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", '=HYPERLINK("http://x")'],
)
def test_what_would_run_begins_with_an_apostrophe(text: str) -> None:
    assert cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["Ann", "1.5", "a=b", "a-b", "2026-03-02", "", "'quoted'"])
def test_what_would_not_stays_as_it_is(text: str) -> None:
    assert cell(text) == text


def test_nothing_is_nothing_and_values_are_texts() -> None:
    assert [cell(None), cell(3), cell(value=True)] == ["", "3", "True"]


@pytest.mark.parametrize("text", ['a,"b"', "two\nlines", "=x,y", "Grüße", ""])
def test_a_line_is_read_back_as_it_was_written(text: str) -> None:
    line = csv_line(["id", text]).decode()
    assert line.endswith("\r\n")
    assert next(csv.reader(io.StringIO(line, newline=""))) == ["id", cell(text)]
