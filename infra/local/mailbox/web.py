"""What the mailbox shows: a page for people, JSON for scripts."""

import json
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from infra.local.mailbox.store import MailStore

PAGE = Path(__file__).with_name("page.html")
MESSAGES = "/api/messages"


class MailPages(ThreadingHTTPServer):
    """GET `/`, GET and DELETE `/api/messages`; `?to=` filters by address."""

    daemon_threads = True

    def __init__(self, store: MailStore) -> None:
        self.store = store
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: MailPages

    def log_message(self, *_: Any) -> None:
        """Silent: the stack's log is for what the product does."""

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        if url.path == "/":
            self._send(HTTPStatus.OK, PAGE.read_bytes(), "text/html; charset=utf-8")
        elif url.path == MESSAGES:
            to = parse_qs(url.query).get("to", [""])[0]
            items = [message.shown() for message in self.server.store.all(to)]
            self._json(HTTPStatus.OK, {"items": items})
        else:
            self._json(HTTPStatus.NOT_FOUND, {"detail": "There is nothing at this address."})

    def do_DELETE(self) -> None:
        if urlsplit(self.path).path == MESSAGES:
            self.server.store.clear()
            self._json(HTTPStatus.OK, {"items": []})
        else:
            self._json(HTTPStatus.NOT_FOUND, {"detail": "There is nothing at this address."})

    def _json(self, status: HTTPStatus, body: dict[str, Any]) -> None:
        self._send(status, json.dumps(body).encode(), "application/json")

    def _send(self, status: HTTPStatus, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)
