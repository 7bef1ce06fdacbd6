"""One identity server for the folder, a fresh project for each test, and its two clients.

With `--stack emulators` the same tests run against Google's emulator; those that ask for `server`
are about what ours does otherwise, and are left out.
"""

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import firebase_admin
import httpx
import pytest

from infra.local.identity.server import IdentityServer
from infra.local.signer import Signer
from tests.local.identity.rest import Clock, Rest
from tests.local.identity.stricter import STRICTER

DEFAULT_PROJECT = "demo-hypertroq"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Says of the tests of this folder which are about the embedded server alone."""
    for item in items:
        function = getattr(item, "originalname", "")
        if function in STRICTER and Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.embedded_only(STRICTER[function]))


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
    return _server


@pytest.fixture(scope="session")
def official(pytestconfig: pytest.Config) -> bool:
    """Whether Google's emulator is asked."""
    return bool(pytestconfig.getoption("--stack") == "emulators")


@pytest.fixture(scope="session")
def identity_host(request: pytest.FixtureRequest, official: bool) -> str:
    if official:
        return str(request.getfixturevalue("stack").identity.address)
    return str(request.getfixturevalue("_server").address)


@pytest.fixture
def project(official: bool) -> str:
    return DEFAULT_PROJECT if official else f"demo-{uuid.uuid4().hex[:12]}"


@pytest.fixture
def rest(identity_host: str, http: httpx.Client, project: str, official: bool) -> Rest:
    key = "fake-api-key" if official else f"project:{project}"
    rest = Rest(http, identity_host, project, key)
    if official:
        rest.flush()
        rest.hide_addresses(True)
    return rest


@pytest.fixture
def make_app(identity_host: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Any]]:
    monkeypatch.setenv("FIREBASE_AUTH_EMULATOR_HOST", identity_host)
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
