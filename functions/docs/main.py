"""Docs: what the API is, for programs as OpenAPI, for people as Swagger UI and as ReDoc."""

import json
import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from flask import Request, Response

from shared.errors import NotFound
from shared.http.answers import Content, digest
from shared.http.context import Access, Context
from shared.http.router import Router
from shared.models.base import Model
from shared.version import VERSION

api = Router("", tag="Docs")

FIVE_MINUTES, YEAR = 300, 31_536_000

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        # Both readers write style elements while they run.
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "connect-src 'self'",
        # ReDoc searches in a worker that it makes from its own script.
        "worker-src blob:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
"""Nothing may come from, or go to, any host but ours."""

_HERE = Path(__file__).resolve().parent
_SWAGGER_UI = ("flask_swagger_ui", "dist")
_REDOC = ("flask_openapi3_redoc", "templates/redoc/js")

_ASSETS = {
    "favicon-32x32.png": (_SWAGGER_UI, "image/png"),
    "redoc.css": (None, "text/css"),
    "redoc.js": (None, "text/javascript"),
    "redoc.standalone.js": (_REDOC, "text/javascript"),
    "swagger-ui-bundle.js": (_SWAGGER_UI, "text/javascript"),
    "swagger-ui.css": (_SWAGGER_UI, "text/css"),
    "swagger.js": (None, "text/javascript"),
}
"""What may be asked for, where it lies (in a package, or in `pages/`), and its media type."""

_LINK = re.compile(rb"docs/assets/([\w.-]+)")


class Overview(Model):
    """Where to find what; addresses are paths on this host."""

    name: str
    version: str
    docs: str
    redoc: str
    openapi: str
    health: str
    base: str


@api.route("GET", "", access=Access.PUBLIC, limit="public")
def overview(context: Context) -> Overview:  # noqa: ARG001 - needs nothing
    """Say what this is and where its parts are."""
    return Overview(
        name="HypertroQ",
        version=VERSION,
        docs="/docs",
        redoc="/redoc",
        openapi="/openapi.json",
        health="/api/v1/health",
        base="/api/v1",
    )


@api.route("GET", "/openapi.json", access=Access.PUBLIC, limit="public", cache_seconds=FIVE_MINUTES)
def openapi(context: Context) -> Content:  # noqa: ARG001 - needs nothing
    """Send the OpenAPI document."""
    return Content(body=_document(), media_type="application/json")


@api.route("GET", "/docs", access=Access.PUBLIC, limit="public", cache_seconds=FIVE_MINUTES)
def docs(context: Context) -> Content:  # noqa: ARG001 - needs nothing
    """Show the API with Swagger UI."""
    return _page("swagger.html")


@api.route("GET", "/redoc", access=Access.PUBLIC, limit="public", cache_seconds=FIVE_MINUTES)
def redoc(context: Context) -> Content:  # noqa: ARG001 - needs nothing
    """Show the API with ReDoc."""
    return _page("redoc.html")


@api.route(
    "GET",
    "/docs/assets/<name>",
    access=Access.PUBLIC,
    limit="public",
    fails=(NotFound,),
    cache_seconds=YEAR,
)
def asset(context: Context, name: str) -> Content:  # noqa: ARG001 - needs nothing
    """Send a script, a style sheet or a picture of the two readers."""
    if name not in _ASSETS:
        raise NotFound("There is nothing at this address.")
    return Content(body=_asset(name), media_type=_ASSETS[name][1])


@cache
def _document() -> bytes:
    """Without the indentation that only reviews need, which is almost half of the file."""
    return json.dumps(
        json.loads(_file(_HERE / "openapi.json")), ensure_ascii=False, separators=(",", ":")
    ).encode()


@cache
def _page(name: str) -> Content:
    """A page whose links carry a digest, so that browsers may keep what they lead to."""

    def versioned(link: re.Match[bytes]) -> bytes:
        return link[0] + b"?v=" + digest(_asset(link[1].decode())).encode()

    body = _LINK.sub(versioned, _file(_HERE / "pages" / name))
    return Content(body=body, media_type="text/html", policy=POLICY)


@cache
def _file(path: Path) -> bytes:
    return path.read_bytes()


def _asset(name: str) -> bytes:
    source, _ = _ASSETS[name]
    return _file((_inside(*source) if source else _HERE / "pages") / name)


def _inside(package: str, folder: str) -> Path:
    """A folder of an installed package, which is found without running any of its code."""
    found = find_spec(package)
    if found is None or not found.submodule_search_locations:
        raise FileNotFoundError(f"{package} is not installed.")
    return Path(found.submodule_search_locations[0], folder)


def handler(request: Request) -> Response:
    """Answer one request to this function.

    The links of a page are relative to an address without a slash at the end, wherever the
    function is mounted; with one, the browser is sent there.
    """
    response = api.answer(request)
    version = request.args.get("v")
    if version and response.headers.get("ETag") != f'"{version}"':
        # Two releases may serve side by side, and a page of the other one asked: kept under that
        # one's digest, this would stay for a year.
        response.headers["Cache-Control"] = "no-store"
    if response.mimetype == "text/html" and request.path.endswith("/"):
        response.status_code = 308
        response.location = f"../{request.path.rstrip('/').rsplit('/', 1)[1]}"
        response.set_data(b"")
        del response.headers["ETag"]
    return response
