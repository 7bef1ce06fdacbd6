"""The formulas of the administrators' numbers; docs/admin.md explains them."""

import itertools
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from shared.models.analytics import (
    Figures,
    MonthlyAmount,
    MonthlyCount,
    MonthlyUsers,
    Snapshot,
    SubscriptionAnalytics,
)

MONTHS = 12
TOP = 10


def month_of(day: date) -> str:
    return f"{day:%Y-%m}"


def month_start(moment: datetime) -> datetime:
    return moment.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def months_until(day: date, count: int) -> list[str]:
    """That many months ending with the day's own, oldest first."""
    months = []
    for _ in range(count):
        months.append(month_of(day))
        day = day.replace(day=1) - timedelta(days=1)
    return months[::-1]


def end_of(day: date) -> datetime:
    """The first moment that no longer belongs to it."""
    return datetime.combine(day + timedelta(days=1), time.min, UTC)


def dollars(cents: int) -> float:
    return cents / 100


def percent(part: int, whole: int) -> float | None:
    """Two decimals; None of nothing."""
    return round(100 * part / whole, 2) if whole else None


def subscriptions(
    now: datetime, live: Figures, by_month: Mapping[str, Snapshot]
) -> SubscriptionAnalytics:
    """`by_month` holds the newest snapshot of each earlier month that has one."""
    current = month_of(now.date())
    history = [
        (month, live if month == current else by_month[month].figures)
        for month in months_until(now.date(), MONTHS)
        if month == current or month in by_month
    ]
    before = by_month.get(months_until(now.date(), 2)[0])
    paying, cents = live.paying_organizations, live.monthly_revenue_cents
    pro = live.pro_organizations or 0
    return SubscriptionAnalytics(
        total_subscribers=live.ever_subscribed,
        active_subscribers=paying,
        cancelled_subscribers=live.canceled_organizations or 0,
        expired_subscribers=live.expired_organizations or 0,
        monthly_recurring_revenue=dollars(cents),
        average_revenue_per_user=round(dollars(cents) / paying, 2) if paying else None,
        new_subscriptions_this_month=live.new_subscriptions,
        cancellations_this_month=live.cancellations,
        churn_rate_percent=percent(live.cancellations, before.figures.paying_organizations)
        if before
        else None,
        free_tier_percentage=percent(live.total_organizations - pro, live.total_organizations),
        pro_tier_percentage=percent(pro, live.total_organizations),
        monthly_revenue_history=[
            MonthlyAmount(date=month, amount=dollars(figures.monthly_revenue_cents))
            for month, figures in history
        ],
        subscription_growth_history=[
            MonthlyCount(
                date=month,
                count=figures.paying_organizations,
                new=figures.new_subscriptions,
                lost=figures.cancellations,
            )
            for month, figures in history
        ],
        generated_at=now,
    )


def growth(now: datetime, live: Figures, by_month: Mapping[str, Snapshot]) -> list[MonthlyUsers]:
    """As `subscriptions`; a month's newcomers are what it has more than the one before."""
    current = month_of(now.date())
    known = {month: snapshot.figures for month, snapshot in by_month.items()} | {current: live}
    months = months_until(now.date(), MONTHS + 1)
    return [
        MonthlyUsers(
            date=month,
            total_users=known[month].total_users,
            total_organizations=known[month].total_organizations,
            new_users=known[month].total_users - known[before].total_users
            if before in known
            else None,
        )
        for before, month in itertools.pairwise(months)
        if month in known
    ]


@dataclass(frozen=True, slots=True)
class ProgramUse:
    """What the census looks at in a program of an organization."""

    organization_id: str
    creator: str | None
    template: str | None
    """What it is a copy of."""
    exercises: Sequence[str]
    """Ids, each once."""
    sessions: int


@dataclass(slots=True)
class UseCounts:
    """What all programs together amount to."""

    programs: int = 0
    sessions: int = 0
    exercises: int = 0
    writers: set[str] = field(default_factory=set)
    cloners: set[str] = field(default_factory=set)
    used: Counter[tuple[str, str]] = field(default_factory=Counter)
    """By exercise and, for an organization's own, the organization; else empty."""
    cloned: Counter[str] = field(default_factory=Counter)

    def average(self, total: int) -> float | None:
        return round(total / self.programs, 2) if self.programs else None


def counted(programs: Iterable[ProgramUse], shared: Iterable[str]) -> UseCounts:
    """`shared` are the ids of the shared catalogue; any other exercise is its organization's."""
    known, counts = set(shared), UseCounts()
    for program in programs:
        counts.programs += 1
        counts.sessions += program.sessions
        counts.exercises += len(program.exercises)
        if program.creator:
            (counts.cloners if program.template else counts.writers).add(program.creator)
        if program.template:
            counts.cloned[program.template] += 1
        for exercise in program.exercises:
            owner = "" if exercise in known else program.organization_id
            counts.used[exercise, owner] += 1
    return counts
