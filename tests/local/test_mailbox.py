"""The mailbox of the local stacks: what is sent to it, what it shows, what it keeps."""

import smtplib
import sqlite3
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import httpx
import pytest

from infra.local.mailbox import store
from infra.local.mailbox.server import Mailbox

FIELDS = ["id", "to", "subject", "text", "html", "links", "headers", "sent_at"]


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    running = Mailbox()
    running.start()
    yield running
    running.stop()


def send(mailbox: Mailbox, to: str = "robin@example.com", **headers: str) -> None:
    message = EmailMessage()
    message["From"], message["To"] = "us@example.com", to
    message["Subject"] = headers.pop("subject", "Grüße")
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content("Go to http://127.0.0.1/a?b=c&d=e or http://127.0.0.1/a?b=c&d=e\n")
    message.add_alternative("<p>Hello</p>\n", subtype="html")
    with smtplib.SMTP("127.0.0.1", mailbox.smtp_port) as server:
        server.send_message(message)


def items(mailbox: Mailbox, **query: str) -> list[dict[str, object]]:
    answer = httpx.get(f"{mailbox.url}/api/messages", params=query)
    assert answer.status_code == 200
    assert list(answer.json()) == ["items"]
    return list(answer.json()["items"])


def test_a_mail_is_shown_with_its_parts_and_links(mailbox: Mailbox) -> None:
    send(mailbox, Message_ID="<1@example.com>", X_Request_ID="r-1")
    (mail,) = items(mailbox)
    assert list(mail) == FIELDS
    assert (mail["id"], mail["to"], mail["subject"]) == (
        "1@example.com",
        "robin@example.com",
        "Grüße",
    )
    assert mail["links"] == ["http://127.0.0.1/a?b=c&d=e"]
    assert mail["html"] == "<p>Hello</p>\n"
    assert mail["headers"]["X-Request-ID"] == "r-1"
    assert mail["sent_at"].endswith("Z")
    assert mailbox.messages() == [mail]


def test_the_newest_comes_first_and_one_address_can_be_picked(mailbox: Mailbox) -> None:
    for number, to in enumerate(("kim@example.com", "robin@example.com", "kim@example.com")):
        send(mailbox, to, subject=str(number))
    assert [mail["subject"] for mail in items(mailbox)] == ["2", "1", "0"]
    assert [mail["subject"] for mail in items(mailbox, to="KIM@example.com")] == ["2", "0"]
    assert items(mailbox, to="nobody@example.com") == []


def test_it_can_be_emptied(mailbox: Mailbox) -> None:
    send(mailbox)
    assert httpx.delete(f"{mailbox.url}/api/messages").json() == {"items": []}
    assert items(mailbox) == []


def test_the_page_is_there_and_nothing_else(mailbox: Mailbox) -> None:
    page = httpx.get(f"{mailbox.url}/")
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    for method in ("GET", "DELETE"):
        assert httpx.request(method, f"{mailbox.url}/elsewhere").status_code == 404


def test_mails_outlive_the_process_and_are_the_owners_alone(tmp_path: Path) -> None:
    data = tmp_path / "mailbox.sqlite3"
    for expected in (1, 2):
        running = Mailbox(data)
        running.start()
        send(running)
        assert len(running.messages()) == expected
        running.stop()
    assert data.stat().st_mode & 0o777 == 0o600


def test_only_the_newest_are_kept(mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "KEPT", 2)
    for number in range(4):
        send(mailbox, subject=str(number))
    assert [mail["subject"] for mail in mailbox.messages()] == ["3", "2"]


def test_it_stops_with_somebody_still_connected() -> None:
    running = Mailbox()
    running.start()
    client = smtplib.SMTP("127.0.0.1", running.smtp_port)
    running.stop()
    with pytest.raises((smtplib.SMTPServerDisconnected, OSError)):
        client.noop()
    client.close()
    with pytest.raises(sqlite3.ProgrammingError):
        running.messages()
