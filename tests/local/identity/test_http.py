"""Who may call, and what malformed requests meet: always JSON, never a crash."""

import json
import socket

import pytest

from infra.local.identity.server import IdentityServer
from infra.local.json_server import LARGEST_BODY
from tests.local.identity.rest import Rest, done, refusal

SIGN_IN = "/identitytoolkit.googleapis.com/v1/accounts:signInWithPassword"


def post(server, http, path, **arguments):
    return http.post(f"http://{server.address}{path}", **arguments)


def test_the_root_says_that_the_server_is_ready(server, http):
    assert done(http.get(f"http://{server.address}/")) == {"authEmulator": {"ready": True}}


def test_certificates_may_be_cached_for_an_hour_and_answers_may_not(server, http, signer, rest):
    response = http.get(server.certificates_url)
    assert done(response) == signer.certificates()
    assert response.headers["Cache-Control"] == "public, max-age=3600"
    assert rest.call("lookup").headers["Cache-Control"] == "no-store"


def test_a_client_call_needs_an_api_key(server, http, rest, project):
    for path in (SIGN_IN, "/securetoken.googleapis.com/v1/token"):
        response = post(server, http, path, json={})
        assert response.status_code == 403
        assert response.json()["error"]["status"] == "PERMISSION_DENIED"
    rest.sign_up("anna@example.com")
    body = {"email": "anna@example.com", "password": "Passw0rd!"}
    header = {"X-Goog-Api-Key": f"project:{project}"}
    assert done(post(server, http, SIGN_IN, json=body, headers=header))


@pytest.mark.parametrize(
    "header", [{}, {"Authorization": "Basic eDp5"}, {"Authorization": "Bearer"}]
)
def test_an_admin_call_needs_a_bearer(server, http, header):
    path = "/identitytoolkit.googleapis.com/v1/projects/demo-x/accounts:lookup"
    response = post(server, http, f"{path}?key=any", json={"localId": ["u1"]}, headers=header)
    assert response.status_code == 401
    assert response.json()["error"]["status"] == "UNAUTHENTICATED"


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b'"text"',
        b"\xff\xfe",
        b'{"email": NaN}',
        b"[" * 100_000,
        b'{"email": 5, "password": "x"}',
        b'{"email": {"a": 1}}',
        b'{"email": "\\ud800@example.com", "password": "x"}',
        b'{"email": "a@example.com", "password": "x", "returnSecureToken": "yes"}',
    ],
)
def test_a_malformed_body_is_a_bad_request(server, http, body):
    response = post(server, http, f"{SIGN_IN}?key=k", content=body)
    assert response.status_code == 400
    assert response.headers["Content-Type"] == "application/json; charset=UTF-8"
    assert "error" in response.json()


@pytest.mark.parametrize(
    "body",
    [
        {"localId": "u1", "validSince": "soon"},
        {"localId": "u1", "validSince": 10**30},
        {"localId": "u1", "deleteAttribute": "DISPLAY_NAME"},
        {"localId": "u1", "disableUser": 1},
        {"localId": "u1", "phoneNumber": "12"},
    ],
)
def test_an_admin_field_of_the_wrong_type_is_a_bad_request(rest, project, body):
    rest.admin("POST", f"/v1/projects/{project}/accounts", {"localId": "u1"})
    response = rest.admin("POST", f"/v1/projects/{project}/accounts:update", body)
    assert refusal(response)[0] == 400


def test_a_huge_body_is_refused_before_it_is_read(server):
    host, port = server.address.split(":")
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        head = f"POST {SIGN_IN}?key=k HTTP/1.1\r\nHost: x\r\nContent-Length: {LARGEST_BODY + 1}\r\n"
        connection.sendall(head.encode() + b"\r\n")
        answer = read_all(connection)
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["error"]["code"] == 413


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", 411),
        (b"POST / HTTP/1.1\r\nContent-Length: many\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400),
        (b"BREW / HTTP/1.1\r\n\r\n", 501),
        (b"nonsense\r\n\r\n", 400),
        (b"GET /" + b"x" * 65_536 + b" HTTP/1.1\r\n\r\n", 414),
        (b"GET / nonsense\r\n\r\n", 400),
    ],
)
def test_a_broken_request_is_answered_in_json_and_the_connection_closed(server, head, status):
    host, port = server.address.split(":")
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        connection.sendall(head)
        answer = read_all(connection)
    assert answer.startswith(f"HTTP/1.1 {status} ".encode())
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["error"]["code"] == status


def read_all(connection: socket.socket) -> bytes:
    received = b""
    while part := connection.recv(65536):
        received += part
    return received


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/nowhere"),
        ("GET", SIGN_IN),
        ("POST", "/identitytoolkit.googleapis.com/v1/accounts:unknown"),
        ("POST", "/identitytoolkit.googleapis.com/v1/projects/a/tenants/t/accounts:lookup"),
        ("DELETE", "/certs"),
        ("PUT", "/emulator/v1/projects/demo-x/accounts"),
    ],
)
def test_an_unknown_path_is_not_found_in_json(server, http, method, path):
    response = http.request(method, f"http://{server.address}{path}")
    assert refusal(response) == (404, "NOT_FOUND")


def test_a_browser_may_call_from_another_origin(server, http):
    response = http.options(f"http://{server.address}{SIGN_IN}")
    assert response.status_code == 200
    assert response.headers["Access-Control-Allow-Origin"] == "*"


def test_requests_are_counted(server, http):
    before = server.requests
    for _ in range(3):
        http.get(server.certificates_url)
    assert server.requests - before == 3


def test_one_connection_serves_many_requests(server):
    host, port = server.address.split(":")
    request = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        for _ in range(3):
            connection.sendall(request)
            received = b""
            while not received.endswith(b'{"authEmulator": {"ready": true}}'):
                received += connection.recv(65536)
            assert received.startswith(b"HTTP/1.1 200 ")


def test_the_server_listens_on_loopback_only(server):
    assert server.address.startswith("127.0.0.1:")


def test_a_fault_of_the_server_is_answered_in_json_and_reported(signer, http, capfd):
    def broken_clock() -> float:
        raise ZeroDivisionError("the clock stands still")

    server = IdentityServer("demo-broken", signer, now=broken_clock)
    server.start()
    try:
        response = Rest(http, server.address, "demo-broken", "key").call(
            "signUp", email="anna@example.com", password="Passw0rd!"
        )
    finally:
        server.stop()
    assert refusal(response) == (500, "INTERNAL_ERROR")
    assert "the clock stands still" in capfd.readouterr().err
