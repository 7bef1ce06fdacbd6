"""Limits without their store: no standstill, and no free guesses."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from shared.errors import Unavailable
from shared.http import leases
from shared.http.rate_limit import Verdict
from shared.rules.limits import KeyKind, OnStoreFailure, Policy, Window
from shared.storage.counters import CounterRepository
from tests.http.rate_limit.limiters import (
    ANNA,
    TICK,
    Build,
    Clock,
    allowed,
    counters_at,
)


def test_a_silent_store_costs_one_short_wait_and_the_limit_still_holds(
    build: Build, black_hole: CounterRepository
):
    limiter = build(counters=lambda: black_hole, store_seconds=leases.STORE_SECONDS)
    waits = []
    verdicts: list[Verdict] = []
    for _ in range(70):
        started = time.perf_counter()
        verdicts.append(limiter.check(["default"], ANNA))
        waits.append(time.perf_counter() - started)
    assert sum(verdict.allowed for verdict in verdicts) == 60
    assert max(waits) == waits[0] <= 0.4  # 0.25 s, and room for a busy machine
    assert sum(waits[1:]) < 0.1
    assert verdicts[0].headers() == {}
    assert verdicts[-1].headers().keys() == {"Retry-After"}


def test_a_store_that_is_not_there_is_noticed_at_once(build: Build):
    with ExitStack() as stack:
        nobody = counters_at("127.0.0.1:1", stack)
        limiter = build(counters=lambda: nobody, store_seconds=leases.STORE_SECONDS)
        assert allowed(limiter, "default", 70) == 60


def test_threads_on_one_key_do_not_wait_one_after_another(
    build: Build, black_hole: CounterRepository
):
    limiter = build(counters=lambda: black_hole, store_seconds=leases.STORE_SECONDS)
    started = time.perf_counter()
    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(lambda _: allowed(limiter, "default", 1), range(8)))
    assert time.perf_counter() - started < 0.6  # far from 8 * 0.25 s


def test_what_a_guesser_could_use_is_refused_with_503(
    build: Build, black_hole: CounterRepository, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(leases, "FIRST_SECONDS", 0.4)
    limiter = build(counters=lambda: black_hole, store_seconds=0.1)
    waits = []
    for _ in range(20):
        started = time.perf_counter()
        with pytest.raises(Unavailable) as error:
            limiter.check(["login"], ANNA)
        waits.append(time.perf_counter() - started)
        assert error.value.headers == {"Retry-After": "2"}
    # A client that has yet to connect is given longer, or every cold start would refuse.
    assert 0.3 < waits[0] < 0.8
    assert sum(waits[1:]) < 0.1


def test_permits_already_fetched_are_used_before_the_store_is_missed(
    build: Build, four: list[CounterRepository], black_hole: CounterRepository
):
    store = [four[0]]
    limiter = build(counters=lambda: store[0], store_seconds=0.1)
    assert allowed(limiter, "default", 4) == 4  # leases of 1, 2 and 4: three permits left
    store[0] = black_hole
    assert [bool(limiter.check(["default"], ANNA).figures) for _ in range(5)] == [
        *(True, True, True),
        *(False, False),
    ]
    assert allowed(limiter, "default", 100) == 60 - 4 - 5


def test_the_store_is_left_alone_for_two_seconds_and_then_tried_again(
    build: Build,
    four: list[CounterRepository],
    black_hole: CounterRepository,
    clock: Clock,
):
    store = [black_hole]
    limiter = build(TICK, counters=lambda: store[0], store_seconds=0.25)
    assert not limiter.check(["tick"], ANNA).figures
    store[0] = four[0]
    clock.time += 1.9
    assert not limiter.check(["tick"], ANNA).figures
    clock.time += 0.1
    assert limiter.check(["tick"], ANNA).figures


def test_a_clock_set_back_does_not_keep_the_store_shut_out(
    build: Build,
    four: list[CounterRepository],
    black_hole: CounterRepository,
    clock: Clock,
):
    store = [black_hole]
    limiter = build(TICK, counters=lambda: store[0], store_seconds=0.1)
    limiter.check(["tick"], ANNA)
    store[0] = four[0]
    clock.time -= 3600
    assert limiter.check(["tick"], ANNA).figures


def test_nothing_is_taken_from_the_other_windows_of_a_call_that_was_denied(
    build: Build, four: list[CounterRepository], black_hole: CounterRepository
):
    store = [four[0]]
    deny = Policy("deny", KeyKind.USER, (Window(5, 1),), OnStoreFailure.DENY)
    limiter = build(TICK, deny, counters=lambda: store[0], store_seconds=0.1)
    limiter.check(["tick"], ANNA)
    store[0] = black_hole
    with pytest.raises(Unavailable):
        limiter.check(["tick", "deny"], ANNA)
    assert allowed(limiter, "tick", 20) == 9
