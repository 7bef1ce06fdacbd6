"""Where mails are kept: in memory, and with a file across restarts."""

import json
import sqlite3
import threading
from dataclasses import asdict
from pathlib import Path

from infra.local.mailbox.messages import Message

KEPT = 2_000
"""The newest ones; older ones are forgotten."""


class MailStore:
    """Safe to share between threads."""

    def __init__(self, path: Path | None) -> None:
        if path:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)  # it holds links that open accounts
        self._lock = threading.Lock()
        self._database = sqlite3.connect(
            path or ":memory:", check_same_thread=False, isolation_level=None
        )
        self._database.execute(
            "CREATE TABLE IF NOT EXISTS messages (number INTEGER PRIMARY KEY, json TEXT NOT NULL)"
        )

    def add(self, message: Message) -> None:
        with self._lock:
            self._database.execute(
                "INSERT INTO messages (json) VALUES (?)", (json.dumps(asdict(message)),)
            )
            self._database.execute(
                "DELETE FROM messages WHERE number <= (SELECT max(number) FROM messages) - ?",
                (KEPT,),
            )

    def all(self, to: str = "") -> list[Message]:
        """Newest first; `to` picks those to addresses with this in them, whatever its case."""
        with self._lock:
            rows = self._database.execute("SELECT json FROM messages ORDER BY number DESC")
            messages = [Message(**json.loads(text)) for (text,) in rows]
        wanted = to.strip().lower()
        return [message for message in messages if not wanted or wanted in message.to.lower()]

    def clear(self) -> None:
        with self._lock:
            self._database.execute("DELETE FROM messages")

    def close(self) -> None:
        with self._lock:
            self._database.close()
