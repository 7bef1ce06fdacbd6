"""The dashboard, analytics and their history."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

from shared.models.analytics import (
    ContentStats,
    Dashboard,
    ExerciseMetrics,
    Figures,
    ProgramMetrics,
    Snapshot,
    SubscriptionAnalytics,
    SubscriptionStats,
    SystemHealth,
    Usage,
    UsageAnalytics,
    UserGrowth,
)
from shared.rules.analytics import (
    MONTHS,
    dollars,
    end_of,
    growth,
    months_until,
    subscriptions,
)
from shared.services.health import HealthService
from shared.storage.census import CensusRepository
from shared.storage.snapshots import SnapshotRepository

LIVE_SECONDS = 60
"""How old the figures of a dashboard may be; all instances share them."""
LOOKED_THROUGH = 2_000
"""Up to so many programs and exercises are looked through on request; more only once a day."""


class AnalyticsService:
    """`now` returns the current UTC time."""

    def __init__(
        self,
        census: CensusRepository,
        snapshots: SnapshotRepository,
        health: HealthService,
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._census = census
        self._snapshots = snapshots
        self._health = health
        self._now = now

    def dashboard(self) -> Dashboard:
        live = self.live()
        figures = live.figures
        pro = figures.pro_organizations or 0
        canceled = figures.canceled_organizations or 0
        expired = figures.expired_organizations or 0
        return Dashboard(
            total_users=figures.total_users,
            active_users=figures.seen_30_days or 0,
            verified_users=figures.verified_users or 0,
            suspended_users=figures.suspended_users or 0,
            total_organizations=figures.total_organizations,
            active_organizations=live.usage.active_organizations if live.usage else None,
            subscription_stats=SubscriptionStats(
                free_tier_count=figures.total_organizations - pro,
                pro_tier_count=pro,
                total_active=figures.total_organizations - canceled - expired,
                total_cancelled=canceled,
                total_expired=expired,
                monthly_recurring_revenue=dollars(figures.monthly_revenue_cents),
            ),
            content_stats=ContentStats(
                total_exercises=figures.global_exercises + figures.custom_exercises,
                global_exercises=figures.global_exercises,
                custom_exercises=figures.custom_exercises,
                total_programs=figures.program_templates + figures.custom_programs,
                program_templates=figures.program_templates,
                custom_programs=figures.custom_programs,
            ),
            system_health=SystemHealth(
                database_status=self._health.database().status,
                redis_status=self._health.counters().status,
                avg_response_time_ms=None,
                error_rate_percent=None,
                uptime_hours=None,
            ),
            generated_at=live.taken_at,
        )

    def subscriptions(self) -> SubscriptionAnalytics:
        live = self.live()
        return subscriptions(live.taken_at, live.figures, self._history(live.day))

    def growth(self) -> UserGrowth:
        live = self.live()
        months = growth(live.taken_at, live.figures, self._history(live.day))
        return UserGrowth(months=months, generated_at=live.taken_at)

    def usage(self) -> UsageAnalytics:
        live = self.live()
        figures, usage = live.figures, live.usage
        users, programs = figures.total_users, figures.custom_programs
        used = usage.most_used_exercises if usage else []
        cloned = usage.most_cloned_templates if usage else []
        return UsageAnalytics(
            daily_active_users=figures.seen_1_day or 0,
            weekly_active_users=figures.seen_7_days or 0,
            monthly_active_users=figures.seen_30_days or 0,
            exercise_metrics=ExerciseMetrics(
                total_count=figures.global_exercises + figures.custom_exercises,
                created_this_month=figures.exercises_this_month or 0,
                created_this_week=figures.exercises_this_week or 0,
                most_popular=used,
            ),
            program_metrics=ProgramMetrics(
                total_count=figures.program_templates + programs,
                created_this_month=figures.programs_this_month or 0,
                created_this_week=figures.programs_this_week or 0,
                most_popular=cloned,
            ),
            users_with_custom_exercises=usage.users_with_custom_exercises if usage else None,
            users_with_custom_programs=usage.users_with_custom_programs if usage else None,
            users_with_cloned_templates=usage.users_with_cloned_templates if usage else None,
            avg_programs_per_user=round(programs / users, 2) if users else None,
            avg_exercises_per_program=usage.avg_exercises_per_program if usage else None,
            avg_sessions_per_program=usage.avg_sessions_per_program if usage else None,
            most_used_exercises=used,
            most_cloned_templates=cloned,
            measured_at=usage.measured_at if usage else None,
            generated_at=live.taken_at,
        )

    def live(self) -> Snapshot:
        """The figures as they are, or were within the last minute."""
        now, kept = self._now(), self._snapshots.live()
        if kept and timedelta(0) <= now - kept.taken_at < timedelta(seconds=LIVE_SECONDS):
            return kept
        figures = self._census.figures(now)
        usage = self._usage(now, figures)
        live = Snapshot(day=now.date(), taken_at=now, figures=figures, usage=usage)
        self._snapshots.keep_live(live)
        return live

    def take_snapshot(self) -> Snapshot:
        """Today's; taking it again replaces it."""
        now = self._now()
        snapshot = Snapshot(
            day=now.date(),
            taken_at=now,
            figures=self._census.figures(now),
            usage=self._census.usage(now),
        )
        self._snapshots.keep(snapshot)
        return snapshot

    def backfill(self, first: date) -> Iterator[Snapshot]:
        """Count the last day of each month from `first` on, but for those counted in their time.

        Only what still exists can be counted, by its dates; the snapshots say that they are late.
        """
        now = self._now()
        day = _last_day(first)
        while day < now.date():
            snapshot = Snapshot(
                day=day,
                taken_at=now,
                backfilled=True,
                figures=self._census.figures_before(end_of(day)),
            )
            if self._snapshots.keep(snapshot, replace=False):
                yield snapshot
            day = _last_day(day + timedelta(days=1))

    def _usage(self, now: datetime, figures: Figures) -> Usage | None:
        """Measured now where that is little work, else what the newest snapshot found."""
        content = figures.custom_programs + figures.custom_exercises + figures.global_exercises
        if content + (figures.seen_30_days or 0) <= LOOKED_THROUGH:
            return self._census.usage(now)
        recent = self._snapshots.newest_of(months_until(now.date(), 2))
        newest = max(recent.values(), key=lambda snapshot: snapshot.day, default=None)
        return newest.usage if newest else None

    def _history(self, day: date) -> dict[str, Snapshot]:
        return self._snapshots.newest_of(months_until(day, MONTHS + 1)[:-1])


def _last_day(day: date) -> date:
    """Of its month."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)
