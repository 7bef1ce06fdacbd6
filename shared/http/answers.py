"""What leaves the process: bodies, their headers, and content that is not JSON."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from flask import Request, Response
from werkzeug.datastructures import Headers

SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "Referrer-Policy": "no-referrer",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """An answer that is not a model: a page, a script, a picture."""

    body: bytes | Iterator[bytes]
    """Pieces are sent as they are made; what fails after the first one cuts the answer off."""
    media_type: str
    file_name: str | None = None
    """Under which browsers store it."""
    policy: str | None = None
    """Content-Security-Policy, where the default (nothing may load) is too strict."""
    version: str = ""
    """What its ETag carries, where it has a version of its own."""


def digest(body: bytes) -> str:
    """A strong ETag value for a body that has no version of its own."""
    return hashlib.blake2b(body, digest_size=12).hexdigest()


def json_response(body: bytes | None, status: int) -> Response:
    if body is None:
        response = Response(status=status)
        del response.headers["Content-Type"]
        return response
    return Response(body, status=status, mimetype="application/json")


def content_response(content: Content) -> Response:
    response = Response(content.body, mimetype=content.media_type)
    if content.file_name:
        response.headers["Content-Disposition"] = f'attachment; filename="{content.file_name}"'
    if content.policy:
        response.headers["Content-Security-Policy"] = content.policy
    return response


def add_security(headers: Headers) -> None:
    for name, value in SECURITY.items():
        headers.setdefault(name, value)
    headers.setdefault("Cache-Control", "no-store")


def unchanged(request: Request, version: str) -> bool:
    """Whether the client already holds this version."""
    return request.method in {"GET", "HEAD"} and request.if_none_match.contains_weak(version)
