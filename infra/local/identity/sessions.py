"""Refresh tokens: one for each sign-in, and what it may still do."""

import dataclasses
import secrets
from typing import Any

from infra.local.identity.account import Account
from infra.local.identity.database import Records
from infra.local.refusals import Refused


@dataclasses.dataclass(frozen=True)
class Session:
    """`auth_time` in seconds since 1970; `claims` are those of the custom token, if any."""

    refresh_token: str
    local_id: str
    provider: str
    auth_time: int
    claims: dict[str, Any]
    revoked: bool = False


class Sessions:
    """Changed only under the project's lock. Revoked sessions stay, to be told from unknown."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._sessions = {record["refresh_token"]: Session(**record) for record in records}

    def open(self, local_id: str, provider: str, auth_time: int, claims: dict[str, Any]) -> Session:
        session = Session(secrets.token_urlsafe(64), local_id, provider, auth_time, claims)
        self._save(session)
        return session

    def find(self, refresh_token: str) -> Session:
        """Raises INVALID_REFRESH_TOKEN for one that was never given out."""
        session = self._sessions.get(refresh_token)
        if session is None:
            raise Refused("INVALID_REFRESH_TOKEN")
        return session

    def revoke(self, local_id: str, until: int) -> None:
        """End the account's sessions whose sign-in lies at or before this second.

        Times carry whole seconds: a sign-in and a revocation in the same second would otherwise
        leave the session alive.
        """
        for session in list(self._sessions.values()):
            if session.local_id == local_id and session.auth_time <= until and not session.revoked:
                self._save(dataclasses.replace(session, revoked=True))

    def clear(self) -> None:
        self._sessions.clear()
        self._records.clear()

    def _save(self, session: Session) -> None:
        self._sessions[session.refresh_token] = session
        self._records.put(session.refresh_token, dataclasses.asdict(session))


def refuse_ended(session: Session, account: Account) -> None:
    """Raises USER_DISABLED, or TOKEN_EXPIRED after a revocation or a new password."""
    if account.disabled:
        raise Refused("USER_DISABLED")
    if session.revoked or session.auth_time < account.valid_since:
        raise Refused("TOKEN_EXPIRED")
