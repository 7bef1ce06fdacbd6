"""One line per request, in Cloud Logging's fields, that names nobody."""

import re
import uuid

import pytest

from shared.logging import trace_fields
from tests.client import Api
from tests.http.probe import Probe
from tests.people import Person

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
TRACE_ONLY = {"logging.googleapis.com/trace": f"projects/demo/traces/{TRACE}"}
PROJECT_TRACE = TRACE_ONLY | {"logging.googleapis.com/spanId": SPAN}


def test_a_request_leaves_one_line_in_the_fields_of_cloud_logging(probe: Probe, lifter, lines):
    before = len(lines())
    answer = probe.get(
        "/mine/77",
        headers={
            "Authorization": f"Bearer {lifter.token}",
            "X-Request-ID": "request-1",
            "traceparent": f"00-{TRACE}-{SPAN}-01",
        },
    )
    assert answer.status_code == 200
    (line,) = lines()[before:]
    assert line["severity"] == "INFO"
    assert line["message"] == "GET /api/v1/probe/mine/<thing_id> 200"
    request = line["httpRequest"]
    assert re.fullmatch(r"\d+\.\d{6}s", request.pop("latency"))
    assert request == {
        "requestMethod": "GET",
        "requestUrl": "/api/v1/probe/mine/<thing_id>",
        "status": 200,
    }
    assert line["logging.googleapis.com/labels"] == {
        "request_id": "request-1",
        "function": "probe",
        "user_id": lifter.user_id,
    }
    assert line["logging.googleapis.com/trace"] == f"projects/demo-hypertroq/traces/{TRACE}"
    assert line["logging.googleapis.com/spanId"] == SPAN
    assert set(line["firestore"]) == {"reads", "writes", "calls"}


@pytest.mark.parametrize(
    ("path", "status", "severity"),
    [("", 200, "INFO"), ("/refuse/404", 404, "INFO"), ("/refuse/503", 503, "WARNING")],
)
def test_only_our_own_failures_are_warnings(
    probe: Probe, lines, path: str, status: int, severity: str
):
    probe.get(path)
    assert [(line["severity"], line["httpRequest"]["status"]) for line in lines()] == [
        (severity, status)
    ]


@pytest.mark.parametrize(
    ("traceparent", "cloud_trace", "fields"),
    [
        (f"00-{TRACE}-{SPAN}-01", None, PROJECT_TRACE),
        (f"01-{TRACE}-{SPAN}-00-more", None, PROJECT_TRACE),
        # The span of this header is decimal: 0x00f067aa0ba902b7 = 67667974448284343.
        (None, f"{TRACE}/67667974448284343;o=1", PROJECT_TRACE),
        (
            None,
            TRACE,
            {"logging.googleapis.com/trace": PROJECT_TRACE["logging.googleapis.com/trace"]},
        ),
        (f"00-{TRACE}-{SPAN}-01", "f" * 32, PROJECT_TRACE),
        (None, None, {}),
        ("", "", {}),
        (f"ff-{TRACE}-{SPAN}-01", None, {}),
        (f"00-{'0' * 32}-{SPAN}-01", None, {}),
        (f"00-{TRACE}-{'0' * 16}-01", None, {}),
        (f"00-{TRACE.upper()}-{SPAN}-01", None, {}),
        ("canary", "canary/1", {}),
        (None, f"{TRACE}/\N{ARABIC-INDIC DIGIT ONE}", {}),
    ],
)
def test_a_trace_header_joins_the_line_to_its_trace(traceparent, cloud_trace, fields):
    assert trace_fields("demo", traceparent, cloud_trace) == fields


def test_lines_are_plain_ascii_whatever_they_hold(probe: Probe, lines):
    probe.get("/f%C3%AFnd%0a", headers={"X-Request-ID": "ok"})
    assert lines()[0]["message"] == "GET unmatched 404"


def test_no_line_holds_anything_about_a_person(api: Api, lines, caplog, capfd):
    """Canaries in every place a client can fill; what other libraries log would show, too."""
    caplog.set_level("INFO")
    canary = f"zq{uuid.uuid4().hex}"
    email, password = f"{canary}@example.com", f"{canary} password"
    signed_up = api.post(
        "/auth/register",
        json={"email": email, "password": password + "!", "full_name": f"Name {canary[::-1]}"},
        headers={"User-Agent": canary, "X-Forwarded-For": f"{canary}, 203.0.113.77"},
    )
    assert signed_up.status_code == 422, "the address is in the password"
    password = f"a {canary[:6]} barbell morning"
    person = {"email": email, "password": password, "full_name": f"Name {canary[::-1]}"}
    signed_up = api.post("/auth/register", json=person | {"organization_name": f"Gym {canary}"})
    assert signed_up.status_code == 201
    tokens = signed_up.json
    own = {"Authorization": f"Bearer {tokens['access_token']}"}
    api.post("/auth/login", json={"email": email, "password": password})
    api.post("/auth/login", json={"email": email, "password": canary})
    api.post("/auth/login/form", data={"username": email, "password": password})
    api.post("/auth/refresh", json={"refresh_token": tokens["refresh_token"]})
    api.post("/auth/refresh", json={"refresh_token": canary})
    api.post("/auth/register", json=person)
    api.post("/auth/register", data=canary)
    api.get(f"/auth/me?token={canary}", headers=own)
    api.get(f"/auth/{email}?q={canary}", headers=own)
    api.get(f"/programs/{canary}", headers=own)
    api.get("/auth/me", headers={"Authorization": f"Bearer {canary}"})
    api.post("/auth/logout", json={"refresh_token": canary}, headers=own)
    ours = [line for line in lines() if "httpRequest" in line]
    assert len(ours) == 14, "every call left its line"
    assert "127.0.0.1" not in str(ours), "whence a call came is nobody's business"
    written = "".join(capfd.readouterr()) + caplog.text + str(ours)
    for secret in (
        canary,
        canary[:6],
        canary[::-1],
        tokens["access_token"],
        tokens["access_token"].split(".")[2] or tokens["access_token"],
        tokens["refresh_token"],
        "203.0.113.77",
    ):
        assert secret not in written


def test_a_person_is_known_by_id_only(lifter: Person, lines):
    lifter.api.get("/auth/me")
    (line,) = lines()
    assert line["logging.googleapis.com/labels"]["user_id"] == lifter.user_id
    assert lifter.email not in str(line)
