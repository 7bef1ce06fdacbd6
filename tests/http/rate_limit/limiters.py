"""What the rate limiter's tests share: a clock to turn, callers, clients of one store."""

from collections.abc import Callable
from contextlib import ExitStack, closing

import pytest
from google.cloud.firestore import Client

from shared.http.rate_limit import Identity, RateLimiter
from shared.rules.limits import KeyKind, Policy, Window
from shared.storage.counters import CounterRepository
from shared.storage.documents import Documents

NOW = 1_760_000_000
SECRET = b"a secret of the tests"
ANNA = Identity(user_id="anna", ip="192.0.2.1", address="anna@example.com", token="t")
TICK = Policy("tick", KeyKind.USER, (Window(10, 1),))
"""Windows of one second have no phase, so that their ends are plain to see."""

Build = Callable[..., RateLimiter]


class Clock:
    def __init__(self) -> None:
        self.time = float(NOW)

    def __call__(self) -> float:
        return self.time


def counters_at(address: str, stack: ExitStack) -> CounterRepository:
    """Counters of the server at that address, through a connection of their own."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("FIRESTORE_EMULATOR_HOST", address)
        client = stack.enter_context(closing(Client(project="demo-limits")))
    return CounterRepository(Documents(client))


def no_store() -> CounterRepository:
    raise AssertionError("the store was asked for")


def allowed(limiter: RateLimiter, name: str, calls: int, identity: Identity = ANNA) -> int:
    """How many of that many calls get through."""
    return sum(limiter.check([name], identity).allowed for _ in range(calls))
