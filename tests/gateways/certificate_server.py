"""A small HTTP server that answers what Google's certificate address answers, or fails to."""

import json
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread


class CertificateServer:
    """Counts what it was asked; whoever starts it closes it."""

    def __init__(self, certificates: Mapping[str, object]) -> None:
        self.certificates: Mapping[str, object] = certificates
        self.cache_control: str | None = "public, max-age=3600, must-revalidate, no-transform"
        self.body: bytes | None = None
        self.status = 200
        self.asked = 0
        self.go_on = Event()
        self.go_on.set()
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                server.asked += 1
                server.go_on.wait(5)
                body = server.body
                if body is None:
                    body = json.dumps(server.certificates).encode()
                self.send_response(server.status)
                if server.cache_control is not None:
                    self.send_header("Cache-Control", server.cache_control)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: object) -> None:
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}/certificates"
        self._thread = Thread(target=self._http.serve_forever, args=(0.01,))
        self._thread.start()

    def close(self) -> None:
        self.go_on.set()
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()
