"""Everything one project holds, and the changes that touch several parts of it at once."""

import dataclasses
import threading
from collections.abc import Callable, Mapping
from typing import Any

from infra.local.identity.account import Account
from infra.local.identity.accounts import Accounts, new_local_id
from infra.local.identity.action_codes import ActionCodes
from infra.local.identity.database import Database, Records
from infra.local.identity.fields import Fields
from infra.local.identity.lockout import Lockout
from infra.local.identity.sessions import Session, Sessions
from infra.local.identity.settings import Settings
from infra.local.identity.tokens import LIFETIME, Tokens
from infra.local.refusals import Refused
from infra.local.signer import Signer


class Project:
    """Every method but `milliseconds`, `new_account` and `flush` is called with `lock` held."""

    def __init__(
        self,
        name: str,
        *,
        signer: Signer,
        database: Database,
        base: str,
        now: Callable[[], float],
        lockout: Lockout,
    ) -> None:
        self.name = name
        self.lock = threading.RLock()
        self.accounts = Accounts(Records(database, name, "account"))
        self.sessions = Sessions(Records(database, name, "session"))
        self.codes = ActionCodes(Records(database, name, "code"), base, now)
        self.settings = Settings(Records(database, name, "config"))
        self.tokens = Tokens(name, signer, now)
        self.lockout = lockout
        self._now = now

    def milliseconds(self) -> int:
        return int(self._now() * 1000)

    def new_account(self, local_id: str | None = None) -> Account:
        """An empty account that is not stored yet."""
        created = self.milliseconds()
        return Account(local_id or new_local_id(), created, valid_since=created // 1000)

    def sign_in(
        self,
        account: Account,
        provider: str,
        *,
        claims: dict[str, Any] | None = None,
        auth_time: int | None = None,
        remember: bool = True,
    ) -> dict[str, Any]:
        """The token part of a sign-in's answer; raises USER_DISABLED.

        `auth_time` is that of an earlier sign-in which goes on; without `remember` the answer
        holds no refresh token.
        """
        if account.disabled:
            raise Refused("USER_DISABLED")
        now = self.milliseconds()
        self.accounts.save(dataclasses.replace(account, last_login_at=now, last_refresh_at=now))
        claims = claims or {}
        signed_in = now // 1000 if auth_time is None else auth_time
        answer = {"idToken": self.tokens.id_token(account, provider, signed_in, claims)}
        if remember:
            session = self.sessions.open(account.local_id, provider, signed_in, claims)
            answer |= {"refreshToken": session.refresh_token, "expiresIn": str(LIFETIME)}
        return answer

    def refreshed(self, session: Session, account: Account) -> str:
        """A new ID token of an old sign-in, which keeps the sign-in's time."""
        self.accounts.save(dataclasses.replace(account, last_refresh_at=self.milliseconds()))
        return self.tokens.id_token(account, session.provider, session.auth_time, session.claims)

    def owner(self, id_token: str) -> tuple[Account, dict[str, Any]]:
        """The account an ID token speaks for, and the token's claims.

        Raises INVALID_ID_TOKEN, TOKEN_EXPIRED, USER_NOT_FOUND or USER_DISABLED.
        """
        claims = self.tokens.verify(id_token)
        account = self.accounts.existing(claims["sub"])
        if account.disabled:
            raise Refused("USER_DISABLED")
        if int(claims["iat"]) < account.valid_since:
            raise Refused("TOKEN_EXPIRED")
        return account, claims

    def save(self, account: Account, *, ends_sessions: bool = False) -> None:
        """Store a changed account; raises what `Accounts.save` raises, and then changes nothing."""
        before = self.accounts.existing(account.local_id)
        self.accounts.save(account)
        if before.email and before.email != account.email:
            self.codes.forget(before.email)
        if ends_sessions:
            self.sessions.revoke(account.local_id, until=account.valid_since)

    def delete(self, account: Account) -> None:
        # A refresh must find the account missing, and stay dead if the id is ever used again.
        self.sessions.revoke(account.local_id, until=self.milliseconds() // 1000)
        if account.email:
            self.codes.forget(account.email)
        self.accounts.remove(account.local_id)

    def flush(self) -> None:
        """Everything but the settings."""
        with self.lock:
            self.accounts.clear()
            self.sessions.clear()
            self.codes.clear()
        self.lockout.clear()


@dataclasses.dataclass(frozen=True)
class Call:
    """One request, once it is known to be allowed and its JSON to be an object."""

    project: Project
    fields: Fields
    body: dict[str, Any]
    query: Mapping[str, str]
    api_key: str = ""


Handler = Callable[[Call], dict[str, Any]]
