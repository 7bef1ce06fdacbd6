"""The development server: connections stay open, and nothing of one request leaks into the next."""

import http.client
import socket
import threading
from collections.abc import Iterator

import pytest
from werkzeug.wrappers import Request, Response

from infra.dev.http_server import DRAINED_BYTES, DevelopmentServer

WAITING = threading.Event()
LET_GO = threading.Event()


@Request.application
def app(request: Request) -> Response:
    match request.path:
        case "/read":
            return Response(str(len(request.get_data())))
        case "/empty":
            return Response(status=204)
        case "/unchanged":
            return Response(status=304)
        case "/slow":
            WAITING.set()
            LET_GO.wait(10)
            return Response("done")
        case "/broken":
            raise LookupError("on purpose")
    return Response("unread")


@pytest.fixture
def server() -> Iterator[DevelopmentServer]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = DevelopmentServer(listener, app)
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def connection(server: DevelopmentServer) -> Iterator[http.client.HTTPConnection]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    yield connection
    connection.close()


def asked(
    connection: http.client.HTTPConnection, method: str, path: str, body: object = None, **more
) -> tuple[int, str]:
    connection.request(method, path, body, **more)
    answer = connection.getresponse()
    return answer.status, answer.read().decode()


def test_one_connection_carries_many_requests(connection: http.client.HTTPConnection) -> None:
    assert asked(connection, "GET", "/") == (200, "unread")
    used = connection.sock
    assert asked(connection, "POST", "/read", b"x" * 1000) == (200, "1000")
    assert asked(connection, "GET", "/empty") == (204, "")
    assert asked(connection, "GET", "/unchanged") == (304, "")
    assert asked(connection, "HEAD", "/") == (200, "")
    assert asked(connection, "POST", "/", b"GET /broken HTTP/1.1\r\n\r\n") == (200, "unread")
    assert asked(connection, "GET", "/") == (200, "unread")
    assert connection.sock is used


def test_a_long_body_that_nobody_read_ends_the_connection(
    connection: http.client.HTTPConnection,
) -> None:
    connection.putrequest("POST", "/")
    connection.putheader("Content-Length", str(DRAINED_BYTES + 1))
    connection.endheaders()
    answer = connection.getresponse()
    assert answer.read() == b"unread"
    assert answer.will_close or connection.sock is None or connection.sock.recv(1) == b""


def test_a_body_in_chunks_is_read_whole(connection: http.client.HTTPConnection) -> None:
    body = iter([b"ab", b"cde"])
    assert asked(connection, "POST", "/read", body, encode_chunked=True) == (200, "5")


def test_a_length_that_is_no_number_is_refused(connection: http.client.HTTPConnection) -> None:
    connection.putrequest("POST", "/read")
    connection.putheader("Content-Length", "-1")
    connection.endheaders()
    assert connection.getresponse().status == 400


def test_a_function_that_breaks_down_gets_an_answer(
    connection: http.client.HTTPConnection, capsys: pytest.CaptureFixture[str]
) -> None:
    status, said = asked(connection, "GET", "/broken")
    assert (status, said) == (500, "The function broke down.\n")
    assert "on purpose" in capsys.readouterr().err
    assert asked(connection, "GET", "/") == (200, "unread")


def test_it_says_nothing_about_requests(
    connection: http.client.HTTPConnection, capsys: pytest.CaptureFixture[str]
) -> None:
    asked(connection, "GET", "/")
    assert capsys.readouterr() == ("", "")


def test_ending_waits_for_requests_under_way_but_not_for_idle_connections(
    server: DevelopmentServer, connection: http.client.HTTPConnection
) -> None:
    asked(connection, "GET", "/")
    server.wait_until_idle(10)
    WAITING.clear()
    LET_GO.clear()
    connection.request("GET", "/slow")
    assert WAITING.wait(10)
    waiting = threading.Thread(target=server.wait_until_idle, args=(10,))
    waiting.start()
    waiting.join(0.1)
    assert waiting.is_alive()
    LET_GO.set()
    waiting.join(10)
    assert not waiting.is_alive()
    assert connection.getresponse().read() == b"done"
