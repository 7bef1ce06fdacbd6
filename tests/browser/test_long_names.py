"""Long names on small screens: nothing sticks out sideways."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from infra.local.mailbox.server import Mailbox
from shared.models.mails import MailKind
from shared.services.letters import write
from shared.wiring import Wiring
from tests.background import Background
from tests.browser.test_action import address, invited, page  # noqa: F401 - a fixture
from tests.functions.auth.mailed import Post
from tests.people import PASSWORD, People, Person
from tests.services.test_letters import FACTS

LONG = "W" * 255


@pytest.fixture
def post(background: Background, mailbox: Mailbox, parts: Wiring) -> Post:
    return Post(background, mailbox, parts)


def test_a_long_name_of_an_organization_stays_on_the_screen(
    page: Page,  # noqa: F811 - the fixture, which measures at the end
    site: str,
    people: People,
    lifter: Person,
    post: Post,
) -> None:
    owner = people.lifter("Kim Owner")
    assert owner.api.put("/users/me/organization", json={"name": LONG}).status_code == 200
    made = owner.api.post("/users/me/organization/invitations", json={"email": lifter.email}).json
    post._background.deliver(about=f"{owner.organization_id}/{made['id']}")
    page.goto(address(site, "invitation", post.token(lifter.email, "invitation")))
    page.get_by_label("E-mail address").fill(lifter.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"You have joined {LONG}")


def test_a_mail_with_long_names_stays_on_the_screen(watched: Any) -> None:
    facts = FACTS | {"inviter": "W" * 80, "organization": "W" * 80, "name": "W" * 80}
    watched.page.set_viewport_size({"width": 360, "height": 740})
    for kind in (MailKind.INVITATION, MailKind.WELCOME):
        watched.page.set_content(write(kind, letter_id="1", to="a@b.example", facts=facts).html)
        width = watched.page.evaluate("document.documentElement.scrollWidth")
        assert width <= 360, kind
