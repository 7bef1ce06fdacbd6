"""How much of its plan an organization has used."""

from shared.models.base import Model, Moment


class Quota(Model):
    """One thing a plan includes so many of."""

    used: int
    limit: int | None
    """Null for any number."""
    remaining: int | None
    """Never less than 0, also when a former plan allowed more; null for any number."""
    resets_at: Moment | None = None
    """When counting begins anew; null for what is there rather than done."""

    @classmethod
    def of(cls, used: int, limit: int | None, resets_at: Moment | None = None) -> "Quota":
        remaining = None if limit is None else max(0, limit - used)
        return cls(used=used, limit=limit, remaining=remaining, resets_at=resets_at)


class Quotas(Model):
    members: Quota
    custom_exercises: Quota
    programs: Quota
    ai_queries: Quota
    """Of the calendar month, in UTC."""
