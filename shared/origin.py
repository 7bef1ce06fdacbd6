"""Where the work of this thread comes from; tasks, mails and the audit trail refer to it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Origin:
    """One request, from the first function that saw it through its tasks to its mails."""

    request_id: str = ""
    ip_hash: str = ""
    """Keyed, so that two requests of one address can be told to be so, and nothing else."""


_NOWHERE = Origin()
_current: ContextVar[Origin] = ContextVar("origin", default=_NOWHERE)


def origin() -> Origin:
    """Of the request this thread serves; empty outside of any."""
    return _current.get()


@contextmanager
def coming_from(request: Origin) -> Iterator[None]:
    token = _current.set(request)
    try:
        yield
    finally:
        _current.reset(token)
