"""Which bodies are read, and that none of them breaks anything."""

import io
from typing import Any

import pytest

from shared.http.parsing import BODY_BYTES
from tests.http.probe import Probe

JSON = {"content_type": "application/json"}


def test_a_body_of_exactly_the_limit_is_read(probe: Probe):
    body = b'{"name": "here"}'.ljust(BODY_BYTES)
    assert probe.post("/echo", data=body, **JSON).json["name"] == "here"


def test_a_body_of_one_byte_more_is_refused_by_its_announced_length(probe: Probe):
    """Nothing of it is read."""
    announced = {"CONTENT_LENGTH": str(BODY_BYTES + 1)}
    answer = probe.post("/echo", input_stream=io.BytesIO(), environ_overrides=announced, **JSON)
    assert answer.status_code == 413
    assert answer.json["error"]["code"] == "PAYLOAD_TOO_LARGE"
    assert answer.json["detail"] == "The body is larger than 512 KiB."


class Parts(io.RawIOBase):
    """A body that comes in parts, as chunked ones do; counts what was taken."""

    def __init__(self, size: int, ending: bytes = b"") -> None:
        self.left = size
        self.ending = ending
        self.taken = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        part = b" " * min(self.left, len(buffer), 4_096)
        self.left -= len(part)
        if not part:
            part, self.ending = self.ending, b""
        buffer[: len(part)] = part
        self.taken += len(part)
        return len(part)


def chunked(body: io.RawIOBase) -> dict[str, Any]:
    return {
        "environ_overrides": {
            "wsgi.input": body,
            "wsgi.input_terminated": True,
            "HTTP_TRANSFER_ENCODING": "chunked",
        },
        **JSON,
    }


def test_a_chunked_body_is_read_to_its_end(probe: Probe):
    answer = probe.post("/echo", **chunked(Parts(20_000, b'{"name": "end"}')))
    assert (answer.status_code, answer.json["name"]) == (200, "end")


def test_a_chunked_body_is_refused_once_it_is_too_long(probe: Probe):
    endless = Parts(1 << 40)
    assert probe.post("/echo", **chunked(endless)).status_code == 413
    assert endless.taken == BODY_BYTES + 1


def test_a_body_that_breaks_off_is_the_clients_mistake(probe: Probe):
    answer = probe.post(
        "/echo",
        input_stream=io.BytesIO(b'{"na'),
        environ_overrides={"CONTENT_LENGTH": "40"},
        **JSON,
    )
    assert (answer.status_code, answer.json["error"]["code"]) == (400, "MALFORMED_BODY")


class Torn(Parts):
    """A body whose chunks cannot be told apart; the server says so in its own way."""

    def readinto(self, buffer: Any) -> int:
        if not self.left:
            raise IndexError("ZZ is no size of a chunk")
        return super().readinto(buffer)


def test_a_body_that_the_server_cannot_read_is_the_clients_mistake(probe: Probe):
    answer = probe.post("/echo", **chunked(Torn(100)))
    assert (answer.status_code, answer.json["error"]["code"]) == (400, "MALFORMED_BODY")
    assert answer.json["detail"] == "The body did not arrive whole."


@pytest.mark.parametrize("encoding", ["gzip", "br", "identity, gzip", "GZIP"])
def test_a_compressed_body_is_not_unpacked(probe: Probe, encoding: str):
    answer = probe.post("/echo", data=b"{}", headers={"Content-Encoding": encoding}, **JSON)
    assert (answer.status_code, answer.json["error"]["code"]) == (415, "UNSUPPORTED_MEDIA_TYPE")


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "multipart/form-data", "json"])
def test_another_content_type_is_refused_with_what_would_do(probe: Probe, kind: str):
    answer = probe.post("/json", data=b"{}", content_type=kind)
    assert answer.status_code == 415
    assert answer.json["error"]["details"] == {"accepts": ["application/json"]}


