"""Limiters over the embedded Firestore, as many as there would be function instances."""

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from infra.local.firestore.server import FirestoreServer
from shared.http.rate_limit import RateLimiter
from shared.rules.limits import POLICIES, Policy
from shared.settings import RateLimitMode
from shared.storage.counters import CounterRepository
from tests.http.rate_limit.limiters import SECRET, Build, Clock, counters_at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="package")
def server() -> Iterator[FirestoreServer]:
    server = FirestoreServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="package")
def four(server: FirestoreServer) -> Iterator[list[CounterRepository]]:
    """Four clients with connections of their own, as four function instances have."""
    with ExitStack() as stack:
        yield [counters_at(server.address, stack) for _ in range(4)]


@pytest.fixture
def build(server: FirestoreServer, four: list[CounterRepository], clock: Clock) -> Build:
    """Builds a limiter, patient enough for a busy machine, over an empty store."""
    server.reset()

    def limiter(
        *policies: Policy,
        instance: int = 0,
        counters: Callable[[], CounterRepository] | None = None,
        mode: RateLimitMode = RateLimitMode.ENFORCE,
        secret: bytes = SECRET,
        store_seconds: float = 5.0,
        most_keys: int = 10_000,
    ) -> RateLimiter:
        return RateLimiter(
            counters or (lambda: four[instance]),
            {**POLICIES, **{policy.name: policy for policy in policies}},
            mode=mode,
            now=clock,
            secret=secret,
            store_seconds=store_seconds,
            most_keys=most_keys,
        )

    return limiter


@pytest.fixture
def black_hole() -> Iterator[CounterRepository]:
    """A store that accepts connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening, ExitStack() as stack:
        yield counters_at(f"127.0.0.1:{listening.getsockname()[1]}", stack)
