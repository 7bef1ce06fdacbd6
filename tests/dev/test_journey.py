"""The journey: it goes through on a sound product, and stops at the first wrong answer."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.dev import mail_steps
from infra.dev.backstage import Backstage
from infra.dev.journey import GOLDEN, UPPER_LOWER, main, walk
from infra.dev.page import chromium
from infra.local.directory import StackDirectory
from infra.local.mailbox.server import Mailbox
from infra.local.parts import PROJECT
from shared.gateways.ports import Files
from shared.wiring import Wiring
from tests.background import Background
from tests.people import PASSWORD, People
from tests.served import served

Login = dict[str, str]


@pytest.fixture(scope="module")
def base_url(stack, catalogue) -> Iterator[str]:
    """The functions behind a real port, with the suite's own stack behind them."""
    with served(PROJECT) as address:
        yield f"{address}/api/v1"


@pytest.fixture(scope="module")
def mailbox_url(mailbox: Mailbox, background: Background) -> Iterator[str]:
    """The suite's mailbox, to which what the journey causes is delivered meanwhile."""
    others, ended = background.waiting(), threading.Event()

    def deliver() -> None:
        while not ended.wait(0.05):
            for kind, task in background.waiting():
                if (kind, task) not in others:
                    background.call(f"/{kind}", task)

    thread = threading.Thread(target=deliver)
    thread.start()
    yield mailbox.url
    ended.set()
    thread.join()


@pytest.fixture(scope="module")
def backstage(parts: Wiring, files: Files, background: Background) -> Backstage:
    """The suite's own stores, and its way to run jobs."""
    return Backstage(parts, lambda job: background.call(f"/jobs/{job}").status_code)


@pytest.fixture(scope="module")
def admin(people: People) -> Login:
    return {"email": people.admin().email, "password": PASSWORD}


@pytest.mark.parametrize("browser", [None, chromium()], ids=["alone", "browser"])
def test_every_step_is_told(
    base_url: str, mailbox_url: str, backstage: Backstage, admin: Login, browser: Path | None
) -> None:
    told: list[str] = []
    assert walk(base_url, mailbox_url, backstage, admin, told.append, browser), told
    assert [line[0] for line in told] == ["✓"] * 25 + ["T"]


def test_a_mail_that_does_not_come_stops_it(
    base_url: str,
    mailbox: Mailbox,
    backstage: Backstage,
    admin: Login,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(mail_steps, "PATIENCE_SECONDS", 0.5)
    monkeypatch.setattr(mail_steps.MailSteps, "_link", _misdirected)
    told: list[str] = []
    assert not walk(base_url, mailbox.url, backstage, admin, told.append)
    assert told[-1].startswith("✗ confirm the address: waited 0 s in vain for a mail")


def _misdirected(steps: mail_steps.MailSteps, email: str, mode: str) -> str:
    """Somebody else's mailbox."""
    return str(steps._wait(f"not-{email}", lambda mails: mails, f"a mail to {mode}"))


def test_it_stops_at_the_first_wrong_number_and_says_what_was_expected(
    base_url: str,
    mailbox_url: str,
    backstage: Backstage,
    admin: Login,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(GOLDEN["templates"][UPPER_LOWER]["sets_per_pass"], "CHEST", 12.5)
    told: list[str] = []
    assert not walk(base_url, mailbox_url, backstage, admin, told.append)
    assert [line[0] for line in told] == ["✓"] * 8 + ["✗"]
    assert told[-1].startswith("✗ read its weekly volume: sets per pass: expected")
    assert "'CHEST': 12.5" in told[-1]
    assert "'CHEST': 11.0" in told[-1]


def test_it_fails_where_nothing_answers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    origin = f"http://127.0.0.1:{port}"
    description = {
        "base_url": f"{origin}/api/v1",
        "mailbox_url": origin,
        "accounts": {"admin": {"email": "admin@example.com", "password": "unused"}},
    }
    StackDirectory(tmp_path).publish(description, {})
    assert main(["--data", str(tmp_path)]) == 1
    assert capsys.readouterr().out.startswith("✗ register: POST /auth/register: no answer")


def test_without_a_stack_it_says_how_to_start_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--data", str(tmp_path)]) == 1
    assert "make run" in capsys.readouterr().err
