"""The development server: Werkzeug's, with connections that stay open between requests.

Werkzeug's own handler closes every connection, because it does not know where a request's body
ends; here it is known, so that a client may send the next request at once.
"""

import socket
import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from io import BufferedIOBase, RawIOBase
from typing import TYPE_CHECKING, Any

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler
from werkzeug.wrappers import Response

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

IDLE_SECONDS = 75
"""How long a connection may stay open without a request."""
DRAINED_BYTES = 1024 * 1024
"""A longer rest of a body that nobody read is not worth waiting for."""


class Body(RawIOBase):
    """The part of a connection that belongs to one request."""

    def __init__(self, connection: BufferedIOBase, length: int) -> None:
        super().__init__()
        self._connection = connection
        self.rest = length

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        chunk = self._connection.read(min(len(buffer), self.rest))
        buffer[: len(chunk)] = chunk
        self.rest -= len(chunk)
        return len(chunk)


class Handler(WSGIRequestHandler):
    """Answers the requests of one connection, one after the other, without a word on the way."""

    protocol_version = "HTTP/1.1"
    timeout = IDLE_SECONDS
    # Otherwise the second write of an answer waits for the first one's acknowledgement.
    disable_nagle_algorithm = True
    wbufsize = -1
    server: "DevelopmentServer"

    def run_wsgi(self) -> None:
        with self.server.busy():
            length = self.headers.get("Content-Length", "0")
            if not (length.isascii() and length.isdigit()):
                self.close_connection = True
                self._send(Response("Content-Length must be a number.\n", HTTPStatus.BAD_REQUEST))
                return
            environ = self.make_environ()
            body = None
            if not environ.get("wsgi.input_terminated"):
                body = environ["wsgi.input"] = Body(self.rfile, int(length))
            self._send(self._answer(environ))
            self._leave_nothing_unread(body)

    def _answer(self, environ: Any) -> Response:
        try:
            return Response.from_app(self.server.app, environ, buffered=True)
        except Exception:  # noqa: BLE001 - a broken function must not end the connection silently
            traceback.print_exc(file=sys.stderr)
            self.close_connection = True
            return Response("The function broke down.\n", HTTPStatus.INTERNAL_SERVER_ERROR)

    def _send(self, response: Response) -> None:
        data = response.get_data()
        self.send_response(response.status_code, response.status.partition(" ")[2])
        for name, value in response.headers:
            if name.lower() not in {"connection", "content-length"}:
                self.send_header(name, value)
        bodiless = response.status_code in {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED}
        if not bodiless:
            length = response.headers.get("Content-Length") if self.command == "HEAD" else None
            self.send_header("Content-Length", length or str(len(data)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if not bodiless and self.command != "HEAD":
            self.wfile.write(data)
        self.wfile.flush()

    def _leave_nothing_unread(self, body: Body | None) -> None:
        """What is left of this request would be taken for the next one."""
        if body is None or body.rest > DRAINED_BYTES:
            self.close_connection = True
        elif body.rest:
            body.read(body.rest)

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - Werkzeug's name
        """Nothing: every function writes a line of its own per request."""


class DevelopmentServer(ThreadedWSGIServer):
    """Serves an application on a socket that already listens, one thread per connection."""

    def __init__(self, listener: socket.socket, app: "WSGIApplication") -> None:
        host, port = listener.getsockname()[:2]
        super().__init__(host, port, app, Handler, fd=listener.fileno())
        self._requests = 0
        self._changed = threading.Condition()

    @contextmanager
    def busy(self) -> Iterator[None]:
        with self._changed:
            self._requests += 1
        try:
            yield
        finally:
            with self._changed:
                self._requests -= 1
                self._changed.notify_all()

    def wait_until_idle(self, seconds: float) -> None:
        """Return when no request is under way, or after some seconds."""
        with self._changed:
            self._changed.wait_for(lambda: self._requests == 0, seconds)
