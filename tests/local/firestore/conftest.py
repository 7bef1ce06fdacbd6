"""A Firestore server per session, a fresh project per test, and clients for both."""

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from google.auth.credentials import AnonymousCredentials
from google.cloud import firestore

from infra.local.firestore.server import FirestoreServer

Connect = Callable[..., firestore.Client]
Start = Callable[..., FirestoreServer]


@pytest.fixture(scope="session")
def firestore_address(request: pytest.FixtureRequest) -> Iterator[str]:
    """The embedded server, or the official emulator with `--stack emulators`."""
    if request.config.getoption("--stack") == "emulators":
        yield request.getfixturevalue("stack").firestore.address
        return
    server = FirestoreServer()
    server.start()
    yield server.address
    server.stop()


@pytest.fixture
def connect(firestore_address: str) -> Iterator[Connect]:
    """Makes clients; they are closed after the test."""
    clients: list[firestore.Client] = []

    def make(
        *,
        address: str = firestore_address,
        project: str | None = None,
        database: str | None = None,
        kind: type = firestore.Client,
    ) -> firestore.Client:
        with pytest.MonkeyPatch.context() as patch:
            # The client reads the variable once, when it is made.
            patch.setenv("FIRESTORE_EMULATOR_HOST", address)
            client = kind(
                project=project or f"demo-{uuid.uuid4().hex[:12]}",
                database=database,
                credentials=AnonymousCredentials(),
            )
        if kind is firestore.Client:
            clients.append(client)
        return client

    yield make
    for client in clients:
        client.close()


@pytest.fixture
def firestore_client(connect: Connect) -> firestore.Client:
    return connect()


@pytest.fixture
def start_server() -> Iterator[Start]:
    """Starts further embedded servers, with a file or with indexes; stopped after the test."""
    servers: list[FirestoreServer] = []

    def start(data: Path | None = None, indexes: Path | None = None) -> FirestoreServer:
        server = FirestoreServer(data=data, indexes=indexes)
        server.start()
        servers.append(server)
        return server

    yield start
    for server in servers:
        server.stop()


@pytest.fixture
def six(firestore_client: firestore.Client) -> firestore.CollectionReference:
    """d0 to d5: i = 0..5, org B A B A B A, g = 0 0 0 1 1 1, w = 1.5 i, tags x and t<i>."""
    collection = firestore_client.collection("six")
    batch = firestore_client.batch()
    for i in range(6):
        batch.set(
            collection.document(f"d{i}"),
            {
                "i": i,
                "org": "A" if i % 2 else "B",
                "tags": ["x", f"t{i}"],
                "w": i * 1.5,
                "g": i // 3,
                "m": {"k": i},
            },
        )
    batch.commit()
    return collection
