"""The page that mails link to, in a real browser: by keyboard, on a phone, and with dead links."""

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from infra.local.mailbox.server import Mailbox
from shared.models.tokens import Purpose, Token
from shared.wiring import Wiring
from tests.background import Background
from tests.browser.conftest import Watched
from tests.client import Api, Functions
from tests.functions.auth.mailed import Post
from tests.functions.auth.newcomers import a_newcomer, login
from tests.people import PASSWORD, People, Person

NEW = "another quiet barbell evening"
SIZES = {"phone": {"width": 360, "height": 740}, "desktop": {"width": 1280, "height": 900}}
SECONDS = 15_000
"""How long anything may take to appear, in milliseconds; the machine is shared."""


@pytest.fixture(autouse=True)
def _patience() -> None:
    expect.set_options(timeout=SECONDS)


@pytest.fixture
def post(background: Background, mailbox: Mailbox, parts: Wiring) -> Post:
    return Post(background, mailbox, parts)


@pytest.fixture(params=SIZES)
def page(request: pytest.FixtureRequest, watched: Watched, pictures: Path) -> Page:
    """A page of either size; nothing may be asked of other hosts, nor stick out sideways."""
    watched.page.set_viewport_size(SIZES[request.param])
    yield watched.page
    width = watched.page.evaluate("document.documentElement.scrollWidth")
    assert width <= SIZES[request.param]["width"]
    watched.page.screenshot(path=pictures / f"{request.node.name}.png")
    assert watched.foreign == []
    assert watched.blocked == []
    # The browser itself notes calls that are refused.
    assert [text for text in watched.complaints if "Failed to load resource" not in text] == []


def address(site: str, mode: str, token: str) -> str:
    return f"{site}/auth/action?mode={mode}&token={token}"


