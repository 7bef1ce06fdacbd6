"""The SQLite file, reset, and the server as a process."""

import os
import signal
import subprocess
import sys
import time

import pytest
from google.api_core import exceptions
from google.cloud import firestore
from google.cloud.firestore_v1.vector import Vector

from infra.local.firestore.server import FirestoreServer


def test_documents_of_all_projects_and_databases_survive_a_restart(start_server, connect, tmp_path):
    file = tmp_path / "new folder" / "firestore.sqlite"
    first = start_server(data=file)
    places = [("demo-a", None), ("demo-a", "second"), ("demo-b", None)]
    written = {}
    for project, database in places:
        client = connect(address=first.address, project=project, database=database)
        value = {
            "where": f"{project} {database}",
            "v": Vector([1.0]),
            "t": firestore.GeoPoint(1, 2),
        }
        client.document("c/a/s/b").set(value)
        client.document("c/gone").set({})
        client.document("c/gone").delete()
        written[project, database] = client.document("c/a/s/b").get()
    first.stop()
    second = start_server(data=file)
    for project, database in places:
        client = connect(address=second.address, project=project, database=database)
        read = client.document("c/a/s/b").get()
        before = written[project, database]
        assert read.to_dict() == before.to_dict()
        assert (read.create_time, read.update_time) == (before.create_time, before.update_time)
        assert not client.document("c/gone").get().exists
        assert [s.id for s in client.collection_group("s").stream()] == ["b"]
        assert client.document("c/a/s/b").update({"n": 1}).update_time > before.update_time


def test_a_killed_process_has_kept_what_it_acknowledged(connect, tmp_path):
    file = tmp_path / "firestore.sqlite"
    process, address = launch("--data", str(file))
    connect(address=address, project="demo-p").document("c/a").set({"n": 1})
    process.kill()
    process.communicate()
    process, address = launch("--data", str(file))
    try:
        assert connect(address=address, project="demo-p").document("c/a").get().get("n") == 1
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=10)
    assert process.returncode == 0


def launch(*arguments):
    """The server as a process on a free port, once it says where it listens."""
    process = subprocess.Popen(  # noqa: S603 - our own module
        [sys.executable, "-W", "ignore", "-m", "infra.local.firestore", "0", *arguments],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    return process, process.stdout.readline().split()[-1]


def test_a_failing_batch_leaves_nothing_on_disk(start_server, connect, tmp_path):
    file = tmp_path / "firestore.sqlite"
    first = start_server(data=file)
    client = connect(address=first.address, project="demo-p")
    batch = client.batch()
    batch.set(client.document("c/a"), {})
    batch.update(client.document("c/missing"), {"n": 1})
    with pytest.raises(exceptions.NotFound):
        batch.commit()
    first.stop()
    again = connect(address=start_server(data=file).address, project="demo-p")
    assert not again.document("c/a").get().exists


def test_reset_empties_every_database_also_on_disk(start_server, connect, tmp_path):
    file = tmp_path / "firestore.sqlite"
    server = start_server(data=file)
    clients = [
        connect(address=server.address, project=project, database=database)
        for project, database in (("demo-a", None), ("demo-a", "second"), ("demo-b", None))
    ]
    for client in clients:
        client.document("c/a").set({"n": 1})
    server.reset()
    for client in clients:
        assert list(client.collection("c").stream()) == []
        assert list(client.collections()) == []
    clients[0].document("c/after").set({})
    server.stop()
    again = connect(address=start_server(data=file).address, project="demo-a")
    assert [s.id for s in again.collection("c").stream()] == ["after"]


def test_reset_ends_open_transactions(start_server, connect):
    server = start_server()
    client = connect(address=server.address)
    transaction = client.transaction()
    transaction._begin()
    client.document("c/a").get(transaction=transaction)
    server.reset()
    transaction.set(client.document("c/a"), {})
    with pytest.raises(exceptions.InvalidArgument, match="no longer valid"):
        transaction._commit()


def test_reset_of_a_few_documents_takes_less_than_a_millisecond(start_server, connect):
    server = start_server()
    client = connect(address=server.address)
    durations = []
    for _ in range(20):
        client.document("c/a").set({"n": 1})
        began = time.perf_counter()
        server.reset()
        durations.append(time.perf_counter() - began)
    assert sorted(durations)[len(durations) // 2] < 0.001


def test_two_servers_do_not_share_a_port():
    first = FirestoreServer()
    first.start()
    port = int(first.address.rpartition(":")[2])
    second = FirestoreServer(port=port)
    with pytest.raises(RuntimeError):
        second.start()
    second.stop()
    first.stop()


def test_a_missing_index_file_is_refused_at_the_start(tmp_path):
    with pytest.raises(FileNotFoundError):
        FirestoreServer(indexes=tmp_path / "none.json")
