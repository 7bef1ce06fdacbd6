"""Data exports: everything a person owns, packed for them to take away."""

from enum import StrEnum

from shared.models.base import Model, Moment

MEDIA_TYPE = "application/zip"


class ExportState(StrEnum):
    PENDING = "pending"
    READY = "ready"
    FAILED = "failed"


class Export(Model):
    """As stored under `exports/{uid}`: a person has one at most."""

    id: str
    user_id: str
    state: ExportState = ExportState.PENDING
    requested_at: Moment
    ready_at: Moment | None = None
    expires_at: Moment
    """From then on it is gone."""
    size_bytes: int | None = None


class ExportView(Model):
    """How far an export is."""

    id: str
    state: ExportState
    """`failed` ones may be asked for again."""
    requested_at: Moment
    ready_at: Moment | None
    expires_at: Moment | None
    """When a finished one is removed."""
    size_bytes: int | None
    download_url: str | None
    """The path on this API to fetch a finished one from, signed in as its owner."""
