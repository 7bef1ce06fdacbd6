"""Tasks: names, listing, reading, deleting and running them."""

from datetime import timedelta

import pytest
from google.api_core import exceptions
from google.cloud import tasks_v2

from infra.local.tasks.server import TasksServer
from tests.local.tasks.calls import LOCATION, OPTIONS, Calls
from tests.local.tasks.target import Target


def test_a_task_without_a_name_gets_one(calls: Calls) -> None:
    calls.create_queue()
    first, second = calls.create_task(delay=60), calls.create_task(delay=60)
    assert first.name.startswith(f"{calls.queue}/tasks/")
    assert first.name != second.name


def test_a_name_is_taken_while_its_task_is_pending(calls: Calls) -> None:
    calls.create_queue()
    calls.create_task(name="once", delay=60)
    with pytest.raises(exceptions.AlreadyExists):
        calls.create_task(name="once", delay=60)


def test_a_name_stays_taken_after_its_task_is_done(
    calls: Calls, server: TasksServer, target: Target
) -> None:
    calls.create_queue()
    calls.create_task(name="once")
    target.wait(1)
    server.drain(5)
    assert calls.names() == []
    with pytest.raises(exceptions.AlreadyExists):
        calls.create_task(name="once")


@pytest.mark.parametrize("end", ["delete", "purge"])
def test_a_name_stays_taken_after_its_task_is_deleted(calls: Calls, end: str) -> None:
    calls.create_queue()
    task = calls.create_task(name="once", delay=60)
    if end == "delete":
        calls.client.delete_task(name=task.name, **OPTIONS)
    else:
        calls.client.purge_queue(name=calls.queue, **OPTIONS)
    with pytest.raises(exceptions.AlreadyExists):
        calls.create_task(name="once", delay=60)


def test_a_task_in_a_queue_that_is_not_there_is_not_found(calls: Calls) -> None:
    with pytest.raises(exceptions.NotFound):
        calls.create_task()


@pytest.mark.parametrize("name", ["a/b", "with space", "dot.ted", "x" * 501])
def test_a_task_name_of_another_form_is_refused(calls: Calls, name: str) -> None:
    calls.create_queue()
    with pytest.raises(exceptions.InvalidArgument):
        calls.create_task(name=name)


def test_a_task_name_in_another_queue_is_refused(calls: Calls) -> None:
    calls.create_queue()
    task = calls.task()
    task.name = f"{LOCATION}/queues/another/tasks/t"
    with pytest.raises(exceptions.InvalidArgument):
        calls.create(task)


def test_a_task_may_be_scheduled_up_to_30_days_ahead(calls: Calls) -> None:
    calls.create_queue()
    days = 86_400
    assert calls.create_task(delay=30 * days - 60).name
    with pytest.raises(exceptions.InvalidArgument):
        calls.create_task(delay=30 * days + 60)


def test_a_schedule_time_in_the_past_means_now(calls: Calls, target: Target) -> None:
    calls.create_queue()
    created = calls.create_task(delay=-60)
    # create_time is truncated to the second.
    late = created.schedule_time - created.create_time
    assert timedelta(0) <= late < timedelta(seconds=2)
    target.wait(1)


def test_a_task_larger_than_a_mebibyte_is_refused(calls: Calls) -> None:
    calls.create_queue()
    mebibyte = 1_048_576
    # Room for its name, URL and encoding.
    assert calls.create_task(body=b"x" * (mebibyte - 1_000), delay=60).name
    with pytest.raises(exceptions.InvalidArgument):
        calls.create_task(body=b"x" * mebibyte, delay=60)


@pytest.mark.parametrize(
    ("seconds", "accepted"), [(14, False), (15, True), (1_800, True), (1_801, False)]
)
def test_a_dispatch_deadline_is_15_seconds_to_30_minutes(
    *, calls: Calls, seconds: int, accepted: bool
) -> None:
    calls.create_queue()
    task = calls.task(delay=60)
    task.dispatch_deadline = timedelta(seconds=seconds)
    if accepted:
        assert calls.create(task).dispatch_deadline == timedelta(seconds=seconds)
    else:
        with pytest.raises(exceptions.InvalidArgument):
            calls.create(task)


@pytest.mark.parametrize(
    "url", ["ftp://127.0.0.1/", "127.0.0.1", "http://", "http://a:b/", "http://a/" + "x" * 2_083]
)
def test_a_url_that_cannot_be_called_is_refused(calls: Calls, url: str) -> None:
    calls.create_queue()
    calls.url = ""
    with pytest.raises(exceptions.InvalidArgument):
        calls.create_task(path=url)


def test_a_body_with_a_method_that_has_none_is_refused(calls: Calls) -> None:
    calls.create_queue()
    with pytest.raises(exceptions.InvalidArgument):
        calls.create_task(method=tasks_v2.HttpMethod.GET, body=b"x")


