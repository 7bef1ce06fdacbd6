"""Our own single-use tokens, which come in the links of mails."""

from enum import StrEnum

from shared.models.base import Model, Moment


class Purpose(StrEnum):
    VERIFY_EMAIL = "verify-email"
    PASSWORD_RESET = "password-reset"  # noqa: S105 - a name
    INVITATION = "invitation"
    CANCEL_DELETION = "cancel-deletion"


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
