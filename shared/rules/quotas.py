"""What a plan still allows."""

from datetime import UTC, date, datetime

from shared.errors import AiQueriesUsedUp, QuotaReached
from shared.rules.limits import seconds_until


def require_room(used: int, limit: int, what: str) -> None:
    """Raises QuotaReached when the plan allows no more."""
    if used >= limit:
        raise QuotaReached(f"Your plan includes {limit} {what}.", {"limit": limit})


def require_ai_query(used: int, limit: int | None, resets_at: datetime, now: datetime) -> None:
    """Raises AiQueriesUsedUp, with when counting begins anew."""
    if limit is not None and used >= limit:
        raise AiQueriesUsedUp(
            f"Your plan's {limit} AI queries of this month are used up.",
            {"limit": limit, "resets_at": resets_at.isoformat().replace("+00:00", "Z")},
            {"Retry-After": str(seconds_until(int(resets_at.timestamp()), now.timestamp()))},
        )


def month(now: datetime) -> str:
    """The calendar month, such as 2026-11."""
    return f"{now.astimezone(UTC):%Y-%m}"


def next_month(now: datetime) -> datetime:
    """When it begins."""
    today = now.astimezone(UTC).date()
    first = date(today.year + today.month // 12, today.month % 12 + 1, 1)
    return datetime(first.year, first.month, first.day, tzinfo=UTC)
