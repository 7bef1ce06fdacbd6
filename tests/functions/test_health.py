"""1.8: health."""

import socket
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from infra.local.stack import LocalStack
from shared.services.health import HealthService
from shared.settings import Settings
from shared.storage.tally import counting
from shared.version import VERSION
from shared.wiring import Wiring
from tests.client import Api, Functions


def test_the_overview_names_every_backend(api: Api):
    """1.8: the README's four keys, and two more."""
    answer = api.get("/health")
    assert answer.status_code == 200
    body = dict(answer.json)
    assert body.pop("timestamp").endswith("Z")
    assert body == {
        "status": "healthy",
        "database": "healthy",
        "redis": "healthy",
        "version": VERSION,
        "service": "hypertroq",
    }


@pytest.mark.parametrize(
    ("path", "service"),
    [("db", "firestore"), ("redis", "firestore-rate-limits"), ("live", "process")],
)
def test_one_backend_says_which_it_is(api: Api, path: str, service: str):
    """1.8, decision 8: `redis` names the store that takes Redis' place."""
    answer = api.get(f"/health/{path}")
    assert answer.status_code == 200
    assert set(answer.json) == {"status", "service", "timestamp", "error"}
    assert (answer.json["status"], answer.json["service"]) == ("healthy", service)
    assert answer.json["error"] is None


def test_ready_is_the_overview(api: Api):
    assert set(api.get("/health/ready").json) == set(api.get("/health").json)


@pytest.mark.parametrize("path", ["", "/db", "/redis", "/ready", "/live"])
def test_health_needs_no_sign_in_and_is_never_kept(api: Api, path: str):
    answer = api.get(f"/health{path}", headers={"Authorization": "Bearer nonsense"})
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    # A version in the body is no ETag: an answer of 304 would hide an outage.
    assert "ETag" not in answer.headers


@pytest.mark.parametrize("path", ["", "/db", "/redis", "/ready"])
def test_health_may_be_asked_for_without_a_body_too(api: Api, path: str):
    assert api.call("HEAD", f"/health{path}").status_code == 200
    assert api.post(f"/health{path}").status_code == 405


def test_a_finding_stands_for_a_second(functions: Functions, parts: Wiring):
    """Anybody may ask; one instance writes no more than once a second for it."""
    now = datetime(2026, 3, 4, tzinfo=UTC)
    service = HealthService(lambda: parts.documents, lambda: parts.counters, now=lambda: now)
    with counting() as tally:
        first = service.overview()
        assert service.overview() == first
    assert (tally.reads, tally.writes) == (1, 1)
    now += timedelta(seconds=1)
    with counting() as tally:
        service.overview()
    assert (tally.reads, tally.writes) == (1, 1)


def without(stack: LocalStack, address: str, patch: pytest.MonkeyPatch) -> Wiring:
    """Parts of their own, whose Firestore is said to be at that address."""
    patch.setenv("FIRESTORE_EMULATOR_HOST", address)
    wiring = Wiring(Settings.from_environment())
    assert wiring.documents is not None
    return wiring


@pytest.fixture(params=["closed", "silent"])
def outage(
    request: pytest.FixtureRequest,
    stack: LocalStack,
    functions: Functions,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[None]:
    """Nobody listens where Firestore should be, or somebody who never says a word."""
    listening = socket.create_server(("127.0.0.1", 0))
    address = f"127.0.0.1:{listening.getsockname()[1]}"
    if request.param == "closed":
        listening.close()
    parts = without(stack, address, monkeypatch)
    monkeypatch.setattr(functions.modules["health"].api, "wiring", parts)
    yield
    parts.documents._client.close()
    listening.close()


@pytest.mark.usefixtures("outage")
def test_an_outage_of_firestore_is_told_within_three_seconds(api: Api):
    """1.8, C16: 503, with what still can be said; S9: and nothing about the inside."""
    started = time.monotonic()
    answer = api.get("/health", headers={"Origin": "http://localhost:3000"})
    assert time.monotonic() - started < 3
    assert answer.status_code == 503
    assert answer.json["status"] == "unhealthy"
    assert (answer.json["database"], answer.json["redis"]) == ("unhealthy", "unhealthy")
    assert answer.json["version"] == VERSION
    assert answer.headers["Access-Control-Allow-Origin"] == "http://localhost:3000"


@pytest.mark.parametrize("outage", ["closed"], indirect=True)
def test_each_backend_tells_its_outage_and_the_process_lives_on(api: Api, outage: None):
    for path, service in (("db", "firestore"), ("redis", "firestore-rate-limits")):
        answer = api.get(f"/health/{path}")
        assert answer.status_code == 503
        assert (answer.json["status"], answer.json["service"]) == ("unhealthy", service)
        assert answer.json["error"] == "The backend does not answer."
    assert api.get("/health/live").status_code == 200


def test_a_check_that_breaks_is_an_outage_as_well(
    api: Api, functions: Functions, monkeypatch: pytest.MonkeyPatch
):
    """Wrong credentials, a missing permission: the check's answer, not a bug's."""
    parts = Wiring(Settings.from_environment())
    parts.parts["documents"] = None
    monkeypatch.setattr(functions.modules["health"].api, "wiring", parts)
    answer = api.get("/health/db")
    assert (answer.status_code, answer.json["status"]) == (503, "unhealthy")
    assert "NoneType" not in answer.text
