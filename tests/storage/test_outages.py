"""A Firestore that is away or silent: every call gives up within five seconds and says so."""

import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from google.cloud.firestore import Client

from shared.errors import Unavailable
from shared.storage.documents import Documents, Transaction

PATIENCE = 5.0


def changing(transaction: Transaction) -> None:
    transaction.get("things/a")
    transaction.put("things/a", {"n": 1})


def blind(transaction: Transaction) -> None:
    transaction.put("things/a", {"n": 1})


CALLS: dict[str, Callable[[Documents], object]] = {
    "get": lambda documents: documents.get("things/a"),
    "find": lambda documents: documents.find("things", limit=1),
    "find everywhere": lambda documents: documents.find("things", everywhere=True, limit=1),
    "change": lambda documents: documents.atomically(changing),
    "blind change": lambda documents: documents.atomically(blind),
    "increment": lambda documents: documents.increment("things/a", "n", 1, {}, 0.25),
    "ping": lambda documents: documents.ping(0.25),
}


@pytest.fixture
def silent() -> Iterator[str]:
    """The address of something that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
        yield f"127.0.0.1:{listener.getsockname()[1]}"


@pytest.fixture
def absent() -> str:
    """An address at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"127.0.0.1:{listener.getsockname()[1]}"


def outcome(documents: Documents, call: Callable[[Documents], object]) -> tuple[str, float]:
    """How a call ended, and after how many seconds."""
    started = time.monotonic()
    try:
        call(documents)
    except Unavailable as refusal:
        return f"{refusal.status} {refusal.headers['Retry-After']}", time.monotonic() - started
    return "answered", time.monotonic() - started


@pytest.mark.parametrize("kind", ["silent", "absent"])
def test_every_call_ends_in_503_within_five_seconds(
    kind: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", request.getfixturevalue(kind))
    with closing(Client(project="demo-outage")) as client:
        documents = Documents(client)
        with ThreadPoolExecutor(len(CALLS)) as threads:
            ended = dict(
                zip(
                    CALLS,
                    threads.map(lambda call: outcome(documents, call), CALLS.values()),
                    strict=True,
                )
            )
    assert {name: told for name, (told, _) in ended.items()} == dict.fromkeys(CALLS, "503 2")
    assert {name: seconds for name, (_, seconds) in ended.items() if seconds > PATIENCE} == {}
    # Counters and health checks have a shorter time of their own.
    assert max(ended[name][1] for name in ("increment", "ping")) < 1.5
