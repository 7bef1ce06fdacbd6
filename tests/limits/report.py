"""What a trial shows about a limiter: too much, too little, wrongly refused, how dear."""

from collections import Counter
from dataclasses import dataclass
from typing import Self

from tests.limits.fleet import Trial

SATURATED = 1.3
"""Asked for this many times its limit, a window should be used up."""


@dataclass(frozen=True)
class Report:
    """Counted per window of one key.

    Windows that the load's beginning or end cut tell nothing about use and false refusals: what
    was asked for in them is no measure of how fast it was asked for.
    """

    requests: int
    windows: int
    """Those that were not cut."""
    overshoot: int
    """The most calls over the limit in any window; negative when all stayed below."""
    uncounted: int
    """Calls that were decided without the store."""
    saturated: int
    """Windows that were asked for far more than their limit."""
    utilisation: float
    """How much of their limit the saturated windows gave, from 0 to 1."""
    below_limit: int
    """Calls in windows that were asked for no more than their limit, all of them to be allowed."""
    false_refusals: int
    writes_per_request: float
    p50: float
    p99: float

    @classmethod
    def of(cls, trial: Trial) -> Self:
        limit, seconds = trial.load.limit, trial.load.window
        offered: Counter[tuple[str, int]] = Counter()
        allowed: Counter[tuple[str, int]] = Counter()
        for call in trial.calls:
            window = call.key, call.window_end
            offered[window] += 1
            allowed[window] += call.allowed
        whole = [
            (key, end) for key, end in offered if trial.begin <= end - seconds and end <= trial.end
        ]
        saturated = [window for window in whole if offered[window] >= SATURATED * limit]
        modest = [window for window in whole if offered[window] <= limit]
        took = sorted(call.took for call in trial.calls)
        return cls(
            requests=len(took),
            windows=len(whole),
            overshoot=max(count - limit for count in allowed.values()),
            uncounted=sum(not call.counted for call in trial.calls),
            saturated=len(saturated),
            utilisation=sum(allowed[window] for window in saturated)
            / max(1, limit * len(saturated)),
            below_limit=sum(offered[window] for window in modest),
            false_refusals=sum(offered[window] - allowed[window] for window in modest),
            writes_per_request=sum(call.writes for call in trial.calls) / len(took),
            p50=took[len(took) // 2],
            p99=took[len(took) * 99 // 100],
        )

    def __str__(self) -> str:
        return (
            f"{self.requests} requests, {self.windows} windows, overshoot {self.overshoot:+d}, "
            f"{self.uncounted} without the store; {self.saturated} saturated, "
            f"utilisation {self.utilisation:.1%}; false refusals "
            f"{self.false_refusals} of {self.below_limit}; "
            f"{self.writes_per_request:.3f} writes/request; "
            f"p50 {self.p50 * 1000:.2f} ms, p99 {self.p99 * 1000:.1f} ms"
        )
