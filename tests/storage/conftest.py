"""An embedded Firestore for the storage layer alone, emptied before every test."""

import logging
from collections.abc import Iterator
from contextlib import closing

import pytest
from google.cloud.firestore import Client

from infra.local.firestore.server import FirestoreServer
from shared.logging import log
from shared.storage.documents import Documents


@pytest.fixture(scope="module")
def server() -> Iterator[FirestoreServer]:
    server = FirestoreServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def client(server: FirestoreServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    server.reset()
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", server.address)
    with closing(Client(project="demo-storage")) as client:
        yield client


@pytest.fixture
def documents(client: Client) -> Documents:
    return Documents(client, pause=lambda seconds: None)


class Lines(logging.Handler):
    """What was logged as an error: messages with their fields."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.records: list[tuple[str, dict[str, object]]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append((record.getMessage(), getattr(record, "fields", {})))


@pytest.fixture
def errors() -> Iterator[list[tuple[str, dict[str, object]]]]:
    """Error lines logged during the test."""
    lines = Lines()
    log.addHandler(lines)
    yield lines.records
    log.removeHandler(lines)
