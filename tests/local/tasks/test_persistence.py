"""The server's life: what a restart keeps, and that a stopped server leaves nothing running."""

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import grpc
import pytest
from google.api_core import exceptions
from google.cloud import tasks_v2
from google.cloud.tasks_v2.services.cloud_tasks.transports import CloudTasksGrpcTransport

from infra.local.signer import Signer
from infra.local.tasks.server import TasksServer
from tests.local.tasks.calls import LOCATION, OPTIONS, Calls
from tests.local.tasks.target import Target

QUEUE = f"{LOCATION}/queues/kept"


@contextmanager
def connected(address: str, url: str) -> Iterator[Calls]:
    with grpc.insecure_channel(address) as channel:
        client = tasks_v2.CloudTasksClient(transport=CloudTasksGrpcTransport(channel=channel))
        yield Calls(client, QUEUE, url)


@contextmanager
def running(signer: Signer, data: Path | None, url: str) -> Iterator[tuple[TasksServer, Calls]]:
    server = TasksServer(signer, data=data)
    server.start()
    try:
        with connected(server.address, url) as calls:
            yield server, calls
    finally:
        server.stop()


def test_queues_tasks_and_names_survive_a_restart(
    signer: Signer, target: Target, tmp_path: Path
) -> None:
    data = tmp_path / "new" / "tasks.db"
    with running(signer, data, target.url) as (server, calls):
        calls.create_queue(attempts=7, least=60, most=60)
        calls.create_task(name="waiting", delay=60)
        calls.create_task(name="done")
        target.wait(1)
        server.drain(5)
        target.answer = lambda number: 404 if number == 2 else 200
        calls.create_task(name="failed", body=b"kept")
        target.wait(2)
        server.drain(5)
        calls.client.pause_queue(name=QUEUE, **OPTIONS)
    with running(signer, data, target.url) as (server, calls):
        queue = calls.client.get_queue(name=QUEUE, **OPTIONS)
        assert queue.retry_config.max_attempts == 7
        assert queue.state == tasks_v2.Queue.State.PAUSED
        assert calls.names() == ["failed", "waiting"]
        calls.client.delete_task(name=f"{QUEUE}/tasks/waiting", **OPTIONS)
        with pytest.raises(exceptions.AlreadyExists):
            calls.create_task(name="done")
        calls.client.resume_queue(name=QUEUE, **OPTIONS)
        server.run_due_now()
        request = target.wait(3)[2]
        assert request.body == b"kept"
        assert request.headers["x-cloudtasks-taskretrycount"] == "1"
        assert request.headers["x-cloudtasks-taskexecutioncount"] == "1"
        assert request.headers["x-cloudtasks-taskpreviousresponse"] == "404"
        server.drain(5)
        assert server.pending() == 0


def test_a_delivery_cut_off_by_a_stop_is_made_again(
    signer: Signer, target: Target, tmp_path: Path
) -> None:
    data = tmp_path / "tasks.db"
    target.open.clear()
    with running(signer, data, target.url) as (_, calls):
        calls.create_queue(attempts=1)
        calls.create_task(body=b"twice")
        target.wait(1)
    target.open.set()
    with running(signer, data, target.url) as (server, _):
        server.drain(5)
        assert server.pending() == 0
    assert [request.body for request in target.received] == [b"twice", b"twice"]


def test_a_deleted_queue_and_a_reset_stay_over_a_restart(
    signer: Signer, target: Target, tmp_path: Path
) -> None:
    data = tmp_path / "tasks.db"
    with running(signer, data, target.url) as (server, calls):
        calls.create_queue()
        calls.create_task(name="t", delay=60)
        server.reset()
        other = Calls(calls.client, f"{LOCATION}/queues/deleted", target.url)
        other.create_queue()
        other.create_task(delay=60)
        calls.client.delete_queue(name=other.queue, **OPTIONS)
    with running(signer, data, target.url) as (server, calls):
        queues = calls.client.list_queues(parent=LOCATION, **OPTIONS)
        assert [queue.name for queue in queues] == [QUEUE]
        assert server.pending() == 0
        calls.create_task(name="t", delay=60)


def test_without_a_file_a_restart_keeps_nothing(signer: Signer, target: Target) -> None:
    with running(signer, None, target.url) as (_, calls):
        calls.create_queue()
    with running(signer, None, target.url) as (_, calls), pytest.raises(exceptions.NotFound):
        calls.client.get_queue(name=QUEUE, **OPTIONS)


def test_a_stopped_server_leaves_no_thread(signer: Signer, target: Target) -> None:
    """Not even with deliveries under way."""
    before = set(threading.enumerate())
    target.open.clear()
    with running(signer, None, target.url) as (_, calls):
        calls.create_queue()
        for _ in range(3):
            calls.create_task()
        target.wait(3)
    new = set(threading.enumerate()) - before
    assert [thread.name for thread in new if thread.name.startswith("tasks-")] == []


def test_a_taken_port_is_an_error(signer: Signer) -> None:
    first = TasksServer(signer)
    first.start()
    second = TasksServer(signer, port=int(first.address.rpartition(":")[2]))
    try:
        with pytest.raises(RuntimeError):
            second.start()
    finally:
        second.stop()
        first.stop()


def test_the_server_runs_as_a_process_until_it_is_terminated(
    target: Target, tmp_path: Path
) -> None:
    command = [sys.executable, "-W", "ignore", "-m", "infra.local.tasks", "0"]
    command += ["--data", str(tmp_path / "tasks.db"), "--key", str(tmp_path / "key.pem")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603  # ours
    try:
        assert process.stdout is not None
        said = process.stdout.readline()
        assert said.startswith("Cloud Tasks on 127.0.0.1:")
        with connected(said.split()[-1], target.url) as calls:
            calls.create_queue()
            calls.create_task(body=b"from afar")
        assert target.wait(1)[0].body == b"from afar"
        process.send_signal(signal.SIGTERM)
        assert process.wait(5) == 0
    finally:
        process.kill()
        process.communicate()
    assert (tmp_path / "key.pem").exists()
