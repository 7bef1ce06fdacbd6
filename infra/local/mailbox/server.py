"""The mailbox as a part of a stack: SMTP on one free port, its pages on another."""

import threading
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from infra.local.mailbox.messages import Message
from infra.local.mailbox.smtp import MailServer
from infra.local.mailbox.store import MailStore
from infra.local.mailbox.web import MailPages


class _Keeper:
    """What aiosmtpd hands every mail to; it looks the method up by its name."""

    def __init__(self, store: MailStore) -> None:
        self._store = store

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd calls it so
        content = envelope.content or b""
        raw = content.encode() if isinstance(content, str) else content
        self._store.add(Message.read(raw, envelope.rcpt_tos))
        return "250 OK"


class Mailbox:
    """Listens on the loopback interface only; starts once. `data` keeps mails across restarts."""

    def __init__(self, data: Path | None = None) -> None:
        self._store = MailStore(data)
        self._smtp = MailServer(_Keeper(self._store))
        self._pages: MailPages | None = None

    def start(self) -> None:
        self._smtp.start()
        self._pages = MailPages(self._store)
        threading.Thread(
            target=self._pages.serve_forever,
            # How often the loop looks whether it should end: what `stop` waits for.
            kwargs={"poll_interval": 0.02},
            name="mailbox-pages",
        ).start()

    def stop(self) -> None:
        self._smtp.stop()
        if self._pages:
            self._pages.shutdown()
            self._pages.server_close()
        self._store.close()

    @property
    def smtp_port(self) -> int:
        """Known once started."""
        return self._smtp.port

    @property
    def url(self) -> str:
        """Known once started."""
        return f"http://127.0.0.1:{self._pages.server_port if self._pages else 0}"

    def messages(self, to: str = "") -> list[dict[str, Any]]:
        """As `/api/messages` answers them: newest first, those for one address."""
        return [message.shown() for message in self._store.all(to)]

    def reset(self) -> None:
        self._store.clear()
