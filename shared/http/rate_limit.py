"""The distributed rate limiter: who is calling, may they, and what the answer tells them."""

import unicodedata
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b, sha256
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from threading import Lock
from typing import NamedTuple

from shared.errors import RateLimited, Unavailable
from shared.http.leases import COUNTED, PASSES, STORE_SECONDS, Bucket, Leases, Outcome, Standing
from shared.rules.limits import KeyKind, Policy, seconds_until
from shared.settings import RateLimitMode
from shared.storage.counters import CounterRepository

_KEYS = 10_000


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom a call is counted for; a policy fails with ValueError if its part is missing."""

    user_id: str | None = None
    ip: str | None = None
    """As `client_ip` gives it."""
    address: str | None = None
    """The e-mail address someone signs in with, in any spelling."""
    token: str | None = None

    def key(self, kind: KeyKind) -> str:
        match kind:
            case KeyKind.USER:
                return _present(self.user_id, kind)
            case KeyKind.IP:
                return _present(self.ip, kind)
            case KeyKind.TOKEN:
                return sha256(_present(self.token, kind).encode("utf-8", "replace")).hexdigest()
            case KeyKind.ADDRESS:
                return _folded(_present(self.address, kind))
            case KeyKind.ADDRESS_AND_IP:
                return f"{_present(self.ip, kind)} {_folded(_present(self.address, kind))}"
            case KeyKind.GLOBAL:
                return ""


def _present(part: str | None, kind: KeyKind) -> str:
    if not part:
        raise ValueError(f"a limit by {kind.name} was asked about a call without one")
    return part


def _folded(address: str) -> str:
    return unicodedata.normalize("NFKC", address).strip().casefold()


def client_ip(x_forwarded_for: str | None, peer: str, trusted_hops: int) -> str:
    """The address to count a call under: IPv4 as it is, IPv6 as its /64 network.

    `trusted_hops` proxies of ours stand before us, the nearest of them being the peer; each
    appended whom it saw. The entry of the outermost one counts; what lies left of it, or all of
    it without proxies, is the client's own invention.
    """
    if trusted_hops > 0 and x_forwarded_for:
        entries = x_forwarded_for.rsplit(",", trusted_hops)[-trusted_hops:]
        if len(entries) == trusted_hops:
            return _network(entries[0].strip()) or _network(peer) or peer
    return _network(peer) or peer


def _network(text: str) -> str | None:
    try:
        address: IPv4Address | IPv6Address = ip_address(text)
    except ValueError:
        return None
    if isinstance(address, IPv4Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(IPv6Network((int(address) >> 64 << 64, 64)))


class Figure(NamedTuple):
    """One window as the client may see it; `reset_at` in epoch seconds."""

    name: str
    limit: int
    seconds: int
    remaining: int
    reset_at: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check found; without figures while the shared counters are out of reach."""

    allowed: bool
    now: float = 0.0
    figures: tuple[Figure, ...] = ()
    refused_by: str | None = None
    """The policy that refused, or in shadow mode would have."""
    retry_after: int | None = None
    """Seconds after which the call may be repeated."""

    def headers(self) -> dict[str, str]:
        """What every answer carries: the tightest window, then all of them."""
        headers = {} if self.allowed else {"Retry-After": str(self.retry_after)}
        if not self.figures:
            return headers
        tightest = min(self.figures, key=lambda figure: (figure.remaining, -figure.reset_at))
        return headers | {
            "X-RateLimit-Limit": str(tightest.limit),
            "X-RateLimit-Remaining": str(tightest.remaining),
            "X-RateLimit-Reset": str(tightest.reset_at),
            "RateLimit-Policy": ", ".join(
                f'"{figure.name}";q={figure.limit};w={figure.seconds}' for figure in self.figures
            ),
            "RateLimit": ", ".join(
                f'"{figure.name}";r={figure.remaining};t={seconds_until(figure.reset_at, self.now)}'
                for figure in self.figures
            ),
        }

    def require(self) -> None:
        """Raise RateLimited unless the call is allowed."""
        if not self.allowed:
            raise RateLimited(
                f"Too many requests. Try again in {self.retry_after} seconds.",
                details={"policy": self.refused_by, "retry_after": self.retry_after},
                headers=self.headers(),
            )


