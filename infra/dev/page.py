"""The page that mails lead to, used as people use it: in headless Chromium, where there is one."""

import shutil
from collections.abc import Mapping
from pathlib import Path

from playwright.sync_api import Error, sync_playwright

from infra.dev.caller import Mismatch, expect

NAMES = ("chromium", "chromium-browser", "google-chrome")
MILLISECONDS = 15_000


def chromium() -> Path | None:
    """The machine's own; None for who has to do without."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    return Path(found) if found else None


def press(browser: Path, link: str, button: str, fields: Mapping[str, str]) -> str:
    """Open a mailed link, fill in fields by their labels and press; returns what the page says."""
    try:
        with sync_playwright() as playwright:
            running = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
            page = running.new_page(viewport={"width": 360, "height": 740})
            page.set_default_timeout(MILLISECONDS)
            answer = page.goto(link)
            expect("the page's status", answer and answer.status, 200)
            for label, value in fields.items():
                page.get_by_label(label, exact=True).fill(value)
            page.get_by_role("button", name=button).click()
            page.locator(".done, .failed").wait_for()
            said = page.get_by_role("heading").inner_text()
            running.close()
    except Error as problem:
        raise Mismatch(f"{link}: {problem.message}") from problem
    return said.removeprefix("✓ ")
