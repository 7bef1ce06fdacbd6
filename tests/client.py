"""Calling the functions as clients do, without a socket in between."""

import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from flask.testing import FlaskClient
from functions_framework import create_app
from werkzeug.test import TestResponse

from infra.deploy.manifest import manifest

ROOT = Path(__file__).parents[1]
GROUPS = sorted(path.parent.name for path in ROOT.glob("functions/*/main.py"))


class Functions:
    """Each function's app, made by the functions framework from its main.py."""

    def __init__(self) -> None:
        self.modules: dict[str, ModuleType] = {}
        self._clients: dict[str, FlaskClient] = {}
        for group in GROUPS:
            app = create_app("handler", str(ROOT / "functions" / group / "main.py"))
            # The framework loads every source file under the name `main`.
            self.modules[group] = sys.modules["main"]
            self._clients[group] = app.test_client()

    def call(self, group: str, method: str, path: str, **request: Any) -> TestResponse:
        return self._clients[group].open(path, method=method, **request)


class Api:
    """`api.get("/exercises")` calls /api/v1/exercises, with this caller's token if there is one."""

    def __init__(self, functions: Functions, token: str | None = None) -> None:
        self._functions = functions
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    def call(self, method: str, path: str, **request: Any) -> TestResponse:
        headers = self._headers | request.pop("headers", {})
        path = f"/api/v1{path}"
        group = manifest().function_at(path.partition("?")[0])
        return self._functions.call(group, method, path, headers=headers, **request)

    def get(self, path: str, **request: Any) -> TestResponse:
        return self.call("GET", path, **request)

    def post(self, path: str, **request: Any) -> TestResponse:
        return self.call("POST", path, **request)

    def put(self, path: str, **request: Any) -> TestResponse:
        return self.call("PUT", path, **request)

    def delete(self, path: str, **request: Any) -> TestResponse:
        return self.call("DELETE", path, **request)
