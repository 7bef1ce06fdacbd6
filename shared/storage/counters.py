"""Counters of the rate limits at rest: `rate_limits/{key hash}.{window number}`."""

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the limiter is built before anything needs Firestore's client
    from shared.storage.documents import Documents


class CounterRepository:
    """Fields: `n` (the count) and `expire_at` (after which Firestore may remove the document)."""

    def __init__(self, documents: "Documents") -> None:
        self._documents = documents

    def add(
        self,
        key_hash: str,
        window_number: int,
        amount: int,
        expire_at: datetime,
        timeout_seconds: float,
    ) -> int:
        """Raise a counter, which starts at 0, and return its new value: one write, no read.

        Never repeated, because a repeat whose first reply was lost would count twice.
        Raises Unavailable when no reply comes in time; the write may have happened then.
        """
        return self._documents.increment(
            f"rate_limits/{key_hash}.{window_number}",
            "n",
            amount,
            {"expire_at": expire_at},
            timeout_seconds,
        )
