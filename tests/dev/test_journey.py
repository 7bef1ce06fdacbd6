"""The journey: it goes through on a sound product, and stops at the first wrong answer."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.dev.journey import GOLDEN, UPPER_LOWER, main, walk
from infra.local.directory import StackDirectory
from infra.local.parts import PROJECT
from tests.served import served


@pytest.fixture(scope="module")
def base_url(stack, catalogue) -> Iterator[str]:
    """The functions behind a real port, with the suite's own stack behind them."""
    with served(PROJECT) as address:
        yield f"{address}/api/v1"


def test_every_step_is_told(base_url: str) -> None:
    told: list[str] = []
    assert walk(base_url, told.append)
    assert [line[0] for line in told] == ["✓"] * 14 + ["T"]


def test_it_stops_at_the_first_wrong_number_and_says_what_was_expected(
    base_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(GOLDEN["templates"][UPPER_LOWER]["sets_per_pass"], "CHEST", 12.5)
    told: list[str] = []
    assert not walk(base_url, told.append)
    assert [line[0] for line in told] == ["✓"] * 6 + ["✗"]
    assert told[-1].startswith("✗ read its weekly volume: sets per pass: expected")
    assert "'CHEST': 12.5" in told[-1]
    assert "'CHEST': 11.0" in told[-1]


def test_it_fails_where_nothing_answers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    description = {"base_url": f"http://127.0.0.1:{port}/api/v1"}
    StackDirectory(tmp_path).publish(description, {})
    assert main(["--data", str(tmp_path)]) == 1
    assert capsys.readouterr().out.startswith("✗ register: POST /auth/register: no answer")


def test_without_a_stack_it_says_how_to_start_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--data", str(tmp_path)]) == 1
    assert "make run" in capsys.readouterr().err
