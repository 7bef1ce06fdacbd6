"""The docs function: its documents, its two pages, and that a page loads nothing from elsewhere."""

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from flask.testing import FlaskClient
from functions_framework import create_app

from shared.settings import Settings
from shared.version import VERSION
from shared.wiring import Wiring

ROOT = Path(__file__).parents[2]
ADDRESSES = [f"{base}/{page}" for base in ("", "/api/v1") for page in ("docs", "redoc")]
AT_EACH_ADDRESS = pytest.mark.parametrize("address", ADDRESSES)
ASSETS = {
    "favicon-32x32.png": "image/png",
    "redoc.css": "text/css; charset=utf-8",
    "redoc.js": "text/javascript; charset=utf-8",
    "redoc.standalone.js": "text/javascript; charset=utf-8",
    "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
    "swagger-ui.css": "text/css; charset=utf-8",
    "swagger.js": "text/javascript; charset=utf-8",
}


@dataclass
class Served:
    client: FlaskClient
    wiring: Wiring


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    """The function in an environment that points at no backend."""
    path = list(sys.path)
    app = create_app("handler", str(ROOT / "functions" / "docs" / "main.py"))
    wiring = Wiring(
        Settings.from_environment(
            {"HYPERTROQ_STACK": "embedded", "GOOGLE_CLOUD_PROJECT": "demo-hypertroq"}
        )
    )
    # The framework loads every source file under the name `main`.
    sys.modules["main"].api.wiring = wiring
    yield Served(app.test_client(), wiring)
    sys.path[:] = path


@pytest.fixture
def client(served: Served) -> Iterator[FlaskClient]:
    yield served.client
    assert served.wiring.parts == {}, "the docs needed a backend"


def links(page: str) -> list[str]:
    return re.findall(r'(?:href|src)="([^"]+)"', page)


def refusal(answer: Any) -> tuple[int, str]:
    body = answer.get_json()
    assert body["detail"] == body["error"]["message"]
    return answer.status_code, body["error"]["code"]


@pytest.mark.parametrize("address", ["/", "/api/v1", "/api/v1/"])
def test_the_root_says_where_everything_is(client: FlaskClient, address: str) -> None:
    assert client.get(address).get_json() == {
        "name": "HypertroQ",
        "version": VERSION,
        "docs": "/docs",
        "redoc": "/redoc",
        "openapi": "/openapi.json",
        "health": "/api/v1/health",
        "base": "/api/v1",
    }


@pytest.mark.parametrize("address", ["/openapi.json", "/api/v1/openapi.json"])
def test_the_document_is_the_committed_one(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    assert answer.mimetype == "application/json"
    committed = (ROOT / "functions" / "docs" / "openapi.json").read_text(encoding="utf-8")
    assert answer.get_json() == json.loads(committed)
    assert len(answer.data) < 0.6 * len(committed)  # without its indentation


@AT_EACH_ADDRESS
def test_everything_a_page_links_to_is_there(client: FlaskClient, address: str) -> None:
    """Links are relative, so that they work under every address of the page."""
    page = client.get(address)
    assert page.mimetype == "text/html"
    found = [urljoin(f"http://host{address}", link) for link in links(page.text)]
    assert len(found) == 5
    for link in found:
        assert link.startswith("http://host" + address.rpartition("/")[0])
        assert client.get(link.removeprefix("http://host")).status_code == 200


@AT_EACH_ADDRESS
def test_a_page_may_load_from_its_own_host_only(client: FlaskClient, address: str) -> None:
    header = client.get(address).headers["Content-Security-Policy"]
    policy = dict(part.split(" ", 1) for part in header.split("; "))
    assert policy == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data:",
        "connect-src": "'self'",
        "worker-src": "blob:",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }


@AT_EACH_ADDRESS
def test_a_page_keeps_to_its_policy(client: FlaskClient, address: str) -> None:
    """Neither scripts in the page itself nor anything from elsewhere."""
    page = client.get(address).text
    assert not re.search(r"<script(?![^>]+src=)|<style|\son\w+=|style=", page)
    assert not [link for link in links(page) if re.match(r"\w+:|/", link)]


@AT_EACH_ADDRESS
def test_a_slash_at_the_end_leads_to_the_page_without_it(client: FlaskClient, address: str) -> None:
    answer = client.get(f"{address}/")
    assert answer.status_code == 308
    assert urljoin(f"http://host{address}/", answer.headers["Location"]) == f"http://host{address}"


@pytest.mark.parametrize("name", ASSETS)
def test_an_asset_is_kept_for_a_year(client: FlaskClient, name: str) -> None:
    answer = client.get(f"/docs/assets/{name}")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == ASSETS[name]
    assert answer.headers["Cache-Control"] == "public, max-age=31536000"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.data


@AT_EACH_ADDRESS
def test_a_page_asks_for_assets_by_their_content(client: FlaskClient, address: str) -> None:
    """Otherwise an old script would stay in browsers for a year beside a new page."""
    for link in links(client.get(address).text):
        if link.startswith("docs/assets/"):
            name, _, version = link.partition("?v=")
            asset = client.get(f"/{name}")
            assert asset.headers["ETag"] == f'"{version}"'


@pytest.mark.parametrize("address", ["/docs", "/openapi.json", "/docs/assets/swagger.js"])
def test_what_a_browser_holds_is_not_sent_again(client: FlaskClient, address: str) -> None:
    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("address", ["/", "/docs", "/redoc", "/openapi.json"])
def test_head_answers_as_get_without_the_body(client: FlaskClient, address: str) -> None:
    head, get = client.head(address), client.get(address)
    assert (head.status_code, head.data) == (200, b"")
    for name in ("Content-Type", "Content-Length", "Cache-Control", "Content-Security-Policy"):
        assert head.headers[name] == get.headers[name]


@pytest.mark.parametrize(
    "name",
    [
        "nothing.js",
        "swagger-ui.js",  # exists in the package, but no page needs it
        "..",
        "../main.py",
        "..%2Fmain.py",
        "%2e%2e/openapi.json",
        "..\\main.py",
        "swagger.js/",
        "swagger.js%00",
        "",
    ],
)
def test_only_listed_assets_are_served(client: FlaskClient, name: str) -> None:
    answer = client.get(f"/docs/assets/{name}")
    if name == "swagger.js/":
        assert answer.status_code == 200
    else:
        assert refusal(answer) == (404, "RESOURCE_NOT_FOUND")


@pytest.mark.parametrize("address", ["/nothing", "/api/v1/nothing", "/docs/docs", "/index.html"])
def test_an_unknown_address_is_refused_in_our_words(client: FlaskClient, address: str) -> None:
    assert refusal(client.get(address)) == (404, "RESOURCE_NOT_FOUND")


def test_documents_cannot_be_written(client: FlaskClient) -> None:
    answer = client.put("/openapi.json", json={})
    assert refusal(answer) == (405, "METHOD_NOT_ALLOWED")
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"


def test_answers_say_how_often_they_may_be_asked_for(client: FlaskClient) -> None:
    answer = client.get("/docs")
    assert answer.headers["X-RateLimit-Limit"] == "300"
    assert answer.headers["X-Request-ID"]


def test_serving_the_pages_runs_none_of_the_packages_that_carry_them(client: FlaskClient) -> None:
    for address in ADDRESSES:
        client.get(address)
    assert sys.modules.keys().isdisjoint({"flask_swagger_ui", "flask_openapi3_redoc"})
