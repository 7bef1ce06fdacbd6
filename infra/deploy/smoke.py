"""A few real requests after a deployment: does every public function answer as it should?"""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import httpx

from infra.deploy.manifest import Manifest
from shared.http.context import Access
from shared.http.router import Router
from shared.http.routes import Route

WAIT_SECONDS = 30
"""A first instance may have to start."""


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who exists for this, and owns nothing."""

    email: str
    password: str


@dataclass(frozen=True, slots=True)
class Probe:
    function: str
    method: str
    path: str
    access: Access


@dataclass(frozen=True, slots=True)
class Answer:
    path: str
    expected: int
    status: int
    """0 when there was no answer."""
    said: str

    @property
    def right(self) -> bool:
        return self.status == self.expected


def smoke(origin: str, manifest: Manifest, account: Account | None = None) -> Iterator[Answer]:
    """One question to each public function: 200 where anyone may, or with an account; else 401."""
    with httpx.Client(base_url=origin, timeout=WAIT_SECONDS) as http:
        headers = {}
        if account:
            path, body = "/api/v1/auth/login", {"username": account.email}
            answer, token = _call(http, path, 200, data=body | {"password": account.password})
            yield answer
            headers = {"Authorization": f"Bearer {token}"}
        for probe in probes(manifest):
            if probe.access is Access.PUBLIC:
                yield _call(http, probe.path, 200)[0]
            elif account and probe.access is Access.MEMBER and probe.method == "GET":
                yield _call(http, probe.path, 200, headers=headers)[0]
            else:
                yield _call(http, probe.path, 401, method=probe.method)[0]


def probes(manifest: Manifest) -> Iterator[Probe]:
    """For each public function one address that can be asked without knowing any id.

    Where nothing can be read, one that refuses whoever is not signed in.
    """
    for function in filter(lambda each: each.public, manifest.functions):
        router = import_module(f"functions.{function.name}.main").api
        known = [route for route in router.routes if "<" not in route.path]
        route = next(filter(_simple, known), known[0])
        yield Probe(function.name, route.method, address(router, route), route.access)


def address(router: Router, route: Route) -> str:
    """Where a route is on the one origin, with its parameters in angle brackets."""
    return ((f"/api/v1/{router.group}" if router.group else "") + route.path) or "/"


def _simple(route: Route) -> bool:
    asks = route.query.model_fields.values() if route.query else ()
    return route.method == "GET" and not any(field.is_required() for field in asks)


def _call(
    http: httpx.Client, path: str, expected: int, *, method: str = "GET", **request: Any
) -> tuple[Answer, str]:
    """What came of it, and the access token where there is one in it."""
    try:
        answer = http.request("POST" if "data" in request else method, path, **request)
    except httpx.HTTPError as problem:
        return Answer(path, expected, 0, str(problem)), ""
    # Whoever answers in our place has no request id.
    status = answer.status_code if "X-Request-ID" in answer.headers else 0
    token = answer.json().get("access_token", "") if "data" in request and status == 200 else ""
    return Answer(path, expected, status, answer.text[:200]), token
