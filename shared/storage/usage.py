"""What an organization has used of a monthly quota: `organizations/{id}/usage/{yyyy-mm}`."""

from collections.abc import Callable
from datetime import datetime, timedelta

from shared.storage.documents import Document, Documents, Transaction
from shared.storage.tenancy import organization_path

KEPT_DAYS = 400


class UsageRepository:
    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def ai_queries(self, organization_id: str, month: str) -> int:
        return _count(self._documents.get(_path(organization_id, month)))

    def spend_ai_query(
        self, organization_id: str, month: str, require: Callable[[int], None], now: datetime
    ) -> int:
        """Count one more unless `require` refuses; returns how many that makes.

        Read, judged and written in one change: two at once cannot both be the last one.
        """

        def work(transaction: Transaction) -> int:
            path = _path(organization_id, month)
            used = _count(transaction.get(path))
            require(used)
            expiry = now + timedelta(days=KEPT_DAYS)
            transaction.put(path, {"schema": 1, "ai_queries": used + 1, "expire_at": expiry})
            return used + 1

        return self._documents.atomically(work).result


def _path(organization_id: str, month: str) -> str:
    return f"{organization_path(organization_id)}/usage/{month}"


def _count(document: Document | None) -> int:
    value = document.data.get("ai_queries") if document else 0
    return value if isinstance(value, int) else 0
