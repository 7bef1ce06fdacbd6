"""How people confirm that their e-mail address is theirs."""

from collections.abc import Callable
from datetime import datetime

from shared.errors import TokenInvalid
from shared.gateways.ports import Directory
from shared.models.mails import MailKind
from shared.models.tasks import SendMail
from shared.models.tokens import Purpose
from shared.models.users import Caller, User
from shared.rules.tokens import require_current, require_usable
from shared.services.accounts import AccountService
from shared.services.background import BackgroundService
from shared.storage.accounts import AccountRepository
from shared.storage.effects import Effects
from shared.storage.tokens import TokenRepository, TokenUse

VERIFY = Purpose.VERIFY_EMAIL


class VerificationService:
    def __init__(
        self,
        *,
        directory: Callable[[], Directory],
        accounts: AccountService,
        repository: AccountRepository,
        tokens: TokenRepository,
        background: BackgroundService,
        now: Callable[[], datetime],
    ) -> None:
        self._directory = directory
        self._accounts = accounts
        self._repository = repository
        self._tokens = tokens
        self._background = background
        self._now = now

    def verify(self, secret: str) -> None:
        """Confirm the address a token was mailed to; the same token again changes nothing.

        Raises TokenInvalid.
        """
        try:
            self._use(secret)
        except TokenInvalid:
            if not self._was_used_well(secret):
                raise

    def resend(self, caller: Caller) -> None:
        """Mail another link to somebody whose address is not confirmed yet."""
        cause = self._now().isoformat(timespec="seconds")
        self._background.start(
            SendMail(mail=MailKind.VERIFY_EMAIL, user_id=caller.user_id, cause=cause)
        )

    def _use(self, secret: str) -> None:
        now = self._now()
        token = require_usable(self._tokens.read(secret), VERIFY, now)
        user = require_current(token, self._user(token.user_id))
        # First, since it can be repeated: a token must not be used up in vain.
        self._directory().set_verified(user.id)
        welcome = SendMail(mail=MailKind.WELCOME, user_id=user.id, cause="verified")
        self._accounts.change(
            user.id,
            lambda user: user.model_copy(update={"is_verified": True}),
            Effects(
                now=now,
                tasks=() if user.is_verified else (welcome,),
                token=TokenUse(secret, VERIFY),
            ),
        )
        if not user.is_verified:
            self._background.push(welcome)

    def _was_used_well(self, secret: str) -> bool:
        token = self._tokens.read(secret)
        if token is None or token.purpose is not VERIFY or token.used_at is None:
            return False
        user = self._user(token.user_id)
        return user is not None and user.is_verified and user.email == token.email

    def _user(self, user_id: str) -> User | None:
        account = self._repository.load(user_id)
        return account.user if account else None
