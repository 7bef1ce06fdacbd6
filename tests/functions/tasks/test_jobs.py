"""Jobs: once for each time they are due, taken over when a run dies; and what clean-up removes."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from shared.errors import Contended, Unavailable
from shared.services.jobs import JobRun, JobService
from shared.storage.expired import EXPIRING
from shared.storage.jobs import LEASE, JobRepository
from shared.wiring import Wiring
from tests.background import Background
from tests.functions.bodies import a_name
from tests.services.instance import Clock

DUE = datetime(2026, 3, 2, 2, 15, tzinfo=UTC)
CLEAN_UP = "/jobs/clean-up"
Name = str


@pytest.fixture
def name() -> Name:
    """Of a job that no other test runs."""
    return a_name("job").replace(" ", "-").lower()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def jobs(parts: Wiring, clock: Clock) -> JobService:
    return JobService(JobRepository(parts.documents), now=clock.now, new_id=parts.new_id)


class Work:
    """Counts its runs."""

    def __init__(self) -> None:
        self.cursors: list[str] = []

    def __call__(self, run: JobRun) -> str:
        self.cursors.append(run.cursor)
        return "done"


class TestRunning:
    def test_once_for_each_time_it_is_due(self, jobs: JobService, name: Name) -> None:
        work = Work()
        for due in (DUE, DUE, DUE + timedelta(days=1), DUE):
            jobs.run(name, due, work)
        assert len(work.cursors) == 2

    def test_of_five_calls_at_once_one_runs(self, jobs: JobService, name: Name) -> None:
        work, together = Work(), threading.Barrier(5)

        def call(_: int) -> str | None:
            together.wait()
            try:
                return jobs.run(name, DUE, work)
            except Contended:
                return None

        with ThreadPoolExecutor(5) as threads:
            answers = list(threads.map(call, range(5)))
        assert sorted(answers, key=str) == [None] * 4 + ["done"]
        assert work.cursors == [""]

    def test_by_hand_it_runs_again(self, jobs: JobService, name: Name) -> None:
        work = Work()
        for due in (DUE, None, None):
            assert jobs.run(name, due, work) == "done"
        assert len(work.cursors) == 3

    def test_two_jobs_do_not_wait_for_each_other(self, jobs: JobService, name: Name) -> None:
        assert jobs.run(name, DUE, lambda _: jobs.run(f"{name}-2", DUE, Work())) == "done"

    def test_a_failed_run_may_be_repeated_at_once_from_where_it_was(
        self, jobs: JobService, name: Name
    ) -> None:
        def fails(run: JobRun) -> str:
            run.keep("half way")
            raise Unavailable("The database does not answer.")

        with pytest.raises(Unavailable):
            jobs.run(name, DUE, fails)
        work = Work()
        assert jobs.run(name, DUE, work) == "done"
        assert work.cursors == ["half way"]

    def test_a_run_that_died_is_taken_over_after_its_lease(
        self, jobs: JobService, parts: Wiring, clock: Clock, name: Name
    ) -> None:
        begun = JobRepository(parts.documents).begin(name, DUE, "who died", clock.now())
        assert begun is not None
        JobRun(JobRepository(parts.documents), begun, clock.now).keep("half way")
        work = Work()
        clock.seconds = LEASE.total_seconds() - 1
        with pytest.raises(Contended):
            jobs.run(name, DUE, work)
        clock.seconds = LEASE.total_seconds()
        assert jobs.run(name, DUE, work) == "done"
        assert work.cursors == ["half way"]

    def test_who_was_taken_over_is_told(self, jobs: JobService, clock: Clock, name: Name) -> None:
        """It must not go on, nor mark as done what the other has only begun."""
        other = Work()

        def slow(run: JobRun) -> str:
            clock.seconds += LEASE.total_seconds()
            assert jobs.run(name, DUE, other) == "done"
            run.keep("far too late")
            return "never"

        with pytest.raises(Contended):
            jobs.run(name, DUE, slow)
        assert jobs.run(name, DUE, other) is None
        assert len(other.cursors) == 1

    def test_every_job_that_is_called_twice_for_one_time_says_so(
        self, background: Background
    ) -> None:
        due = datetime.now(UTC)
        first, second = (background.call(CLEAN_UP, due=due) for _ in range(2))
        assert first.json["documents"] >= 0
        assert second.json == {"skipped": "clean-up"}
        assert background.call(CLEAN_UP).json["documents"] == 0

    @pytest.mark.parametrize("header", ["", "yesterday", "2026-13-01T00:00:00Z"])
    def test_a_time_that_is_none_counts_as_by_hand(
        self, functions, background: Background, header: str
    ) -> None:
        headers = {
            "Authorization": f"Bearer {background.token()}",
            "X-CloudScheduler-ScheduleTime": header,
        }
        for _ in range(2):
            answer = functions.call("tasks", "POST", f"/api/v1/tasks{CLEAN_UP}", headers=headers)
            assert "documents" in answer.json


class TestCleaningUp:
    def test_it_removes_what_has_expired_and_nothing_else(
        self, background: Background, parts: Wiring
    ) -> None:
        now, name = parts.now(), a_name("x").replace(" ", "-")
        past, future = now - timedelta(minutes=1), now + timedelta(minutes=5)

        def write(transaction) -> None:
            for collection in EXPIRING:
                transaction.put(f"{collection}/{name}-past", {"expire_at": past})
                transaction.put(f"{collection}/{name}-future", {"expire_at": future})
                transaction.put(f"{collection}/{name}-never", {"n": 1})

        parts.documents.atomically(write)
        assert background.call(CLEAN_UP).json["documents"] >= len(EXPIRING)
        left = parts.documents.get_many(
            [f"{each}/{name}-{when}" for each in EXPIRING for when in ("past", "future", "never")]
        )
        assert {path.rpartition("-")[2] for path in left} == {"future", "never"}

    def test_more_than_fit_into_one_batch(self, background: Background, parts: Wiring) -> None:
        past, name = parts.now() - timedelta(minutes=1), a_name("many").replace(" ", "-")

        def write(transaction) -> None:
            for number in range(450):
                transaction.put(f"rate_limits/{name}-{number}", {"expire_at": past})

        parts.documents.atomically(write)
        assert background.call(CLEAN_UP).json["documents"] >= 450
