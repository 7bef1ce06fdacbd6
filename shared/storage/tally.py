"""What one request has used: documents read and written, which budgets limit, and time."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

REQUEST_SECONDS = 4.5
"""All calls of one request together: a slow store must not add up to a hanging client."""
TASK_SECONDS = 540.0
"""The same for a task or a job, which nobody waits for."""


@dataclass(slots=True)
class Tally:
    """Documents as Firestore bills them (a missing document is a read), and round trips."""

    reads: int = 0
    writes: int = 0
    calls: int = 0
    started: float = field(default_factory=time.monotonic)
    allowed_seconds: float = REQUEST_SECONDS
    """For all round trips together."""


_current: ContextVar[Tally | None] = ContextVar("firestore_tally", default=None)


@contextmanager
def counting() -> Iterator[Tally]:
    """Count everything this thread does with Firestore inside the block."""
    tally = Tally()
    token = _current.set(tally)
    try:
        yield tally
    finally:
        _current.reset(token)


@contextmanager
def pausing() -> Iterator[None]:
    """What takes its time inside the block is not the store, and leaves it as much as before."""
    tally, began = _current.get(), time.monotonic()
    try:
        yield
    finally:
        if tally is not None:
            tally.allowed_seconds += time.monotonic() - began


def count(*, reads: int = 0, writes: int = 0) -> None:
    """Add one round trip to the running count, if there is one."""
    tally = _current.get()
    if tally is not None:
        tally.reads += reads
        tally.writes += writes
        tally.calls += 1


def seconds_left() -> float:
    """Of the time that all round trips of the running count may take; plenty without one."""
    tally = _current.get()
    if tally is None:
        return REQUEST_SECONDS
    return tally.allowed_seconds - (time.monotonic() - tally.started)
