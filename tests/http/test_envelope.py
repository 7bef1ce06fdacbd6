"""Every refusal has one shape: `detail` for people, `error` for programs."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from tests.http.probe import REFUSALS, Probe

FIELDS = {"code", "message", "details", "timestamp", "request_id", "status_code", "path"}


@pytest.mark.parametrize("status", REFUSALS)
def test_a_refusal_has_every_field_of_the_envelope(probe: Probe, status: str):
    answer = probe.get(f"/refuse/{status}")
    assert (answer.status_code, answer.content_type) == (int(status), "application/json")
    assert set(answer.json) == {"detail", "error"}
    error = answer.json["error"]
    assert set(error) == FIELDS
    assert error["status_code"] == int(status)
    assert error["path"] == f"/api/v1/probe/refuse/{status}"
    assert error["request_id"] == answer.headers["X-Request-ID"]
    assert error["code"] == REFUSALS[status].code
    assert error["message"] == REFUSALS[status].message
    assert isinstance(error["details"], dict)
    assert error["timestamp"].endswith("Z")
    age = datetime.now(UTC) - datetime.fromisoformat(error["timestamp"])
    assert timedelta(0) <= age < timedelta(minutes=1)


@pytest.mark.parametrize("status", sorted(REFUSALS.keys() - {"422"}))
def test_detail_is_the_sentence_that_the_web_client_shows(probe: Probe, status: str):
    """Section 10, row 1."""
    assert probe.get(f"/refuse/{status}").json["detail"] == REFUSALS[status].message


def test_detail_of_a_422_lists_what_is_wrong_where(probe: Probe):
    answer = probe.get("/refuse/422")
    problem = {"loc": ["body", "name"], "msg": "Another name, please.", "type": "value_error"}
    assert answer.json["detail"] == [problem]
    assert answer.json["error"]["details"]["errors"] == [
        {"field": "body.name", "message": "Another name, please.", "type": "value_error"}
    ]


def test_facts_and_headers_of_a_refusal_reach_the_client(probe: Probe):
    assert probe.get("/refuse/409").json["error"]["details"] == {"name": "thing"}
    assert probe.get("/refuse/401").headers["WWW-Authenticate"] == "Bearer"
    assert probe.get("/refuse/429").headers["Retry-After"] == "7"
    assert probe.get("/refuse/503").headers["Retry-After"] == "2"


def test_what_no_route_answers_has_the_same_shape(probe: Probe):
    missing, wrong = probe.get("/nowhere"), probe.delete("")
    assert (missing.status_code, missing.json["error"]["code"]) == (404, "RESOURCE_NOT_FOUND")
    assert (wrong.status_code, wrong.json["error"]["code"]) == (405, "METHOD_NOT_ALLOWED")
    assert set(missing.json["error"]) == set(wrong.json["error"]) == FIELDS
    assert wrong.headers["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("method", ["PATCH", "TRACE", "PROPFIND"])
def test_verbs_nobody_knows_are_refused_as_any_other(probe: Probe, method: str):
    answer = probe.open("/held", method=method)
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "DELETE, GET, HEAD, OPTIONS, PUT"


def test_a_bug_answers_500_without_a_word_about_itself(probe: Probe, lines):
    """C17, S9: the client gets the envelope, the log gets the traceback."""
    answer = probe.get("/bug", headers={"Origin": "http://localhost:3000"})
    assert answer.status_code == 500
    assert answer.json["detail"] == "Something went wrong on our side."
    assert answer.json["error"]["code"] == "INTERNAL_SERVER_ERROR"
    assert answer.json["error"]["details"] == {}
    assert not re.search("machine|Traceback|ZeroDivision|probe.py", answer.text)
    assert answer.headers["Access-Control-Allow-Origin"] == "http://localhost:3000"
    bug, request = lines()
    assert bug["severity"] == "ERROR"
    assert "ZeroDivisionError: the inside of the machine" in bug["message"]
    assert "probe.py" in bug["message"]
    labels = bug["logging.googleapis.com/labels"]
    assert labels["request_id"] == answer.headers["X-Request-ID"]
    assert request["severity"] == "WARNING"


def test_a_refused_value_is_not_sent_back(probe: Probe):
    """S9: no input, no library address, no context of the library's own."""
    answer = probe.post("/echo", json={"name": ["canary"], "weight": "canary", "tags": ["canary"]})
    assert answer.status_code == 422
    assert [problem["loc"] for problem in answer.json["detail"]] == [
        ["body", "name"],
        ["body", "weight"],
        ["body", "tags", 0],
    ]
    assert all(set(problem) == {"loc", "msg", "type"} for problem in answer.json["detail"])
    assert "canary" not in answer.text
    assert "pydantic" not in answer.text
    assert "http" not in answer.text


def test_a_refusal_does_not_outgrow_its_cause(probe: Probe):
    """100,000 mistakes are not listed one by one, nor is a name of 100 kB repeated."""
    many = probe.post("/echo", json={"tags": ["x"] * 100_000})
    assert many.status_code == 422
    assert len(many.json["detail"]) == 50
    long = probe.post("/echo", json={"shares": {"n" * 100_000: 2}})
    assert long.status_code == 422
    assert len(long.get_data()) < 2_000
