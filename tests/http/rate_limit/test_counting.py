"""Counting: never one call too many, and no false alarm."""

from concurrent.futures import ThreadPoolExecutor

from shared.http.rate_limit import Identity
from shared.rules.limits import KeyKind, Policy, Window
from shared.storage.tally import counting
from tests.http.rate_limit.limiters import ANNA, NOW, TICK, Build, Clock, allowed


def test_four_threads_get_exactly_the_limit(build: Build):
    limiter = build()
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: allowed(limiter, "default", 50), range(4)))
    assert sum(found) == 60


def test_four_instances_with_four_threads_each_get_exactly_the_limit(build: Build, clock: Clock):
    """Ten windows at eight times the limit: 16 threads of 30 calls against 60."""
    limiters = [build(instance=number) for number in range(4)]
    with ThreadPoolExecutor(16) as pool:
        for _ in range(10):
            found = list(pool.map(lambda n: allowed(limiters[n % 4], "default", 30), range(16)))
            assert sum(found) == 60
            clock.time += 60


def test_large_limits_are_exact_as_well(build: Build):
    limiters = [build(instance=number) for number in range(4)]
    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(lambda n: allowed(limiters[n % 4], "login_global", 100), range(16)))
    assert sum(found) == 1000


def test_a_small_limit_strands_nothing_in_any_instance(build: Build):
    limiters = [build(instance=number) for number in range(4)]
    found = [limiters[n % 4].check(["exercise_create"], ANNA).allowed for n in range(24)]
    assert found == [True] * 10 + [False] * 14


def test_one_instance_may_use_what_the_others_leave(build: Build):
    """Three instances see one call each; their leases of 1 strand nothing: 60 - 3 = 57."""
    limiters = [build(instance=number) for number in range(4)]
    assert [allowed(limiter, "default", 1) for limiter in limiters[:3]] == [1, 1, 1]
    assert allowed(limiters[3], "default", 100) == 57


def test_leases_save_most_writes(build: Build):
    # Leases of 1, 2, 4, 7, 6, 5, 5, 4, 4, 3, 3, 2, 2, 2, 2, then eights of eight: 1 each.
    limiter = build()
    with counting() as tally:
        assert allowed(limiter, "default", 60) == 60
    assert (tally.reads, tally.writes) == (0, 23)


def test_a_used_up_window_costs_one_write_to_find_out_and_none_after(build: Build):
    limiter = build(TICK)
    assert allowed(limiter, "tick", 10) == 10
    with counting() as tally:
        assert allowed(limiter, "tick", 100) == 0
    assert tally.writes == 1


def test_callers_do_not_share_a_window(build: Build):
    limiter = build(TICK)
    assert allowed(limiter, "tick", 11) == 10
    assert allowed(limiter, "tick", 11, Identity(user_id="bert")) == 10


def test_a_call_needs_a_permit_of_every_window_and_a_refused_one_takes_none(
    build: Build, clock: Clock
):
    limiter = build(Policy("two", KeyKind.USER, (Window(5, 3600), Window(2, 1))))
    hour = limiter.check(["two"], ANNA).figures[0]
    found = []
    for _ in range(4):
        found.append(allowed(limiter, "two", 20))
        clock.time += 1
    assert clock.time < hour.reset_at
    # The first call and 1 in its second, 2 in the next, the fifth in the third: then the hour
    # is used up, though 56 calls were refused before.
    assert found == [1, 2, 1, 0]


def test_a_call_counts_for_all_its_policies_or_for_none(build: Build):
    limiter = build(TICK)
    verdicts = [limiter.check(["default", "tick"], ANNA) for _ in range(20)]
    assert [verdict.allowed for verdict in verdicts] == [True] * 10 + [False] * 10
    assert limiter.check(["default"], ANNA).figures[0].remaining == 49  # 60 - 10 - 1


def test_a_new_window_begins_on_the_second(build: Build, clock: Clock):
    limiter = build(TICK)
    assert allowed(limiter, "tick", 12) == 10
    clock.time = NOW + 0.999
    assert allowed(limiter, "tick", 1) == 0
    clock.time = NOW + 1
    assert allowed(limiter, "tick", 12) == 10


def test_whoever_waits_as_told_gets_through(build: Build, clock: Clock):
    limiter = build()
    clock.time += 0.4
    assert allowed(limiter, "clone", 20) == 20
    refused = limiter.check(["clone"], ANNA)
    assert refused.retry_after is not None
    clock.time += refused.retry_after - 1.5
    assert allowed(limiter, "clone", 1) == 0
    clock.time += 1.5
    assert allowed(limiter, "clone", 1) == 1


def test_keys_do_not_all_start_anew_at_once(build: Build):
    limiter = build()
    ends = {
        limiter.check(["default"], Identity(user_id=f"user-{number}")).figures[0].reset_at
        for number in range(40)
    }
    assert len(ends) > 20
    assert all(NOW < end <= NOW + 60 for end in ends)


def test_a_clock_set_back_counts_in_the_old_window_again(build: Build, clock: Clock):
    limiter = build(TICK)
    assert allowed(limiter, "tick", 12) == 10
    clock.time += 1
    assert allowed(limiter, "tick", 12) == 10
    clock.time -= 1
    assert allowed(limiter, "tick", 12) == 0
