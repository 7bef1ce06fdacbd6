"""Removes what has expired.

Firestore does so by itself, within a day; local stacks do not.
"""

from datetime import datetime

from shared.storage.documents import Documents, Transaction

EXPIRING = ("idempotency", "jobs", "rate_limits", "tokens")
"""Collections with many documents that nobody needs once their `expire_at` is past."""
AT_ONCE = 200


class ExpiredRepository:
    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def remove(self, collection: str, now: datetime) -> int:
        """Remove some; how many, 0 once there are none left."""
        found = self._documents.find(collection, [("expire_at", "<=", now)], limit=AT_ONCE)
        paths = [document.path for document in found]

        def work(transaction: Transaction) -> int:
            # What was written anew in the meantime stays.
            rows = transaction.get_many(paths)
            gone = [path for path, row in rows.items() if row.data.get("expire_at", now) <= now]
            for path in gone:
                transaction.delete(path)
            return len(gone)

        return self._documents.atomically(work).result if paths else 0
