"""Creates that came twice: `idempotency/{hash}` remembers what a request just made.

Clients repeat a failed create at once, and the first one may have succeeded unseen. The record is
written in the same batch as what it records, so the two cannot disagree.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.rules.sessions import REPEAT_SECONDS
from shared.storage.documents import Transaction


@dataclass(frozen=True, slots=True)
class Repeat:
    """One create, known by its caller, its kind and its exact content."""

    path: str

    @classmethod
    def of(cls, user_id: str, kind: str, content: str) -> "Repeat":
        digest = hashlib.sha256("\0".join((user_id, kind, content)).encode()).hexdigest()
        return cls(f"idempotency/{digest}")

    def made(self, transaction: Transaction, now: datetime) -> str | None:
        """The id of what the same request made a moment ago."""
        record = transaction.get(self.path)
        if record is None:
            return None
        created, resource = record.data.get("created_at"), record.data.get("resource_id")
        if not isinstance(created, datetime) or not isinstance(resource, str):
            return None
        return resource if now - created < timedelta(seconds=REPEAT_SECONDS) else None

    def record(self, transaction: Transaction, resource_id: str, now: datetime) -> None:
        transaction.put(
            self.path,
            {
                "schema": 1,
                "resource_id": resource_id,
                "created_at": now,
                "expire_at": now + timedelta(hours=1),
            },
        )