def expect_title(page: Page, title: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def a_token(parts: Wiring, person: Person, purpose: Purpose, age: timedelta) -> str:
    created_at = parts.now() - age
    return parts.tokens.issue(
        Token(
            purpose=purpose,
            user_id=person.user_id,
            email=person.email,
            created_at=created_at,
            expires_at=created_at + timedelta(hours=1),
        )
    )


def test_an_address_is_confirmed_by_one_key(
    page: Page, site: str, lifter: Person, post: Post
) -> None:
    """And nothing happens before the key is pressed."""
    page.goto(address(site, "verify", post.token(lifter.email, "verify")))
    button = page.get_by_role("button", name="Confirm my address")
    expect(button).to_be_focused()
    assert lifter.api.get("/auth/me").json["is_verified"] is False
    page.keyboard.press("Enter")
    expect_title(page, "Your address is confirmed")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    assert lifter.api.get("/auth/me").json["is_verified"] is True


def test_a_password_is_reset_by_keyboard_alone(
    page: Page, site: str, api: Api, lifter: Person, post: Post
) -> None:
    """A weak one is refused in words and leaves everything where it was."""
    api.post("/auth/password-reset/request", json={"email": lifter.email})
    link = address(site, "reset", post.token(lifter.email, "reset"))
    page.goto(link)
    field = page.get_by_label("New password", exact=True)
    expect(field).to_be_focused()
    page.keyboard.type("password1")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("most common passwords")
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")

    page.keyboard.press("Control+A")
    page.keyboard.type(NEW)
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(field).to_have_attribute("type", "text")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect_title(page, "Your password is changed")
    assert login(api, lifter.email, NEW).status_code == 200
    assert login(api, lifter.email, PASSWORD).status_code == 401

    page.goto(link)
    page.get_by_label("New password", exact=True).fill("yet another barbell night")
    page.get_by_role("button", name="Save the password").click()
    expect_title(page, "This link does not work")
    expect(page.locator("#lead")).to_contain_text("This link was used already")
    expect(page.get_by_role("form")).to_have_count(0)


def test_a_deletion_is_cancelled_by_one_key(
    page: Page, site: str, lifter: Person, parts: Wiring
) -> None:
    """The link works once, and says so the second time."""
    assert lifter.api.delete("/users/me").status_code == 200
    assert lifter.api.get("/users/me").json["deletion_requested_at"] is not None
    token = a_token(parts, lifter, Purpose.CANCEL_DELETION, timedelta(0))
    link = address(site, "cancel-deletion", token)
    page.goto(link)
    expect(page.get_by_role("button", name="Keep my account")).to_be_focused()
    assert lifter.api.get("/users/me").json["deletion_requested_at"] is not None
    page.keyboard.press("Enter")
    expect_title(page, "Your account stays")
    assert lifter.api.get("/users/me").json["deletion_requested_at"] is None

    page.goto(link)
    page.keyboard.press("Enter")
    expect_title(page, "This link does not work")
    expect(page.locator("#lead")).to_contain_text("This link was used already")


def test_an_expired_link_says_so(page: Page, site: str, lifter: Person, parts: Wiring) -> None:
    token = a_token(parts, lifter, Purpose.VERIFY_EMAIL, timedelta(hours=2))
    page.goto(address(site, "verify", token))
    page.get_by_role("button", name="Confirm my address").click()
    expect_title(page, "This link does not work")
    expect(page.locator("#lead")).to_contain_text("This link has expired. Ask for a new one.")


@pytest.mark.parametrize(
    "query", ["", "?mode=verify", "?token=x", "?mode=sing&token=x", "?mode=toString&token=x"]
)
def test_an_incomplete_link_says_so(page: Page, site: str, query: str) -> None:
    page.goto(f"{site}/auth/action{query}")
    expect_title(page, "This link is not complete")
    expect(page.get_by_role("button")).to_have_count(0)


def test_the_pages_words_cannot_be_chosen_by_who_made_the_link(page: Page, site: str) -> None:
    page.goto(address(site, "verify", "%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E"))
    page.get_by_role("button", name="Confirm my address").click()
    expect_title(page, "This link does not work")
    expect(page.locator("img")).to_have_count(0)


def invited(people: People, post: Post, email: str) -> str:
    """The token that was mailed to this address."""
    owner = people.lifter("Kim Owner")
    made = owner.api.post("/users/me/organization/invitations", json={"email": email}).json
    assert made is not None
    post._background.deliver(about=f"{owner.organization_id}/{made['id']}")
    return post.token(email, "invitation")


def test_an_invited_lifter_signs_in_on_the_page(
    page: Page, site: str, people: People, lifter: Person, post: Post
) -> None:
    page.goto(address(site, "invitation", invited(people, post, lifter.email)))
    page.get_by_label("E-mail address").fill(lifter.email)
    page.get_by_label("Password", exact=True).fill("not the password")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Invalid e-mail address or password.")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in and join").click()
    expect_title(page, "You have joined Kim Owner's gym")
    assert lifter.api.get("/auth/me").json["organization_name"] == "Kim Owner's gym"


def test_somebody_without_an_account_makes_one_on_the_page(
    page: Page, site: str, people: People, api: Api, post: Post, functions: Functions
) -> None:
    newcomer = a_newcomer()
    page.goto(address(site, "invitation", invited(people, post, newcomer["email"])))
    page.get_by_role("button", name="I have no account yet").click()
    page.get_by_label("Your name").fill(newcomer["full_name"])
    page.get_by_label("E-mail address").fill(newcomer["email"])
    page.get_by_label("New password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Make an account and join").click()
    expect_title(page, "You have joined Kim Owner's gym")
    user = login(api, newcomer["email"]).json["user"]
    assert (user["organization_name"], user["is_verified"]) == ("Kim Owner's gym", True)


def test_nothing_but_its_own_script_runs(watched: Watched, site: str) -> None:
    """The policy: a script that somebody got into the page would not take effect."""
    answer = watched.page.goto(f"{site}/api/v1/auth/action")
    assert answer is not None
    policy = answer.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    watched.page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'),"
        " {textContent: 'window.planted = true'}))"
    )
    assert watched.page.evaluate("window.planted") is None
    assert any("Content Security Policy" in text for text in watched.complaints)
