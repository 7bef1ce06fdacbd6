"""Google's emulators beside the servers of this repository, each started once."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import firebase_admin
import httpx
import pytest
from firebase_admin import auth

from infra.emulators.firebase_tools import require_firebase_tools
from infra.emulators.firestore import FirestoreEmulator
from infra.emulators.firestore_jar import find_jar
from infra.emulators.identity import IdentityEmulator
from infra.emulators.node import find_node
from infra.emulators.problems import Missing
from infra.emulators.tools import usable_java
from infra.local.identity.server import IdentityServer
from infra.local.signer import Signer
from tests.differential.comparison import Pair
from tests.differential.identity_caller import PROJECT, Caller
from tests.differential.servers import both
from tests.machine import lacks


@pytest.fixture(scope="session")
def pair() -> Iterator[Pair]:
    """Both Firestore servers."""
    with ExitStack() as running:
        try:
            started = running.enter_context(both())
        except Missing as missing:
            lacks(str(missing))
        yield started


@pytest.fixture(scope="session")
def firestore_emulator() -> Iterator[FirestoreEmulator]:
    """One of its own: what it reports about indexes must come from the product alone."""
    try:
        emulator = FirestoreEmulator(PROJECT, usable_java(), find_jar())
    except Missing as missing:
        lacks(str(missing))
    emulator.start()
    yield emulator
    emulator.stop()


@pytest.fixture(scope="session")
def connect_caller() -> Iterator[Callable[[str], Caller]]:
    """Makes callers of an identity server at host:port."""
    apps: list[firebase_admin.App] = []
    clients: list[httpx.Client] = []

    def connect(address: str) -> Caller:
        app = firebase_admin.initialize_app(options={"projectId": PROJECT}, name=uuid.uuid4().hex)
        apps.append(app)
        with pytest.MonkeyPatch.context() as patch:
            # firebase-admin reads it with an app's first call.
            patch.setenv("FIREBASE_AUTH_EMULATOR_HOST", address)
            auth.list_users(app=app)
        clients.append(httpx.Client(trust_env=False, timeout=30))
        return Caller(clients[-1], address, app)

    yield connect
    for app in apps:
        auth._get_client(app)._user_manager.http_client.close()
        firebase_admin.delete_app(app)
    for client in clients:
        client.close()


@pytest.fixture(scope="session")
def identity_emulator(connect_caller) -> Iterator[Caller]:
    try:
        require_firebase_tools()
        emulator = IdentityEmulator(PROJECT, find_node().binary)
    except Missing as missing:
        lacks(str(missing))
    emulator.start()
    yield connect_caller(emulator.address)
    emulator.stop()


@pytest.fixture(scope="session")
def identity_server(connect_caller) -> Iterator[Caller]:
    server = IdentityServer(PROJECT, Signer.create())
    server.start()
    yield connect_caller(server.address)
    server.stop()
