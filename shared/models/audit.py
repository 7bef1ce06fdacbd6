"""The audit trail: who changed what, written together with the change."""

from typing import Any

from pydantic import Field

from shared.models.base import Model, Moment


class AuditEntry(Model):
    """One change, as stored under `audit/{id}` and never touched again.

    It names people by id only: what must be deletable does not belong here.
    """

    id: str
    actor_user_id: str
    """Who did it; `system` for jobs, `operator:<name>` for the command line."""
    actor_role: str
    action: str
    """Noun and verb, such as `user.suspend`."""
    target_type: str
    target_id: str
    organization_id: str | None = None
    before: dict[str, Any] = Field(default_factory=dict)
    after: dict[str, Any] = Field(default_factory=dict)
    """The fields that changed, redacted."""
    reason: str | None = None
    request_id: str = ""
    ip_hash: str = ""
    created_at: Moment
