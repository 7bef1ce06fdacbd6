"""One request on its way through a function."""

import logging
import re
import time
import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import Request, Response

from shared.errors import AdminRequired, AppError, Internal
from shared.http.answers import (
    Content,
    add_security,
    content_response,
    digest,
    json_response,
    unchanged,
)
from shared.http.auth import attempt, due, invoker, signed_in
from shared.http.context import Access, Context
from shared.http.cors import add_cors, add_preflight
from shared.http.envelope import envelope
from shared.http.parsing import (
    FORM,
    JSON,
    MULTIPART,
    parse_body,
    parse_path,
    parse_query,
    read_body,
)
from shared.http.rate_limit import Identity, RateLimiter, client_ip
from shared.http.routes import Endpoint, Route
from shared.logging import log, trace_fields
from shared.origin import Origin, coming_from
from shared.rules.access import require_pro
from shared.storage.tally import TASK_SECONDS, Tally, counting
from shared.wiring import Wiring

Match = Callable[[str, str], tuple[Endpoint, dict[str, Any]]]

_REQUEST_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
_VERSION = re.compile(r'(?:W/)?"([^"]{1,200})"')


class Exchange:
    """Turns one request into one complete answer, in the order of `_serve`, whatever happens.

    Finding the route and who calls comes before what may be done, and that before the payload.
    """

    def __init__(
        self,
        group: str,
        function: str,
        match: Match,
        wiring: Wiring,
        limiter: RateLimiter,
        request: Request,
    ) -> None:
        self.group = group
        self.function = function
        self.match = match
        self.wiring = wiring
        self.limiter = limiter
        self.request = request
        self.started = time.perf_counter()
        given = request.headers.get("X-Request-ID", "")
        self.request_id = given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        self.endpoint: Endpoint | None = None
        self.limit_headers: dict[str, str] = {}
        self.user_id = ""

    def run(self) -> Response:
        ip = client_ip(
            self.request.headers.get("X-Forwarded-For"),
            self.request.remote_addr or "",
            self.wiring.settings.trusted_hops,
        )
        came_from = Origin(self.request_id, self.limiter.hashed(ip))
        with counting() as tally, coming_from(came_from):
            try:
                response = self._serve(Identity(ip=ip), tally)
            except AppError as error:
                response = self._refuse(error)
            except Exception:  # noqa: BLE001 - the one place where bugs become a plain 500
                log.exception(
                    "unhandled error", extra={"fields": self._labels() | {"request": self._name()}}
                )
                response = self._refuse(Internal())
        self._finish(response)
        self._log(response, tally)
        return response

    def _serve(self, identity: Identity, tally: Tally) -> Response:
        request, settings = self.request, self.wiring.settings
        if request.method == "OPTIONS":
            return self._options()
        try:
            endpoint, parameters = self.match(request.path, request.method)
            self.endpoint = endpoint
            caller = None
            if endpoint.route.access is Access.TASK:
                identity = replace(identity, user_id=invoker(request, self.wiring))
                tally.allowed_seconds = TASK_SECONDS
            elif endpoint.route.access is not Access.PUBLIC:
                # What administrators read is about everybody, so their rights are never old.
                fresh = endpoint.route.access is Access.ADMIN
                caller = signed_in(request, self.wiring, fresh=fresh)
        except AppError:
            self._spend(("anonymous",), identity)
            raise
        if caller:
            self.user_id = caller.user_id
            identity = replace(identity, user_id=caller.user_id)
        self._spend(endpoint.route.limits, identity)
        if endpoint.route.access is Access.PRO and caller:
            require_pro(caller, settings.upgrade_url)
        if endpoint.route.access is Access.ADMIN and caller and not caller.is_admin:
            raise AdminRequired("Administrators only: this needs the admin role.")
        context = Context(
            request_id=self.request_id,
            wiring=self.wiring,
            limiter=self.limiter,
            identity=identity,
            signed_in=caller,
            if_match=_version(request.headers.get("If-Match")),
            attempt=attempt(request),
            due=due(request),
            request_headers=dict(request.headers),
        )
        result = endpoint.route.function(context, **self._arguments(endpoint, parameters))
        response = self._answer(endpoint, result)
        response.status_code = context.status or response.status_code
        response.headers.extend(context.headers)
        return response

    def _options(self) -> Response:
        response = json_response(None, 204)
        add_preflight(
            response.headers,
            self.request.headers.get("Origin"),
            self.wiring.settings.cors_origins,
        )
        return response

    def _spend(self, policies: tuple[str, ...], identity: Identity) -> None:
        verdict = self.limiter.check(policies, identity)
        self.limit_headers = verdict.headers()
        verdict.require()

    def _arguments(self, endpoint: Endpoint, given: dict[str, Any]) -> dict[str, Any]:
        route, request = endpoint.route, self.request
        arguments = {
            name: parse_path(adapter, name, given[name])
            for name, adapter in endpoint.parameters.items()
        }
        if route.query:
            arguments["query"] = parse_query(route.query, request.query_string)
        if route.body:
            body = read_body(request, route.accepts, route.most_bytes)
            if not body and route.body_optional:
                body = b"{}"
            arguments["body"] = parse_body(route.body, body, self._media_type(route))
        elif route.raw:
            arguments["body"] = read_body(request, route.accepts, route.most_bytes)
        return arguments

    def _media_type(self, route: Route) -> str:
        """How the body is to be read; only a form of files says more than its kind."""
        if MULTIPART in route.accepts:
            _, _, parameters = self.request.headers.get("Content-Type", "").partition(";")
            return f"{MULTIPART};{parameters}"
        return FORM if FORM in route.accepts and self.request.mimetype == FORM else JSON

    def _answer(self, endpoint: Endpoint, result: Any) -> Response:
        route = endpoint.route
        version = result.version if endpoint.versioned else ""
        if isinstance(result, Content):
            response = content_response(result)
            version = result.version
        elif endpoint.answer is None:
            response = json_response(None, route.status)
        else:
            body = endpoint.answer.dump_json(result, by_alias=True)
            response = json_response(body, route.status)
        if route.cache_seconds:
            whose = "public" if route.access is Access.PUBLIC else "private"
            response.headers["Cache-Control"] = f"{whose}, max-age={route.cache_seconds}"
            version = version or digest(response.get_data())
        if version:
            if unchanged(self.request, version):
                response.set_data(b"")
                response.status_code = 304
            response.headers["ETag"] = f'"{version}"'
        return response

    def _refuse(self, error: AppError) -> Response:
        body = envelope(error, request_id=self.request_id, path=self.request.path)
        response = json_response(body.model_dump_json().encode(), error.status)
        response.headers.extend(error.headers)
        return response

    def _finish(self, response: Response) -> None:
        headers = response.headers
        headers["X-Request-ID"] = self.request_id
        for name, value in self.limit_headers.items():
            headers.setdefault(name, value)
        add_cors(
            headers,
            self.request.headers.get("Origin"),
            self.wiring.settings.cors_origins,
        )
        add_security(headers)
        headers["X-Process-Time"] = f"{self._milliseconds():.2f}ms"

    def _log(self, response: Response, tally: Tally) -> None:
        level = logging.WARNING if response.status_code >= 500 else logging.INFO
        fields: dict[str, Any] = {
            "httpRequest": {
                "requestMethod": self.request.method,
                "requestUrl": self._where(),
                "status": response.status_code,
                "latency": f"{self._milliseconds() / 1000:.6f}s",
            },
            "firestore": {"reads": tally.reads, "writes": tally.writes, "calls": tally.calls},
        }
        log.log(
            level,
            f"{self._name()} {response.status_code}",
            extra={"fields": fields | self._labels()},
        )

    def _name(self) -> str:
        return f"{self.request.method} {self._where()}"

    def _where(self) -> str:
        """The route rather than the path, which may hold anything: an address, a mailed token.

        So lines of one route can be counted together as well.
        """
        if self.endpoint is None:
            return "unmatched"
        group = f"/api/v1/{self.group}" if self.group else ""
        return group + self.endpoint.route.path

    def _labels(self) -> dict[str, Any]:
        labels = {"request_id": self.request_id, "function": self.function}
        if self.user_id:
            labels["user_id"] = self.user_id
        return {
            "logging.googleapis.com/labels": labels,
            **trace_fields(
                self.wiring.settings.project,
                self.request.headers.get("traceparent"),
                self.request.headers.get("X-Cloud-Trace-Context"),
            ),
        }

    def _milliseconds(self) -> float:
        return (time.perf_counter() - self.started) * 1000


def _version(header: str | None) -> str | None:
    """What If-Match insists on; `*` insists on nothing we would not insist on anyway."""
    if header is None or header.strip() == "*":
        return None
    found = _VERSION.fullmatch(header.strip())
    return found[1] if found else header.strip()
