"""Cloud Scheduler on this machine: calls each job of schedule.toml when it is due."""

import threading
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import httpx
from cronsim import CronSim

from infra.local.signer import Signer
from infra.schedule import JobSettings

MISSED = timedelta(minutes=2)
"""What was due longer ago than this, while the machine slept, is left to the next time."""


class Scheduler:
    """`url` is the tasks function's; `account` whose name jobs are called in.

    Every job has a thread of its own, so that none waits for another.
    """

    def __init__(
        self, signer: Signer, url: str, account: str, jobs: Mapping[str, JobSettings]
    ) -> None:
        self._signer = signer
        self._url = url
        self._account = account
        self._ended = threading.Event()
        self._threads = [
            threading.Thread(target=self._keep, args=(name, job.cron), name=f"job {name}")
            for name, job in jobs.items()
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Waits for calls under way."""
        self._ended.set()
        for thread in self._threads:
            thread.join()

    def run(self, name: str, due: datetime | None = None) -> httpx.Response:
        """Call a job now: for the time it is due, or by hand. Raises httpx.HTTPError."""
        headers = {
            "Authorization": f"Bearer {self._signer.identity_token(self._account, self._url)}",
            "User-Agent": "Google-Cloud-Scheduler",
            "X-CloudScheduler": "true",
        }
        if due:
            headers["X-CloudScheduler-ScheduleTime"] = due.isoformat()
        with httpx.Client(trust_env=False, timeout=60) as http:
            return http.post(f"{self._url}/jobs/{name}", headers=headers)

    def _keep(self, name: str, cron: str) -> None:
        for due in CronSim(cron, datetime.now(UTC)):
            pause = (due - datetime.now(UTC)).total_seconds()
            if self._ended.wait(max(0.0, pause)):
                return
            if datetime.now(UTC) - due < MISSED:
                self._try(name, due)

    def _try(self, name: str, due: datetime) -> None:
        try:
            self.run(name, due)
        except httpx.HTTPError as error:
            # The functions may be loading, or broken for the moment; the next time comes.
            print(f"· The job {name} could not be called: {error!r}", flush=True)
