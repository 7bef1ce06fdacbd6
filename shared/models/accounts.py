"""A person together with the organization they belong to, and how accounts begin."""

import re
from typing import Annotated

from pydantic import AfterValidator, AliasChoices, Field, StringConstraints

from shared.models.base import BlankIsNone, Model, Text
from shared.models.organizations import Organization
from shared.models.users import User, UserView


class Account(Model):
    """What every request of a signed-in person needs to know."""

    user: User
    organization: Organization


_ADDRESS = re.compile(
    r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@"
    r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+"
)


def _lower(text: str) -> str:
    return text.lower()


def _address(text: str) -> str:
    if not _ADDRESS.fullmatch(text.lower()):
        raise ValueError("must be an e-mail address")
    return text.lower()


EmailAddress = Annotated[Text, Field(max_length=254), AfterValidator(_address)]
"""An address in HTML's sense of a valid one, with a dot in its domain; kept in lower case."""

Password = Annotated[str, StringConstraints(min_length=1, max_length=4096)]
"""As typed, never trimmed. Firebase takes up to 4,096 characters; new ones have a policy."""

FullName = Annotated[Text, StringConstraints(min_length=1, max_length=255)]
OrganizationName = Annotated[Text, StringConstraints(min_length=2, max_length=255)]


class Registration(Model):
    """What a newcomer sends."""

    email: EmailAddress
    password: Password
    """8 to 128 characters, not among the most common, without the address or the name in it."""
    full_name: FullName
    organization_name: Annotated[OrganizationName | None, BlankIsNone] = None
    """Default: made from the person's name."""


class Credentials(Model):
    """An address and a password; as JSON or as a form."""

    email: Annotated[
        Text,
        Field(min_length=1, max_length=254),
        AfterValidator(_lower),
        Field(validation_alias=AliasChoices("email", "username")),
    ]
    """Also accepted as `username`."""
    password: Password


class RefreshRequest(Model):
    refresh_token: Annotated[str, StringConstraints(min_length=1, max_length=4096)]


class LogoutRequest(Model):
    refresh_token: Annotated[str, StringConstraints(max_length=4096)] | None = None
    """Not needed: the session of the bearer token ends, and its refresh token with it."""


MailedToken = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=512)]
"""From the link in a mail."""


class ResetRequest(Model):
    email: EmailAddress
    """Of the account that needs a new password."""


class ResetConfirmation(Model):
    token: MailedToken
    """From the link in the mail: works once, for one hour."""
    new_password: Password
    """8 to 128 characters, not among the most common, without the address or the name in it."""


class Verification(Model):
    token: MailedToken | None = None
    """From the link in the mail: works once, for 24 hours."""


class Verified(Model):
    message: str
    email_verified: bool = True


class Tokens(Model):
    """A Firebase session."""

    access_token: str
    """A Firebase ID token; send it as a bearer token."""
    refresh_token: str
    """Exchange it at `/auth/refresh`, or hand it to the Firebase SDK."""
    token_type: str = "bearer"  # noqa: S105 - the scheme's name
    expires_in: int
    """Seconds until the access token ends."""


class SignedIn(Tokens):
    user: UserView


class Registered(UserView, Tokens):
    """The new person, signed in."""


class Message(Model):
    message: str
