"""The token bucket: how many tokens there are, and when the next one comes."""

import pytest

from infra.local.tasks.limits import TokenBucket


def test_a_bucket_starts_with_its_burst() -> None:
    bucket = TokenBucket(rate=2, burst=3, now=100)
    assert [bucket.take(100) for _ in range(4)] == [True, True, True, False]


def test_an_empty_bucket_has_a_token_after_one_interval() -> None:
    bucket = TokenBucket(rate=2, burst=1, now=100)
    assert bucket.take(100)
    assert bucket.wait(100) == 0.5  # 1 / 2 per second
    assert bucket.wait(100.25) == 0.25
    assert not bucket.take(100.25)
    assert bucket.take(100.5)


def test_a_bucket_never_holds_more_than_its_burst() -> None:
    bucket = TokenBucket(rate=2, burst=3, now=100)
    assert [bucket.take(1_000) for _ in range(4)] == [True, True, True, False]


def test_a_clock_set_back_takes_no_tokens_away() -> None:
    bucket = TokenBucket(rate=2, burst=1, now=100)
    assert bucket.take(50)
    assert bucket.wait(50) == pytest.approx(0.5)
