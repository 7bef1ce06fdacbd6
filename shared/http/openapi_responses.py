"""Responses in the OpenAPI document: which a route may give, with their headers and codes."""

from collections.abc import Iterable, Iterator
from typing import Any

from shared.errors import (
    AccountDisabled,
    AdminRequired,
    AppError,
    BodyTooLarge,
    Contended,
    FileTooLarge,
    Internal,
    Invalid,
    MalformedBody,
    MediaTypeUnsupported,
    PlanRequired,
    RateLimited,
    TokenExpired,
    TokenInvalid,
    Unauthenticated,
    Unavailable,
)
from shared.http.context import Access
from shared.http.openapi_refusals import REFUSALS
from shared.http.parsing import MULTIPART
from shared.http.routes import Route
from shared.models.health import BackendHealth, Health
from shared.rules.limits import POLICIES

_MEANINGS = {
    400: "The request cannot be read, or asks for what cannot be done",
    401: "Signing in is needed, or did not work",
    403: "The caller may not do this",
    404: "There is no such thing, or it belongs to another organization",
    409: "It clashes with what is there already",
    412: "If-Match names an old version",
    413: "The body is too large",
    415: "The body has a media type or an encoding that is not read here",
    422: "The request was read and breaks a rule",
    429: "Too many requests",
    500: "Something went wrong on our side",
    503: "A backend does not answer",
}

HEADERS: dict[str, dict[str, Any]] = {
    "X-Request-ID": {
        "description": "Names this request in our logs; a readable one you send is kept.",
        "schema": {"type": "string"},
    },
    "X-RateLimit-Limit": {
        "description": "How many requests the tightest window allows.",
        "schema": {"type": "integer"},
    },
    "X-RateLimit-Remaining": {
        "description": "How many of them are left.",
        "schema": {"type": "integer"},
    },
    "X-RateLimit-Reset": {
        "description": "When that window ends, in seconds since 1970.",
        "schema": {"type": "integer"},
    },
    "Retry-After": {
        "description": "Seconds after which to try again.",
        "schema": {"type": "integer", "minimum": 1},
    },
    "ETag": {
        "description": "The version of what is answered, for If-Match and If-None-Match.",
        "schema": {"type": "string"},
    },
    "WWW-Authenticate": {
        "description": "Always `Bearer`.",
        "schema": {"type": "string"},
    },
}

_ALWAYS = ("X-Request-ID", "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset")

_REPORTS = (Health, BackendHealth)
"""Answers that come with 503 as well: trouble of a backend is what they are asked about."""


def headers(*extra: str) -> dict[str, Any]:
    """References to the headers every answer has, and to these."""
    return {name: {"$ref": f"#/components/headers/{name}"} for name in (*_ALWAYS, *extra)}


def _extra(status: int, kinds: Iterable[type[AppError]]) -> Iterator[str]:
    if any(issubclass(kind, Unauthenticated) for kind in kinds):
        yield "WWW-Authenticate"
    if status in {429, 503}:
        yield "Retry-After"


def refusals(route: Route) -> dict[int, tuple[type[AppError], ...]]:
    """What the route may refuse, by status: what it names itself, and what its shape implies."""
    kinds: set[type[AppError]] = {*route.fails, RateLimited, Internal}
    if route.access is Access.TASK:
        kinds |= {Unauthenticated, TokenInvalid}
    elif route.access is not Access.PUBLIC:
        kinds |= {Unauthenticated, TokenInvalid, TokenExpired, AccountDisabled}
    if route.access is Access.PRO:
        kinds.add(PlanRequired)
    if route.access is Access.ADMIN:
        kinds.add(AdminRequired)
    if route.body or route.raw:
        too_large = FileTooLarge if MULTIPART in route.accepts else BodyTooLarge
        kinds |= {MalformedBody, too_large, MediaTypeUnsupported}
    if route.body or route.query or route.parameters:
        kinds.add(Invalid)
    # What is stored is stored atomically, which others can keep from happening.
    if route.method in {"PUT", "DELETE"} or route.status == 201:
        kinds.add(Contended)
    if _needs_a_backend(route):
        kinds.add(Unavailable)
    return {
        status: tuple(
            sorted((kind for kind in kinds if kind.status == status), key=lambda kind: kind.code)
        )
        for status in sorted({kind.status for kind in kinds})
    }


def _needs_a_backend(route: Route) -> bool:
    """A route without sign-in that is counted in the instance alone needs nobody else."""
    counted = any(POLICIES[name].shared for name in route.limits)
    return counted or route.access is not Access.PUBLIC


def reports_trouble(route: Route) -> bool:
    return route.answer in _REPORTS


class Refusals:
    """The refusals of all routes, each written down once."""

    def __init__(self) -> None:
        self.responses: dict[str, Any] = {}
        self.examples: dict[str, Any] = {}

    def reference(self, status: int, kinds: Iterable[type[AppError]]) -> dict[str, Any]:
        """A reference to the response in which these kinds come."""
        kinds = tuple(kinds)
        name = "Or".join(kind.__name__ for kind in kinds)
        for kind in kinds:
            self.examples[kind.code] = {"value": REFUSALS[kind]}
        codes = ", ".join(f"`{kind.code}`" for kind in kinds)
        self.responses[name] = {
            "description": f"{_MEANINGS[status]}: {codes}.",
            "headers": headers(*_extra(status, kinds)),
            "content": {
                "application/json": {
                    "schema": {"$ref": "#/components/schemas/ErrorBody"},
                    "examples": {
                        kind.code: {"$ref": f"#/components/examples/{kind.code}"} for kind in kinds
                    },
                }
            },
        }
        return {"$ref": f"#/components/responses/{name}"}