@pytest.mark.parametrize(
    "kind", ["application/json; charset=utf-8", "application/problem+json", "APPLICATION/JSON", ""]
)
def test_every_spelling_of_json_is_read(probe: Probe, kind: str):
    assert probe.post("/json", data=b'{"name": "x"}', content_type=kind).json["name"] == "x"


def test_a_form_is_read_only_where_it_is_expected(probe: Probe):
    assert probe.post("/echo", data={"name": "a b", "count": "3"}).json["count"] == 3
    assert probe.post("/json", data={"name": "a b"}).status_code == 415


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"{'name': 'x'}",
        b'{"name": "x",}',
        b'{"name": "x"} {}',
        b'{"name": "\xff"}',
        b'{"name": "\\ud800"}',
        b'{"name": "\\udc00\\ud800"}',
        b'\xef\xbb\xbf{"name": "x"}',
        '{"name": "x"}'.encode("utf-16"),
        b"[" * 10_000 + b"]" * 10_000,
        b'{"unknown": ' + b"[" * 10_000 + b"]" * 10_000 + b"}",
        b'{"count": ' + b"9" * 5_000 + b"}",
        b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    ],
)
def test_what_is_not_json_is_a_400(probe: Probe, body: bytes):
    answer = probe.post("/json", data=body, **JSON)
    assert (answer.status_code, answer.json["error"]["code"]) == (400, "MALFORMED_BODY")
    assert isinstance(answer.json["detail"], str)


@pytest.mark.parametrize(
    ("body", "where"),
    [
        (b'{"name": "a\\u0000b"}', "name"),
        (b'{"name": null}', "name"),
        (b'{"name": 1}', "name"),
        (b'{"weight": NaN}', "weight"),
        (b'{"weight": Infinity}', "weight"),
        (b'{"weight": -Infinity}', "weight"),
        (b'{"weight": 1e400}', "weight"),
        (b'{"weight": "NaN"}', "weight"),
        (b'{"count": 1.5}', "count"),
        (b'{"count": 1e300}', "count"),
        (b'{"tags": {"0": 1}}', "tags"),
        (b'{"shares": {"\\u0000": 2}}', "shares"),
    ],
)
def test_json_of_the_wrong_kind_is_a_422_that_names_the_field(
    probe: Probe, body: bytes, where: str
):
    answer = probe.post("/json", data=body, **JSON)
    assert answer.status_code == 422
    assert answer.json["detail"][0]["loc"][:2] == ["body", where]


@pytest.mark.parametrize("body", [b"null", b"[]", b'"name"', b"7", b"true"])
def test_json_that_is_no_object_is_a_422(probe: Probe, body: bytes):
    answer = probe.post("/json", data=body, **JSON)
    assert answer.status_code == 422
    assert answer.json["detail"][0]["loc"] == ["body"]


def test_of_two_equal_names_the_last_counts(probe: Probe):
    assert probe.post("/json", data=b'{"name":"a","name":"b"}', **JSON).json["name"] == "b"


def test_unknown_fields_are_ignored(probe: Probe):
    """Decision 9."""
    answer = probe.post("/json", json={"name": "x", "difficulty_level": "hard", "id": 1})
    assert (answer.status_code, "id" in answer.json) == (200, False)


@pytest.mark.parametrize(
    "form", [b"name=\xff", b"name=%ff", b"name=%ed%a0%80", b"&".join([b"a=b"] * 51)]
)
def test_a_form_that_cannot_be_read_is_a_400(probe: Probe, form: bytes):
    """Replacing the bytes would turn one password into another."""
    kind = "application/x-www-form-urlencoded"
    answer = probe.post("/echo", data=form, content_type=kind)
    assert (answer.status_code, answer.json["error"]["code"]) == (400, "MALFORMED_BODY")


def test_a_route_without_a_body_ignores_one(probe: Probe):
    assert probe.put("/held", data=b"\xff" * 10, content_type="image/png").status_code == 200
