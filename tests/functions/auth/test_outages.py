"""What callers are told while something we depend on does not answer."""

import socket
import time
from collections.abc import Iterator
from contextlib import closing

import pytest

from infra.local.stack import LocalStack
from shared.http.rate_limit import RateLimiter
from shared.rules.limits import POLICIES
from shared.settings import RateLimitMode, Settings
from shared.wiring import Wiring
from tests.client import Api, Functions
from tests.functions.auth.newcomers import a_newcomer, an_address, login
from tests.functions.refusals import refused
from tests.people import Person


@pytest.fixture
def nowhere() -> str:
    """An address at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return f"127.0.0.1:{listening.getsockname()[1]}"


def wired(parts: Wiring, *shared: str) -> Wiring:
    """Parts for the environment as it is now, some of them those of the session."""
    wiring = Wiring(Settings.from_environment())
    wiring.parts |= {name: getattr(parts, name) for name in shared}
    return wiring


@pytest.fixture
def no_firestore(
    nowhere: str,
    functions: Functions,
    parts: Wiring,
    lifter: Person,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[None]:
    """Somebody who is signed in is there already."""
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", nowhere)
    wiring = wired(parts, "id_tokens", "sign_in", "directory")
    with closing(wiring.documents._client):
        monkeypatch.setattr(functions.modules["auth"].api, "wiring", wiring)
        yield


@pytest.fixture
def no_identity(
    nowhere: str,
    functions: Functions,
    parts: Wiring,
    lifter: Person,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[None]:
    """Somebody who is signed in is there already."""
    monkeypatch.setenv("FIREBASE_AUTH_EMULATOR_HOST", nowhere)
    wiring = wired(parts, "id_tokens", "documents", "directory")
    with closing(wiring.sign_in._http):
        monkeypatch.setattr(functions.modules["auth"].api, "wiring", wiring)
        yield


@pytest.mark.usefixtures("no_firestore")
def test_without_firestore_a_call_is_a_503_that_says_when_to_come_back(lifter: Person):
    """Never a 401, which would make the web client forget its session."""
    answer = lifter.api.get("/auth/me", headers={"Origin": "http://localhost:3000"})
    refused(answer, 503, "SERVICE_UNAVAILABLE")
    assert answer.headers["Retry-After"] == "2"
    assert answer.headers["Access-Control-Allow-Origin"] == "http://localhost:3000"
    assert "127.0.0.1" not in answer.text


@pytest.mark.usefixtures("no_identity")
def test_without_identity_toolkit_nobody_is_called_wrong(api: Api, lifter: Person):
    refused(login(api, lifter.email), 503, "SERVICE_UNAVAILABLE")
    answer = api.post("/auth/refresh", json={"refresh_token": lifter.refresh_token})
    refused(answer, 503, "SERVICE_UNAVAILABLE")


@pytest.mark.usefixtures("no_identity")
def test_signed_in_people_do_not_need_identity_toolkit(lifter: Person):
    assert lifter.api.get("/auth/me").status_code == 200


@pytest.mark.embedded_only("counts the calls to our own server")
@pytest.mark.usefixtures("no_firestore")
def test_guessing_does_not_get_cheaper_while_nobody_can_count(
    api: Api, functions: Functions, stack: LocalStack, monkeypatch: pytest.MonkeyPatch
):
    """S4: nobody's password is even looked at."""
    function = functions.modules["auth"].api
    limiter = RateLimiter(
        lambda: function.wiring.counters,
        POLICIES,
        mode=RateLimitMode.ENFORCE,
        now=time.time,
        secret=b"of this test",
    )
    monkeypatch.setattr(function, "limiter", limiter)
    asked = stack.identity.requests
    for answer in (
        login(api, an_address()),
        api.post("/auth/register", json=a_newcomer()),
        api.post("/auth/refresh", json={"refresh_token": "x"}),
    ):
        refused(answer, 503, "SERVICE_UNAVAILABLE")
        assert int(answer.headers["Retry-After"]) > 0
    assert stack.identity.requests == asked
