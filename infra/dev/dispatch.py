"""All functions in one process, each found by the path that reaches it in production."""

import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from functions_framework import create_app

from infra.deploy.manifest import TARGET, manifest

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

FUNCTIONS = Path(__file__).parents[2] / "functions"

_DIRECT = re.compile(r"(/([a-z][a-z0-9-]*)/[a-z]+-[a-z]+[0-9]+/([a-z]+))(/.*|$)")


class Dispatcher:
    """The WSGI application in front of the functions' own; `functions` by name.

    `/<project>/<region>/<function>/…` loses that prefix, as a function's own address does. Any
    other path is kept and goes where Hosting sends it, as the manifest says.
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
        found = _DIRECT.fullmatch(path)
        if found and found[2] == self._project and found[3] in self._functions:
            return found[3], found[1]
        return manifest().function_at(path), ""


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