def test_a_task_without_a_target_is_refused(calls: Calls) -> None:
    calls.create_queue()
    with pytest.raises(exceptions.InvalidArgument):
        calls.create(tasks_v2.Task())


def test_targets_and_tokens_of_other_kinds_are_refused(calls: Calls) -> None:
    calls.create_queue()
    with pytest.raises(exceptions.MethodNotImplemented):
        calls.create(tasks_v2.Task(app_engine_http_request={"relative_uri": "/"}))
    task = calls.task()
    task.http_request.oauth_token = {"service_account_email": "a@b"}
    with pytest.raises(exceptions.MethodNotImplemented):
        calls.create(task)


def test_a_pending_task_can_be_read_listed_and_deleted(calls: Calls, server: TasksServer) -> None:
    calls.create_queue()
    created = calls.create_task(name="t", delay=60)
    read = calls.client.get_task(name=created.name, **OPTIONS)
    assert read == created
    assert calls.names() == ["t"]
    calls.client.delete_task(name=created.name, **OPTIONS)
    assert (calls.names(), server.pending()) == ([], 0)
    with pytest.raises(exceptions.NotFound):
        calls.client.get_task(name=created.name, **OPTIONS)


def test_the_body_is_shown_only_in_the_full_view(calls: Calls) -> None:
    calls.create_queue()
    created = calls.create_task(body=b"secret", delay=60)
    assert (created.view, created.http_request.body) == (tasks_v2.Task.View.BASIC, b"")
    full = {"response_view": tasks_v2.Task.View.FULL}
    read = calls.client.get_task({"name": created.name} | full, **OPTIONS)
    assert (read.view, read.http_request.body) == (tasks_v2.Task.View.FULL, b"secret")
    (listed,) = calls.client.list_tasks({"parent": calls.queue} | full, **OPTIONS)
    assert listed.http_request.body == b"secret"


def test_tasks_are_listed_page_by_page(calls: Calls) -> None:
    calls.create_queue()
    for letter in "decab":
        calls.create_task(name=letter, delay=60)
    pages = calls.client.list_tasks({"parent": calls.queue, "page_size": 2}, **OPTIONS).pages
    names = [[task.name[-1] for task in page.tasks] for page in pages]
    assert names == [["a", "b"], ["c", "d"], ["e"]]


@pytest.mark.parametrize("request_", [{"page_size": -1}, {"page_token": "?"}])
def test_a_page_that_cannot_be_is_refused(calls: Calls, request_: dict[str, object]) -> None:
    calls.create_queue()
    with pytest.raises(exceptions.InvalidArgument):
        calls.client.list_tasks({"parent": calls.queue} | request_, **OPTIONS)


def test_run_task_delivers_before_the_schedule_time(
    calls: Calls, server: TasksServer, target: Target
) -> None:
    calls.create_queue()
    created = calls.create_task(body=b"early", delay=60)
    run = calls.client.run_task(name=created.name, **OPTIONS)
    assert run.dispatch_count == 1
    assert target.wait(1)[0].body == b"early"
    server.drain(5)
    assert (server.pending(), len(target.received)) == (0, 1)


def test_a_task_that_was_run_leaves_its_place_in_the_timetable(
    calls: Calls, server: TasksServer, target: Target
) -> None:
    calls.create_queue()
    created = calls.create_task(delay=60)
    target.open.clear()
    calls.client.run_task(name=created.name, **OPTIONS)
    target.wait(1)
    server.run_due_now()
    with pytest.raises(TimeoutError):
        target.wait(2, timeout=0.1)
    target.open.set()
    server.drain(5)
    assert (server.pending(), len(target.received)) == (0, 1)


def test_run_task_delivers_from_a_paused_queue(calls: Calls, target: Target) -> None:
    calls.create_queue()
    calls.client.pause_queue(name=calls.queue, **OPTIONS)
    created = calls.create_task()
    calls.client.run_task(name=created.name, **OPTIONS)
    target.wait(1)


def test_run_task_of_a_finished_task_is_not_found(
    calls: Calls, server: TasksServer, target: Target
) -> None:
    calls.create_queue()
    created = calls.create_task()
    target.wait(1)
    server.drain(5)
    with pytest.raises(exceptions.NotFound):
        calls.client.run_task(name=created.name, **OPTIONS)


def test_a_task_deleted_while_under_way_is_not_tried_again(
    calls: Calls, server: TasksServer, target: Target
) -> None:
    calls.create_queue()
    target.answer = lambda number: 500
    target.open.clear()
    created = calls.create_task()
    target.wait(1)
    calls.client.delete_task(name=created.name, **OPTIONS)
    target.open.set()
    server.drain(5)
    assert (server.pending(), len(target.received)) == (0, 1)
