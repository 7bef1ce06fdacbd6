"""Mails as they came in, and as the page and the JSON show them."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, Self

_LINK = re.compile(r"https?://[^\s<>\"]+")


@dataclass(frozen=True)
class Message:
    id: str
    """Its Message-ID without the brackets: the same mail sent twice has the same one."""
    to: str
    subject: str
    text: str
    html: str
    headers: dict[str, str]
    sent_at: str
    """When it came in: ISO 8601, UTC."""

    @classmethod
    def read(cls, content: bytes, recipients: list[str]) -> Self:
        parsed = message_from_bytes(content, _class=EmailMessage, policy=default)
        return cls(
            id=str(parsed["Message-ID"] or "").strip("<> "),
            to=", ".join(recipients),
            subject=str(parsed["Subject"] or ""),
            text=_body(parsed, "plain"),
            html=_body(parsed, "html"),
            headers={name: str(value) for name, value in parsed.items()},
            sent_at=datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        )

    def shown(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "to": self.to,
            "subject": self.subject,
            "text": self.text,
            "html": self.html,
            "links": list(dict.fromkeys(_LINK.findall(self.text))),
            "headers": self.headers,
            "sent_at": self.sent_at,
        }


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return part.get_content().replace("\r\n", "\n") if part else ""
