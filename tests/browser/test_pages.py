"""The documentation pages in a real browser: they work, and ask no host but ours."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Watched
from tests.people import Person

SECONDS = 15_000
"""How long anything may take to appear, in milliseconds; the machine is shared."""


@pytest.fixture(autouse=True)
def _patience() -> None:
    expect.set_options(timeout=SECONDS)


def operation(page: Page, method: str, path: str) -> Locator:
    """Swagger UI's block for one operation."""
    row = page.locator(f".opblock-{method.lower()}").filter(
        has=page.locator(f'.opblock-summary-path[data-path="{path}"]')
    )
    expect(row).to_have_count(1)
    return row


def status(block: Locator) -> Locator:
    """Of the call that was just made, not of the documented answers."""
    return block.locator(".live-responses-table .response-col_status").last


def authorise(page: Page, token: str) -> None:
    page.locator(".auth-wrapper .authorize").click()
    dialog = page.locator(".dialog-ux")
    dialog.locator("input").fill(token)
    dialog.get_by_role("button", name="Apply credentials").click()
    expect(dialog.get_by_role("button", name="Remove authorization")).to_be_visible()
    dialog.get_by_role("button", name="Close", exact=True).click()


def test_swagger_ui_authorises_and_calls_the_api(
    watched: Watched, site: str, lifter: Person, pictures: Path
) -> None:
    """Without a token the call is refused, with one it is answered; nobody else is asked."""
    page = watched.page
    page.goto(f"{site}/docs")
    exercises = operation(page, "GET", "/api/v1/exercises")
    page.screenshot(path=pictures / "swagger.png")

    exercises.locator(".opblock-summary-control").click()
    exercises.get_by_role("button", name="Execute").click()
    expect(status(exercises)).to_contain_text("401")

    authorise(page, lifter.token)
    exercises.get_by_role("button", name="Execute").click()
    expect(status(exercises)).to_contain_text("200")
    expect(exercises.locator(".live-responses-table")).to_contain_text("Bench Press")
    page.screenshot(path=pictures / "swagger-called.png")

    assert watched.foreign == []
    # The browser itself notes the call that was refused.
    assert [text for text in watched.complaints if "401" not in text] == []


def test_redoc_renders_every_group(watched: Watched, site: str, pictures: Path) -> None:
    page = watched.page
    page.goto(f"{site}/redoc")
    for group in ("Auth", "Exercises", "Programs", "Health"):
        expect(page.locator("h1, h2").get_by_text(group, exact=True).first).to_be_visible()
    page.screenshot(path=pictures / "redoc.png")

    assert watched.foreign == []
    # ReDoc wants its maker's logo; the page's policy keeps that in the browser.
    assert [address.rpartition("/")[2] for address in watched.blocked] == ["logo-mini.svg"]
    assert [text for text in watched.complaints if "logo-mini.svg" not in text] == []


def test_a_foreign_request_would_be_noticed(watched: Watched) -> None:
    """Otherwise the two tests above would prove nothing."""
    logo = "http://foreign.example/logo.png"
    with watched.page.expect_event("requestfailed"):
        watched.page.set_content(f'<img src="{logo}">')
    assert watched.foreign == [logo]
