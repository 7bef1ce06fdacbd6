"""A server that stands in for one of Google's or of others: JSON in and out on loopback.

Connections are kept alive.
"""

import json
import socket
import socketserver
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from infra.local.refusals import Refused

# An import of 1,000 accounts stays far below.
LARGEST_BODY = 4 * 1024 * 1024

# Status, body, extra headers.
Reply = tuple[int, dict[str, Any], dict[str, str]]


@dataclass(frozen=True)
class Request:
    """`headers` by lower-case name."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


class JsonServer(ThreadingHTTPServer):
    """Calls `answer` for every request, each connection on its own thread."""

    daemon_threads = True
    # The default of 5 refuses connections when a test opens twenty at once.
    request_queue_size = 128

    def __init__(self, port: int, answer: Callable[[Request], Reply]) -> None:
        self.answer = answer
        self._connections: set[socket.socket] = set()
        self._changed = threading.Condition()
        super().__init__(("127.0.0.1", port), _Handler)

    def server_bind(self) -> None:
        # HTTPServer would look its own name up, which can take seconds without a network.
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._changed:
            self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        super().shutdown_request(request)
        with self._changed:
            self._connections.discard(request)
            self._changed.notify_all()

    def hang_up(self, timeout: float = 5.0) -> None:
        """End kept-alive connections: their threads would go on answering after the end."""
        with self._changed:
            for connection in self._connections:
                try:
                    connection.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue  # the client was faster
            self._changed.wait_for(lambda: not self._connections, timeout)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # one segment for headers and body
    server: JsonServer

    def log_message(self, *_: Any) -> None:
        """Silent: the stack's log is for what the product does."""

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        # The base class answers malformed requests in HTML.
        del explain
        self.close_connection = True
        # A first line it could not read counts as HTTP/0.9, whose answers have no head.
        self.request_version = self.protocol_version
        refused = Refused("INVALID_ARGUMENT", message or HTTPStatus(code).phrase, status=code)
        self._send((code, refused.body(), {"Connection": "close"}))

    def _answer(self) -> None:
        try:
            body = self._read_body()
        except Refused as refused:
            # What the client still sends cannot be told from its next request.
            self.close_connection = True
            self._send((refused.status, refused.body(), {"Connection": "close"}))
            return
        url = urlsplit(self.path)
        request = Request(
            method=self.command,
            path=unquote(url.path),
            query=dict(parse_qsl(url.query)),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=body,
        )
        self._send(self.server.answer(request))

    # The base class looks methods up by these names.
    do_GET = do_POST = do_PATCH = do_DELETE = do_PUT = do_HEAD = do_OPTIONS = _answer  # noqa: N815

    def _read_body(self) -> bytes:
        if "Transfer-Encoding" in self.headers:
            raise Refused("INVALID_ARGUMENT", "Content-Length is required.", status=411)
        length = self.headers.get("Content-Length", "0")
        if not (length.isascii() and length.isdigit()):
            raise Refused("INVALID_ARGUMENT", "Content-Length is not a number.")
        if len(length) > 12 or int(length) > LARGEST_BODY:
            raise Refused("INVALID_ARGUMENT", "Request payload size exceeds the limit.", status=413)
        body = self.rfile.read(int(length))
        if len(body) < int(length):
            raise Refused("INVALID_ARGUMENT", "The request ended early.")
        return body

    def _send(self, reply: Reply) -> None:
        status, body, headers = reply
        data = json.dumps(body).encode()
        try:
            self.send_response(status)
            self.send_header("Content-Type", "application/json; charset=UTF-8")
            self.send_header("Content-Length", str(len(data)))
            # The web SDK calls from another origin.
            self.send_header("Access-Control-Allow-Origin", "*")
            self.send_header("Access-Control-Allow-Headers", "*")
            self.send_header("Access-Control-Allow-Methods", "*")
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(data)
            self.wfile.flush()
        except OSError:
            self.close_connection = True  # the client has gone
