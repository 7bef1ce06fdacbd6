"""When a failed task is tried again, and when it no longer is."""

from dataclasses import dataclass

# Past 2^60 any interval is above any max_backoff; the cap keeps the power within a float.
MOST_DOUBLINGS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """Durations in seconds; -1 attempts and a retry duration of 0 mean "no limit"."""

    max_attempts: int
    max_retry_duration: float
    min_backoff: float
    max_backoff: float
    max_doublings: int

    def interval(self, attempts: int) -> float:
        """Seconds to wait after attempt number ``attempts`` (from 1) has failed.

        Starts at ``min_backoff``, doubles ``max_doublings`` times, then grows by that last
        interval, up to ``max_backoff``: the rule in the RetryConfig reference of Cloud Tasks.
        """
        retries = attempts - 1
        doublings = min(retries, self.max_doublings, MOST_DOUBLINGS)
        doubled = self.min_backoff * (1 << doublings)
        return min(self.max_backoff, doubled * (1 + retries - doublings))

    def gives_up(self, attempts: int, elapsed: float) -> bool:
        """Whether no attempt follows ``attempts`` failures, ``elapsed`` seconds after the first.

        Cloud Tasks stops only when both limits are reached; a limit that is off counts as
        reached, unless both are off.
        """
        if self.max_attempts < 0:
            return 0 < self.max_retry_duration <= elapsed
        return attempts >= self.max_attempts and elapsed >= self.max_retry_duration
