"""How accounts begin: ids, names, passwords."""

import uuid
from collections.abc import Container
from datetime import datetime

from shared.errors import PasswordWeak
from shared.models.accounts import Account
from shared.models.organizations import Organization
from shared.models.users import User

_ORGANIZATIONS = uuid.UUID("6a1f7f0e-4c57-5d0b-9d0e-7b7f4f0c2a11")

LONGEST_NAME = 255
_GYM = "'s gym"

SHORTEST_PASSWORD = 8
LONGEST_PASSWORD = 128
SHORTEST_FORBIDDEN_PART = 4
"""Parts of a name shorter than this may well occur in a good password by chance."""


def personal_organization_id(user_id: str) -> str:
    """The id of the organization a person starts with.

    It follows from the person's id, so that a registration that was cut off can be repeated and
    lands on the same documents.
    """
    return str(uuid.uuid5(_ORGANIZATIONS, user_id))


def home_organization_id(user: User) -> str:
    """Where somebody goes back to who leaves the organization they were invited to."""
    return user.home_organization_id or personal_organization_id(user.id)


def next_home_organization_id(user: User, now: datetime) -> str:
    """The same for somebody who gave their own organization away.

    Never one that they had before: that may be somebody else's by now.
    """
    gone = home_organization_id(user)
    return str(uuid.uuid5(_ORGANIZATIONS, f"{user.id} after {gone} on {now.isoformat()}"))


def new_account(
    *,
    user_id: str,
    email: str,
    is_verified: bool = False,
    full_name: str = "",
    organization_name: str | None = None,
    now: datetime,
) -> Account:
    """A person with a Free organization of their own.

    Names from an identity provider may hold anything; only what can be shown is kept.
    """
    shown = "".join(letter for letter in full_name if letter.isprintable()).strip()
    name = shown[:LONGEST_NAME].strip() or email.partition("@")[0] or "Lifter"
    organization_id = personal_organization_id(user_id)
    return Account(
        user=User(
            id=user_id,
            email=email,
            full_name=name,
            organization_id=organization_id,
            is_verified=is_verified,
            last_seen_on=now.date(),
            created_at=now,
            updated_at=now,
        ),
        organization=Organization(
            id=organization_id,
            name=organization_name or f"{name[: LONGEST_NAME - len(_GYM)]}{_GYM}",
            owner_user_id=user_id,
            created_at=now,
            updated_at=now,
        ),
    )


def require_strong_password(
    password: str, *, email: str, full_name: str, common: Container[str], field: str = "password"
) -> None:
    """Raises PasswordWeak with the reason; `field` is where the password stood in the body.

    Length and a list of common passwords, no rules about kinds of characters (OWASP ASVS 5.0,
    6.2.1, 6.2.4, 6.2.5, 6.2.9). `common` holds lower-case passwords.
    """
    folded = password.casefold()
    forbidden = [email.partition("@")[0], *full_name.split()]
    if len(password) < SHORTEST_PASSWORD:
        problem = f"Use at least {SHORTEST_PASSWORD} characters."
    elif len(password) > LONGEST_PASSWORD:
        problem = f"Use at most {LONGEST_PASSWORD} characters."
    elif folded in common:
        problem = "This is one of the most common passwords. Choose another."
    elif len(set(password)) == 1:
        problem = "Use more than one character."
    elif any(
        len(part) >= SHORTEST_FORBIDDEN_PART and part.casefold() in folded for part in forbidden
    ):
        problem = "Leave your name and address out of the password."
    else:
        return
    raise PasswordWeak(problem, [{"loc": ["body", field], "msg": problem, "type": "password"}])
