"""The calls that tests make through the official client, on one queue."""

from datetime import UTC, datetime, timedelta
from typing import Any

from google.cloud import tasks_v2
from google.protobuf.duration_pb2 import Duration

LOCATION = "projects/demo-hypertroq/locations/us-central1"
# No client-side retries: a refusal is an answer here.
OPTIONS: dict[str, Any] = {"retry": None, "timeout": 5}


def duration(seconds: float) -> Duration:
    return Duration(nanos=round(seconds % 1 * 1e9), seconds=int(seconds))


class Calls:
    def __init__(self, client: tasks_v2.CloudTasksClient, queue: str, url: str) -> None:
        self.client = client
        self.queue = queue
        self.url = url

    def create_queue(
        self,
        *,
        attempts: int = 4,
        least: float = 0.05,
        most: float = 1.0,
        doublings: int = 2,
        retry_for: float = 0,
        per_second: float = 500,
        at_once: int = 10,
    ) -> tasks_v2.Queue:
        """Back-off and ``retry_for`` in seconds."""
        queue = tasks_v2.Queue(
            name=self.queue,
            retry_config=tasks_v2.RetryConfig(
                max_attempts=attempts,
                min_backoff=duration(least),
                max_backoff=duration(most),
                max_doublings=doublings,
                max_retry_duration=duration(retry_for),
            ),
            rate_limits=tasks_v2.RateLimits(
                max_dispatches_per_second=per_second, max_concurrent_dispatches=at_once
            ),
        )
        return self.client.create_queue(parent=LOCATION, queue=queue, **OPTIONS)

    def task(
        self,
        *,
        name: str = "",
        path: str = "/",
        body: bytes = b"",
        method: tasks_v2.HttpMethod = tasks_v2.HttpMethod.POST,
        headers: dict[str, str] | None = None,
        oidc: tasks_v2.OidcToken | None = None,
        delay: float | None = None,
    ) -> tasks_v2.Task:
        """``name`` is the last part only; ``delay`` is from now, in seconds."""
        task = tasks_v2.Task(
            name=f"{self.queue}/tasks/{name}" if name else "",
            http_request=tasks_v2.HttpRequest(
                url=self.url + path,
                http_method=method,
                headers=headers or {},
                body=body,
                oidc_token=oidc,
            ),
        )
        if delay is not None:
            task.schedule_time = datetime.now(UTC) + timedelta(seconds=delay)
        return task

    def create_task(self, **fields: Any) -> tasks_v2.Task:
        return self.create(self.task(**fields))

    def create(self, task: tasks_v2.Task) -> tasks_v2.Task:
        return self.client.create_task(parent=self.queue, task=task, **OPTIONS)

    def names(self) -> list[str]:
        """Of the pending tasks, last parts, in the list's order."""
        tasks = self.client.list_tasks(parent=self.queue, **OPTIONS)
        return [task.name.rsplit("/", 1)[1] for task in tasks]
