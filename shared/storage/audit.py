"""The audit trail at rest: `audit/{id}`, appended to in the batch of the change it tells of."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from shared.models.audit import AuditEntry, AuditFilter
from shared.models.pages import COUNTED
from shared.storage.documents import Condition, Documents, Transaction
from shared.storage.records import fields, readable, restored

KEPT_DAYS = 400
LONGEST_BYTES = 4_096
"""Of each side of a change; what is longer is named, not copied."""
REDACTED = frozenset({"email", "full_name", "password", "token", "profile_image_url"})
"""What would have to be forgotten with the person."""


def record(transaction: Transaction, entry: AuditEntry) -> None:
    """Write the entry with whatever else the transaction writes, or not at all."""
    document = {
        **fields(entry),
        "before": _redacted(entry.before),
        "after": _redacted(entry.after),
        "schema": 1,
        "expire_at": entry.created_at + timedelta(days=KEPT_DAYS),
    }
    transaction.create(f"audit/{entry.id}", document)


class AuditRepository:
    """Reads the trail; it is written with what it tells of."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def page(self, asked: AuditFilter) -> tuple[list[AuditEntry], int]:
        """Newest first, and how many there are, up to a cap."""
        where = _conditions(asked)
        rows = self._documents.find(
            "audit", where, order="-created_at", offset=asked.offset, limit=asked.limit
        )
        entries = [readable(row, lambda row: restored(AuditEntry, row)) for row in rows]
        total = self._documents.count("audit", where, order="-created_at", up_to=COUNTED)
        return [entry for entry in entries if entry], total

    def add(self, entry: AuditEntry) -> None:
        """Of what changes nothing here, such as handing out data."""
        self._documents.atomically(lambda transaction: record(transaction, entry))


def _conditions(asked: AuditFilter) -> list[Condition]:
    given: list[Condition] = [
        ("actor_user_id", "==", asked.user_id),
        ("action", "==", asked.action),
        ("target_id", "==", asked.target_id),
        ("created_at", ">=", asked.since),
        ("created_at", "<", asked.until),
    ]
    return [condition for condition in given if condition[2] is not None]


def _redacted(side: Mapping[str, Any]) -> dict[str, Any]:
    plain = json.loads(json.dumps(side, default=str))
    shown = {name: "[redacted]" if name in REDACTED else value for name, value in plain.items()}
    if len(json.dumps(shown)) <= LONGEST_BYTES:
        return shown
    return dict.fromkeys(shown, "[too long]")
