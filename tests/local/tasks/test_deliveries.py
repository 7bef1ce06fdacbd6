"""Deliveries: what the target receives, when, and how many at once."""

import threading
import time

import pytest
from google.cloud import tasks_v2

from infra.local.signer import Signer
from infra.local.tasks.delivery import Attempt, Delivery
from infra.local.tasks.messages import Task as TaskProto
from infra.local.tasks.queues import PendingTask
from infra.local.tasks.server import TasksServer
from tests.local.tasks.calls import OPTIONS, Calls
from tests.local.tasks.target import Target


def test_a_task_is_delivered_with_its_body_and_headers(calls: Calls, target: Target) -> None:
    calls.create_queue()
    created = calls.create_task(
        path="/jobs?of=a%20day",
        body=b'{"a": 1}',
        headers={"Content-Type": "application/json", "X-My": "1"},
    )
    (request,) = target.wait(1)
    assert (request.method, request.path, request.body) == ("POST", "/jobs?of=a%20day", b'{"a": 1}')
    assert request.headers["content-type"] == "application/json"
    assert request.headers["x-my"] == "1"
    assert request.headers["user-agent"] == "Google-Cloud-Tasks"
    assert request.headers["x-cloudtasks-queuename"] == calls.queue.rsplit("/", 1)[1]
    assert request.headers["x-cloudtasks-taskname"] == created.name.rsplit("/", 1)[1]
    assert request.headers["x-cloudtasks-taskretrycount"] == "0"
    assert request.headers["x-cloudtasks-taskexecutioncount"] == "0"
    eta = float(request.headers["x-cloudtasks-tasketa"])
    assert eta == pytest.approx(created.schedule_time.timestamp(), abs=1e-5)
    assert "x-cloudtasks-taskpreviousresponse" not in request.headers
    assert "authorization" not in request.headers


def test_a_task_cannot_set_the_headers_of_cloud_tasks(calls: Calls, target: Target) -> None:
    calls.create_queue()
    forged = {"X-CloudTasks-QueueName": "forged", "Host": "forged", "X-Google-A": "forged"}
    calls.create_task(headers=forged | {"User-Agent": "forged"})
    (request,) = target.wait(1)
    assert "forged" not in request.headers.values()


def test_a_binary_body_arrives_unchanged(calls: Calls, target: Target) -> None:
    calls.create_queue()
    calls.create_task(body=bytes(range(256)), headers={"Content-Type": "text/plain"})
    (request,) = target.wait(1)
    assert request.body == bytes(range(256))
    assert request.headers["content-type"] == "text/plain"


@pytest.mark.parametrize("method", ["PUT", "PATCH", "GET", "DELETE"])
def test_the_method_of_a_task_is_kept(calls: Calls, target: Target, method: str) -> None:
    calls.create_queue()
    calls.create_task(method=tasks_v2.HttpMethod[method])
    assert target.wait(1)[0].method == method


def test_a_method_without_a_body_sends_no_length(calls: Calls, target: Target) -> None:
    calls.create_queue()
    calls.create_task(method=tasks_v2.HttpMethod.GET)
    assert "content-length" not in target.wait(1)[0].headers


def test_a_url_with_unsafe_characters_is_encoded(calls: Calls, target: Target) -> None:
    calls.create_queue()
    calls.create_task(path="/a b/é?q=ü v")
    assert target.wait(1)[0].path == "/a%20b/%C3%A9?q=%C3%BC%20v"


def test_a_task_is_not_delivered_before_its_schedule_time(calls: Calls, target: Target) -> None:
    calls.create_queue()
    created = calls.create_task(delay=0.3)
    (request,) = target.wait(1)
    assert request.at >= created.schedule_time.timestamp()


