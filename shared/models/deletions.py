"""Accounts on their way out: asked for, and after thirty days carried out."""

from enum import StrEnum
from typing import Annotated

from pydantic import StringConstraints

from shared.models.base import Model, Moment


class DeletionState(StrEnum):
    REQUESTED = "requested"
    CANCELLED = "cancelled"
    PURGING = "purging"
    """The door is closed: nothing can be cancelled any more, and nobody gets in."""
    DONE = "done"


class Deletion(Model):
    """As stored under `deletions/{uid}`; it outlives the account, and names nobody but by id."""

    user_id: str
    organization_id: str
    """Where they belong; as it was when the door closed."""
    state: DeletionState
    requested_at: Moment
    purge_at: Moment
    """From then on the account may be removed."""
    done_at: Moment | None = None

    @property
    def closed(self) -> bool:
        return self.state in {DeletionState.PURGING, DeletionState.DONE}


class DeletionNotice(Model):
    """When an account goes, and how long that can still be prevented."""

    requested_at: Moment
    deletion_date: Moment
    days_remaining: int
    """Days until then, counted up to whole ones."""
    message: str


class DeletionToken(Model):
    token: Annotated[str, StringConstraints(min_length=1, max_length=512)]
    """From the link in the mail."""
