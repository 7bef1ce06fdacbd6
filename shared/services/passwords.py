"""A new password for somebody who is signed in and knows the old one."""

from collections.abc import Callable, Container
from datetime import datetime

from shared.errors import AppError, CredentialsInvalid, PasswordWrong
from shared.gateways.ports import Directory, SignIn
from shared.models.accounts import Credentials
from shared.models.mails import MailKind
from shared.models.profiles import PasswordChange, PasswordChanged
from shared.models.tasks import SendMail
from shared.models.users import Caller, User
from shared.rules.access import without_sessions
from shared.rules.accounts import require_strong_password
from shared.services.accounts import AccountService
from shared.services.auth import AuthService
from shared.services.background import BackgroundService
from shared.services.trail import told
from shared.storage.effects import Effects


class PasswordService:
    """`common_passwords` returns those nobody may choose; `new_id` a fresh id."""

    def __init__(
        self,
        *,
        sign_in: SignIn,
        directory: Callable[[], Directory],
        auth: AuthService,
        accounts: AccountService,
        background: BackgroundService,
        common_passwords: Callable[[], Container[str]],
        now: Callable[[], datetime],
        new_id: Callable[[], str],
    ) -> None:
        self._sign_in = sign_in
        self._directory = directory
        self._auth = auth
        self._accounts = accounts
        self._background = background
        self._common_passwords = common_passwords
        self._now = now
        self._new_id = new_id

    def change(self, caller: Caller, change: PasswordChange) -> PasswordChanged:
        """Set the new password and end every session but the caller's.

        A change that was cut off half way is completed by sending it again: then the new
        password is the one that opens. Raises PasswordWeak or PasswordWrong.
        """
        user = self._accounts.own(caller).user
        require_strong_password(
            change.new_password,
            email=user.email,
            full_name=user.full_name,
            common=self._common_passwords(),
            field="new_password",
        )
        if not (
            self._opens(user.email, change.current_password)
            or self._opens(user.email, change.new_password)
        ):
            raise PasswordWrong("The current password is not right.")
        self._directory().set_password(user.id, change.new_password)
        self._end_other_sessions(caller)
        return self._answer(user.email, change.new_password)

    def _end_other_sessions(self, caller: Caller) -> None:
        now = self._now()
        mail = SendMail(
            mail=MailKind.PASSWORD_CHANGED, user_id=caller.user_id, cause=now.isoformat()
        )
        entry = told(
            caller, "user.change_password", caller.user_id, entry_id=self._new_id(), now=now
        )
        # Sessions that began within this second, too.
        until = max(int(now.timestamp()), caller.signed_in_at) + 1

        def changed(user: User) -> User:
            ended = without_sessions(user, until, but=caller.signed_in_at)
            return ended.model_copy(update={"password_changed_at": now})

        effects = Effects(now=now, tasks=(mail,), audit=(entry,))
        self._accounts.note(caller.user_id, changed, effects)
        self._background.push(mail)

    def _opens(self, email: str, password: str) -> bool:
        try:
            self._sign_in.sign_in(email, password)
        except CredentialsInvalid:
            return False
        return True

    def _answer(self, email: str, password: str) -> PasswordChanged:
        message = "Your password is changed. You are signed out everywhere else."
        credentials = Credentials.model_validate({"email": email, "password": password})
        try:
            session = self._auth.login(credentials)
        except AppError:
            # The password is changed all the same, and the caller's session goes on.
            return PasswordChanged(message=message)
        return PasswordChanged(
            message=message,
            access_token=session.access_token,
            refresh_token=session.refresh_token,
            expires_in=session.expires_in,
        )
