"""The local Cloud Scheduler: when it calls, whom, and with whose word."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import jwt
import pytest

from infra.local import scheduler
from infra.local.scheduler import Scheduler
from infra.local.signer import Signer
from infra.schedule import JobSettings

ACCOUNT = "jobs@demo-hypertroq.iam.gserviceaccount.com"
JOBS = {"one": JobSettings(cron="* * * * *"), "two": JobSettings(cron="0 3 * * *")}


class Target(ThreadingHTTPServer):
    """Keeps what it was asked; `called` is set with each call."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, str]]] = []
        self.called = threading.Event()
        super().__init__(("127.0.0.1", 0), Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/api/v1/tasks"


class Handler(BaseHTTPRequestHandler):
    server: Target

    def log_message(self, *args: object) -> None:
        pass

    def do_POST(self) -> None:
        self.server.calls.append((self.path, dict(self.headers)))
        body = json.dumps({"ok": True}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.server.called.set()


@pytest.fixture(scope="module")
def signer() -> Signer:
    return Signer.create()


@pytest.fixture
def target() -> Iterator[Target]:
    server = Target()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


class Moments:
    """Stands in for CronSim: due at once, and then never again while a test runs."""

    def __init__(self, cron: str, now: datetime) -> None:
        self.due = iter(
            [now] if cron == "* * * * *" else [],
        )
        self.later = now + timedelta(hours=1)

    def __iter__(self) -> "Moments":
        return self

    def __next__(self) -> datetime:
        return next(self.due, self.later)


def test_a_call_is_signed_for_the_function_it_goes_to(signer: Signer, target: Target) -> None:
    due = datetime(2026, 3, 2, 2, 15, tzinfo=UTC)
    answer = Scheduler(signer, target.url, ACCOUNT, {}).run("clean-up", due)
    assert answer.json() == {"ok": True}
    ((path, headers),) = target.calls
    assert path == "/api/v1/tasks/jobs/clean-up"
    assert headers["X-CloudScheduler-ScheduleTime"] == "2026-03-02T02:15:00+00:00"
    claims = jwt.decode(
        headers["Authorization"].removeprefix("Bearer "),
        signer.public_key,
        algorithms=["RS256"],
        audience=target.url,
    )
    assert (claims["email"], claims["email_verified"]) == (ACCOUNT, True)


def test_a_call_by_hand_names_no_time(signer: Signer, target: Target) -> None:
    Scheduler(signer, target.url, ACCOUNT, {}).run("clean-up")
    assert "X-CloudScheduler-ScheduleTime" not in target.calls[0][1]


def test_it_calls_what_is_due_and_nothing_else(
    signer: Signer, target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduler, "CronSim", Moments)
    running = Scheduler(signer, target.url, ACCOUNT, JOBS)
    running.start()
    assert target.called.wait(10)
    running.stop()
    assert [path for path, _ in target.calls] == ["/api/v1/tasks/jobs/one"]


def test_it_ends_at_once_while_nothing_is_due(signer: Signer, target: Target) -> None:
    started = datetime.now(UTC)
    running = Scheduler(signer, target.url, ACCOUNT, {"two": JOBS["two"]})
    running.start()
    running.stop()
    assert datetime.now(UTC) - started < timedelta(seconds=5)
    assert target.calls == []


def test_functions_that_do_not_answer_do_not_end_it(
    signer: Signer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(scheduler, "CronSim", Moments)
    tried = threading.Event()

    def down(*_: object) -> httpx.Response:
        tried.set()
        raise httpx.ConnectError("nobody listens")

    running = Scheduler(signer, "http://127.0.0.1:9", ACCOUNT, JOBS)
    monkeypatch.setattr(running, "run", down)
    running.start()
    assert tried.wait(10)
    assert all(thread.is_alive() for thread in running._threads)
    running.stop()
    assert "The job one could not be called" in capsys.readouterr().out
