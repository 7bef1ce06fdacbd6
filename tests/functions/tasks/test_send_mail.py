"""POST /tasks/send-mail: the mails that leave, to whom, and with what links."""

import re
from datetime import timedelta

import pytest

from infra.local.mailbox.server import Mailbox
from shared.gateways.ports import Files
from shared.models.mails import MailKind
from shared.models.tasks import SendMail
from shared.models.tokens import LIFETIMES, Purpose
from shared.wiring import Wiring
from tests.background import Background
from tests.functions.bodies import a_name
from tests.people import People, Person

TOKEN = re.compile(r"/auth/action\?mode=([a-z-]+)&token=([A-Za-z0-9_-]{43})$")
"""256 bits in base64 are 43 characters."""


def a_mail(person: Person, kind: MailKind, **fields_: str) -> SendMail:
    return SendMail(mail=kind, user_id=person.user_id, cause=a_name("cause"), **fields_)


def deliver(background: Background, task: SendMail, attempt: int = 1) -> None:
    answer = background.call("/send-mail", task.model_dump(mode="json"), attempt=attempt)
    assert answer.status_code == 200
    assert answer.json == {"task": task.id}


@pytest.mark.parametrize(
    ("kind", "mode", "purpose"),
    [
        (MailKind.VERIFY_EMAIL, "verify", Purpose.VERIFY_EMAIL),
        (MailKind.PASSWORD_RESET, "reset", Purpose.PASSWORD_RESET),
    ],
)
def test_a_link_has_a_token_of_the_person_and_for_one_purpose(
    background: Background,
    parts: Wiring,
    mailbox: Mailbox,
    lifter: Person,
    kind: MailKind,
    mode: str,
    purpose: Purpose,
) -> None:
    deliver(background, a_mail(lifter, kind))
    (link,) = mailbox.messages(lifter.email)[0]["links"]
    found = TOKEN.search(link)
    assert found is not None
    assert found[1] == mode
    token = parts.tokens.find(found[2], purpose, parts.now())
    assert token is not None
    assert (token.user_id, token.email) == (lifter.user_id, lifter.email)
    assert token.expires_at - token.created_at == LIFETIMES[purpose]
    other = next(each for each in Purpose if each is not purpose)
    assert parts.tokens.find(found[2], other, parts.now()) is None


def test_the_token_is_stored_nowhere_but_as_a_hash(
    background: Background, parts: Wiring, mailbox: Mailbox, lifter: Person
) -> None:
    task = a_mail(lifter, MailKind.PASSWORD_RESET)
    deliver(background, task)
    secret = mailbox.messages(lifter.email)[0]["links"][0].rpartition("=")[2]
    client = parts.documents._client
    stored = [
        (document.id, document.to_dict())
        for name in ("tokens", "outbox")
        for document in client.collection(name).stream()
    ]
    assert stored
    assert secret not in str(stored)


@pytest.mark.parametrize(
    "kind",
    [
        MailKind.WELCOME,
        MailKind.PASSWORD_CHANGED,
        MailKind.DELETION_CANCELLED,
        MailKind.EXPORT_READY,
        MailKind.ALREADY_REGISTERED,
    ],
)
def test_mails_that_only_tell_have_no_link(
    background: Background, mailbox: Mailbox, lifter: Person, kind: MailKind
) -> None:
    task = a_mail(lifter, kind)
    deliver(background, task)
    mail = mailbox.messages(lifter.email)[0]
    assert mail["links"] == []
    assert mail["id"].startswith(f"{task.id}@")
    assert "Robin Lifter" in mail["text"]


def test_a_deletion_can_be_cancelled_until_it_happens(
    background: Background, parts: Wiring, mailbox: Mailbox, lifter: Person
) -> None:
    asked_at = parts.now() - timedelta(days=3)
    parts.accounts.change(
        lifter.user_id, lambda user: user.model_copy(update={"deletion_requested_at": asked_at})
    )
    deliver(background, a_mail(lifter, MailKind.DELETION_REQUESTED))
    mail = mailbox.messages(lifter.email)[0]
    secret = mail["links"][0].rpartition("=")[2]
    token = parts.tokens.find(secret, Purpose.CANCEL_DELETION, parts.now())
    assert token is not None
    assert token.expires_at == asked_at + timedelta(days=30)
    assert f"{token.expires_at:%B} {token.expires_at.day}, " in " ".join(mail["text"].split())


