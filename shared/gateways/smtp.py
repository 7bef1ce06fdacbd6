"""Mail over SMTP: one connection a letter, encrypted and with the server's certificate checked."""

import smtplib
import ssl
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from shared.errors import Refused, Unavailable
from shared.models.mails import Letter
from shared.origin import origin
from shared.settings import SmtpSecurity

TIMEOUT_SECONDS = 10.0
"""Of every step of a delivery."""
_PERMANENT = range(500, 600)


class SmtpMail:
    """`sender` is what letters come from, with or without a name; `context` decides about
    certificates.
    """

    def __init__(
        self,
        *,
        host: str,
        port: int,
        security: SmtpSecurity,
        sender: str,
        user: str = "",
        password: str = "",
        now: Callable[[], datetime],
        context: ssl.SSLContext | None = None,
    ) -> None:
        self._host = host
        self._port = port
        self._security = security
        self._sender = sender
        self._user = user
        self._password = password
        self._now = now
        self._context = context or ssl.create_default_context()

    def send(self, letter: Letter) -> None:
        message = self._message(letter)
        try:
            with closing(self._connected()) as server:
                server.send_message(message)
                # It has the letter now; an odd goodbye must not send it again.
                with suppress(OSError):
                    server.quit()
        except smtplib.SMTPRecipientsRefused as refusal:
            code, _ = refusal.recipients[letter.to]
            raise _failure(code, "The mail server does not take mail for this address.") from None
        except (smtplib.SMTPDataError, smtplib.SMTPSenderRefused) as refusal:
            raise _failure(refusal.smtp_code, "The mail server does not take this mail.") from None
        except (smtplib.SMTPException, OSError) as error:
            raise Unavailable("The mail server does not answer as it should.") from error

    def _connected(self) -> smtplib.SMTP:
        if self._security is SmtpSecurity.TLS:
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self._host, self._port, timeout=TIMEOUT_SECONDS, context=self._context
            )
        else:
            server = smtplib.SMTP(self._host, self._port, timeout=TIMEOUT_SECONDS)
        try:
            if self._security is SmtpSecurity.STARTTLS:
                # Raises where the server offers none: nothing is ever sent in the clear instead.
                server.starttls(context=self._context)
            if self._user:
                server.login(self._user, self._password)
        except BaseException:
            server.close()
            raise
        return server

    def _message(self, letter: Letter) -> EmailMessage:
        domain = parseaddr(self._sender)[1].rpartition("@")[2]
        message = EmailMessage(policy=SMTP)
        message["From"] = self._sender
        message["To"] = letter.to
        message["Subject"] = letter.subject
        message["Date"] = format_datetime(self._now())
        # By which whoever passes it on can tell that it is the same one again.
        message["Message-ID"] = f"<{letter.id}@{domain}>"
        message["Auto-Submitted"] = "auto-generated"
        if request_id := origin().request_id:
            message["X-Request-ID"] = request_id
        message.set_content(letter.text)
        message.add_alternative(letter.html, subtype="html")
        return message


def _failure(code: int, sentence: str) -> Exception:
    return Refused(sentence) if code in _PERMANENT else Unavailable(sentence)
