"""The product behind a real port, and headless Chromium looking at it."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, Request, sync_playwright

from infra.dev.page import chromium as installed
from shared.wiring import Wiring
from tests.machine import lacks
from tests.served import served

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A request that gets past us still reaches nobody.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
WIDTH, HEIGHT = 1280, 1600
BLOCKED = "csp"
"""Why a request failed that a content security policy forbade."""


class Watched:
    """A page, what it asked of other hosts, and what went wrong in it."""

    def __init__(self, page: Page, host: str) -> None:
        self.page = page
        self._host = host
        self._requests: list[Request] = []
        self.complaints: list[str] = []
        # Playwright cannot wrap methods that are not written in Python.
        page.context.on("request", lambda request: self._requests.append(request))  # noqa: PLW0108
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._note)

    @property
    def foreign(self) -> list[str]:
        """Addresses on other hosts that the browser was let ask for, whatever came of it."""
        return [request.url for request in self._elsewhere if request.failure != BLOCKED]

    @property
    def blocked(self) -> list[str]:
        """Those that the page's own policy kept in the browser."""
        return [request.url for request in self._elsewhere if request.failure == BLOCKED]

    @property
    def _elsewhere(self) -> list[Request]:
        # data: and blob: addresses name what the page has itself.
        parts = [(urlsplit(request.url), request) for request in self._requests]
        return [
            request
            for part, request in parts
            if part.scheme not in {"data", "blob"} and part.netloc != self._host
        ]

    def _note(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(message.text)


@pytest.fixture(scope="module")
def site(parts: Wiring, catalogue: None) -> Iterator[str]:
    """The address of all functions together, as `make run` serves them."""
    with served(parts.settings.project) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=_executable(playwright), args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def watched(browser: Browser, site: str) -> Iterator[Watched]:
    context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT})
    yield Watched(context.new_page(), urlsplit(site).netloc)
    context.close()


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where screenshots go, for people to look at."""
    return tmp_path_factory.mktemp("pictures")


def _executable(playwright: Playwright) -> str:
    """The machine's own Chromium, or the one that Playwright fetched."""
    if found := installed():
        return str(found)
    fetched = playwright.chromium.executable_path
    if not Path(fetched).exists():
        lacks("Chromium for the documentation pages: apt-get install chromium")
    return fetched
