"""What one function instance holds of the shared counters: leased permits, one key at a time."""

from collections.abc import Callable
from datetime import UTC, datetime
from enum import Enum, auto
from threading import Lock
from typing import NamedTuple

from shared.errors import Unavailable
from shared.rules import limits
from shared.rules.limits import OnStoreFailure, Policy, Window
from shared.storage.counters import CounterRepository

STORE_SECONDS = 0.25
"""How long a request waits for the counters before it goes on without them."""
FIRST_SECONDS = 2.0
"""The same while the client has yet to connect, where going on without them means a refusal."""
BREAK_SECONDS = 2.0
"""How long the counters are left alone after a failure."""
KEEP_SECONDS = 3600
"""How long a counter outlives its window before Firestore may remove it."""


class Outcome(Enum):
    GRANTED = auto()
    REFUSED = auto()
    UNTOUCHED = auto()
    """Not asked, because another window refused already."""
    LOCAL = auto()
    """Granted by this instance's own count: the store did not answer."""
    LOCAL_REFUSED = auto()
    UNKNOWN = auto()
    """The store did not answer, and the policy denies then."""


PASSES = frozenset({Outcome.GRANTED, Outcome.LOCAL})
COUNTED = frozenset({Outcome.GRANTED, Outcome.REFUSED, Outcome.UNTOUCHED})
"""Outcomes whose figures are those of the store."""


class Standing(NamedTuple):
    """A bucket as it was right after a call was decided; `end` in epoch seconds."""

    bucket: "Bucket"
    outcome: Outcome
    number: int
    remaining: int
    end: int


class Bucket:
    """One key in one window; everything but the constants is guarded by `lock`."""

    __slots__ = (
        "blocked",
        "cap",
        "counter",
        "digest",
        "early",
        "left",
        "lock",
        "number",
        "policy",
        "refills",
        "used",
        "window",
    )

    def __init__(self, policy: Policy, window: Window, digest: str) -> None:
        self.policy = policy
        self.window = window
        self.digest = digest
        self.early = limits.phase(digest, window.seconds)
        self.cap = limits.lease_cap(window.limit)
        self.lock = Lock()
        self.number = -1
        self._empty()

    def _empty(self) -> None:
        self.counter = 0  # the shared count, as last heard
        self.left = 0  # leased permits not used yet
        self.used = 0  # calls this instance let through
        self.refills = 0
        self.blocked = False
        if not self.policy.shared:
            self.counter = self.left = self.window.limit

    def turn(self, now: float) -> None:
        """Start anew if `now` lies in another window."""
        number = limits.window_number(now, self.window.seconds, self.early)
        if number != self.number:
            self.number = number
            self._empty()

    @property
    def end(self) -> int:
        return limits.window_end(self.number, self.window.seconds, self.early)

    @property
    def remaining(self) -> int:
        """Calls still possible: a hint, since other instances use up theirs meanwhile."""
        if self.blocked:
            return 0
        return max(0, self.window.limit - self.counter) + self.left

    def standing(self, outcome: Outcome) -> Standing:
        return Standing(self, outcome, self.number, self.remaining, self.end)

    def use(self) -> Outcome:
        self.left -= 1
        self.used += 1
        return Outcome.GRANTED


