"""An HTTP server that records the tasks it receives and answers as each test asks."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Received:
    at: float
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class Target:
    """Answers 200 until ``answer`` is replaced: a function of the request's running number."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.most_at_once = 0
        self.answer: Callable[[int], int] = lambda number: 200
        # Requests wait here while it is clear.
        self.open = threading.Event()
        self.open.set()
        self._at_once = 0
        self._changed = threading.Condition()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self.open.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def wait(self, count: int, timeout: float = 5.0) -> list[Received]:
        """The requests so far, once there are ``count``; raises TimeoutError."""
        with self._changed:
            if not self._changed.wait_for(lambda: len(self.received) >= count, timeout):
                raise TimeoutError(f"{len(self.received)} of {count} requests in {timeout} s")
            return list(self.received)

    def _receive(self, request: Received) -> int:
        with self._changed:
            self.received.append(request)
            number = len(self.received)
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
            self._changed.notify_all()
        self.open.wait(10)
        with self._changed:
            self._at_once -= 1
        return self.answer(number)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receive = self._receive

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *args: object) -> None:
                pass

            def _any(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                # All values of a header sent twice.
                headers = {
                    name.lower(): ", ".join(self.headers.get_all(name, [])) for name in self.headers
                }
                status = receive(Received(time.time(), self.command, self.path, headers, body))
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            # The names that http.server looks up.
            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _any  # noqa: N815

            def handle(self) -> None:
                try:
                    super().handle()
                except ConnectionError:
                    # The server under test hung up on purpose.
                    self.close_connection = True

        return Handler
