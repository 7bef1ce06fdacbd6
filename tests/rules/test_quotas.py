"""Quotas: what is left, and when counting begins anew."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from shared.errors import AiQueriesUsedUp, QuotaReached
from shared.models.quotas import Quota
from shared.rules.quotas import month, next_month, require_ai_query, require_room

DECEMBER = datetime(2026, 12, 31, 23, 59, tzinfo=UTC)
NOW = datetime(2026, 12, 31, 23, 0, 30, tzinfo=UTC)


def test_what_is_left_is_never_less_than_nothing() -> None:
    assert Quota.of(7, 10).remaining == 3
    assert Quota.of(12, 10).remaining == 0
    assert Quota.of(12, None).remaining is None


def test_a_month_is_one_of_utc() -> None:
    east = timezone(timedelta(hours=2))
    # One in the morning of January 1st there is eleven at night of December 31st in UTC.
    assert month(datetime(2027, 1, 1, 1, tzinfo=east)) == "2026-12"
    assert next_month(DECEMBER) == datetime(2027, 1, 1, tzinfo=UTC)
    assert next_month(datetime(2027, 1, 31, tzinfo=UTC)) == datetime(2027, 2, 1, tzinfo=UTC)


def test_the_last_place_is_given_and_no_other() -> None:
    require_room(9, 10, "programs")
    with pytest.raises(QuotaReached, match="10 programs"):
        require_room(10, 10, "programs")


def test_the_last_query_is_given_and_no_other() -> None:
    require_ai_query(9, 10, DECEMBER, NOW)
    require_ai_query(9_999, None, DECEMBER, NOW)
    with pytest.raises(AiQueriesUsedUp) as refusal:
        require_ai_query(10, 10, DECEMBER, NOW)
    # 58 minutes and a half.
    assert refusal.value.headers == {"Retry-After": "3510"}
    assert refusal.value.details == {"limit": 10, "resets_at": "2026-12-31T23:59:00Z"}