def test_no_more_deliveries_run_at_once_than_the_queue_allows(
    calls: Calls, server: TasksServer, target: Target
) -> None:
    calls.create_queue(at_once=3)
    target.open.clear()
    for number in range(12):
        calls.create_task(body=str(number).encode())
    target.wait(3)
    tasks = calls.client.list_tasks(parent=calls.queue, **OPTIONS)
    assert sum(task.dispatch_count for task in tasks) == 3
    target.open.set()
    server.drain(5)
    assert sorted(int(request.body) for request in target.received) == list(range(12))
    assert target.most_at_once == 3


def test_deliveries_beyond_the_burst_wait_for_the_rate(
    calls: Calls, server: TasksServer, target: Target
) -> None:
    """20 a second with a burst of 20: tasks 21 to 25 wait for 5 tokens, 5 / 20 = 0.25 s."""
    calls.create_queue(per_second=20)
    calls.client.pause_queue(name=calls.queue, **OPTIONS)
    for _ in range(25):
        calls.create_task()
    before = time.time()
    calls.client.resume_queue(name=calls.queue, **OPTIONS)
    server.drain(5)
    assert len(target.received) == 25
    assert target.received[-1].at - before >= 0.25


def test_a_hundred_tasks_are_all_delivered_once(
    calls: Calls, server: TasksServer, target: Target
) -> None:
    calls.create_queue()
    for number in range(100):
        calls.create_task(body=str(number).encode())
    server.drain(10)
    assert sorted(int(request.body) for request in target.received) == list(range(100))
    assert server.pending() == 0


def test_an_answer_after_the_deadline_is_none(
    signer: Signer, server: TasksServer, target: Target
) -> None:
    task = TaskProto(name="projects/p/locations/l/queues/q/tasks/t")
    task.http_request.url = target.url
    task.http_request.http_method = tasks_v2.HttpMethod.POST
    task.dispatch_deadline.FromMilliseconds(50)
    target.open.clear()
    began = time.monotonic()
    assert Delivery(signer).send(Attempt(PendingTask(task))) == 0
    assert 0.05 <= time.monotonic() - began < 5


def test_drain_waits_for_a_delivery_under_way(
    calls: Calls, server: TasksServer, target: Target
) -> None:
    calls.create_queue()
    target.open.clear()
    calls.create_task()
    target.wait(1)
    with pytest.raises(TimeoutError):
        server.drain(0.05)
    threading.Timer(0.05, target.open.set).start()
    server.drain(5)
    assert server.pending() == 0


def test_drain_does_not_wait_for_what_is_scheduled_later(
    calls: Calls, server: TasksServer, target: Target
) -> None:
    calls.create_queue()
    calls.create_task(delay=60)
    server.drain(1)
    assert (server.pending(), target.received) == (1, [])


def test_run_due_now_delivers_what_is_scheduled_later(
    calls: Calls, server: TasksServer, target: Target
) -> None:
    calls.create_queue()
    calls.create_task(delay=60)
    server.run_due_now()
    server.drain(5)
    assert (server.pending(), len(target.received)) == (0, 1)


def test_reset_forgets_tasks_and_names_and_keeps_queues(
    calls: Calls, server: TasksServer, target: Target
) -> None:
    calls.create_queue(attempts=7)
    calls.create_task(name="once")
    target.wait(1)
    server.drain(5)
    calls.create_task(name="later", delay=60)
    calls.client.pause_queue(name=calls.queue, **OPTIONS)
    server.reset()
    queue = calls.client.get_queue(name=calls.queue, **OPTIONS)
    assert (calls.names(), queue.retry_config.max_attempts) == ([], 7)
    assert queue.state == tasks_v2.Queue.State.RUNNING
    calls.create_task(name="once")
    target.wait(2)


def test_reset_cuts_deliveries_under_way_off(
    calls: Calls, server: TasksServer, target: Target
) -> None:
    calls.create_queue()
    target.open.clear()
    calls.create_task()
    target.wait(1)
    server.reset()
    server.drain(5)
    assert server.pending() == 0
