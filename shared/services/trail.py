"""Audit rows, filled with where the change came from."""

from datetime import datetime
from typing import Any

from shared.models.audit import AuditEntry
from shared.models.users import Caller
from shared.origin import origin

SYSTEM = "system"


def about_user(
    action: str,
    user_id: str,
    *,
    entry_id: str,
    now: datetime,
    by: Caller | None = None,
    **fields: Any,
) -> AuditEntry:
    """What was done to a person; without `by`, jobs did it."""
    return AuditEntry(
        id=entry_id,
        actor_user_id=by.user_id if by else SYSTEM,
        actor_role=by.role.value if by else SYSTEM,
        action=action,
        target_type="user",
        target_id=user_id,
        request_id=origin().request_id,
        ip_hash=origin().ip_hash,
        created_at=now,
        **fields,
    )
