"""Dashboard and analytics against a history that was computed by hand.

Fourteen months, October 2025 (month 0) to November 2026 (month 13), in which on the 2nd of each
month three organizations begin, each with its owner: 42 in all.

- The first of each month takes Pro on the 10th of its month.
- The second stays on Free.
- The third takes Pro on the 10th of the month after.
- The first of every even month cancels on the 15th three months later; it is paid for until the
  15th of the month after that, and put on Free on the 16th.

So at the end of month j, with `begun` for plans begun and `ended` for plans put on Free:

    begun(j) = (j + 1) firsts + j thirds = 2j + 1
    ended(j) = how many even m have m + 4 <= j = j // 2 - 1 (0 before month 4)
    paying(j) = begun(j) - ended(j)

    j       2  3  4  5   7   8   9  10  11  12  13
    begun   5  7  9 11  15  17  19  21  23  25  27
    ended   0  0  1  1   2   3   3   4   4   5   5
    paying  5  7  8 10  13  14  16  17  19  20  22

Month 6 (April 2026) has no snapshot.
"""

import calendar
from datetime import UTC, date, datetime, timedelta

import pytest

from shared.models.organizations import SubscriptionStatus, Tier
from shared.models.users import Role, UserStatus
from shared.storage.census import COUNT_QUERIES
from shared.storage.documents import Documents
from shared.storage.tally import counting
from shared.wiring import Wiring
from tests.elsewhere import Elsewhere
from tests.rules.build import a_program, a_session, seed_exercises

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
WITHOUT_SNAPSHOT = 6
PAYING = {2: 5, 3: 7, 4: 8, 5: 10, 7: 13, 8: 14, 9: 16, 10: 17, 11: 19, 12: 20, 13: 22}
FREE, PRO = Tier.FREE, Tier.PRO
ACTIVE, CANCELED, EXPIRED = SubscriptionStatus


