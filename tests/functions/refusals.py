"""What every refusal must look like, and when two of them tell the same."""

from typing import Any

from werkzeug.test import TestResponse

ENVELOPE = {"code", "message", "details", "timestamp", "request_id", "status_code", "path"}
PER_REQUEST = ("timestamp", "request_id", "path")


def refused(response: TestResponse, status: int, code: str) -> Any:
    """The refusal's details, once status, code and shape are as expected."""
    assert response.status_code == status, response.text
    body: Any = response.json
    assert set(body) == {"detail", "error"}
    assert set(body["error"]) == ENVELOPE
    assert (body["error"]["code"], body["error"]["status_code"]) == (code, status), response.text
    if status == 422:
        assert {"loc", "msg", "type"} <= set(body["detail"][0])
    else:
        assert isinstance(body["detail"], str)
    return body["error"]["details"]


def problem_places(response: TestResponse) -> list[str]:
    """Where a 422 says the payload is wrong, as dotted paths."""
    return [row["field"] for row in refused(response, 422, "VALIDATION_ERROR")["errors"]]


def needs_sign_in(response: TestResponse) -> None:
    refused(response, 401, "AUTHENTICATION_REQUIRED")
    assert response.headers["WWW-Authenticate"] == "Bearer"


def tells_the_same(first: TestResponse, second: TestResponse) -> None:
    """Fails unless both are the same refusal, byte for byte but for what names the request."""
    assert first.status_code == second.status_code
    assert _anonymous(first) == _anonymous(second)
    assert _headers(first) == _headers(second)


def _headers(response: TestResponse) -> dict[str, str]:
    """Without those that name this one request, or grow with its path."""
    varying = {"X-Request-ID", "X-Process-Time", "Content-Length"}
    return {name: value for name, value in response.headers if name not in varying}


def _anonymous(response: TestResponse) -> bytes:
    """The body without the words that name this one request."""
    body: Any = response.json
    text = response.get_data()
    for field in PER_REQUEST:
        text = text.replace(f'"{field}":"{body["error"][field]}"'.encode(), b"")
    return text
