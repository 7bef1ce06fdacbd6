"""All functions in one process, each found by the path that reaches it in production."""

import re
import sys
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from functions_framework import create_app

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

FUNCTIONS = Path(__file__).parents[2] / "functions"
TARGET = "handler"
AUTH, DOCS, HEALTH = "auth", "docs", "health"

PATHS: Mapping[str, tuple[str, ...]] = {
    "design": ("/api/v1/programs/design", "/api/v1/programs/*/balance"),
}
"""Public paths of functions that have not all of `/api/v1/<function>/`, in the words of Hosting:
`*` is one part of a path. They come before the others."""

_HOSTING = re.compile(r"/api/v1/([a-z]+)(?:/|$)")
_DIRECT = re.compile(r"(/([a-z][a-z0-9-]*)/[a-z]+-[a-z]+[0-9]+/([a-z]+))(/.*|$)")
_HEALTH = re.compile(r"/health(?:/|$)")
_ACTION = re.compile(r"/auth/action/?")


class Dispatcher:
    """The WSGI application in front of the functions' own; `functions` by name.

    `/api/v1/<function>/…` keeps its path, as Hosting sends it, and so do `PATHS`.
    `/<project>/<region>/<function>/…` loses that prefix, as a function's own address does.
    `/health…` goes to health, the page that mails link to, `/auth/action`, to auth, and everything
    else to docs, which also says that there is nothing at an unknown address.
    """

    def __init__(self, functions: "Mapping[str, WSGIApplication]", project: str) -> None:
        self._functions = functions
        self._project = project

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        name, prefix = self._route(environ.get("PATH_INFO", ""))
        if prefix:
            environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + prefix
            environ["PATH_INFO"] = environ["PATH_INFO"].removeprefix(prefix)
        return self._functions[name](environ, start_response)

    def _route(self, path: str) -> tuple[str, str]:
        """The function, and what to strip off the path."""
        if (name := by_hosting(path)) in self._functions:
            return name, ""
        found = _DIRECT.fullmatch(path)
        if found and found[2] == self._project and found[3] in self._functions:
            return found[3], found[1]
        if _ACTION.fullmatch(path):
            return AUTH, ""
        return (HEALTH if _HEALTH.match(path) else DOCS), ""


def by_hosting(path: str) -> str:
    """The function to which Hosting sends a path below `/api/v1`; empty for none."""
    for name, patterns in PATHS.items():
        if any(_pattern(pattern).fullmatch(path) for pattern in patterns):
            return name
    found = _HOSTING.match(path)
    return found[1] if found else ""


@cache
def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(re.escape(pattern).replace(r"\*", "[^/]+") + "/?")


def load_functions(folder: Path = FUNCTIONS) -> dict[str, Any]:
    """Every function's app by the name of its folder; raises whatever their code raises."""
    return {source.parent.name: _load(source) for source in sorted(folder.glob("*/main.py"))}


def _load(source: Path) -> Any:
    # The framework calls every function's module `main` and puts its folder on the path for good:
    # without cleaning up, one function could import a file that lies beside another.
    path, home = list(sys.path), str(source.parent.resolve())
    try:
        return create_app(TARGET, str(source))  # type: ignore[no-untyped-call]  # it has no types
    finally:
        sys.path[:] = path
        for name, module in list(sys.modules.items()):
            if (getattr(module, "__file__", None) or "").startswith(home + "/"):
                del sys.modules[name]