def test_an_invitation_goes_to_its_address_and_names_who_invites(
    background: Background, parts: Wiring, mailbox: Mailbox, people: People
) -> None:
    owner = people.lifter("<b>Kim</b>")
    email = f"{owner.user_id}@guests.example"
    made = owner.api.post("/users/me/organization/invitations", json={"email": email}).json
    assert made is not None
    about = f"{owner.organization_id}/{made['id']}"
    assert background.deliver(about=about) == 1
    (mail,) = mailbox.messages(email)
    assert mail["subject"] == "<b>Kim</b> invites you to <b>Kim</b>'s gym on HypertroQ"
    assert "<b>Kim</b>" not in mail["html"]
    secret = mail["links"][0].rpartition("=")[2]
    token = parts.tokens.find(secret, Purpose.INVITATION, parts.now())
    assert token is not None
    assert (token.about, token.email) == (about, email)
    assert token.expires_at - token.created_at < timedelta(days=7)


def test_a_withdrawn_invitation_is_not_mailed(
    background: Background, mailbox: Mailbox, lifter: Person
) -> None:
    email = f"{lifter.user_id}@guests.example"
    path = "/users/me/organization/invitations"
    made = lifter.api.post(path, json={"email": email}).json
    assert made is not None
    assert lifter.api.delete(f"{path}/{made['id']}").status_code == 204
    assert background.deliver(about=f"{lifter.organization_id}/{made['id']}") == 1
    assert mailbox.messages(email) == []


class TestPointless:
    """The reason of a mail may go between its cause and its delivery."""

    def test_nobody_to_write_to(self, background: Background, mailbox: Mailbox) -> None:
        before = len(mailbox.messages())
        for kind in MailKind:
            task = SendMail(mail=kind, user_id="nobody", about="o/gone", cause=a_name("cause"))
            deliver(background, task)
        assert len(mailbox.messages()) == before

    def test_confirmed_meanwhile(
        self, background: Background, mailbox: Mailbox, lifter: Person
    ) -> None:
        lifter.parts.accounts.change(
            lifter.user_id, lambda user: user.model_copy(update={"is_verified": True})
        )
        deliver(background, a_mail(lifter, MailKind.VERIFY_EMAIL))
        assert mailbox.messages(lifter.email) == []

    def test_being_removed(
        self, background: Background, mailbox: Mailbox, lifter: Person, files: Files
    ) -> None:
        """At every step: the door is closed, the organization is gone, the person is gone."""
        parts = lifter.parts
        tasks = [a_mail(lifter, kind) for kind in (MailKind.WELCOME, MailKind.PASSWORD_CHANGED)]
        tasks.append(a_mail(lifter, MailKind.EXPORT_READY))
        assert parts.deletions.begin_now(lifter.user_id, by=lifter.caller)
        deliver(background, tasks[0])
        parts.documents.atomically(
            lambda transaction: transaction.delete(f"organizations/{lifter.organization_id}")
        )
        deliver(background, tasks[1])
        background.deliver(user_id=lifter.user_id)
        assert parts.documents.get(f"users/{lifter.user_id}") is None
        deliver(background, tasks[2])
        assert mailbox.messages(lifter.email) == []

    def test_not_to_be_deleted_any_more(
        self, background: Background, mailbox: Mailbox, lifter: Person
    ) -> None:
        deliver(background, a_mail(lifter, MailKind.DELETION_REQUESTED))
        assert mailbox.messages(lifter.email) == []


def test_a_mail_needs_no_organization(
    background: Background, mailbox: Mailbox, lifter: Person
) -> None:
    """Whoever lost theirs to damaged data is still told that their password was changed."""
    lifter.parts.documents.atomically(
        lambda transaction: transaction.delete(f"organizations/{lifter.organization_id}")
    )
    deliver(background, a_mail(lifter, MailKind.PASSWORD_CHANGED))
    assert len(mailbox.messages(lifter.email)) == 1


def test_a_task_that_comes_twice_is_one_mail(
    background: Background, mailbox: Mailbox, lifter: Person
) -> None:
    task = a_mail(lifter, MailKind.WELCOME)
    for attempt in (1, 1, 2):
        deliver(background, task, attempt)
    assert len(mailbox.messages(lifter.email)) == 1
