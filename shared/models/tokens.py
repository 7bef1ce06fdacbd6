"""Our own single-use tokens, which come in the links of mails."""

from datetime import timedelta
from enum import StrEnum

from shared.models.base import Model, Moment


class Purpose(StrEnum):
    VERIFY_EMAIL = "verify-email"
    PASSWORD_RESET = "password-reset"  # noqa: S105 - a name
    INVITATION = "invitation"
    CANCEL_DELETION = "cancel-deletion"


LIFETIMES = {
    Purpose.VERIFY_EMAIL: timedelta(hours=24),
    Purpose.PASSWORD_RESET: timedelta(hours=1),
    Purpose.INVITATION: timedelta(days=7),
    Purpose.CANCEL_DELETION: timedelta(days=30),
}
"""How long each works, unless what it is about ends earlier."""


class Token(Model):
    """What a token is good for; stored under its hash, since whoever reads it could use it."""

    purpose: Purpose
    user_id: str = ""
    """Whose account it changes; empty where it is made for an address."""
    email: str
    """The address it was sent to: it is worth nothing once that is no longer the account's."""
    about: str = ""
    """Whatever else it refers to, by id."""
    created_at: Moment
    expires_at: Moment
    held_until: Moment | None = None
    """A use is under way that ends outside the store; until then nobody else may begin one."""
    used_at: Moment | None = None
