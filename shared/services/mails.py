"""Sends the mails that tasks ask for; what they say and link to is decided when they leave."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from shared.gateways.ports import Mail
from shared.models.mails import MailKind
from shared.models.tasks import SendMail
from shared.models.tokens import LIFETIMES, Purpose, Token
from shared.models.users import User
from shared.services.letters import shown, write
from shared.storage.accounts import AccountRepository
from shared.storage.tokens import TokenRepository

LEADS_TO = {
    MailKind.PASSWORD_RESET: Purpose.PASSWORD_RESET,
    MailKind.VERIFY_EMAIL: Purpose.VERIFY_EMAIL,
    MailKind.DELETION_REQUESTED: Purpose.CANCEL_DELETION,
    MailKind.INVITATION: Purpose.INVITATION,
}
"""What the link of a mail allows; the other kinds have none."""


class Invitation(Protocol):
    """What a mail says of an invitation."""

    @property
    def email(self) -> str: ...
    @property
    def organization_name(self) -> str: ...
    @property
    def invited_by_name(self) -> str: ...
    @property
    def expires_at(self) -> datetime: ...


class Invitations(Protocol):
    def invitation(self, organization_id: str, invitation_id: str) -> Invitation | None:
        """None when it was withdrawn or accepted."""


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What all mails have in common."""

    support: str
    feedback: str
    links: Mapping[Purpose, str]
    """Addresses, with `{token}` where it goes."""


class MailService:
    """`mail` returns the server that takes them."""

    def __init__(
        self,
        *,
        accounts: AccountRepository,
        invitations: Invitations,
        tokens: TokenRepository,
        mail: Callable[[], Mail],
        letterhead: Letterhead,
        now: Callable[[], datetime],
    ) -> None:
        self._accounts = accounts
        self._invitations = invitations
        self._tokens = tokens
        self._mail = mail
        self._letterhead = letterhead
        self._now = now

    def deliver(self, task: SendMail) -> None:
        """Send one mail, unless its reason has gone: the person, the invitation, the deletion.

        Raises Refused when it can never be delivered, Unavailable when it may be later.
        """
        if task.mail is MailKind.INVITATION:
            self._invite(task)
            return
        user = self._accounts.user(task.user_id) if task.user_id else None
        if user is None or _is_pointless(task.mail, user):
            return
        facts: dict[str, Any] = {"name": shown(user.full_name)}
        ends_at = None
        if task.mail is MailKind.DELETION_REQUESTED and user.deletion_requested_at:
            ends_at = user.deletion_requested_at + LIFETIMES[Purpose.CANCEL_DELETION]
        self._send(task, user.email, facts, ends_at)

    def _invite(self, task: SendMail) -> None:
        organization_id, _, invitation_id = task.about.partition("/")
        invitation = self._invitations.invitation(organization_id, invitation_id)
        if invitation is None or invitation.expires_at <= self._now():
            return
        facts = {
            "organization": shown(invitation.organization_name),
            "inviter": shown(invitation.invited_by_name),
        }
        self._send(task, invitation.email, facts, invitation.expires_at)

    def _send(
        self, task: SendMail, to: str, facts: dict[str, Any], ends_at: datetime | None
    ) -> None:
        facts |= {"support": self._letterhead.support, "feedback": self._letterhead.feedback}
        if purpose := LEADS_TO.get(task.mail):
            now = self._now()
            token = Token(
                purpose=purpose,
                user_id=task.user_id,
                email=to,
                about=task.about,
                created_at=now,
                expires_at=ends_at or now + LIFETIMES[purpose],
            )
            address = self._letterhead.links[purpose]
            facts |= {
                "link": address.replace("{token}", self._tokens.issue(token)),
                "ends_at": token.expires_at,
            }
        self._mail().send(write(task.mail, letter_id=task.id, to=to, facts=facts))


def _is_pointless(mail: MailKind, user: User) -> bool:
    return (
        not user.email
        or (mail is MailKind.VERIFY_EMAIL and user.is_verified)
        or (mail is MailKind.DELETION_REQUESTED and user.deletion_requested_at is None)
    )
