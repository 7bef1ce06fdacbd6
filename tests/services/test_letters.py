"""How mails read: the same words in both bodies, and no way out of them for hostile names."""

from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

import pytest

from shared.models.mails import Letter, MailKind
from shared.services.letters import shown, write

LINK = "https://acme.example/auth/action?mode=reset&token=abc"
FACTS: dict[str, Any] = {
    "name": "Robin",
    "organization": "Iron House",
    "inviter": "Kim",
    "support": "support@acme.example",
    "feedback": "feedback@acme.example",
    "link": LINK,
    "ends_at": datetime(2026, 12, 22, 20, 17, tzinfo=UTC),
}
SAYS = {
    MailKind.PASSWORD_RESET: ["one hour", LINK],
    MailKind.VERIFY_EMAIL: ["24 hours", LINK],
    MailKind.WELCOME: ["Create a program", "Browse", "weekly sets"],
    MailKind.PASSWORD_CHANGED: ["was changed", "support@acme.example"],
    MailKind.DELETION_REQUESTED: [
        "December 22, 2026 at 08:17 PM UTC",
        "30 days",
        "works as before",
        "feedback@acme.example",
        LINK,
    ],
    MailKind.DELETION_CANCELLED: ["cancelled", "active", "safe"],
    MailKind.INVITATION: ["Kim", "Iron House", "December 22, 2026", LINK],
    MailKind.EXPORT_READY: ["is ready"],
    MailKind.ALREADY_REGISTERED: ["an account with it already"],
}
"""Facts that each mail has to tell."""


def a_letter(kind: MailKind, **facts: Any) -> Letter:
    return write(kind, letter_id="1", to="robin@example.com", facts=FACTS | facts)


class Words(HTMLParser):
    """What a reader of the HTML sees, and the elements that are in it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.elements: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.elements.add(tag)

    def handle_data(self, data: str) -> None:
        self.words += data.split()

    @property
    def text(self) -> str:
        return " ".join(self.words)


@pytest.mark.parametrize("kind", MailKind)
def test_both_bodies_tell_the_facts(kind: MailKind) -> None:
    letter = a_letter(kind)
    text, html = " ".join(letter.text.split()), Words(letter.html).text
    assert letter.subject
    for fact in SAYS[kind]:
        assert fact in text
        assert fact in html


@pytest.mark.parametrize("kind", MailKind)
def test_lines_of_text_fit_and_paragraphs_are_one_empty_line_apart(kind: MailKind) -> None:
    text = a_letter(kind).text
    assert [line for line in text.splitlines() if len(line) > 76 and LINK not in line] == []
    assert "\n\n\n" not in text


@pytest.mark.parametrize("field", ["name", "organization", "inviter"])
@pytest.mark.parametrize("kind", MailKind)
def test_a_hostile_name_stays_text(kind: MailKind, field: str) -> None:
    hostile = '<script>alert(1)</script><img src=x onerror="alert(1)">{{ 7 * 7 }}&lt;'
    letter = a_letter(kind, **{field: hostile})
    assert {"script", "img"} & Words(letter.html).elements == set()
    if "<script>" in letter.text:
        # Text is shown as it is, and so is the HTML once it is read.
        assert hostile in " ".join(letter.text.split())
        assert hostile in Words(letter.html).text


def test_a_name_with_line_breaks_becomes_no_header_and_no_paragraph() -> None:
    name = shown("Kim\r\nBcc: everybody@example.com\r\n\r\nWin a car\u2028now\x00")
    assert name == "Kim Bcc: everybody@example.com Win a car now"
    letter = a_letter(MailKind.INVITATION, inviter="Kim\r\nBcc: everybody@example.com")
    assert letter.subject == (
        "Kim Bcc: everybody@example.com invites you to Iron House on HypertroQ"
    )


def test_a_long_name_is_cut() -> None:
    assert shown("x" * 80) == "x" * 80
    assert shown("x" * 81) == "x" * 79 + "…"
