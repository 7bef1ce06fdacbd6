"""Counts failed sign-ins and locks an address after too many."""

import threading
from collections import defaultdict, deque
from collections.abc import Callable

from infra.local.refusals import Refused


class Lockout:
    """Counts by address whether or not it has an account, so that the lock tells nothing.

    Google documents the code but no figures; `threshold` failures within `window` seconds are
    ours, and generous by default so that a product's own limits act first.
    """

    def __init__(self, threshold: int, window: float, now: Callable[[], float]) -> None:
        self._threshold = threshold
        self._window = window
        self._now = now
        self._lock = threading.Lock()
        self._failures: defaultdict[str, deque[float]] = defaultdict(deque)

    def refuse_locked(self, email: str) -> None:
        """Raises TOO_MANY_ATTEMPTS_TRY_LATER, for the right password as for a wrong one."""
        with self._lock:
            if email not in self._failures:
                return
            failures = self._failures[email]
            while failures and failures[0] <= self._now() - self._window:
                failures.popleft()
            if len(failures) >= self._threshold:
                raise Refused(
                    "TOO_MANY_ATTEMPTS_TRY_LATER",
                    "Access to this account has been temporarily disabled due to many failed"
                    " login attempts.",
                )

    def failed(self, email: str) -> None:
        with self._lock:
            self._failures[email].append(self._now())

    def forgive(self, email: str) -> None:
        """After a sign-in or a password reset."""
        with self._lock:
            self._failures.pop(email, None)

    def clear(self) -> None:
        with self._lock:
            self._failures.clear()
