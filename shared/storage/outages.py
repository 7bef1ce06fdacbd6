"""How long a call to Firestore may take, and what becomes of one without an answer."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from google.api_core import exceptions
from google.api_core.retry import Retry, if_exception_type

from shared.errors import Unavailable
from shared.storage import tally

TIMEOUT_SECONDS = 1.5
"""One attempt. The client's own default lets a silent server hold a request for minutes."""
RETRY_SECONDS = 2.5
"""When the last attempt of one call may begin; only UNAVAILABLE is tried again."""

_SILENT = "The database does not answer. Try again shortly."
_UNREACHED = if_exception_type(exceptions.ServiceUnavailable)
_OUTAGES = (
    exceptions.ServiceUnavailable,
    exceptions.DeadlineExceeded,
    exceptions.RetryError,
    exceptions.ResourceExhausted,
    exceptions.InternalServerError,
    exceptions.Cancelled,
    exceptions.Unknown,
)


def patience(unanswered: Callable[[Exception], Any] | None = None) -> dict[str, Any]:
    """How long the next call may take, of what is left of the request's time.

    `unanswered` is told of every attempt that is followed by another one. Raises Unavailable when
    no time is left.
    """
    left = tally.seconds_left()
    if left <= 0:
        raise Unavailable(_SILENT)
    timeout = min(TIMEOUT_SECONDS, left)
    # The last attempt begins within the retry's time and takes its own.
    return {
        "timeout": timeout,
        "retry": Retry(
            predicate=_UNREACHED,
            initial=0.05,
            maximum=0.5,
            timeout=min(RETRY_SECONDS, left - timeout),
            on_error=unanswered,
        ),
    }


@contextmanager
def outages() -> Iterator[None]:
    """What ends without an answer raises Unavailable."""
    try:
        yield
    except _OUTAGES as outage:
        raise Unavailable(_SILENT) from outage
