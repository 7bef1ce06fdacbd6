"""Accounts that their owners want gone: asked for, cancelled, and begun when it is time."""

from collections.abc import Callable
from datetime import datetime

from shared.errors import Refused
from shared.models.deletions import DeletionNotice
from shared.models.mails import MailKind
from shared.models.tasks import PurgeAccount, SendMail
from shared.models.tokens import Purpose
from shared.models.users import Caller
from shared.rules.deletions import notice
from shared.rules.tokens import require_usable
from shared.services.accounts import AccountService
from shared.services.background import BackgroundService
from shared.services.trail import told
from shared.storage.deletions import DeletionRepository
from shared.storage.effects import Effects
from shared.storage.records import PassingOver
from shared.storage.tenancy import user_path
from shared.storage.tokens import TokenRepository, TokenUse

BEGUN_AT_ONCE = 100


class DeletionService:
    """`now` returns the current UTC time, `new_id` a fresh id."""

    def __init__(
        self,
        deletions: DeletionRepository,
        tokens: TokenRepository,
        accounts: AccountService,
        background: BackgroundService,
        *,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
    ) -> None:
        self._deletions = deletions
        self._tokens = tokens
        self._accounts = accounts
        self._background = background
        self._now = now
        self._new_id = new_id

    def request(self, caller: Caller) -> DeletionNotice:
        """Begin the days of grace; asking again changes nothing."""
        now = self._now()
        mail = _mail(MailKind.DELETION_REQUESTED, caller.user_id, now)
        effects = self._effects("user.request_deletion", caller.user_id, mail, now, by=caller)
        deletion, new = self._deletions.request(caller.user_id, now, effects)
        if new:
            self._changed(caller.user_id, mail)
        return notice(deletion, now)

    def cancel(self, caller: Caller) -> None:
        """Raises Refused when there is nothing to cancel."""
        self._cancel(caller.user_id, by=caller)

    def cancel_by_token(self, secret: str) -> None:
        """The same for the link in the mail. Raises TokenInvalid, or Refused as above."""
        now, purpose = self._now(), Purpose.CANCEL_DELETION
        token = require_usable(self._tokens.read(secret), purpose, now)
        self._cancel(token.user_id, token=TokenUse(secret, purpose))

    def begin_due(self) -> int:
        """Close the door of every account whose days of grace are over; how many those were.

        Removals that came to nothing begin again.
        """
        begun = 0
        while due := self._deletions.due(self._now(), limit=BEGUN_AT_ONCE):
            closed = sum(self._begin_readable(deletion.user_id) for deletion in due)
            if not closed:
                break
            begun += closed
        for deletion in self._deletions.unfinished(limit=BEGUN_AT_ONCE):
            # Nothing happens unless the task that was given up is forgotten by now.
            self._background.start(PurgeAccount(user_id=deletion.user_id))
        return begun

    def begin_now(self, user_id: str, *, by: Caller, reason: str | None = None) -> bool:
        """Remove an account without days of grace; False when that is under way already."""
        return self._begin(user_id, by=by, reason=reason)

    def _begin_readable(self, user_id: str) -> bool:
        """One that cannot be read must not keep the others waiting."""
        with PassingOver(user_path(user_id)):
            return self._begin(user_id)
        return False

    def _begin(self, user_id: str, by: Caller | None = None, reason: str | None = None) -> bool:
        now = self._now()
        task = PurgeAccount(user_id=user_id)
        action = "user.delete" if by else "user.close"
        effects = self._effects(action, user_id, task, now, by=by, reason=reason)
        begun = self._deletions.close(user_id, now, effects, at_once=by is not None)
        if begun:
            self._changed(user_id, task)
        return begun

    def _cancel(
        self, user_id: str, by: Caller | None = None, token: TokenUse | None = None
    ) -> None:
        now = self._now()
        mail = _mail(MailKind.DELETION_CANCELLED, user_id, now)
        effects = self._effects("user.cancel_deletion", user_id, mail, now, by=by, token=token)
        if not self._deletions.cancel(user_id, now, effects):
            raise Refused("No deletion request pending.")
        self._changed(user_id, mail)

    def _effects(
        self,
        action: str,
        user_id: str,
        task: SendMail | PurgeAccount,
        now: datetime,
        *,
        by: Caller | None,
        reason: str | None = None,
        token: TokenUse | None = None,
    ) -> Effects:
        entry = told(by, action, user_id, entry_id=self._new_id(), now=now, reason=reason)
        if token:
            # Whoever holds the link that was mailed to them acts as they do.
            entry = entry.model_copy(update={"actor_user_id": user_id, "actor_role": "link"})
        return Effects(now=now, tasks=(task,), audit=(entry,), token=token)

    def _changed(self, user_id: str, task: SendMail | PurgeAccount) -> None:
        self._accounts.forget(user_id)
        self._background.push(task)


def _mail(kind: MailKind, user_id: str, now: datetime) -> SendMail:
    return SendMail(mail=kind, user_id=user_id, cause=now.isoformat())