class Breaker:
    """Leaves a failing store alone, then lets one caller at a time find out if it is back."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._since: float | None = None

    def lets_through(self, now: float) -> bool:
        if self._since is None:
            return True
        with self._lock:
            # A clock that was set back must not keep the breaker open.
            if self._since is not None and 0 <= now - self._since < BREAK_SECONDS:
                return False
            self._since = now
            return True

    def failed(self, now: float) -> None:
        with self._lock:
            self._since = now

    def answered(self) -> None:
        self._since = None


class Leases:
    """Takes permits for buckets, from the instance's own lease or with one write to the store."""

    def __init__(
        self,
        counters: Callable[[], CounterRepository],
        now: Callable[[], float],
        store_seconds: float = STORE_SECONDS,
    ) -> None:
        self._counters = counters
        self._now = now
        self._store_seconds = store_seconds
        self._breaker = Breaker()
        self._connected = False

    def take(self, bucket: Bucket) -> Standing:
        """Use one permit."""
        with bucket.lock:
            bucket.turn(self._now())
            return bucket.standing(bucket.use() if bucket.left > 0 else self._refill(bucket))

    def give_back(self, standing: Standing) -> None:
        """Undo `take`, because another window refused the call."""
        bucket = standing.bucket
        with bucket.lock:
            if bucket.number == standing.number:
                bucket.used -= 1
                if standing.outcome is Outcome.GRANTED:
                    bucket.left += 1

    def watch(self, bucket: Bucket) -> Standing:
        """How things stand, as far as this instance has heard."""
        with bucket.lock:
            bucket.turn(self._now())
            return bucket.standing(Outcome.UNTOUCHED)

    def look(self, bucket: Bucket) -> Standing:
        """Whether failures are left, without using one.

        Small limits ask the store. Larger ones go by what this instance heard at its own last
        failure: that may let each instance in for one attempt too many, and saves every
        successful attempt a write.
        """
        with bucket.lock:
            bucket.turn(self._now())
            if not bucket.blocked and limits.exact(bucket.window.limit):
                counter = self._add(bucket, 0)
                if counter is None:
                    return bucket.standing(self._without_store(bucket, use=0))
                bucket.counter = max(0, counter)
                bucket.blocked = bucket.counter >= bucket.window.limit
            return bucket.standing(Outcome.REFUSED if bucket.blocked else Outcome.GRANTED)

    def charge(self, bucket: Bucket) -> None:
        """Count a failure, within this instance at least."""
        with bucket.lock:
            bucket.turn(self._now())
            bucket.used += 1
            counter = self._add(bucket, 1)
            bucket.counter = bucket.counter + 1 if counter is None else counter
            bucket.blocked = bucket.counter >= bucket.window.limit

    def forget(self, bucket: Bucket) -> None:
        """Take back the failures known of, and no more: others may be adding theirs."""
        with bucket.lock:
            bucket.turn(self._now())
            if bucket.counter > 0:
                rest = self._add(bucket, -bucket.counter)
                if rest is not None and rest < 0:  # another success took back the same ones
                    self._add(bucket, -rest)
            bucket.counter = bucket.used = 0
            bucket.blocked = False

    def _refill(self, bucket: Bucket) -> Outcome:
        if bucket.blocked or not bucket.policy.shared:
            bucket.blocked = True
            return Outcome.REFUSED
        limit = bucket.window.limit
        amount = limits.lease(bucket.counter, limit, bucket.refills, bucket.cap)
        counter = self._add(bucket, amount)
        if counter is None:
            return self._without_store(bucket, use=1)
        bucket.counter = counter
        bucket.refills += 1
        bucket.left = limits.granted(counter, amount, limit)
        if bucket.left > 0:
            return bucket.use()
        bucket.blocked = True
        return Outcome.REFUSED

    def _without_store(self, bucket: Bucket, *, use: int) -> Outcome:
        if bucket.policy.on_store_failure is OnStoreFailure.DENY:
            return Outcome.UNKNOWN
        if bucket.used >= bucket.window.limit:
            return Outcome.LOCAL_REFUSED
        bucket.used += use
        return Outcome.LOCAL

    def _add(self, bucket: Bucket, amount: int) -> int | None:
        if not self._breaker.lets_through(self._now()):
            return None
        denies = bucket.policy.on_store_failure is OnStoreFailure.DENY
        first = denies and not self._connected
        try:
            counter = self._counters().add(
                bucket.digest,
                bucket.number,
                amount,
                datetime.fromtimestamp(bucket.end + KEEP_SECONDS, UTC),
                max(FIRST_SECONDS, self._store_seconds) if first else self._store_seconds,
            )
        except Unavailable:
            self._breaker.failed(self._now())
            return None
        self._connected = True
        self._breaker.answered()
        return counter
