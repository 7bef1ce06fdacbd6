"""The runner: one process per server, on loopback, that never outlives what started it."""

import platform
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

from infra.local.storage import StorageServer, StorageUnavailable, binary

# Starts a server and says where, then waits to be killed.
ABANDON = """
import signal
from infra.local.storage import StorageServer
server = StorageServer()
server.start()
print(server.url, flush=True)
signal.pause()
"""


def answers(url: str) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2])), timeout=1):
            return True
    except OSError:
        return False


def test_a_stopped_server_does_not_answer_and_can_be_stopped_again() -> None:
    server = StorageServer()
    server.start()
    assert answers(server.url)
    server.stop()
    assert not answers(server.url)
    server.stop()


def test_objects_in_a_directory_survive_a_restart(web: requests.Session, tmp_path: Path) -> None:
    data = tmp_path / "new" / "objects"
    first = StorageServer(data)
    first.start()
    bucket = web.post(f"{first.url}/storage/v1/b", json={"name": "kept"}, timeout=5)
    assert bucket.status_code == 200
    upload = f"{first.url}/upload/storage/v1/b/kept/o?uploadType=media&name=note"
    assert web.post(upload, data=b"still here", timeout=5).status_code == 200
    first.stop()
    second = StorageServer(data)
    second.start()
    try:
        found = web.get(f"{second.url}/storage/v1/b/kept/o/note?alt=media", timeout=5)
        assert (found.status_code, found.content) == (200, b"still here")
    finally:
        second.stop()


@pytest.mark.parametrize("kept", [False, True], ids=["in memory", "in a directory"])
def test_a_reset_server_has_the_same_address_and_no_buckets(
    web: requests.Session, tmp_path: Path, kept: bool
) -> None:
    """Also while a client still holds its connection, as `web` does."""
    server = StorageServer(tmp_path / "objects" if kept else None)
    server.start()
    try:
        url = server.url
        made = web.post(f"{url}/storage/v1/b", json={"name": "forgotten"}, timeout=5)
        assert made.status_code == 200
        server.reset()
        assert server.url == url
        found = web.get(f"{url}/storage/v1/b?project=any", timeout=5)
        assert (found.status_code, found.json().get("items", [])) == (200, [])
    finally:
        server.stop()
    assert not answers(url)


def test_a_fixed_port_is_used_and_free_again_after_the_stop() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    for _ in range(2):
        server = StorageServer(port=port)
        server.start()
        assert server.url == f"http://127.0.0.1:{port}"
        assert answers(server.url)
        server.stop()


def test_a_taken_port_is_an_error_that_names_it() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(StorageUnavailable, match=str(port)):
            StorageServer(port=port).start()


def test_a_data_directory_that_cannot_be_one_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="file"):
        StorageServer(tmp_path / "file").start()


def test_a_platform_without_a_binary_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")
    with pytest.raises(StorageUnavailable, match="riscv64"):
        binary()


def test_the_server_ends_when_its_parent_is_killed() -> None:
    command = [sys.executable, "-c", ABANDON]
    parent = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603  # ours
    try:
        assert parent.stdout is not None
        url = parent.stdout.readline().strip()
        assert answers(url)
    finally:
        parent.send_signal(signal.SIGKILL)
        parent.communicate()
    deadline = time.monotonic() + 5
    while answers(url) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not answers(url)


def test_a_bucket_that_was_asked_for_is_there_from_the_start_and_after_a_reset() -> None:
    server = StorageServer(bucket="media")
    server.start()
    try:
        assert buckets(server) == ["media"]
        server.reset()
        assert buckets(server) == ["media"]
    finally:
        server.stop()


def test_a_bucket_that_was_kept_is_not_made_again(tmp_path: Path) -> None:
    for _ in range(2):
        server = StorageServer(tmp_path, bucket="media")
        server.start()
        try:
            assert buckets(server) == ["media"]
        finally:
            server.stop()


def buckets(server: StorageServer) -> list[str]:
    found = requests.get(f"{server.url}/storage/v1/b?project=local", timeout=5).json()
    return [bucket["name"] for bucket in found.get("items", [])]
