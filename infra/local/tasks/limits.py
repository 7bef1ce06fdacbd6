"""How fast a queue may dispatch: a token bucket."""


class TokenBucket:
    """Holds up to ``burst`` tokens, refilled at ``rate`` tokens per second; starts full."""

    def __init__(self, rate: float, burst: int, now: float) -> None:
        self._rate = rate
        self._burst = burst
        self._tokens = float(burst)
        self._filled_at = now

    def take(self, now: float) -> bool:
        """Remove one token if there is one."""
        if self.wait(now) > 0:
            return False
        self._tokens -= 1
        return True

    def wait(self, now: float) -> float:
        """Seconds until the next token is there; 0 when one is."""
        # A clock set back must not drain the bucket.
        gained = max(0.0, now - self._filled_at) * self._rate
        self._tokens = min(self._burst, self._tokens + gained)
        self._filled_at = now
        return max(0.0, (1 - self._tokens) / self._rate)
