"""Mails that a test waits for, and the tokens in their links."""

from infra.local.mailbox.server import Mailbox
from shared.wiring import Wiring
from tests.background import Background


class Post:
    """Delivers what waits for somebody and reads their mail."""

    def __init__(self, background: Background, mailbox: Mailbox, parts: Wiring) -> None:
        self._background = background
        self._mailbox = mailbox
        self._parts = parts

    def subjects(self, email: str) -> list[str]:
        """What came to this address, oldest first."""
        self._bring(email)
        return [mail["subject"] for mail in reversed(self._mailbox.messages(email))]

    def token(self, email: str, mode: str) -> str:
        """The newest one that was mailed for this mode of the page."""
        self._bring(email)
        for mail in self._mailbox.messages(email):
            for link in mail["links"]:
                before, _, token = link.rpartition("&token=")
                if before.endswith(f"/auth/action?mode={mode}"):
                    return str(token)
        raise AssertionError(f"no mail with a link to {mode} came to {email}")

    def _bring(self, email: str) -> None:
        self._background.deliver(email=email)
        if user_id := self._parts.directory.find(email):
            self._background.deliver(user_id=user_id)
