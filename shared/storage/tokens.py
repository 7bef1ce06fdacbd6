"""Single-use tokens at rest: `tokens/{sha256 of the token}`; the token itself is stored nowhere.

A used or expired one stays for a week, so that its holder can be told what became of it.
"""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from shared.models.tokens import Purpose, Token
from shared.rules.tokens import held, is_usable, require_usable
from shared.storage.documents import Documents, Transaction
from shared.storage.records import fields, readable, restored

BYTES = 32
KEPT = timedelta(days=7)
"""After its end."""


class TokenRepository:
    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def issue(self, token: Token) -> str:
        """Store what it is good for and return the token, which exists only there."""
        secret = secrets.token_urlsafe(BYTES)
        self._documents.atomically(lambda transaction: _put(transaction, secret, token))
        return secret

    def find(self, secret: str, purpose: Purpose, now: datetime) -> Token | None:
        """What the token is good for; it stays usable."""
        token = self.read(secret)
        return token if token and is_usable(token, purpose, now) else None

    def read(self, secret: str) -> Token | None:
        """The same whether or not it is good for anything any more."""
        return _token(self._documents, secret)

    def hold(self, secret: str, purpose: Purpose, now: datetime) -> Token:
        """Keep it from everybody else while its use is under way. Raises TokenInvalid."""

        def work(transaction: Transaction) -> Token:
            token = require_usable(_token(transaction, secret), purpose, now)
            _put(transaction, secret, held(token, now))
            return token

        return self._documents.atomically(work).result

    def let_go(self, secret: str) -> None:
        """Its use came to nothing, and may be tried again."""

        def work(transaction: Transaction) -> None:
            if token := _token(transaction, secret):
                _put(transaction, secret, token.model_copy(update={"held_until": None}))

        self._documents.atomically(work)


@dataclass(frozen=True, slots=True)
class TokenUse:
    """A token that is used up in the batch of what it allows: of two racing uses one succeeds."""

    secret: str = field(repr=False)
    purpose: Purpose

    def record(self, transaction: Transaction, now: datetime) -> None:
        """Raises TokenInvalid."""
        token = require_usable(_token(transaction, self.secret), self.purpose, now)
        _put(transaction, self.secret, token.model_copy(update={"used_at": now}))


def _token(source: Documents | Transaction, secret: str) -> Token | None:
    return readable(source.get(_path(secret)), lambda row: restored(Token, row))


def _put(transaction: Transaction, secret: str, token: Token) -> None:
    row = fields(token) | {"schema": 1, "expire_at": token.expires_at + KEPT}
    transaction.put(_path(secret), row)


def _path(secret: str) -> str:
    return f"tokens/{hashlib.sha256(secret.encode('utf-8', 'replace')).hexdigest()}"
