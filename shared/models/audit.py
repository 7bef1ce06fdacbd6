"""The audit trail: who changed what, written together with the change."""

from typing import Annotated, Any

from pydantic import ConfigDict, Field

from shared.models.base import BlankIsNone, Id, Model, Moment, Text
from shared.models.pages import FarPaging, Page


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


class AuditRow(AuditEntry):
    """An audit entry in a list."""

    actor_email: str | None = None
    """The administrator's address now; null for jobs, operators and people who are gone."""


class AuditPage(Page[AuditRow]):
    """Audit entries, newest first. `total` is exact up to 10,000."""


class AuditFilter(FarPaging):
    """Without a filter: everything. Entries are kept for 400 days."""

    model_config = ConfigDict(populate_by_name=True)

    user_id: Annotated[Annotated[str, Field(max_length=128)] | None, BlankIsNone] = None
    """Who did it: an administrator's id, `system`, or `operator:<name>`."""
    action: Annotated[Annotated[Text, Field(max_length=64)] | None, BlankIsNone] = None
    """Such as `user.suspend`."""
    target_id: Annotated[Id | None, BlankIsNone] = None
    """What it was done to."""
    since: Annotated[Moment | None, BlankIsNone] = Field(None, alias="from")
    """From this moment on."""
    until: Annotated[Moment | None, BlankIsNone] = Field(None, alias="to")
    """Before this moment."""