class RateLimiter:
    """Counts calls for all threads of a function instance, and with all other instances.

    `counters` is asked for when the store is needed first; `now` returns epoch seconds; `secret`
    keys the hashes under which callers are counted, so that stored counters name nobody.
    """

    def __init__(
        self,
        counters: Callable[[], CounterRepository],
        policies: Mapping[str, Policy],
        *,
        mode: RateLimitMode,
        now: Callable[[], float],
        secret: bytes,
        store_seconds: float = STORE_SECONDS,
        most_keys: int = _KEYS,
    ) -> None:
        self._policies = policies
        self._mode = mode
        self._now = now
        # blake2b takes keys of 64 bytes at most.
        self._secret = blake2b(secret).digest()
        self._leases = Leases(counters, now, store_seconds)
        self._most_keys = most_keys
        self._buckets: OrderedDict[tuple[str, int, str], Bucket] = OrderedDict()
        self._lock = Lock()

    def check(self, names: Sequence[str], identity: Identity) -> Verdict:
        """Use one permit of every window of the named policies, or of none.

        Policies that count failures are only looked at. Raises Unavailable when the store does
        not answer and a policy denies then.
        """
        if self._mode is RateLimitMode.OFF:
            return Verdict(allowed=True)
        standings: list[Standing] = []
        refusal: Standing | None = None
        for bucket in self._of(names, identity):
            if refusal is not None:
                standing = self._leases.watch(bucket)
            elif bucket.policy.failures_only:
                standing = self._leases.look(bucket)
            else:
                standing = self._leases.take(bucket)
            if refusal is None and standing.outcome not in PASSES:
                refusal = standing
            standings.append(standing)
        if refusal is None:
            return self._verdict(standings)
        for standing in standings:
            if standing.outcome in PASSES and not standing.bucket.policy.failures_only:
                self._leases.give_back(standing)
        if refusal.outcome is Outcome.UNKNOWN and self._mode is RateLimitMode.ENFORCE:
            raise Unavailable("This is not possible for a moment. Try again shortly.")
        return self._verdict(standings, refusal)

    def spend(self, names: Sequence[str], identity: Identity) -> None:
        """Count a failure in policies that count failures."""
        for bucket in self._failures(names, identity):
            self._leases.charge(bucket)

    def clear(self, names: Sequence[str], identity: Identity) -> None:
        """Forget the failures that were counted: whoever succeeded is no guesser."""
        for bucket in self._failures(names, identity):
            self._leases.forget(bucket)

    def hashed(self, ip: str) -> str:
        """The network address as it may be stored: keyed, so that nobody can look it up."""
        return self._digest(("", 0, ip))

    def _failures(self, names: Iterable[str], identity: Identity) -> Iterator[Bucket]:
        if self._mode is RateLimitMode.OFF:
            return
        for bucket in self._of(names, identity):
            if not bucket.policy.failures_only:
                raise ValueError(f"{bucket.policy.name} does not count failures")
            yield bucket

    def _of(self, names: Iterable[str], identity: Identity) -> Iterator[Bucket]:
        for name in names:
            policy = self._policies[name]
            raw = identity.key(policy.key)
            for window in policy.windows:
                key = (name, window.seconds, raw)
                with self._lock:
                    bucket = self._buckets.get(key)
                    if bucket is None:
                        bucket = self._buckets[key] = Bucket(policy, window, self._digest(key))
                        if len(self._buckets) > self._most_keys:
                            self._buckets.popitem(last=False)
                    else:
                        self._buckets.move_to_end(key)
                yield bucket

    def _digest(self, key: tuple[str, int, str]) -> str:
        text = "\0".join(map(str, key)).encode("utf-8", "surrogatepass")
        return blake2b(text, key=self._secret, digest_size=20).hexdigest()

    def _verdict(self, standings: Sequence[Standing], refusal: Standing | None = None) -> Verdict:
        now = self._now()
        figures: tuple[Figure, ...] = ()
        if all(standing.outcome in COUNTED for standing in standings):
            figures = tuple(_figure(each) for each in standings if each.bucket.policy.announced)
        if refusal is None:
            return Verdict(allowed=True, now=now, figures=figures)
        # Waiting must help: every window known to be used up has to end first.
        end = max(each.end for each in standings if each is refusal or not each.remaining)
        return Verdict(
            allowed=self._mode is RateLimitMode.SHADOW,
            now=now,
            figures=figures,
            refused_by=refusal.bucket.policy.name,
            retry_after=seconds_until(end, now),
        )


def _figure(standing: Standing) -> Figure:
    policy, window = standing.bucket.policy, standing.bucket.window
    name = policy.window_name(window)
    return Figure(name, window.limit, window.seconds, standing.remaining, standing.end)