def at(month: int, day: int) -> datetime:
    return datetime(2025 + (9 + month) // 12, (9 + month) % 12 + 1, day, 12, tzinfo=UTC)


def name(month: int) -> str:
    return f"{at(month, 1):%Y-%m}"


class History:
    def __init__(self, wiring: Elsewhere) -> None:
        self.wiring = wiring
        self.organizations: dict[tuple[int, int], str] = {}

    def happen(self) -> None:
        for month in range(14):
            self._registrations(month)
            self._plans(month)
            if month < 13 and month != WITHOUT_SNAPSHOT:
                last = calendar.monthrange(at(month, 1).year, at(month, 1).month)[1]
                self.wiring.time = at(month, last) + timedelta(hours=11, minutes=50)
                self.wiring.admin.analytics.take_snapshot()
        self._content()
        self.wiring.time = NOW

    def _registrations(self, month: int) -> None:
        self.wiring.time = at(month, 2)
        # Month 13 was here today, 12 five days ago, 11 twenty, and whoever is older forty.
        ago = {13: 0, 12: 5, 11: 20}.get(month, 40)
        for place in range(3):
            _, organization = self.wiring.account(
                f"m{month}p{place}",
                is_verified=place == 0,
                status=UserStatus.SUSPENDED
                if (month, place) in {(0, 1), (1, 1)}
                else UserStatus.ACTIVE,
                role=Role.USER,
                last_seen_on=NOW.date() - timedelta(days=ago),
            )
            self.organizations[month, place] = organization.id

    def _plans(self, month: int) -> None:
        self._plan(month, 10, month, 0, PRO, ACTIVE)
        self._plan(month, 10, month - 1, 2, PRO, ACTIVE)
        if month % 2 == 1 and month >= 3:
            cancels = month - 3
            self.wiring.time = at(month, 15)
            end = at(month + 1, 15)
            self.wiring.account_repository.change_organization(
                self.organizations[cancels, 0],
                lambda row: row.model_copy(update={"period_ends_at": end}),
            )
            self._plan(month, 15, cancels, 0, PRO, CANCELED)
        if month % 2 == 0 and month >= 4:
            self._plan(month, 16, month - 4, 0, FREE, EXPIRED)

    def _plan(
        self,
        month: int,
        day: int,
        whose: int,
        place: int,
        tier: Tier,
        status: SubscriptionStatus,
    ) -> None:
        if whose >= 0:
            self.wiring.time = at(month, day)
            self.wiring.accounts.subscribe(self.organizations[whose, place], tier, status)

    def _content(self) -> None:
        """Two shared exercises, one own; one template; four programs.

        Ann (m0p0) cloned the template twice, Ben (m1p0) once and wrote one with his own exercise.
        Sessions 2 + 2 + 2 + 1 = 7; different exercises 2 + 2 + 2 + 2 = 8.
        """
        exercises, programs = self.wiring.exercise_repository, self.wiring.program_repository
        bench, squat = (
            seed_exercises()[key] for key in ("barbell-bench-press", "barbell-back-squat")
        )
        gym_a, gym_b = self.organizations[0, 0], self.organizations[1, 0]
        own = bench.model_copy(
            update={
                "id": "3f2f1c1e-0000-4000-8000-000000000001",
                "name": "Ben's Press",
                "organization_id": gym_b,
                "created_by_user_id": "m1p0",
            }
        )
        old, lately = at(12, 20), NOW - timedelta(days=2)
        exercises.add(bench.model_copy(update={"created_at": old}))
        exercises.add(squat.model_copy(update={"created_at": old}))
        exercises.add(own.model_copy(update={"created_at": lately}))
        two = [a_session(1, {bench.id: 4}), a_session(2, {squat.id: 3})]
        template = a_program(two, id="two-days", name="Two Days").model_copy(
            update={"organization_id": None, "created_by_user_id": None}
        )
        programs.add(template.model_copy(update={"created_at": old}))
        for number, (gym, user, month) in enumerate(
            [(gym_a, "m0p0", 12), (gym_a, "m0p0", 13), (gym_b, "m1p0", 13)]
        ):
            # Made on the 1st: in November that is this month and not this week.
            copy = a_program(
                two,
                id=f"3f2f1c1e-0000-4000-8000-00000000001{number}",
                organization_id=gym,
                created_by_user_id=user,
                cloned_from="two-days",
                created_at=at(month, 1),
            )
            programs.add(copy)
        programs.add(
            a_program(
                [a_session(1, {own.id: 3, bench.id: 2})],
                id="3f2f1c1e-0000-4000-8000-000000000020",
                organization_id=gym_b,
                created_by_user_id="m1p0",
                created_at=lately,
            )
        )


@pytest.fixture(scope="module")
def wiring(parts: Wiring):
    wiring = Elsewhere(parts.settings, "demo-fourteen-months")
    History(wiring).happen()
    yield wiring
    wiring.close()


def test_the_dashboard(wiring: Elsewhere):
    seen = wiring.admin.analytics.dashboard()
    assert (seen.total_users, seen.total_organizations) == (42, 42)
    # Months 11, 12 and 13 were here within 30 days: 3 x 3.
    assert (seen.active_users, seen.active_organizations) == (9, 9)
    assert (seen.verified_users, seen.suspended_users) == (14, 2)
    plans = seen.subscription_stats
    # On Pro: 22 paying, one of them cancelled and running; 42 - 22 = 20 on Free.
    assert (plans.free_tier_count, plans.pro_tier_count) == (20, 22)
    # 42 - 1 cancelled - 5 expired = 36.
    assert (plans.total_active, plans.total_cancelled, plans.total_expired) == (36, 1, 5)
    # 22 x 30.00.
    assert plans.monthly_recurring_revenue == 660.0
    content = seen.content_stats
    assert (content.total_exercises, content.global_exercises, content.custom_exercises) == (
        3,
        2,
        1,
    )
    assert (content.total_programs, content.program_templates, content.custom_programs) == (5, 1, 4)
    assert (seen.system_health.database_status, seen.system_health.redis_status) == (
        "healthy",
        "healthy",
    )
    assert seen.system_health.avg_response_time_ms is None
    assert seen.generated_at == NOW


def test_subscriptions(wiring: Elsewhere):
    seen = wiring.admin.analytics.subscriptions()
    assert seen.active_subscribers == 22
    assert seen.total_subscribers == 27
    assert (seen.cancelled_subscribers, seen.expired_subscribers) == (1, 5)
    assert seen.monthly_recurring_revenue == 660.0
    # 660 / 22.
    assert seen.average_revenue_per_user == 30.0
    assert (seen.new_subscriptions_this_month, seen.cancellations_this_month) == (2, 1)
    # One of the 20 that were paying when November began.
    assert seen.churn_rate_percent == 5.0
    # 20 / 42 and 22 / 42.
    assert (seen.free_tier_percentage, seen.pro_tier_percentage) == (47.62, 52.38)


def test_the_history_has_twelve_months_but_for_the_one_without_a_snapshot(wiring: Elsewhere):
    seen = wiring.admin.analytics.subscriptions()
    months = [name(month) for month in PAYING]
    assert name(WITHOUT_SNAPSHOT) == "2026-04"
    assert [row.date for row in seen.monthly_revenue_history] == months
    assert [row.amount for row in seen.monthly_revenue_history] == [
        30.0 * paying for paying in PAYING.values()
    ]
    assert [(row.date, row.count) for row in seen.subscription_growth_history] == list(
        zip(months, PAYING.values(), strict=True)
    )
    # Two plans begin each month; one is cancelled in every odd month from the third on.
    assert [row.new for row in seen.subscription_growth_history] == [2] * 11
    assert [row.lost for row in seen.subscription_growth_history] == [month % 2 for month in PAYING]


def test_growth(wiring: Elsewhere):
    months = wiring.admin.analytics.growth().months
    assert [row.total_users for row in months] == [3 * (month + 1) for month in PAYING]
    # Three each month; after the month without a snapshot nobody can tell.
    assert {row.date: row.new_users for row in months} == {
        name(month): None if month == WITHOUT_SNAPSHOT + 1 else 3 for month in PAYING
    }


def test_usage(wiring: Elsewhere):
    seen = wiring.admin.analytics.usage()
    assert (seen.daily_active_users, seen.weekly_active_users, seen.monthly_active_users) == (
        3,
        6,
        9,
    )
    made = seen.exercise_metrics
    assert (made.total_count, made.created_this_month, made.created_this_week) == (3, 1, 1)
    programs = seen.program_metrics
    assert (programs.total_count, programs.created_this_month, programs.created_this_week) == (
        5,
        3,
        1,
    )
    assert seen.users_with_custom_exercises == 1
    assert seen.users_with_custom_programs == 1
    assert seen.users_with_cloned_templates == 2
    # 4 programs / 42 people; 8 exercises / 4; 7 sessions / 4.
    assert (seen.avg_programs_per_user, seen.avg_exercises_per_program) == (0.1, 2.0)
    assert seen.avg_sessions_per_program == 1.75
    assert [(row.name, row.count) for row in seen.most_used_exercises] == [
        ("Barbell Bench Press", 4),
        ("Barbell Back Squat", 3),
        ("Ben's Press", 1),
    ]
    assert [(row.name, row.clone_count) for row in seen.most_cloned_templates] == [("Two Days", 3)]


def test_a_minute_of_dashboards_costs_one_look(wiring: Elsewhere):
    wiring.admin.analytics.live()
    with counting() as tally:
        wiring.admin.analytics.live()
    assert (tally.reads, tally.writes, tally.calls) == (1, 0, 1)


def test_what_a_look_costs_does_not_grow_with_the_people(wiring: Elsewhere):
    """Each count costs a read per thousand: of 100,000 people at most 23 x 100 reads."""
    with counting() as tally:
        wiring.admin.analytics._census.figures(NOW)
    assert tally.calls == COUNT_QUERIES
    # Everything here is counted for one read each.
    assert tally.reads == COUNT_QUERIES


def test_a_count_costs_a_read_per_thousand(wiring: Elsewhere, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("shared.storage.documents.COUNTED_PER_READ", 10)
    documents: Documents = wiring.documents
    with counting() as tally:
        assert documents.count("users") == 42
    assert tally.reads == 5, "42 entries in tens"
    with counting() as tally:
        assert documents.count("users", up_to=20) == 20
    assert tally.reads == 2


def test_too_much_to_look_through_is_taken_from_the_last_snapshot(
    wiring: Elsewhere, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("shared.services.admin.analytics.LOOKED_THROUGH", 3)
    wiring.time = NOW + timedelta(minutes=5)
    seen = wiring.admin.analytics.usage()
    # October's snapshot was taken before anything was made.
    assert seen.measured_at == at(12, 31) + timedelta(hours=11, minutes=50)
    assert (seen.users_with_custom_programs, seen.most_used_exercises) == (0, [])
    assert seen.program_metrics.total_count == 5
    wiring.time = NOW


def test_the_back_fill_counts_what_is_still_there_and_replaces_nothing(wiring: Elsewhere):
    made = list(wiring.admin.analytics.backfill(date(2026, 2, 1)))
    (april,) = made
    assert (april.day, april.backfilled) == (date(2026, 4, 30), True)
    # Month 6: 21 organizations, begun 13; six plans of months 0 to 5 were cancelled before its
    # end, those of month 0 and 2 (in months 3 and 5): 13 - 2 = 11 were not cancelled.
    assert (april.figures.total_users, april.figures.total_organizations) == (21, 21)
    assert (april.figures.ever_subscribed, april.figures.paying_organizations) == (13, 11)
    assert (april.figures.new_subscriptions, april.figures.cancellations) == (2, 0)
    assert april.figures.verified_users is None
    assert list(wiring.admin.analytics.backfill(date(2026, 2, 1))) == []


def test_without_people_nothing_is_divided(elsewhere: Elsewhere):
    seen = elsewhere.admin.analytics.subscriptions()
    assert seen.average_revenue_per_user is None
    assert seen.churn_rate_percent is None
    assert seen.free_tier_percentage is None
    assert [row.amount for row in seen.monthly_revenue_history] == [0.0]
    usage = elsewhere.admin.analytics.usage()
    assert usage.avg_programs_per_user is None
    assert usage.avg_sessions_per_program is None
