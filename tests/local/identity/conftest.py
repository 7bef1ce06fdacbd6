"""One identity server for the folder, a fresh project for each test, and its two clients.

With IDENTITY_HOST=host:port the same tests run against another server, such as Google's
emulator; those that ask for `server` are about what that one does otherwise, and are skipped.
"""

import os
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import firebase_admin
import httpx
import pytest

from infra.local.identity.server import IdentityServer
from infra.local.signer import Signer
from tests.local.identity.rest import Clock, Rest

DEFAULT_PROJECT = "demo-hypertroq"
OTHER_HOST = os.environ.get("IDENTITY_HOST", "")


@pytest.fixture(scope="session")
def signer() -> Signer:
    return Signer.create()


@pytest.fixture(scope="session")
def http() -> Iterator[httpx.Client]:
    with httpx.Client(timeout=10) as client:
        yield client


@pytest.fixture(scope="session")
def _clock() -> Clock:
    return Clock()


@pytest.fixture
def clock(_clock: Clock) -> Iterator[Clock]:
    """The session server's clock, back at the true time afterwards."""
    yield _clock
    _clock.ahead = 0.0


@pytest.fixture(scope="session")
def _server(signer: Signer, _clock: Clock) -> Iterator[IdentityServer]:
    server = IdentityServer(DEFAULT_PROJECT, signer, now=_clock)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def server(_server: IdentityServer) -> IdentityServer:
    if OTHER_HOST:
        pytest.skip("about this repository's own server")
    return _server


@pytest.fixture(scope="session")
def host(request: pytest.FixtureRequest) -> str:
    return OTHER_HOST or request.getfixturevalue("_server").address


@pytest.fixture
def project() -> str:
    return DEFAULT_PROJECT if OTHER_HOST else f"demo-{uuid.uuid4().hex[:12]}"


@pytest.fixture
def rest(host: str, http: httpx.Client, project: str) -> Rest:
    rest = Rest(http, host, project, "fake-api-key" if OTHER_HOST else f"project:{project}")
    if OTHER_HOST:
        rest.flush()
        rest.hide_addresses(True)
    return rest


@pytest.fixture
def make_app(host: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Any]]:
    monkeypatch.setenv("FIREBASE_AUTH_EMULATOR_HOST", host)
    made = []

    def make(project: str) -> firebase_admin.App:
        app = firebase_admin.initialize_app(options={"projectId": project}, name=uuid.uuid4().hex)
        made.append(app)
        return app

    yield make
    for app in made:
        firebase_admin.delete_app(app)


@pytest.fixture
def app(make_app: Callable[[str], Any], project: str, rest: Rest) -> firebase_admin.App:
    """firebase-admin bound to the test's project, without any credential."""
    return make_app(project)
