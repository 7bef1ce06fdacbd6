"""Lemon Squeezy's API as far as the product calls it: checkouts and subscriptions.

Nobody pays here. What happens to a subscription is said by whoever plays the customer:
`infra.dev.webhook`, or a test.
"""

import copy
import itertools
import json
import threading
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from infra.local.json_server import JsonServer, Reply, Request

API = "/v1"
KEY = "local-payments-key"
STORE = "1"
PAGE = 100

Resource = dict[str, Any]


class PaymentsServer:
    """Listens on loopback; keeps everything in memory."""

    def __init__(self, port: int = 0) -> None:
        self._server = JsonServer(port, self._answer)
        self._lock = threading.Lock()
        self._subscriptions: dict[str, Resource] = {}
        self._checkouts = itertools.count(1)

    def start(self) -> None:
        threading.Thread(
            target=self._server.serve_forever,
            kwargs={"poll_interval": 0.02},
            name="payments",
            daemon=True,
        ).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._server.hang_up()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}{API}"

    def put(self, subscription: Resource) -> None:
        """The state of a subscription from now on: an object of type `subscriptions`."""
        with self._lock:
            self._subscriptions[subscription["id"]] = copy.deepcopy(subscription)

    def reset(self) -> None:
        with self._lock:
            self._subscriptions.clear()

    def _answer(self, request: Request) -> Reply:
        routes: dict[tuple[str, str], Callable[[Request], Reply]] = {
            ("POST", f"{API}/checkouts"): self._checkout,
            ("GET", f"{API}/subscriptions"): self._list,
            ("PUT", "/local/subscriptions"): self._put,
        }
        if request.headers.get("authorization") != f"Bearer {KEY}":
            return _error(401, "Unauthenticated.")
        if route := routes.get((request.method, request.path)):
            return route(request)
        prefix = f"{API}/subscriptions/"
        if request.path.startswith(prefix):
            identifier = request.path.removeprefix(prefix)
            if request.method == "GET":
                return self._one(identifier)
            if request.method == "DELETE":
                return self._cancel(identifier)
        return _error(404, "Not Found")

    def _checkout(self, request: Request) -> Reply:
        asked = json.loads(request.body)["data"]
        number = next(self._checkouts)
        custom = asked["attributes"]["checkout_data"]["custom"]
        variant = asked["relationships"]["variant"]["data"]["id"]
        token = quote(custom["organization"])
        origin = self.url.removesuffix(API)
        url = f"{origin}/checkout/{number}?variant={variant}&token={token}"
        attributes = {"url": url, "expires_at": None, **asked["attributes"]}
        made = {"type": "checkouts", "id": str(number), "attributes": attributes}
        return 201, {"data": made}, {}

    def _list(self, request: Request) -> Reply:
        page = int(request.query.get("page[number]", "1"))
        size = int(request.query.get("page[size]", "10"))
        with self._lock:
            found = sorted(self._subscriptions.values(), key=lambda each: str(each["id"]))
        last = max(1, -(-len(found) // size))
        shown = found[(page - 1) * size : page * size]
        return 200, {"meta": {"page": {"currentPage": page, "lastPage": last}}, "data": shown}, {}

    def _one(self, identifier: str) -> Reply:
        with self._lock:
            found = self._subscriptions.get(identifier)
        return (200, {"data": found}, {}) if found else _error(404, "Not Found")

    def _cancel(self, identifier: str) -> Reply:
        with self._lock:
            if found := self._subscriptions.get(identifier):
                ended = {"status": "cancelled", "cancelled": True, "renews_at": None}
                ends_at = found["attributes"]["ends_at"] or found["attributes"]["renews_at"]
                found["attributes"] |= ended | {"ends_at": ends_at}
        return self._one(identifier)

    def _put(self, request: Request) -> Reply:
        self.put(json.loads(request.body))
        return 200, {"data": json.loads(request.body)}, {}


def _error(status: int, title: str) -> Reply:
    return status, {"errors": [{"status": str(status), "title": title}]}, {}
