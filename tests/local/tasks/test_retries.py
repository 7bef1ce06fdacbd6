"""Retries: after which failures, how long after, and how often."""

import pytest

from infra.local.tasks.retries import RetryPolicy
from infra.local.tasks.server import TasksServer
from tests.local.tasks.calls import OPTIONS, Calls
from tests.local.tasks.target import Target

# The example in the RetryConfig reference of Cloud Tasks.
DOCUMENTED = RetryPolicy(
    max_attempts=100, max_retry_duration=0, min_backoff=10, max_backoff=300, max_doublings=3
)


@pytest.mark.parametrize(
    ("attempts", "interval"),
    [
        (1, 10),
        (2, 20),  # 10 * 2
        (3, 40),  # 10 * 2^2
        (4, 80),  # 10 * 2^3: the third and last doubling
        (5, 160),  # 80 + 80
        (6, 240),  # 160 + 80
        (7, 300),  # 240 + 80 = 320, above max_backoff
        (8, 300),
        (5_000, 300),
    ],
)
def test_intervals_double_then_grow_linearly_then_stay(attempts: int, interval: int) -> None:
    assert DOCUMENTED.interval(attempts) == interval


def test_many_doublings_stay_within_a_float() -> None:
    policy = RetryPolicy(
        max_attempts=-1, max_retry_duration=0, min_backoff=0.1, max_backoff=5, max_doublings=10**6
    )
    assert policy.interval(10**6) == 5


@pytest.mark.parametrize(
    ("max_attempts", "max_retry_duration", "attempts", "elapsed", "gives_up"),
    [
        (3, 0, 2, 1e6, False),
        (3, 0, 3, 0.0, True),
        # Both limits have to be reached.
        (3, 60, 3, 59.9, False),
        (3, 60, 2, 60.0, False),
        (3, 60, 3, 60.0, True),
        # -1: attempts without limit, so that only time ends them.
        (-1, 0, 10**6, 1e9, False),
        (-1, 60, 1, 59.9, False),
        (-1, 60, 1, 60.0, True),
    ],
)
def test_a_task_is_given_up_when_both_limits_are_reached(
    *, max_attempts: int, max_retry_duration: int, attempts: int, elapsed: float, gives_up: bool
) -> None:
    policy = RetryPolicy(
        max_attempts=max_attempts,
        max_retry_duration=max_retry_duration,
        min_backoff=1,
        max_backoff=1,
        max_doublings=1,
    )
    assert policy.gives_up(attempts, elapsed) is gives_up


def test_a_failed_delivery_is_retried_after_doubling_intervals(
    calls: Calls, server: TasksServer, target: Target
) -> None:
    calls.create_queue(least=0.1, doublings=2)
    target.answer = lambda number: 500 if number <= 2 else 200
    calls.create_task(body=b"again")
    first, second, third = target.wait(3)
    assert second.at - first.at >= 0.1
    assert third.at - second.at >= 0.2  # 0.1 * 2
    assert [first.body, second.body, third.body] == [b"again"] * 3
    server.drain(5)
    assert (server.pending(), len(target.received)) == (0, 3)


def test_a_retry_tells_the_target_what_happened_before(calls: Calls, target: Target) -> None:
    """Answers of 5xx count as retries, but not as executions."""
    calls.create_queue()
    target.answer = lambda number: {1: 503, 2: 404}.get(number, 200)
    calls.create_task()
    told = [
        (
            request.headers["x-cloudtasks-taskretrycount"],
            request.headers["x-cloudtasks-taskexecutioncount"],
            request.headers.get("x-cloudtasks-taskpreviousresponse"),
        )
        for request in target.wait(3)
    ]
    assert told == [("0", "0", None), ("1", "0", "503"), ("2", "1", "404")]


def test_a_waiting_retry_shows_its_attempts(
    calls: Calls, server: TasksServer, target: Target
) -> None:
    calls.create_queue(least=60, most=60)
    target.answer = lambda number: 500
    created = calls.create_task()
    target.wait(1)
    server.drain(5)
    task = calls.client.get_task(name=created.name, **OPTIONS)
    assert (task.dispatch_count, task.response_count) == (1, 1)
    assert task.first_attempt.dispatch_time == task.last_attempt.dispatch_time
    assert task.last_attempt.response_status.message == "HTTP status code 500"
    waits = task.schedule_time - task.last_attempt.response_time
    assert waits.total_seconds() == pytest.approx(60, abs=1e-3)


@pytest.mark.parametrize("status", [302, 400, 429, 500])
def test_any_answer_outside_2xx_is_a_failure(
    calls: Calls, server: TasksServer, target: Target, status: int
) -> None:
    calls.create_queue(attempts=2)
    target.answer = lambda number: status
    calls.create_task()
    target.wait(2)
    server.drain(5)
    assert (server.pending(), len(target.received)) == (0, 2)


@pytest.mark.parametrize("status", [200, 204, 299])
def test_any_answer_within_2xx_is_a_success(
    calls: Calls, server: TasksServer, target: Target, status: int
) -> None:
    calls.create_queue()
    target.answer = lambda number: status
    calls.create_task()
    target.wait(1)
    server.drain(5)
    assert (server.pending(), len(target.received)) == (0, 1)


def test_deliveries_stop_after_max_attempts(
    calls: Calls, server: TasksServer, target: Target
) -> None:
    calls.create_queue(attempts=4, least=0.05, most=0.05)
    target.answer = lambda number: 500
    calls.create_task()
    target.wait(4)
    server.drain(5)
    assert (server.pending(), len(target.received)) == (0, 4)


def test_deliveries_go_on_past_max_attempts_until_the_retry_duration(
    calls: Calls, server: TasksServer, target: Target
) -> None:
    """2 attempts, 1 s, every 0.6 s: at 0, 0.6 and 1.2 s; the third is the first past both."""
    calls.create_queue(attempts=2, retry_for=1, least=0.6, most=0.6)
    target.answer = lambda number: 500
    calls.create_task()
    requests = target.wait(3)
    server.drain(5)
    assert (server.pending(), len(target.received)) == (0, 3)
    assert requests[2].at - requests[0].at >= 1.0


def test_a_target_that_is_not_there_is_tried_again(
    calls: Calls, server: TasksServer, target: Target
) -> None:
    calls.create_queue(least=60, most=60)
    # Port 9, "discard": nobody listens.
    calls.url = "http://127.0.0.1:9"
    created = calls.create_task()
    server.drain(5)
    task = calls.client.get_task(name=created.name, **OPTIONS)
    assert (task.dispatch_count, task.response_count) == (1, 0)
    assert task.last_attempt.response_status.message == "HTTP status code missing"


def test_a_task_may_have_retry_settings_of_its_own(
    calls: Calls, server: TasksServer, target: Target
) -> None:
    calls.create_queue(attempts=4)
    target.answer = lambda number: 500
    task = calls.task()
    task.retry_config = {"max_attempts": 1}
    calls.create(task)
    target.wait(1)
    server.drain(5)
    assert (server.pending(), len(target.received)) == (0, 1)
