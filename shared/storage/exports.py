"""Data exports at rest, `exports/{uid}`, and what a person's export is made from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.models.exports import Export, ExportState
from shared.rules.exports import OTHERS, is_pending
from shared.storage.accounts import owned_by
from shared.storage.documents import Document, Documents, Transaction
from shared.storage.effects import Effects
from shared.storage.records import fields, readable, restored
from shared.storage.tenancy import organization_path, user_path

AT_ONCE = 50
MOST_DOCUMENTS = 20_000
MOST_AUDIT_ROWS = 1_000


@dataclass(frozen=True, slots=True)
class Belongings:
    """Stored documents as they are, by path."""

    account: dict[str, Any]
    organization: dict[str, Any]
    tenant: dict[str, dict[str, Any]]
    """Everything of the organization and of those they own, without what is about others."""
    own: dict[str, dict[str, Any]]
    """Everything below the person's own document."""
    audit: list[dict[str, Any]]


class ExportRepository:
    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def find(self, user_id: str) -> Export | None:
        return _restored(self._documents.get(export_path(user_id)))

    def request(self, export: Export, effects: Effects) -> Export:
        """Store a new one, or return the one that is being made."""

        def work(transaction: Transaction) -> Export:
            running = _restored(transaction.get(export_path(export.user_id)))
            if running and is_pending(running, export.requested_at):
                return running
            _put(transaction, export)
            effects.record(transaction)
            return export

        return self._documents.atomically(work).result

    def finish(self, export: Export, effects: Effects) -> bool:
        """Store that it is ready; False when nobody waits for this one any more."""

        def work(transaction: Transaction) -> bool:
            waiting = _restored(transaction.get(export_path(export.user_id)))
            if waiting is None or waiting.id != export.id:
                return False
            if waiting.state is ExportState.PENDING:
                _put(transaction, export)
                effects.record(transaction)
            return True

        return self._documents.atomically(work).result

    def expired(self, now: datetime, *, limit: int) -> list[Export]:
        rows = self._documents.find("exports", [("expires_at", "<=", now)], limit=limit)
        return [export for row in rows if (export := _restored(row))]

    def remove(self, export: Export) -> None:
        """Forget this one, unless another has taken its place."""

        def work(transaction: Transaction) -> None:
            stored = _restored(transaction.get(export_path(export.user_id)))
            if stored and stored.id == export.id:
                transaction.delete(export_path(export.user_id))

        self._documents.atomically(work)

    def belongings(self, user_id: str) -> Belongings | None:
        """Everything stored about somebody and their organization; None for nobody."""
        here = user_path(user_id)
        account = self._documents.get(here)
        if account is None:
            return None
        home = organization_path(account.data["organization_id"])
        organization = self._documents.get(home)
        owned = owned_by(self._documents, user_id)
        below = [
            path
            for tenant in dict.fromkeys([home, *(row.path for row in owned)])
            for path in self._documents.below(tenant, limit=MOST_DOCUMENTS)
            if path.removeprefix(tenant).split("/")[1] not in OTHERS
        ]
        return Belongings(
            account=account.data,
            organization=organization.data if organization else {},
            tenant=self._all(below),
            own=self._all(self._documents.below(here, limit=MOST_DOCUMENTS)),
            audit=self._audit(user_id),
        )

    def _all(self, paths: Sequence[str]) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = {}
        for start in range(0, len(paths), AT_ONCE):
            page = self._documents.get_many(paths[start : start + AT_ONCE])
            found |= {path: document.data for path, document in page.items()}
        return dict(sorted(found.items()))

    def _audit(self, user_id: str) -> list[dict[str, Any]]:
        rows = {
            row.path: row.data
            for field in ("actor_user_id", "target_id")
            for row in self._documents.find(
                "audit", [(field, "==", user_id)], limit=MOST_AUDIT_ROWS
            )
        }
        return sorted(rows.values(), key=lambda row: str(row.get("created_at")))


def export_path(user_id: str) -> str:
    return f"exports/{user_id}"


def _restored(document: Document | None) -> Export | None:
    return readable(document, lambda stored: restored(Export, stored))


def _put(transaction: Transaction, export: Export) -> None:
    transaction.put(export_path(export.user_id), fields(export) | {"schema": 1})
