"""How people who forgot their password get a new one, by a link that is mailed to them."""

from collections.abc import Callable, Container
from datetime import datetime

from shared.gateways.ports import Directory
from shared.models.mails import MailKind
from shared.models.tasks import RequestPasswordReset, SendMail
from shared.models.tokens import Purpose
from shared.models.users import User
from shared.rules.access import without_sessions
from shared.rules.accounts import require_strong_password
from shared.rules.tokens import require_current, require_usable
from shared.services.accounts import AccountService
from shared.services.background import BackgroundService
from shared.storage.accounts import AccountRepository
from shared.storage.effects import Effects
from shared.storage.tokens import TokenRepository, TokenUse

RESET = Purpose.PASSWORD_RESET


class PasswordResetService:
    """`common_passwords` returns the passwords nobody may choose."""

    def __init__(
        self,
        *,
        directory: Callable[[], Directory],
        accounts: AccountService,
        repository: AccountRepository,
        tokens: TokenRepository,
        background: BackgroundService,
        common_passwords: Callable[[], Container[str]],
        now: Callable[[], datetime],
    ) -> None:
        self._directory = directory
        self._accounts = accounts
        self._repository = repository
        self._tokens = tokens
        self._background = background
        self._common_passwords = common_passwords
        self._now = now

    def ask(self, email: str) -> None:
        """Somebody forgot a password. The same for every address, and as fast."""
        cause = self._now().isoformat(timespec="seconds")
        self._background.start(RequestPasswordReset(email=email, cause=cause))

    def look_up(self, task: RequestPasswordReset) -> None:
        """Mail a link to the holder of the address, if it has an account."""
        user_id = self._directory().find(task.email)
        if user_id and self._accounts.introduce(user_id, task.email):
            mail = SendMail(mail=MailKind.PASSWORD_RESET, user_id=user_id, cause=task.id)
            self._background.start(mail)

    def reset(self, secret: str, password: str) -> None:
        """Set a new password with a mailed token, and end all sessions.

        Raises TokenInvalid, or PasswordWeak, which leaves the token usable; Refused when Firebase
        has no such account any more.
        """
        token = require_usable(self._tokens.read(secret), RESET, self._now())
        account = self._repository.load(token.user_id)
        user = require_current(token, account.user if account else None)
        require_strong_password(
            password,
            email=user.email,
            full_name=user.full_name,
            common=self._common_passwords(),
            field="new_password",
        )
        # Firebase and the store cannot change together: whoever holds the token sets the
        # password, and uses the token up once that is done. If that fails it can be tried again.
        self._tokens.hold(secret, RESET, self._now())
        try:
            directory = self._directory()
            directory.set_password(user.id, password)
            # The link came by mail: the address is theirs.
            directory.set_verified(user.id)
        except BaseException:
            self._tokens.let_go(secret)
            raise
        self._finish(secret, user)

    def _finish(self, secret: str, user: User) -> None:
        now = self._now()
        mails = [SendMail(mail=MailKind.PASSWORD_CHANGED, user_id=user.id, cause=now.isoformat())]
        if not user.is_verified:
            mails.append(SendMail(mail=MailKind.WELCOME, user_id=user.id, cause="verified"))

        def changed(user: User) -> User:
            # Sessions that began within this second, too.
            ended = without_sessions(user, int(now.timestamp()) + 1)
            return ended.model_copy(update={"password_changed_at": now, "is_verified": True})

        effects = Effects(now=now, tasks=tuple(mails), token=TokenUse(secret, RESET))
        self._accounts.change(user.id, changed, effects)
        self._background.push(*mails)
