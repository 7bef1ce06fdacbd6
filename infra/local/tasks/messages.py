"""The protobuf messages of Cloud Tasks v2: defaults, limits, and what a reader is shown."""

import time
from math import ceil
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from google.cloud import tasks_v2
from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp

from infra.local.tasks.names import check_queue, check_task
from infra.local.tasks.refusals import invalid, unsupported
from infra.local.tasks.retries import RetryPolicy

# The client library ships these classes without type information.
QueueMessage: TypeAlias = Any
TaskMessage: TypeAlias = Any
Queue = tasks_v2.Queue.pb()
Task = tasks_v2.Task.pb()
HttpMethod = tasks_v2.HttpMethod
RUNNING = int(tasks_v2.Queue.State.RUNNING)
PAUSED = int(tasks_v2.Queue.State.PAUSED)
BASIC = int(tasks_v2.Task.View.BASIC)
FULL = int(tasks_v2.Task.View.FULL)

# Limits: the quotas page and the RateLimits, Task and HttpRequest references of Cloud Tasks.
MOST_DISPATCHES_PER_SECOND = 500
MOST_CONCURRENT_DISPATCHES = 5_000
MOST_TASK_BYTES = 1_048_576
MOST_URL_CHARACTERS = 2_083
FURTHEST_SCHEDULE_SECONDS = 30 * 86_400
DEADLINE_SECONDS = (15, 1_800)
DEFAULT_DEADLINE_SECONDS = 600
BODY_METHODS = frozenset({HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH})


def seconds(value: Duration | Timestamp) -> float:
    return value.seconds + value.nanos / 1e9


def set_time(field: Timestamp, at: float) -> None:
    """``at`` in seconds since 1970, truncated to microseconds: what is due now is not future."""
    field.FromMicroseconds(int(at * 1_000_000))


def check_settings(message: QueueMessage) -> None:
    """Refuse a queue whose name, rate limits or retry settings Cloud Tasks would refuse."""
    check_queue(message.name)
    limits, retry = message.rate_limits, message.retry_config
    if not 0 <= limits.max_dispatches_per_second <= MOST_DISPATCHES_PER_SECOND:
        raise invalid(f"max_dispatches_per_second must be 0 to {MOST_DISPATCHES_PER_SECOND}.")
    if not 0 <= limits.max_concurrent_dispatches <= MOST_CONCURRENT_DISPATCHES:
        raise invalid(f"max_concurrent_dispatches must be 0 to {MOST_CONCURRENT_DISPATCHES}.")
    if message.HasField("http_target") or message.HasField("app_engine_routing_override"):
        raise unsupported("Overriding the target of a whole queue is not supported here.")
    _check_retry(retry)


def fill_defaults(message: QueueMessage) -> None:
    """Set what the caller left open to what a new queue has in Cloud Tasks."""
    limits, retry = message.rate_limits, message.retry_config
    limits.max_dispatches_per_second = limits.max_dispatches_per_second or 500
    limits.max_concurrent_dispatches = limits.max_concurrent_dispatches or 1_000
    # Output only; "generally at least equal to" the rate.
    limits.max_burst_size = ceil(limits.max_dispatches_per_second)
    _fill_retry(retry)
    message.state = message.state or RUNNING


def retry_policy(task: TaskMessage, queue: QueueMessage) -> RetryPolicy:
    """The task's own retry settings where it has some, else its queue's."""
    retry = task.retry_config if task.HasField("retry_config") else queue.retry_config
    return RetryPolicy(
        max_attempts=retry.max_attempts,
        # Cloud Tasks truncates it to whole seconds.
        max_retry_duration=float(retry.max_retry_duration.seconds),
        min_backoff=seconds(retry.min_backoff),
        max_backoff=seconds(retry.max_backoff),
        max_doublings=retry.max_doublings,
    )


def new_task(asked: TaskMessage) -> TaskMessage:
    """The task to keep for a creation request that names it; refuses what Cloud Tasks refuses."""
    check_task(asked.name)
    now = time.time()
    _check_request(asked)
    if seconds(asked.schedule_time) > now + FURTHEST_SCHEDULE_SECONDS:
        raise invalid("schedule_time is more than 30 days away.")
    shortest, longest = DEADLINE_SECONDS
    deadline = seconds(asked.dispatch_deadline) or DEFAULT_DEADLINE_SECONDS
    if not shortest <= deadline <= longest:
        raise invalid(f"dispatch_deadline must be {shortest} s to {longest} s.")
    if asked.ByteSize() > MOST_TASK_BYTES:
        raise invalid(f"A task has at most {MOST_TASK_BYTES} bytes.")
    task = Task(name=asked.name, http_request=asked.http_request)
    task.http_request.http_method = asked.http_request.http_method or HttpMethod.POST
    if asked.HasField("retry_config"):
        _check_retry(asked.retry_config)
        task.retry_config.CopyFrom(asked.retry_config)
        _fill_retry(task.retry_config)
    # Cloud Tasks truncates it to milliseconds.
    task.dispatch_deadline.FromMilliseconds(int(deadline * 1_000))
    set_time(task.schedule_time, max(now, seconds(asked.schedule_time)))
    task.create_time.seconds = int(now)
    return task


def shown(task: TaskMessage, view: int) -> TaskMessage:
    """A copy for a reader: the body only in the full view."""
    copy = Task()
    copy.CopyFrom(task)
    copy.view = FULL if view == FULL else BASIC
    if copy.view == BASIC:
        copy.http_request.ClearField("body")
    return copy


def _check_request(task: TaskMessage) -> None:
    if task.HasField("app_engine_http_request"):
        raise unsupported("App Engine targets are not supported here.")
    if not task.HasField("http_request"):
        raise invalid("A task needs an http_request.")
    request = task.http_request
    if request.HasField("oauth_token"):
        raise unsupported("OAuth tokens are for Google's own APIs: not supported here.")
    if len(request.url) > MOST_URL_CHARACTERS or not _is_web(request.url):
        raise invalid("url must start with http:// or https:// and have at most 2083 characters.")
    if request.body and (request.http_method or HttpMethod.POST) not in BODY_METHODS:
        raise invalid("Only POST, PUT and PATCH carry a body.")


def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
        # Reading the port is what checks it.
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _check_retry(retry: Any) -> None:
    if retry.max_attempts < -1:
        raise invalid("max_attempts must be -1 or more.")
    if retry.max_doublings < 0:
        raise invalid("max_doublings must not be negative.")
    durations = (retry.max_retry_duration, retry.min_backoff, retry.max_backoff)
    if any(seconds(duration) < 0 for duration in durations):
        raise invalid("Durations must not be negative.")
    if retry.HasField("max_backoff") and seconds(retry.min_backoff) > seconds(retry.max_backoff):
        raise invalid("min_backoff must not be above max_backoff.")


def _fill_retry(retry: Any) -> None:
    retry.max_attempts = retry.max_attempts or 100
    retry.max_doublings = retry.max_doublings or 16
    if not seconds(retry.min_backoff):
        retry.min_backoff.FromMilliseconds(100)
    if not seconds(retry.max_backoff):
        retry.max_backoff.FromSeconds(3_600)
