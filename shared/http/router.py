"""A function's route table: declared by signature, matched by Werkzeug."""

import inspect
import threading
import time
from collections.abc import Callable
from functools import cached_property
from typing import Any, TypeVar, get_type_hints

from flask import Request, Response
from werkzeug import exceptions
from werkzeug.routing import Map, Rule

from shared.errors import AppError, MethodNotAllowed, NotFound
from shared.http.context import Access
from shared.http.exchange import Exchange
from shared.http.parsing import BODY_BYTES, JSON
from shared.http.rate_limit import RateLimiter
from shared.http.routes import Endpoint, Route
from shared.logging import configure
from shared.rules.limits import POLICIES, with_overrides
from shared.settings import Settings
from shared.wiring import Wiring, wiring

F = TypeVar("F", bound=Callable[..., Any])

_first = threading.Lock()


class Router:
    """The routes of one function, under `/api/v1/<group>`.

    A request's path may come whole (through Hosting), without `/api/v1` or without the group as
    well (a function's own address strips it), and with or without a slash at the end.
    """

    def __init__(self, group: str, *, tag: str, function: str = "") -> None:
        # A process that must not run here, or could not count, ends now, not at its first request.
        with_overrides(POLICIES, Settings.from_environment().rate_limits)
        configure()
        self.group = group
        self.tag = tag
        self.function = function or group or "docs"
        """The function's name, where it is not that of the group."""
        self.routes: list[Route] = []
        self._map = Map(strict_slashes=False, merge_slashes=False)
        self._prefixes = ("/api/v1", f"/{group}") if group else ("/api/v1",)

    @cached_property
    def wiring(self) -> Wiring:
        # An instance's first requests may come together, and some clients must not exist twice.
        with _first:
            return wiring()

    @cached_property
    def limiter(self) -> RateLimiter:
        """This function's own: instances of a function share only what is in the store."""
        settings = self.wiring.settings
        return RateLimiter(
            lambda: self.wiring.counters,
            with_overrides(POLICIES, settings.rate_limits),
            mode=settings.rate_limit_mode,
            now=time.time,
            secret=settings.hash_secret.encode(),
        )

    def route(
        self,
        method: str,
        path: str,
        *,
        access: Access,
        limit: str | tuple[str, ...],
        status: int = 200,
        other_status: int | None = None,
        fails: tuple[type[AppError], ...] = (),
        accepts: tuple[str, ...] = (JSON,),
        body_optional: bool = False,
        media_type: str = JSON,
        most_bytes: int = BODY_BYTES,
        cache_seconds: int = 0,
    ) -> Callable[[F], F]:
        """Register a function; its path, `query`, `body` and return hints are the contract."""

        def register(function: F) -> F:
            hints = get_type_hints(function, include_extras=True)
            answer = hints.pop("return")
            raw = hints.get("body") is bytes
            parameters = {
                name: hints[name]
                for name in inspect.signature(function).parameters
                if name not in {"context", "query", "body"}
            }
            route = Route(
                method=method,
                path=path,
                function=function,
                access=access,
                limits=(limit,) if isinstance(limit, str) else limit,
                status=status,
                other_status=other_status,
                fails=fails,
                parameters=parameters,
                query=hints.get("query"),
                body=None if raw else hints.get("body"),
                raw=raw,
                accepts=accepts,
                body_optional=body_optional,
                most_bytes=most_bytes,
                answer=None if answer is type(None) else answer,
                media_type=media_type,
                cache_seconds=cache_seconds,
            )
            self._add(route)
            return function

        return register

    def include(self, other: "Router") -> None:
        """Take over the routes of another table of this group, which has a file of its own."""
        for route in other.routes:
            self._add(route)

    def _add(self, route: Route) -> None:
        self.routes.append(route)
        rule = Rule(route.path or "/", methods=[route.method], endpoint=Endpoint(route))
        self._map.add(rule)

    def answer(self, request: Request) -> Response:
        """Run one request; whatever happens, the answer is ours and complete."""
        return Exchange(
            self.group, self.function, self.match, self.wiring, self.limiter, request
        ).run()

    def match(self, path: str, method: str) -> tuple[Endpoint, dict[str, Any]]:
        for prefix in self._prefixes:
            if path == prefix or path.startswith(prefix + "/"):
                path = path.removeprefix(prefix)
        try:
            endpoint, arguments = self._map.bind("").match(path.rstrip("/") or "/", method)
        except exceptions.MethodNotAllowed as error:
            allowed = ", ".join(sorted({*(error.valid_methods or ()), "OPTIONS"}))
            raise MethodNotAllowed(
                f"{method} is not possible here.", headers={"Allow": allowed}
            ) from None
        except exceptions.HTTPException:
            raise NotFound("There is nothing at this address.") from None
        return endpoint, dict(arguments)
