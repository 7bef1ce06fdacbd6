"""Which request goes to which call, who may make it, and how its body is read."""

import dataclasses
import json
import re
import threading
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

from infra.local.identity.admin_api import ADMIN_CALLS, create, create_session_cookie
from infra.local.identity.batch_api import BATCH_CALLS, batch_get
from infra.local.identity.client_api import CLIENT_CALLS, follow_link
from infra.local.identity.emulator_api import (
    change_settings,
    flush_accounts,
    list_codes,
    show_settings,
)
from infra.local.identity.fields import Fields
from infra.local.identity.project import Call, Handler, Project
from infra.local.identity.sign_in_api import refresh
from infra.local.json_server import Request
from infra.local.refusals import Refused

_TOOLKIT = r"/identitytoolkit\.googleapis\.com"
_PROJECT = r"/projects/(?P<project>[^/:]{1,100})"
# A client's call names no project, its API key does. This prefix lets a key name any project;
# every other key belongs to the server's own.
_KEY_PREFIX = "project:"


@dataclasses.dataclass(frozen=True)
class _Route:
    method: str
    path: re.Pattern[str]
    handler: Handler
    # "key", "bearer" or nothing.
    needs: str = ""


def _routes() -> list[_Route]:
    v1 = rf"{_TOOLKIT}/v1{_PROJECT}"
    emulator = rf"/emulator/v1{_PROJECT}"
    table = [
        *(
            ("POST", rf"{_TOOLKIT}/v1/accounts:{name}", handler, "key")
            for name, handler in CLIENT_CALLS.items()
        ),
        ("POST", r"/securetoken\.googleapis\.com/v1/token", refresh, "key"),
        ("POST", rf"{v1}/accounts", create, "bearer"),
        *(
            ("POST", rf"{v1}/accounts:{name}", handler, "bearer")
            for name, handler in (ADMIN_CALLS | BATCH_CALLS).items()
        ),
        ("GET", rf"{v1}/accounts:batchGet", batch_get, "bearer"),
        ("POST", rf"{v1}:createSessionCookie", create_session_cookie, "bearer"),
        ("GET", rf"{_TOOLKIT}/v2{_PROJECT}/config", show_settings, "bearer"),
        ("PATCH", rf"{_TOOLKIT}/v2{_PROJECT}/config", change_settings, "bearer"),
        ("GET", rf"{emulator}/config", show_settings, ""),
        ("PATCH", rf"{emulator}/config", change_settings, ""),
        ("DELETE", rf"{emulator}/accounts", flush_accounts, ""),
        ("GET", rf"{emulator}/oobCodes", list_codes, ""),
        ("GET", r"/emulator/action", follow_link, ""),
    ]
    return [_Route(method, re.compile(path), call, needs) for method, path, call, needs in table]


class Router:
    """Projects come to life when they are first named."""

    def __init__(self, default_project: str, make_project: Callable[[str], Project]) -> None:
        self._default = default_project
        self._make = make_project
        self._lock = threading.Lock()
        self._projects: dict[str, Project] = {}
        self._routes = _routes()

    def answer(self, request: Request) -> dict[str, Any]:
        """Raises Refused."""
        for route in self._routes:
            match = route.path.fullmatch(request.path)
            if match and route.method == request.method:
                named = match.groupdict().get("project")
                return route.handler(self._call(route, request, named))
        raise Refused("NOT_FOUND", f"{request.method} {request.path}"[:200], status=404)

    def forget(self) -> None:
        with self._lock:
            self._projects.clear()

    def _call(self, route: _Route, request: Request, named: str | None) -> Call:
        query, headers = request.query, request.headers
        # A mailed link carries the key of whoever asked for it, under its own name.
        key = query.get("key") or query.get("apiKey") or headers.get("x-goog-api-key", "")
        if route.needs == "key" and not key:
            raise Refused("The request is missing a valid API key.", status=403)
        scheme, _, token = headers.get("authorization", "").partition(" ")
        # Any bearer will do: which of them may administer a project is IAM's matter.
        if route.needs == "bearer" and (scheme.lower() != "bearer" or not token.strip()):
            raise Refused("Request is missing required authentication credential.", status=401)
        body = _object(request) if request.method != "GET" else dict(query)
        project = self._project(named or self._of_key(key))
        return Call(project, Fields(body), body, query, key or _KEY_PREFIX + project.name)

    def _of_key(self, api_key: str) -> str:
        if api_key.startswith(_KEY_PREFIX):
            return api_key.removeprefix(_KEY_PREFIX)
        return self._default

    def _project(self, name: str) -> Project:
        with self._lock:
            if name not in self._projects:
                self._projects[name] = self._make(name)
            return self._projects[name]


def _object(request: Request) -> dict[str, Any]:
    if not request.body:
        return {}
    try:
        if "form" in request.headers.get("content-type", ""):
            return dict(parse_qsl(request.body.decode(), strict_parsing=True))
        body = json.loads(request.body, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise Refused("INVALID_ARGUMENT", "Invalid JSON payload received.") from None
    if not isinstance(body, dict):
        raise Refused("INVALID_ARGUMENT", "Root element must be a message.")
    return body


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
