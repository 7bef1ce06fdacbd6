"""Queues: their settings, states and names."""

from datetime import timedelta

import pytest
from google.api_core import exceptions
from google.cloud import tasks_v2
from google.protobuf.field_mask_pb2 import FieldMask

from infra.local.tasks.server import TasksServer
from tests.local.tasks.calls import LOCATION, OPTIONS, Calls
from tests.local.tasks.target import Target


def test_a_created_queue_has_the_settings_it_was_given(calls: Calls) -> None:
    calls.create_queue(attempts=4, least=0.2, most=1, doublings=2, per_second=50, at_once=3)
    queue = calls.client.get_queue(name=calls.queue, **OPTIONS)
    assert queue.name == calls.queue
    assert queue.state == tasks_v2.Queue.State.RUNNING
    assert queue.retry_config.max_attempts == 4
    assert queue.retry_config.min_backoff == timedelta(seconds=0.2)
    assert queue.retry_config.max_backoff == timedelta(seconds=1)
    assert queue.retry_config.max_doublings == 2
    assert queue.rate_limits.max_dispatches_per_second == 50
    assert queue.rate_limits.max_concurrent_dispatches == 3
    assert queue.rate_limits.max_burst_size == 50


def test_settings_left_open_get_the_defaults_of_cloud_tasks(calls: Calls) -> None:
    queue = calls.client.create_queue(
        parent=LOCATION, queue=tasks_v2.Queue(name=calls.queue), **OPTIONS
    )
    assert queue.rate_limits.max_dispatches_per_second == 500
    assert queue.rate_limits.max_concurrent_dispatches == 1_000
    assert queue.retry_config.max_attempts == 100
    assert queue.retry_config.min_backoff == timedelta(seconds=0.1)
    assert queue.retry_config.max_backoff == timedelta(hours=1)
    assert queue.retry_config.max_doublings == 16


def test_a_queue_cannot_be_created_twice(calls: Calls) -> None:
    calls.create_queue()
    with pytest.raises(exceptions.AlreadyExists):
        calls.create_queue()


@pytest.mark.parametrize(
    "name",
    [
        "queues/short",
        f"{LOCATION}/queues/under_score",
        f"{LOCATION}/queues/" + "x" * 101,
        f"{LOCATION}/queues/a/tasks/b",
        "projects/demo-hypertroq/locations/europe-west1/queues/other-location",
    ],
)
def test_a_queue_name_of_another_form_is_refused(calls: Calls, name: str) -> None:
    with pytest.raises(exceptions.InvalidArgument):
        calls.client.create_queue(parent=LOCATION, queue=tasks_v2.Queue(name=name), **OPTIONS)


@pytest.mark.parametrize(
    "settings",
    [
        {"per_second": 501},
        {"at_once": 5_001},
        {"attempts": -2},
        {"doublings": -1},
        {"least": 2, "most": 1},
    ],
)
def test_settings_beyond_the_limits_of_cloud_tasks_are_refused(
    calls: Calls, settings: dict[str, int]
) -> None:
    with pytest.raises(exceptions.InvalidArgument):
        calls.create_queue(**settings)


def test_an_update_changes_only_what_its_mask_names(calls: Calls) -> None:
    calls.create_queue(attempts=4, per_second=50)
    calls.client.pause_queue(name=calls.queue, **OPTIONS)
    change = tasks_v2.Queue(
        name=calls.queue,
        retry_config=tasks_v2.RetryConfig(max_attempts=9),
        rate_limits=tasks_v2.RateLimits(max_dispatches_per_second=7),
    )
    mask = FieldMask(paths=["rate_limits.max_dispatches_per_second"])
    calls.client.update_queue(queue=change, update_mask=mask, **OPTIONS)
    queue = calls.client.get_queue(name=calls.queue, **OPTIONS)
    assert queue.rate_limits.max_dispatches_per_second == 7
    assert queue.retry_config.max_attempts == 4
    assert queue.state == tasks_v2.Queue.State.PAUSED
    assert "purge_time" not in queue


def test_an_update_with_an_unknown_field_in_its_mask_is_refused(calls: Calls) -> None:
    calls.create_queue()
    with pytest.raises(exceptions.InvalidArgument):
        calls.client.update_queue(
            queue=tasks_v2.Queue(name=calls.queue), update_mask=FieldMask(paths=["no"]), **OPTIONS
        )


def test_an_update_creates_a_queue_that_is_not_there(calls: Calls) -> None:
    calls.client.update_queue(queue=tasks_v2.Queue(name=calls.queue), **OPTIONS)
    assert calls.client.get_queue(name=calls.queue, **OPTIONS).retry_config.max_attempts == 100


def test_queues_are_listed_page_by_page_within_their_location(calls: Calls) -> None:
    other = "projects/demo-hypertroq/locations/list-1"
    for letter in "cab":
        calls.client.create_queue(
            parent=other, queue=tasks_v2.Queue(name=f"{other}/queues/{letter}"), **OPTIONS
        )
    pages = calls.client.list_queues({"parent": other, "page_size": 2}, **OPTIONS).pages
    names = [[queue.name for queue in page.queues] for page in pages]
    assert names == [[f"{other}/queues/a", f"{other}/queues/b"], [f"{other}/queues/c"]]


def test_a_deleted_queue_is_gone_with_its_tasks(calls: Calls, server: TasksServer) -> None:
    calls.create_queue()
    calls.create_task(name="later", delay=60)
    calls.client.delete_queue(name=calls.queue, **OPTIONS)
    assert server.pending() == 0
    with pytest.raises(exceptions.NotFound):
        calls.client.get_queue(name=calls.queue, **OPTIONS)


def test_a_paused_queue_delivers_nothing_until_it_is_resumed(
    calls: Calls, server: TasksServer, target: Target
) -> None:
    calls.create_queue()
    paused = calls.client.pause_queue(name=calls.queue, **OPTIONS)
    assert paused.state == tasks_v2.Queue.State.PAUSED
    calls.create_task(body=b"held")
    server.drain(1)
    assert (target.received, server.pending()) == ([], 1)
    resumed = calls.client.resume_queue(name=calls.queue, **OPTIONS)
    assert resumed.state == tasks_v2.Queue.State.RUNNING
    assert [request.body for request in target.wait(1)] == [b"held"]


def test_a_purged_queue_forgets_its_tasks(
    calls: Calls, server: TasksServer, target: Target
) -> None:
    calls.create_queue()
    calls.client.pause_queue(name=calls.queue, **OPTIONS)
    calls.create_task()
    purged = calls.client.purge_queue(name=calls.queue, **OPTIONS)
    assert "purge_time" in purged
    calls.client.resume_queue(name=calls.queue, **OPTIONS)
    server.drain(5)
    assert (calls.names(), target.received) == ([], [])


@pytest.mark.parametrize(
    "method", ["get_queue", "delete_queue", "pause_queue", "resume_queue", "purge_queue"]
)
def test_a_queue_that_is_not_there_is_not_found(calls: Calls, method: str) -> None:
    with pytest.raises(exceptions.NotFound):
        getattr(calls.client, method)(name=f"{LOCATION}/queues/none", **OPTIONS)
