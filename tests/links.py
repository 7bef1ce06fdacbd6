"""Links as mails carry them."""

from datetime import timedelta
from typing import Any

from shared.models.tokens import Purpose, Token
from tests.people import Person


def a_deletion_link(person: Person, **fields: Any) -> str:
    """The token of the link that keeps an account which is about to be deleted."""
    now = person.parts.now()
    given = {
        "purpose": Purpose.CANCEL_DELETION,
        "user_id": person.user_id,
        "email": person.email,
        "created_at": now,
        "expires_at": now + timedelta(days=30),
    }
    return person.parts.tokens.issue(Token(**given | fields))
