"""What services need from the world outside, as they see it."""

from collections.abc import Mapping
from typing import NamedTuple, Protocol

from shared.models.accounts import Tokens
from shared.models.billing_events import Resource
from shared.models.designs import Ending
from shared.models.files import StoredFile
from shared.models.mails import Letter
from shared.models.subscriptions import Checkout
from shared.models.tasks import Queue
from shared.rules.balance.linear import LinearProgram
from shared.rules.pictures import Header


class SignIn(Protocol):
    """Firebase's public sign-in calls."""

    def sign_in(self, email: str, password: str) -> Tokens:
        """Raises CredentialsInvalid, AccountDisabled, RateLimited or Unavailable."""

    def refresh(self, refresh_token: str) -> Tokens:
        """Raises TokenInvalid, AccountDisabled or Unavailable."""


class Directory(Protocol):
    """Firebase's accounts, as an administrator of the project."""

    def create(self, user_id: str, email: str, password: str, full_name: str) -> None:
        """Raises EmailTaken or Unavailable."""

    def find(self, email: str) -> str | None:
        """The id of the account with this address. Raises Unavailable."""

    def set_verified(self, user_id: str) -> None:
        """Note that the address was confirmed. Raises Unavailable."""

    def end_sessions(self, user_id: str) -> None:
        """Make every refresh token of the account useless. Raises Unavailable."""

    def mark(self, user_id: str, *, claims: Mapping[str, str], is_active: bool) -> None:
        """Set what tokens say besides, and whether the person may sign in at all.

        Does nothing for nobody. Raises Unavailable.
        """

    def set_password(self, user_id: str, password: str) -> None:
        """Ends the refresh tokens, too. Raises Refused for nobody, or Unavailable."""

    def delete(self, user_id: str) -> None:
        """Remove the account; nobody is removed without a word. Raises Unavailable."""


class Claims(Protocol):
    """What a verified ID token says; the account documents decide what it is worth."""

    @property
    def uid(self) -> str: ...
    @property
    def email(self) -> str | None: ...
    @property
    def email_verified(self) -> bool: ...
    @property
    def name(self) -> str | None: ...
    @property
    def auth_time(self) -> int:
        """When the session began, in seconds since 1970."""


class IdTokens(Protocol):
    def verify(self, token: str) -> Claims:
        """Raises TokenInvalid, TokenExpired or Unavailable."""


class Solved(NamedTuple):
    """The best solution a search found."""

    ending: Ending
    values: list[float]
    """Of the columns; empty when there is no solution."""

    bound: float
    """No solution costs less."""


class Solver(Protocol):
    """A search for the cheapest solution of a mixed-integer linear program."""

    def solve(
        self, linear: LinearProgram, seconds: float, start: Mapping[int, float] = {}
    ) -> Solved:
        """`seconds` of a reference processor's work; equal programs have equal solutions.

        The search begins at the columns' values in `start`, if these can be part of a solution.
        Raises Unavailable when no solution was found in several times that.
        """


class TaskQueue(Protocol):
    """Cloud Tasks, which calls the tasks function back."""

    def send(self, queue: Queue, name: str, kind: str, payload: str, request_id: str) -> None:
        """Queue one task; a name that was used before is left alone. Raises Unavailable."""


class Files(Protocol):
    """A private store of files, named by paths; every call raises Unavailable."""

    def put(self, name: str, data: bytes, media_type: str) -> None: ...
    def get(self, name: str) -> bytes | None: ...
    def delete(self, name: str) -> None:
        """Does nothing when it is gone already."""

    def names(self, prefix: str) -> list[str]:
        """Some of those that begin so; none when there are none."""

    def listed(self, after: str, limit: int) -> list[StoredFile]:
        """Files by name, from the first one after this name on."""


class Pictures(Protocol):
    def redrawn(self, data: bytes, header: Header) -> bytes:
        """A JPEG of the picture, small and without metadata. Raises PictureInvalid."""


class Payments(Protocol):
    """The payment service; every call raises Unavailable when it does not answer."""

    def checkout(self, variant_id: str, email: str, custom: dict[str, str]) -> Checkout:
        """A page on which to pay; `custom` comes back with every event of it."""

    def subscription(self, identifier: str) -> Resource:
        """Raises Refused for one that does not exist."""

    def cancel(self, identifier: str) -> None:
        """End it with the period that is paid for. Raises Refused as above."""

    def subscriptions(self) -> list[Resource]:
        """Every subscription there is."""


class Mail(Protocol):
    def send(self, letter: Letter) -> None:
        """Raises Refused when it can never be delivered, Unavailable when it may be later."""
