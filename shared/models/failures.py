"""Tasks that were given up: what an operator reads, mends and runs again."""

from typing import Any

from shared.models.base import Model, Moment
from shared.models.pages import Page
from shared.models.tasks import Queue


class FailedTask(Model):
    """As stored under `failed_tasks/{id of the task}`."""

    id: str
    kind: str
    queue: Queue
    payload: dict[str, Any]
    """The task's own fields."""
    attempts: int
    error: str
    """The refusal's sentence, or the kind of error; never its data."""
    code: str
    """The refusal's code, or `INTERNAL_SERVER_ERROR`."""
    request_id: str
    """Of the request that caused the task."""
    failed_at: Moment


class FailedTaskPage(Page[FailedTask]):
    """Tasks that were given up, newest first."""
