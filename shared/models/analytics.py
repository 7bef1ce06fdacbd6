"""What administrators see of the whole: the dashboard, subscriptions and usage.

Numbers say what was counted; what is not measured is null. docs/admin.md has the formulas.
"""

from datetime import date

from shared.models.base import Model, Moment


class Figures(Model):
    """Counts at one moment. Null where a moment in the past can no longer be counted."""

    total_users: int
    verified_users: int | None = None
    suspended_users: int | None = None
    seen_1_day: int | None = None
    """People who were here today (UTC)."""
    seen_7_days: int | None = None
    seen_30_days: int | None = None
    total_organizations: int
    pro_organizations: int | None = None
    """With the tier PRO, whatever its status."""
    canceled_organizations: int | None = None
    expired_organizations: int | None = None
    paying_organizations: int
    """On Pro with its features on: active, or cancelled within the period that is paid for."""
    ever_subscribed: int
    """Organizations that are or were on Pro."""
    new_subscriptions: int
    """Pro plans that began since the month began and are the organization's newest."""
    cancellations: int
    """Plans cancelled or ended since the month began and not taken up again."""
    global_exercises: int
    custom_exercises: int
    exercises_this_month: int | None = None
    """Made since the month began, by anybody."""
    exercises_this_week: int | None = None
    """Made within seven days."""
    program_templates: int
    custom_programs: int
    """Programs of organizations, clones included."""
    programs_this_month: int | None = None
    programs_this_week: int | None = None
    monthly_revenue_cents: int


class Popular(Model):
    id: str
    name: str | None
    """Null when it is gone."""
    count: int
    """Programs that contain it."""


class Cloned(Model):
    id: str
    name: str | None
    """Null when the template is gone."""
    clone_count: int
    """Programs that are copies of it."""


class Usage(Model):
    """What only a look at every program and exercise can tell."""

    measured_at: Moment
    active_organizations: int
    """With a member who was here within 30 days."""
    users_with_custom_exercises: int
    users_with_custom_programs: int
    """Who wrote a program rather than cloned one."""
    users_with_cloned_templates: int
    avg_exercises_per_program: float | None
    """Different exercises; null without programs."""
    avg_sessions_per_program: float | None
    most_used_exercises: list[Popular]
    """The ten in most programs."""
    most_cloned_templates: list[Cloned]
    """The ten with most copies."""


class Snapshot(Model):
    """As stored under `stats/{yyyy-mm-dd}`, and the newest of a month under `stats/{yyyy-mm}`."""

    day: date
    taken_at: Moment
    backfilled: bool = False
    """Counted later from the dates of what was still there."""
    figures: Figures
    usage: Usage | None = None


class SubscriptionStats(Model):
    free_tier_count: int
    pro_tier_count: int
    total_active: int
    total_cancelled: int
    total_expired: int
    monthly_recurring_revenue: float
    """US dollars."""


class ContentStats(Model):
    total_exercises: int
    global_exercises: int
    custom_exercises: int
    total_programs: int
    program_templates: int
    custom_programs: int


class SystemHealth(Model):
    database_status: str
    redis_status: str
    """Of the store of rate limits, which takes its place."""
    avg_response_time_ms: float | None
    """Not measured here: Cloud Monitoring has it."""
    error_rate_percent: float | None
    """Not measured here: Cloud Monitoring has it."""
    uptime_hours: float | None
    """Not measured here: functions start and end with the load."""


class Dashboard(Model):
    """The whole at a glance, at most a minute old."""

    total_users: int
    active_users: int
    """Seen within 30 days."""
    verified_users: int
    suspended_users: int
    total_organizations: int
    active_organizations: int | None
    """With a member seen within 30 days; null until it is measured."""
    subscription_stats: SubscriptionStats
    content_stats: ContentStats
    system_health: SystemHealth
    generated_at: Moment


class MonthlyAmount(Model):
    date: str
    """Month, `YYYY-MM`."""
    amount: float
    """Monthly recurring revenue at its end, in US dollars."""


class MonthlyCount(Model):
    date: str
    """Month, `YYYY-MM`."""
    count: int
    """Paying organizations at its end."""
    new: int
    """Plans that began in it."""
    lost: int
    """Plans that were cancelled or ended in it."""


class SubscriptionAnalytics(Model):
    """Months without a snapshot are absent; the current month is as it stands."""

    total_subscribers: int
    """Organizations that are or were on Pro."""
    active_subscribers: int
    """On Pro with its features on."""
    cancelled_subscribers: int
    expired_subscribers: int
    monthly_recurring_revenue: float
    """US dollars."""
    average_revenue_per_user: float | None
    """US dollars per paying organization; null without one."""
    new_subscriptions_this_month: int
    cancellations_this_month: int
    churn_rate_percent: float | None
    """Cancellations this month per organization paying when it began; null when nobody was, or
    the month before has no snapshot."""
    free_tier_percentage: float | None
    """Of all organizations; null without any."""
    pro_tier_percentage: float | None
    monthly_revenue_history: list[MonthlyAmount]
    """Up to 12 months, oldest first."""
    subscription_growth_history: list[MonthlyCount]
    generated_at: Moment


class ExerciseMetrics(Model):
    total_count: int
    created_this_month: int
    created_this_week: int
    most_popular: list[Popular]


class ProgramMetrics(Model):
    total_count: int
    created_this_month: int
    created_this_week: int
    most_popular: list[Cloned]


class UsageAnalytics(Model):
    """How the product is used. Null and empty until the programs were looked through."""

    daily_active_users: int
    """Seen today (UTC)."""
    weekly_active_users: int
    monthly_active_users: int
    """Seen within 30 days."""
    exercise_metrics: ExerciseMetrics
    program_metrics: ProgramMetrics
    users_with_custom_exercises: int | None
    users_with_custom_programs: int | None
    users_with_cloned_templates: int | None
    avg_programs_per_user: float | None
    """Programs of organizations per person, clones included."""
    avg_exercises_per_program: float | None
    avg_sessions_per_program: float | None
    most_used_exercises: list[Popular]
    most_cloned_templates: list[Cloned]
    measured_at: Moment | None
    """When the programs were looked through: just now, or by the last daily snapshot."""
    generated_at: Moment


class MonthlyUsers(Model):
    date: str
    """Month, `YYYY-MM`."""
    total_users: int
    """At its end."""
    total_organizations: int
    new_users: int | None
    """More than at the end of the month before; null when that has no snapshot."""


class UserGrowth(Model):
    """Up to 12 months, oldest first; months without a snapshot are absent."""

    months: list[MonthlyUsers]
    generated_at: Moment
