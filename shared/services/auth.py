"""How people sign up, sign in, stay signed in and sign out."""

import time
from collections.abc import Callable, Container
from datetime import datetime

from shared.errors import AccountDisabled, CredentialsInvalid, EmailTaken, TokenInvalid
from shared.gateways.ports import Claims, Directory, IdTokens, SignIn
from shared.models.accounts import (
    Account,
    Credentials,
    Message,
    Registered,
    Registration,
    SignedIn,
    Tokens,
)
from shared.models.mails import MailKind
from shared.models.tasks import SendMail
from shared.models.users import Caller, UserView
from shared.rules.access import require_active, require_session, without_session, without_sessions
from shared.rules.accounts import new_account, require_strong_password
from shared.services.accounts import AccountService
from shared.services.background import BackgroundService
from shared.storage.accounts import AccountRepository
from shared.storage.effects import Effects

CONCEALED = Message(message="We have sent you a mail. Follow what it says, then sign in.")


class AuthService:
    """Sessions are Firebase's; whether one still counts is ours to say.

    `common_passwords` returns the passwords nobody may choose; `new_id` a fresh user id; `pause`
    waits some seconds. Who `conceals` never tells whether an address has an account.
    """

    def __init__(
        self,
        *,
        sign_in: SignIn,
        directory: Callable[[], Directory],
        id_tokens: IdTokens,
        accounts: AccountService,
        repository: AccountRepository,
        background: BackgroundService,
        common_passwords: Callable[[], Container[str]],
        conceals: bool,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._sign_in = sign_in
        self._directory = directory
        self._id_tokens = id_tokens
        self._accounts = accounts
        self._repository = repository
        self._background = background
        self._common_passwords = common_passwords
        self._conceals = conceals
        self._now = now
        self._new_id = new_id
        self._pause = pause

    def register(self, registration: Registration) -> Registered | Message:
        """Make an account and its organization together, and sign the person in.

        A registration that was cut off half way is completed by sending it again with the same
        password. Raises PasswordWeak or EmailTaken; where accounts are concealed, the holder of
        an address is told instead, and nobody is signed in.
        """
        require_strong_password(
            registration.password,
            email=registration.email,
            full_name=registration.full_name,
            common=self._common_passwords(),
        )
        try:
            user_id = self._identified(registration)
        except EmailTaken:
            if not self._conceals:
                raise
            self._tell_holder(registration.email)
            return CONCEALED
        if self._conceals:
            self._store(registration, user_id)
            return CONCEALED
        # First: an account whose owner was told that it failed would be taken at the next try.
        tokens = self._sign_in.sign_in(registration.email, registration.password)
        account = self._store(registration, user_id)
        view = UserView.of(account.user, account.organization)
        return Registered(**dict(view), **dict(tokens))

    def login(self, credentials: Credentials) -> SignedIn:
        """Raises CredentialsInvalid for a wrong address and a wrong password alike."""
        tokens, claims = self._session(credentials)
        try:
            account = self._accounts.begin_session(claims)
        except TokenInvalid:
            # Sessions are told apart by the second they began in: one that was ended within this
            # very second would take the new one with it, so the new one begins in the next.
            self._pause(1.05 - self._now().microsecond / 1_000_000)
            tokens, claims = self._session(credentials)
            account = self._accounts.begin_session(claims)
        return SignedIn(**dict(tokens), user=UserView.of(account.user, account.organization))

    def refresh(self, refresh_token: str) -> Tokens:
        """A new access token for a session that still counts.

        Raises TokenInvalid when it was ended here, whatever Firebase thinks of it.
        """
        tokens = self._sign_in.refresh(refresh_token)
        claims = self._id_tokens.verify(tokens.access_token)
        account = self._accounts.account(claims, fresh=True)
        require_active(account.user)
        require_session(account.user, claims.auth_time)
        return tokens

    def logout(self, caller: Caller) -> None:
        """End the caller's session: its access and refresh tokens are useless from now on.

        Sessions that began within the same second are one to us, and end together.
        """
        self._accounts.note(caller.user_id, lambda user: without_session(user, caller.signed_in_at))

    def logout_everywhere(self, caller: Caller) -> None:
        """End all of the caller's sessions, this one included."""
        # Sessions that began within this second, too.
        until = max(int(self._now().timestamp()), caller.signed_in_at) + 1
        self._accounts.note(caller.user_id, lambda user: without_sessions(user, until))
        self._directory().end_sessions(caller.user_id)

    def _session(self, credentials: Credentials) -> tuple[Tokens, Claims]:
        tokens = self._sign_in.sign_in(credentials.email, credentials.password)
        return tokens, self._id_tokens.verify(tokens.access_token)

    def _identified(self, registration: Registration) -> str:
        """The id of the person's account at Firebase, made now unless it is there already."""
        user_id = self._new_id()
        try:
            self._directory().create(
                user_id, registration.email, registration.password, registration.full_name
            )
        except EmailTaken:
            return self._unfinished(registration)
        return user_id

    def _store(self, registration: Registration, user_id: str) -> Account:
        """The person's profile and organization, and a mail to confirm the address."""
        now = self._now()
        account = new_account(
            user_id=user_id,
            email=registration.email,
            full_name=registration.full_name,
            organization_name=registration.organization_name,
            now=now,
        )
        mail = SendMail(mail=MailKind.VERIFY_EMAIL, user_id=user_id, cause="registered")
        stored = self._repository.add(account, Effects(now=now, tasks=(mail,)))
        self._background.push(mail)
        return stored

    def _tell_holder(self, email: str) -> None:
        user_id = self._directory().find(email)
        if user_id:
            cause = self._now().isoformat(timespec="seconds")
            self._background.start(
                SendMail(mail=MailKind.ALREADY_REGISTERED, user_id=user_id, cause=cause)
            )

    def _unfinished(self, registration: Registration) -> str:
        """The id of the account that has this address and password but no profile yet."""
        taken = EmailTaken("An account with this address already exists. Sign in instead.")
        try:
            tokens = self._sign_in.sign_in(registration.email, registration.password)
        except (CredentialsInvalid, AccountDisabled):
            raise taken from None
        user_id = self._id_tokens.verify(tokens.access_token).uid
        if self._repository.load(user_id):
            raise taken
        return user_id
