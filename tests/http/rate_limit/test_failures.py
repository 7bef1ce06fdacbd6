"""Failed sign-ins: looked at before, charged after, forgotten at success."""

import pytest

from shared.http.rate_limit import Identity
from shared.storage.counters import CounterRepository
from shared.storage.tally import counting
from tests.http.rate_limit.limiters import ANNA, Build, Clock, allowed

PAIR, ADDRESS = ("login_pair",), ("login_address",)


def test_asking_spends_nothing_and_failures_do(build: Build):
    limiter = build()
    assert allowed(limiter, "login_pair", 30) == 30
    for _ in range(10):
        assert limiter.check(PAIR, ANNA).allowed
        limiter.spend(PAIR, ANNA)
    refused = limiter.check(PAIR, ANNA)
    assert (refused.allowed, refused.refused_by) == (False, "login_pair")
    assert refused.figures[0].remaining == 0


def test_failures_at_one_instance_are_known_to_all(build: Build):
    limiters = [build(instance=number) for number in range(4)]
    for number in range(10):
        assert limiters[number % 4].check(PAIR, ANNA).allowed
        limiters[number % 4].spend(PAIR, ANNA)
    assert [limiter.check(PAIR, ANNA).allowed for limiter in limiters] == [False] * 4


def test_success_clears_the_pair_everywhere(build: Build):
    one, two = build(), build(instance=1)
    for _ in range(9):
        one.spend(PAIR, ANNA)
    assert two.check(PAIR, ANNA).figures[0].remaining == 1
    two.clear(PAIR, ANNA)
    assert one.check(PAIR, ANNA).figures[0].remaining == 10
    assert two.check(PAIR, ANNA).figures[0].remaining == 10


def test_a_success_without_failures_before_costs_no_write_to_clear(build: Build):
    limiter = build()
    limiter.check(PAIR, ANNA)
    with counting() as tally:
        limiter.clear(PAIR, ANNA)
    assert tally.writes == 0


def test_two_successes_at_once_do_not_make_room_for_more_failures(build: Build):
    one, two = build(), build(instance=1)
    one.spend(PAIR, ANNA)
    two.check(PAIR, ANNA)
    one.clear(PAIR, ANNA)
    two.clear(PAIR, ANNA)
    for _ in range(10):
        assert one.check(PAIR, ANNA).allowed
        one.spend(PAIR, ANNA)
    assert not two.check(PAIR, ANNA).allowed


def test_the_pair_is_this_address_from_this_network(build: Build):
    limiter = build()
    for _ in range(10):
        limiter.spend(PAIR, ANNA)
    spelled = Identity(ip="192.0.2.1", address="  ANNA@Example.com ")
    assert not limiter.check(PAIR, spelled).allowed
    assert limiter.check(PAIR, Identity(ip="192.0.2.2", address="anna@example.com")).allowed
    assert limiter.check(PAIR, Identity(ip="192.0.2.1", address="bert@example.com")).allowed


def test_an_address_is_guarded_against_many_networks(build: Build):
    limiter = build()
    for number in range(100):
        assert limiter.check(ADDRESS, ANNA).allowed
        limiter.spend(ADDRESS, Identity(ip=f"192.0.2.{number}", address="anna@example.com"))
    assert not limiter.check(ADDRESS, ANNA).allowed


def test_other_instances_let_in_one_failure_too_many_at_most(build: Build):
    one, two = build(), build(instance=1)
    for _ in range(100):
        one.spend(ADDRESS, ANNA)
    assert two.check(ADDRESS, ANNA).allowed
    two.spend(ADDRESS, ANNA)
    assert not two.check(ADDRESS, ANNA).allowed


def test_failures_are_forgotten_with_their_window(build: Build, clock: Clock):
    limiter = build()
    for _ in range(10):
        limiter.spend(PAIR, ANNA)
    clock.time += 900
    assert limiter.check(PAIR, ANNA).allowed


def test_only_policies_that_count_failures_can_be_charged(build: Build):
    with pytest.raises(ValueError, match="default does not count failures"):
        build().spend(["default"], ANNA)


def test_failures_are_counted_here_while_the_store_is_gone(
    build: Build, four: list[CounterRepository], black_hole: CounterRepository
):
    store = [four[0]]
    limiter = build(counters=lambda: store[0], store_seconds=0.25)
    limiter.check(PAIR, ANNA)
    store[0] = black_hole
    for _ in range(10):
        limiter.spend(PAIR, ANNA)
    assert not limiter.check(PAIR, ANNA).allowed
