"""Which pages may call from a browser, and what they may read."""

import pytest

from tests.client import Functions
from tests.http.probe import Probe

OURS = {"Origin": "http://localhost:3000"}
ALL = ["", "/nowhere", "/bug", "/mine/1", "/refuse/422", "/refuse/429", "/refuse/503"]


@pytest.mark.parametrize("path", ALL)
def test_the_web_client_may_read_every_answer(probe: Probe, path: str):
    """Section 10, row 2; C17: errors and bugs as well."""
    headers = probe.get(path, headers=OURS).headers
    assert headers["Access-Control-Allow-Origin"] == "http://localhost:3000"
    assert headers["Vary"] == "Origin"
    exposed = headers["Access-Control-Expose-Headers"].split(", ")
    assert {"X-Request-ID", "X-Process-Time", "ETag", "Retry-After"} <= set(exposed)
    assert {"X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"} <= set(exposed)


@pytest.mark.parametrize(
    "origin",
    [
        None,
        "null",
        "https://localhost:3000",
        "http://localhost:3001",
        "http://localhost:3000.evil.example",
        "http://LOCALHOST:3000",
        "http://localhost:3000/",
        "*",
    ],
)
def test_any_other_page_gets_nothing_to_go_on(probe: Probe, origin: str | None):
    for method in ("GET", "OPTIONS"):
        headers = {"Origin": origin, "Access-Control-Request-Method": "PUT"} if origin else {}
        answer = probe.open("", method=method, headers=headers)
        assert not [name for name, _ in answer.headers if name.startswith("Access-Control")]
        assert answer.headers["Vary"] == "Origin"


def test_no_page_may_send_cookies(probe: Probe):
    assert "Access-Control-Allow-Credentials" not in probe.get("", headers=OURS).headers


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
@pytest.mark.parametrize("path", ["/mine/1", "/admin", "/nowhere"])
def test_a_preflight_needs_no_sign_in(probe: Probe, path: str, method: str):
    """1.2: with Authorization, for every verb, wherever the call itself may lead."""
    asked = {
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": "authorization, content-type",
    }
    answer = probe.options(path, headers=OURS | asked)
    assert (answer.status_code, answer.get_data()) == (204, b"")
    assert answer.headers["Access-Control-Allow-Origin"] == "http://localhost:3000"
    assert method in answer.headers["Access-Control-Allow-Methods"].split(", ")
    allowed = answer.headers["Access-Control-Allow-Headers"].lower().split(", ")
    assert {"authorization", "content-type", "if-match", "x-request-id"} <= set(allowed)
    assert answer.headers["Access-Control-Max-Age"] == "600"
    assert "Content-Type" not in answer.headers


def test_the_functions_framework_lets_preflights_through(functions: Functions):
    answer = functions.call("auth", "OPTIONS", "/api/v1/auth/me", headers=OURS)
    assert answer.status_code == 204
    assert "PUT" in answer.headers["Access-Control-Allow-Methods"]
