"""What answers say about limits, and the modes that change it."""

import re

import pytest

from shared.errors import RateLimited
from shared.http import leases
from shared.http.rate_limit import Identity
from shared.rules.limits import POLICIES, KeyKind, Policy, Window, with_overrides
from shared.settings import RateLimitMode
from shared.storage.counters import CounterRepository
from tests.http.rate_limit.limiters import (
    ANNA,
    NOW,
    TICK,
    Build,
    Clock,
    allowed,
    no_store,
)


def test_an_answer_names_the_figures_of_its_window(build: Build):
    limiter = build(TICK)
    limiter.check(["tick"], ANNA)
    assert limiter.check(["tick"], ANNA).headers() == {
        "X-RateLimit-Limit": "10",
        "X-RateLimit-Remaining": "8",
        "X-RateLimit-Reset": str(NOW + 1),
        "RateLimit-Policy": '"tick";q=10;w=1',
        "RateLimit": '"tick";r=8;t=1',
    }


def test_of_several_windows_the_tightest_counts_and_all_are_listed(build: Build):
    wide = Policy("wide", KeyKind.USER, (Window(60, 1), Window(3, 2)))
    # NOW is even: both windows began with it, whatever the second one's phase.
    headers = build(TICK, wide).check(["tick", "wide"], ANNA).headers()
    assert headers["RateLimit-Policy"] == ('"tick";q=10;w=1, "wide-1s";q=60;w=1, "wide-2s";q=3;w=2')
    listed = r'"tick";r=9;t=1, "wide-1s";r=59;t=1, "wide-2s";r=2;t=[12]'
    assert re.fullmatch(listed, headers["RateLimit"])
    assert (headers["X-RateLimit-Limit"], headers["X-RateLimit-Remaining"]) == ("3", "2")


def test_a_refusal_says_when_to_come_back(build: Build, clock: Clock):
    limiter = build(TICK)
    allowed(limiter, "tick", 10)
    clock.time += 0.3
    refused = limiter.check(["tick", "default"], ANNA)
    assert refused.refused_by == "tick"
    with pytest.raises(RateLimited) as error:
        refused.require()
    assert error.value.message == "Too many requests. Try again in 1 seconds."
    assert error.value.details == {"policy": "tick", "retry_after": 1}
    headers = error.value.headers
    assert headers["Retry-After"] == "1"
    assert headers["X-RateLimit-Remaining"] == "0"
    assert headers["X-RateLimit-Reset"] == str(NOW + 1)
    assert headers["RateLimit-Policy"] == '"tick";q=10;w=1, "default";q=60;w=60'
    assert headers["RateLimit"].startswith('"tick";r=0;t=1, "default";r=60;t=')


def test_with_two_windows_used_up_the_later_end_is_told(build: Build):
    limiter = build(Policy("two", KeyKind.USER, (Window(2, 1), Window(2, 3600))))
    assert allowed(limiter, "two", 2) == 2
    refused = limiter.check(["two"], ANNA)
    hour = refused.figures[1]
    assert (refused.figures[0].remaining, hour.remaining) == (0, 0)
    assert refused.retry_after == hour.reset_at - NOW


def test_figures_that_tell_of_strangers_are_kept_back(build: Build):
    verdict = build().check(["login_global", "login", "login_address"], ANNA)
    assert [figure.name for figure in verdict.figures] == ["login-60s", "login-3600s"]


def test_an_allowed_call_is_not_told_to_wait(build: Build):
    verdict = build(TICK).check(["tick"], ANNA)
    verdict.require()
    assert "Retry-After" not in verdict.headers()


def test_off_counts_nothing_and_says_nothing(build: Build):
    limiter = build(TICK, mode=RateLimitMode.OFF, counters=no_store)
    assert allowed(limiter, "tick", 50) == 50
    assert limiter.check(["login_pair"], Identity()).headers() == {}
    limiter.spend(["login_pair"], ANNA)
    limiter.clear(["login_pair"], ANNA)


def test_shadow_refuses_nobody_and_tells_who_would_have(build: Build):
    limiter = build(TICK, mode=RateLimitMode.SHADOW)
    verdicts = [limiter.check(["tick"], ANNA) for _ in range(12)]
    assert all(verdict.allowed for verdict in verdicts)
    assert [verdict.refused_by for verdict in verdicts] == [None] * 10 + ["tick"] * 2
    assert verdicts[-1].headers()["X-RateLimit-Remaining"] == "0"
    assert "Retry-After" not in verdicts[-1].headers()


def test_shadow_goes_on_without_the_store(
    build: Build, black_hole: CounterRepository, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(leases, "FIRST_SECONDS", 0.1)
    limiter = build(mode=RateLimitMode.SHADOW, counters=lambda: black_hole, store_seconds=0.1)
    assert limiter.check(["login"], ANNA).allowed


def test_public_data_is_counted_without_the_store(build: Build, clock: Clock):
    limiter = build(counters=no_store)
    verdicts = [limiter.check(["public"], ANNA) for _ in range(301)]
    assert [verdict.allowed for verdict in verdicts] == [True] * 300 + [False]
    assert verdicts[0].figures[0].remaining == 299
    assert verdicts[-1].headers()["Retry-After"]
    clock.time += 60
    assert allowed(limiter, "public", 1) == 1


def test_figures_can_be_set(build: Build):
    changed = with_overrides(POLICIES, {"clone": "2/1"})["clone"]
    assert allowed(build(changed), "clone", 20) == 2
