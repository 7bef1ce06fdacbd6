"""Mail over SMTP: what a server gets, how it is trusted, and what becomes of its refusals."""

import socket
import ssl
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from shared.errors import Refused, Unavailable
from shared.gateways.smtp import SmtpMail
from shared.models.mails import Letter
from shared.origin import Origin, coming_from
from shared.settings import SmtpSecurity
from tests.gateways.mail_server import Received, a_certificate, serving

LETTER = Letter(
    id="3f1c",
    to="robin@example.com",
    subject="Grüße, Robin",
    text="Guten Tag, one.\n",
    html="<p>Guten Tag, one.</p>\n",
)


def a_mail(port: int, **settings: Any) -> SmtpMail:
    return SmtpMail(
        **{
            "host": "127.0.0.1",
            "port": port,
            "security": SmtpSecurity.NONE,
            "sender": "Acme <no-reply@acme.example>",
            "now": lambda: datetime(2026, 3, 2, 8, 30, tzinfo=UTC),
        }
        | settings
    )


@pytest.fixture
def received() -> Received:
    return Received()


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    return a_certificate(tmp_path)


@pytest.fixture
def server_side(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*certificate)
    return context


@pytest.fixture
def trusting(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    """A client's context that knows the server's certificate."""
    return ssl.create_default_context(cafile=certificate[0])


def test_a_letter_arrives_whole(received: Received) -> None:
    with serving(received) as port, coming_from(Origin(request_id="r-1")):
        a_mail(port).send(LETTER)
    (mail,) = received.mails
    assert received.recipients == ["robin@example.com"]
    assert mail["From"] == "Acme <no-reply@acme.example>"
    assert mail["To"] == "robin@example.com"
    assert mail["Subject"] == "Grüße, Robin"
    assert mail["Message-ID"] == "<3f1c@acme.example>"
    assert mail["Date"] == "Mon, 02 Mar 2026 08:30:00 +0000"
    assert mail["X-Request-ID"] == "r-1"
    assert mail["Auto-Submitted"] == "auto-generated"
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().replace("\r\n", "\n") == LETTER.text
    assert html.get_content().replace("\r\n", "\n") == LETTER.html


def test_starttls_encrypts(
    received: Received, server_side: ssl.SSLContext, trusting: ssl.SSLContext
) -> None:
    with serving(received, tls_context=server_side, require_starttls=True) as port:
        a_mail(port, security=SmtpSecurity.STARTTLS, context=trusting).send(LETTER)
    assert received.encrypted == [True]


def test_tls_encrypts_from_the_first_byte_on(
    received: Received, server_side: ssl.SSLContext, trusting: ssl.SSLContext
) -> None:
    with serving(received, tls=server_side) as port:
        a_mail(port, security=SmtpSecurity.TLS, context=trusting).send(LETTER)
    assert len(received.mails) == 1


def test_an_unknown_certificate_is_not_trusted(
    received: Received, server_side: ssl.SSLContext
) -> None:
    with serving(received, tls_context=server_side) as port, pytest.raises(Unavailable):
        a_mail(port, security=SmtpSecurity.STARTTLS).send(LETTER)
    with serving(received, tls=server_side) as port, pytest.raises(Unavailable):
        a_mail(port, security=SmtpSecurity.TLS).send(LETTER)
    assert received.mails == []


def test_nothing_goes_in_the_clear_where_encryption_is_not_offered(received: Received) -> None:
    with serving(received) as port, pytest.raises(Unavailable):
        a_mail(port, security=SmtpSecurity.STARTTLS, user="us", password="right").send(LETTER)
    assert (received.mails, received.signed_in) == ([], [])


def test_it_signs_in_once_the_line_is_encrypted(
    received: Received, server_side: ssl.SSLContext, trusting: ssl.SSLContext
) -> None:
    options = {"tls_context": server_side, "authenticator": received.authenticate}
    settings = {"security": SmtpSecurity.STARTTLS, "context": trusting, "user": "us"}
    with serving(received, auth_required=True, **options) as port:
        a_mail(port, **settings, password="right").send(LETTER)
        # Somebody mends the password, and then it is worth another try.
        with pytest.raises(Unavailable):
            a_mail(port, **settings, password="wrong").send(LETTER)
    assert set(received.signed_in) == {"us"}
    assert len(received.mails) == 1


@pytest.mark.parametrize(
    ("says", "becomes"),
    [
        ({"to_recipients": "550 no such mailbox"}, Refused),
        ({"to_recipients": "450 mailbox busy"}, Unavailable),
        ({"to_mails": "554 looks like spam"}, Refused),
        ({"to_mails": "452 no room"}, Unavailable),
        ({"to_mails": "421 closing"}, Unavailable),
    ],
)
def test_only_what_is_final_is_given_up(says: dict[str, str], becomes: type[Exception]) -> None:
    with serving(Received(**says)) as port, pytest.raises(becomes) as refusal:
        a_mail(port).send(LETTER)
    # What is kept of it names nobody.
    assert "robin" not in str(refusal.value)


def test_a_server_that_is_not_there_may_be_later() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(Unavailable):
            a_mail(taken.getsockname()[1]).send(LETTER)
