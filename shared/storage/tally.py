"""What one request has used: documents read and written, which budgets limit, and time."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field


@dataclass(slots=True)
class Tally:
    """Documents as Firestore bills them (a missing document is a read), and round trips."""

    reads: int = 0
    writes: int = 0
    calls: int = 0
    started: float = field(default_factory=time.monotonic)


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


def count(*, reads: int = 0, writes: int = 0) -> None:
    """Add one round trip to the running count, if there is one."""
    tally = _current.get()
    if tally is not None:
        tally.reads += reads
        tally.writes += writes
        tally.calls += 1


def elapsed() -> float:
    """Seconds since the running count began; 0 without one."""
    tally = _current.get()
    return time.monotonic() - tally.started if tally else 0.0
