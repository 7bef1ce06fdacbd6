"""The schedule: every job has its route, every such route its time, and the times are possible."""

from datetime import UTC, datetime, timedelta

import pytest
from cronsim import CronSim
from pydantic import ValidationError

from infra.dev.openapi import routers
from infra.schedule import JobSettings, schedule
from shared.http.context import Access
from shared.storage.jobs import LEASE
from shared.storage.tally import TASK_SECONDS

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ROUTES = {
    route.path.removeprefix("/jobs/"): route
    for router in routers()
    if router.group == "tasks"
    for route in router.routes
    if route.path.startswith("/jobs/")
}


def test_schedule_and_routes_agree() -> None:
    assert set(schedule()) == set(ROUTES)


def test_jobs_are_called_by_our_own_schedule_alone() -> None:
    for route in ROUTES.values():
        assert (route.method, route.access, route.body) == ("POST", Access.TASK, None)


@pytest.mark.parametrize("name", schedule())
def test_a_job_is_due_within_a_day(name: str) -> None:
    job = schedule()[name]
    assert job.time_zone == "Etc/UTC"
    assert next(CronSim(job.cron, NOW)) - NOW <= timedelta(days=1)


def test_a_lease_outlives_the_call_it_is_for() -> None:
    """Otherwise a slow run and the one that takes over would work side by side."""
    assert LEASE.total_seconds() >= TASK_SECONDS
    assert all(job.attempt_deadline_seconds <= LEASE.total_seconds() for job in schedule().values())


@pytest.mark.parametrize("cron", ["", "* * * *", "@daily", "* * * * MON", "* * * * * *"])
def test_a_time_that_is_none_is_refused(cron: str) -> None:
    with pytest.raises(ValidationError):
        JobSettings(cron=cron)
