"""Which browsers' pages may call, and what they may see."""

from werkzeug.datastructures import Headers

ALLOWED_HEADERS = "Authorization, Content-Type, If-Match, If-None-Match, X-Request-ID"
ALLOWED_METHODS = "GET, POST, PUT, DELETE, OPTIONS"
EXPOSED_HEADERS = ", ".join(
    (
        "ETag",
        "RateLimit",
        "RateLimit-Policy",
        "Retry-After",
        "X-Process-Time",
        "X-RateLimit-Limit",
        "X-RateLimit-Remaining",
        "X-RateLimit-Reset",
        "X-Request-ID",
    )
)
PREFLIGHT_SECONDS = 600


def add_cors(headers: Headers, origin: str | None, allowed: tuple[str, ...]) -> None:
    """Let a page of an allowed origin read this answer; others get nothing to go on.

    Credentials mode stays off: bearer tokens are all we take, so no site can borrow a cookie.
    """
    headers.add("Vary", "Origin")
    if origin in allowed:
        headers["Access-Control-Allow-Origin"] = str(origin)
        headers["Access-Control-Expose-Headers"] = EXPOSED_HEADERS


def add_preflight(headers: Headers, origin: str | None, allowed: tuple[str, ...]) -> None:
    """The answer to a browser that asks before it calls; needs no sign-in."""
    if origin in allowed:
        headers["Access-Control-Allow-Methods"] = ALLOWED_METHODS
        headers["Access-Control-Allow-Headers"] = ALLOWED_HEADERS
        headers["Access-Control-Max-Age"] = str(PREFLIGHT_SECONDS)
