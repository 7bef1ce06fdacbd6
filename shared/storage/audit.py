"""The audit trail at rest: `audit/{id}`, appended to in the batch of the change it tells of."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from shared.models.audit import AuditEntry
from shared.storage.documents import Transaction
from shared.storage.records import fields

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


def _redacted(side: Mapping[str, Any]) -> dict[str, Any]:
    plain = json.loads(json.dumps(side, default=str))
    shown = {name: "[redacted]" if name in REDACTED else value for name, value in plain.items()}
    if len(json.dumps(shown)) <= LONGEST_BYTES:
        return shown
    return dict.fromkeys(shown, "[too long]")
