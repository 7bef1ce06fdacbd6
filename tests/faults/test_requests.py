"""Whole requests while the store is in trouble: a proper 503 within five seconds."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.client import Api, Functions
from tests.faults.proxy import FaultProxy, Mode
from tests.functions.bodies import a_program, a_session, an_exercise
from tests.functions.refusals import refused
from tests.functions.together import together
from tests.people import PASSWORD, Person

REQUEST_SECONDS = 5.0
RECOVERY_SECONDS = 3.0

Requests = dict[str, Callable[[], TestResponse]]


@pytest.fixture
def program_id(pro: Person) -> str:
    answer = pro.api.post("/programs", json=a_program())
    identifier: str = answer.json["id"]
    return identifier


@pytest.fixture
def requests(faulty_functions: Functions, pro: Person, program_id: str) -> Requests:
    """Of every kind that needs the store."""
    api, program = Api(faulty_functions, pro.token), f"/programs/{program_id}"
    other = pro.api.post("/programs", json=a_program()).json["id"]
    credentials = {"email": pro.email, "password": PASSWORD}
    return {
        "me": lambda: api.get("/auth/me"),
        "list": lambda: api.get("/programs"),
        "read": lambda: api.get(program),
        "search": lambda: api.get("/exercises?search=press"),
        "create exercise": lambda: api.post("/exercises", json=an_exercise()),
        "create program": lambda: api.post("/programs", json=a_program()),
        "change": lambda: api.put(program, json={"name": "Changed"}),
        "add session": lambda: api.post(f"{program}/sessions", json=a_session(1)),
        "delete": lambda: api.delete(f"/programs/{other}"),
        "login": lambda: Api(faulty_functions).post("/auth/login", json=credentials),
        "refresh": lambda: Api(faulty_functions).post(
            "/auth/refresh", json={"refresh_token": pro.refresh_token}
        ),
    }


def timed(request: Callable[[], TestResponse]) -> tuple[TestResponse, float]:
    started = time.perf_counter()
    response = request()
    return response, time.perf_counter() - started


def all_at_once(requests: Requests) -> dict[str, tuple[TestResponse, float]]:
    found = together([lambda one=one: timed(one) for one in requests.values()])
    return dict(zip(requests, found, strict=True))


def until(status: int, request: Callable[[], TestResponse]) -> float:
    """After how many seconds a request has been answered like this."""
    started = time.perf_counter()
    while timed(request)[0].status_code != status:
        assert time.perf_counter() - started < 10
        time.sleep(0.1)  # health checks are limited, too: 300 a minute
    return time.perf_counter() - started


def is_unavailable(response: TestResponse) -> None:
    refused(response, 503, "SERVICE_UNAVAILABLE")
    assert int(response.headers["Retry-After"]) >= 1


@pytest.mark.parametrize(
    ("mode", "seconds"),
    [(Mode.BLACK_HOLE, 0.0), (Mode.RESET, 0.0), (Mode.DELAY, 2.0)],
    ids=["silent", "cut", "too slow"],
)
def test_every_request_is_answered_503_within_five_seconds(
    mode: Mode, seconds: float, requests: Requests, proxy: FaultProxy
):
    proxy.switch(mode, seconds)
    for name, (response, took) in all_at_once(requests).items():
        is_unavailable(response)
        assert took < REQUEST_SECONDS, (name, took)
    proxy.heal()
    assert until(200, requests["me"]) <= RECOVERY_SECONDS


def test_a_store_that_fails_after_the_caller_is_known_is_no_different(
    requests: Requests, proxy: FaultProxy
):
    assert requests["me"]().status_code == 200
    proxy.switch(Mode.BLACK_HOLE)
    # Reads go on with rights that are at most 30 seconds old, up to where they need the store.
    for name in ("list", "read", "search"):
        response, took = timed(requests[name])
        is_unavailable(response)
        assert took < REQUEST_SECONDS


def test_health_tells_the_trouble_in_time(faulty_functions: Functions, proxy: FaultProxy):
    api = Api(faulty_functions)
    checks = [lambda path=path: api.get(path) for path in ("/health", "/health/redis")]
    assert {check().status_code for check in checks} == {200}
    proxy.switch(Mode.BLACK_HOLE)
    # What was found out a moment ago may be told again.
    told = together([lambda check=check: until(503, check) for check in checks])
    assert max(told) <= REQUEST_SECONDS
    reports: list[Any] = [check().json for check in checks]
    assert {report["status"] for report in reports} == {"unhealthy"}
    assert api.get("/health/live").status_code == 200
    proxy.heal()
    assert max(together([lambda check=check: until(200, check) for check in checks])) <= (
        RECOVERY_SECONDS
    )


@pytest.mark.parametrize("seconds", [0.2, 0.5, 0.7], ids=["slow", "slower", "barely alive"])
def test_a_slow_store_still_means_an_answer_within_five_seconds(
    seconds: float, requests: Requests, proxy: FaultProxy
):
    proxy.switch(Mode.DELAY, seconds)
    for name, (response, took) in all_at_once(requests).items():
        assert response.status_code in {200, 201, 204, 503}, (name, response.text)
        assert took < REQUEST_SECONDS, (name, took)
