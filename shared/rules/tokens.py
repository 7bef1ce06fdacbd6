"""When a mailed token still counts."""

from datetime import datetime, timedelta

from shared.errors import TokenInvalid
from shared.models.tokens import Purpose, Token
from shared.models.users import User

HELD = timedelta(seconds=30)
"""How long a use may take that ends outside the store; who dies over it lets go then."""


def is_usable(token: Token, purpose: Purpose, now: datetime) -> bool:
    return token.purpose is purpose and token.used_at is None and now < token.expires_at


def require_usable(token: Token | None, purpose: Purpose, now: datetime) -> Token:
    """The token, when it may be used now for this purpose. Raises TokenInvalid with the reason.

    A token for something else is as unknown as one that never was.
    """
    if token is None or token.purpose is not purpose:
        raise _invalid("this link is not one of ours")
    if not is_usable(token, purpose, now):
        raise _invalid("this link was used already" if token.used_at else "this link has expired")
    return token


def held(token: Token, now: datetime) -> Token:
    """The token, kept from everybody else for a while. Raises TokenInvalid when it is kept."""
    if token.held_until is not None and now < token.held_until:
        raise _invalid("this link is being used right now")
    return token.model_copy(update={"held_until": now + HELD})


def require_current(token: Token, user: User | None) -> User:
    """The user a token belongs to. Raises TokenInvalid after a new password or address."""
    if (
        user is None
        or user.id != token.user_id
        or user.email != token.email
        or (user.password_changed_at is not None and token.created_at <= user.password_changed_at)
    ):
        raise _invalid("the account has changed since")
    return user


def _invalid(reason: str) -> TokenInvalid:
    return TokenInvalid(f"Invalid or expired token: {reason}. Ask for a new one.")
