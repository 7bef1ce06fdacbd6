"""Every caller on every route, with every kind of target: exactly what is declared."""

from dataclasses import replace

import pytest
from werkzeug.test import TestResponse

from shared.http.context import Access
from tests.access.calls import Calls
from tests.access.declarations import DECLARED, Declared
from tests.access.matrix import ROWS, TABLE, Cell, Row, cells, undeclared
from tests.access.rights import LIKE, Refusal
from tests.functions.refusals import tells_the_same

CELLS = 4_914
"""There are at least so many: a table that silently got shorter would prove nothing."""

EACH = pytest.mark.parametrize(
    ("row", "declared"), TABLE, ids=[row.name or "GET /" for row, _ in TABLE]
)


def given(response: TestResponse) -> Refusal | int:
    if response.status_code < 400:
        return response.status_code
    body = response.json
    assert body is not None
    return Refusal(response.status_code, body["error"]["code"])


def problem(cell: Cell, row: Row, response: TestResponse) -> str | None:
    wanted = cell.outcome or row.route.status
    if given(response) == wanted:
        return None
    return f"{cell}: declared {wanted}, answered {given(response)}: {response.text[:300]}"


@EACH
def test_every_caller_gets_what_is_declared(calls: Calls, row: Row, declared: Declared) -> None:
    """And what is refused changes nothing."""
    problems = []
    for cell in cells(declared):
        viewer = calls.caller(cell.kind, declared)
        thing = calls.target(row, declared, cell, viewer)
        before = calls.version(thing) if cell.outcome else None
        response = calls.answer(row, declared, viewer, thing)
        problems.append(problem(cell, row, response))
        if cell.outcome and calls.version(thing) != before:
            problems.append(f"{cell}: refused, and yet it changed")
    assert [text for text in problems if text] == []


@pytest.mark.parametrize(
    ("row", "declared"),
    [row for row in TABLE if row[1].meaning and LIKE.keys() & row[1].meaning.members.keys()],
    ids=lambda value: value.name if isinstance(value, Row) else "",
)
def test_what_others_have_looks_as_if_it_were_missing(
    calls: Calls, row: Row, declared: Declared
) -> None:
    """Byte for byte, but for what names the one request."""
    table = {(cell.kind, cell.whose): cell for cell in cells(declared)}
    compared = 0
    for (kind, whose), cell in table.items():
        if whose is None or whose not in LIKE or cell.outcome is None:
            continue
        viewer = calls.caller(kind, declared)
        answers = []
        for one in (cell, table[kind, LIKE[whose]]):
            thing = calls.target(row, declared, one, viewer)
            answers.append(calls.answer(row, declared, viewer, thing))
        tells_the_same(*answers)
        compared += 1
    assert compared >= 12


def test_every_route_is_declared() -> None:
    assert undeclared(ROWS) == []


def test_nothing_is_declared_that_does_not_exist() -> None:
    assert DECLARED.keys() - {row.name for row in ROWS} == set()


def test_no_cell_got_lost() -> None:
    assert sum(len(cells(declared)) for _, declared in TABLE) >= CELLS


def test_a_route_without_a_declaration_is_named() -> None:
    row = replace(ROWS[0], name="POST /exercises/<exercise_id>/share")
    assert undeclared([row]) == [
        "POST /exercises/<exercise_id>/share is not declared: "
        "say in tests/access/declarations.py who may call it"
    ]


def test_ids_without_a_meaning_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    name = "GET /exercises/<exercise_id>"
    row = next(row for row in ROWS if row.name == name)
    monkeypatch.setitem(DECLARED, name, Declared(Access.MEMBER))
    assert undeclared([row]) == [
        f"{name} has ids without a meaning: declare what exercise_id stand for"
    ]


def test_a_route_that_is_opened_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    row = next(row for row in ROWS if row.name == "POST /exercises")
    opened = replace(row, route=replace(row.route, access=Access.PUBLIC))
    assert undeclared([opened]) == ["POST /exercises is declared for pro and open to public"]
