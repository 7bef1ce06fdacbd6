"""Audit entries as services write them: who, what, to what, and from which request."""

from datetime import datetime

from shared.models.audit import AuditEntry
from shared.models.users import Caller
from shared.origin import origin

SYSTEM = "system"
"""Who did it when nobody asked for it."""


def told(
    caller: Caller | None,
    action: str,
    target_id: str,
    *,
    entry_id: str,
    now: datetime,
    organization_id: str | None = None,
    reason: str | None = None,
) -> AuditEntry:
    """`action` is noun and verb, such as `user.suspend`; its noun is the target's type.

    Without a caller a job did it. What differs before and after is filled in where the change is
    written.
    """
    came_from = origin()
    return AuditEntry(
        id=entry_id,
        actor_user_id=caller.user_id if caller else SYSTEM,
        actor_role=caller.role.value if caller else SYSTEM,
        action=action,
        target_type=action.partition(".")[0],
        target_id=target_id,
        organization_id=organization_id,
        reason=reason,
        request_id=came_from.request_id,
        ip_hash=came_from.ip_hash,
        created_at=now,
    )
