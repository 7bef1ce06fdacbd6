"""Single-use tokens at rest: `tokens/{sha256 of the token}`; the token itself is stored nowhere."""

import hashlib
import secrets
from datetime import datetime

from shared.models.tokens import Purpose, Token
from shared.storage.documents import Document, Documents, Transaction
from shared.storage.records import fields, readable, restored

BYTES = 32


class TokenRepository:
    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def issue(self, token: Token) -> str:
        """Store what it is good for and return the token, which exists only there."""
        secret = secrets.token_urlsafe(BYTES)
        row = fields(token) | {"schema": 1, "expire_at": token.expires_at}
        self._documents.atomically(lambda transaction: transaction.create(_path(secret), row))
        return secret

    def find(self, secret: str, purpose: Purpose, now: datetime) -> Token | None:
        """What the token is good for; it stays usable."""
        return _good(self._documents.get(_path(secret)), purpose, now)

    @staticmethod
    def use(transaction: Transaction, secret: str, purpose: Purpose, now: datetime) -> Token | None:
        """The same, and whoever commits first has used it up."""
        token = _good(transaction.get(_path(secret)), purpose, now)
        if token is not None:
            transaction.delete(_path(secret))
        return token


def _path(secret: str) -> str:
    return f"tokens/{hashlib.sha256(secret.encode('utf-8', 'replace')).hexdigest()}"


def _good(document: Document | None, purpose: Purpose, now: datetime) -> Token | None:
    token = readable(document, lambda row: restored(Token, row))
    if token is None or token.purpose is not purpose or token.expires_at <= now:
        return None
    return token
