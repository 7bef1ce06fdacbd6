"""Which function a path leads to, and what the function then sees of it."""

import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
from werkzeug.test import Client

from infra.dev.dispatch import Dispatcher, load_functions

NAMES = ("auth", "design", "docs", "exercises", "health", "programs")


def echo(name: str):
    """An application that says who it is and what it was asked for."""

    def app(environ, start_response) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [f"{name} {environ['SCRIPT_NAME']}|{environ['PATH_INFO']}".encode()]

    return app


@pytest.fixture(scope="module")
def client() -> Client:
    return Client(Dispatcher({name: echo(name) for name in NAMES}, "demo-hypertroq"))


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/api/v1/auth/login", "auth |/api/v1/auth/login"),
        ("/api/v1/exercises", "exercises |/api/v1/exercises"),
        ("/api/v1/exercises/", "exercises |/api/v1/exercises/"),
        ("/demo-hypertroq/us-central1/auth/login", "auth /demo-hypertroq/us-central1/auth|/login"),
        ("/demo-hypertroq/us-central1/auth", "auth /demo-hypertroq/us-central1/auth|"),
        ("/demo-hypertroq/europe-west12/auth/", "auth /demo-hypertroq/europe-west12/auth|/"),
        ("/health", "health |/health"),
        ("/health/db", "health |/health/db"),
        ("/api/v1/health/db", "health |/api/v1/health/db"),
        ("/auth/action", "auth |/auth/action"),
        ("/auth/action/", "auth |/auth/action/"),
        ("/api/v1/auth/action", "auth |/api/v1/auth/action"),
        ("/auth/actions", "docs |/auth/actions"),
        ("/auth/login", "docs |/auth/login"),
        ("/", "docs |/"),
        ("/docs/assets/swagger.js", "docs |/docs/assets/swagger.js"),
        ("/openapi.json", "docs |/openapi.json"),
        ("/api/v1/programs", "programs |/api/v1/programs"),
        ("/api/v1/programs/design", "design |/api/v1/programs/design"),
        ("/api/v1/programs/design/", "design |/api/v1/programs/design/"),
        ("/api/v1/programs/design/stats", "programs |/api/v1/programs/design/stats"),
        ("/api/v1/programs/a-1/balance", "design |/api/v1/programs/a-1/balance"),
        ("/api/v1/programs/a-1/balances", "programs |/api/v1/programs/a-1/balances"),
        ("/api/v1/programs/a/b/balance", "programs |/api/v1/programs/a/b/balance"),
        (
            "/demo-hypertroq/us-central1/design/programs/a-1/balance",
            "design /demo-hypertroq/us-central1/design|/programs/a-1/balance",
        ),
        # Nobody's; docs answers for those.
        ("/api/v1/nonsense", "docs |/api/v1/nonsense"),
        ("/api/v1", "docs |/api/v1"),
        ("/api/v1/authority", "docs |/api/v1/authority"),
        ("/healthy", "docs |/healthy"),
        ("/demo-other/us-central1/auth/login", "docs |/demo-other/us-central1/auth/login"),
        ("/demo-hypertroq/us-central1/nonsense", "docs |/demo-hypertroq/us-central1/nonsense"),
    ],
)
def test_a_path_leads_to_its_function(client: Client, path: str, expected: str) -> None:
    assert client.get(path).text == expected


def test_functions_do_not_see_files_beside_other_functions(tmp_path: Path) -> None:
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "sibling.py").write_text(f"NAME = {name!r}\n")
        (tmp_path / name / "main.py").write_text(
            "import sibling\n\ndef handler(request):\n    return sibling.NAME\n"
        )
    path = list(sys.path)
    apps = load_functions(tmp_path)
    assert {name: Client(app).get("/").text for name, app in apps.items()} == {
        "first": "first",
        "second": "second",
    }
    assert sys.path == path
    assert "sibling" not in sys.modules


def test_a_function_that_does_not_load_is_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "main.py").write_text("raise LookupError('at import')\n")
    with pytest.raises(LookupError, match="at import"):
        load_functions(tmp_path)
