"""Firebase ID tokens: which are genuine, and what they say."""

import json
import re
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from threading import Lock
from typing import Any, NoReturn, TypeVar

import httpx
import jwt

from shared.errors import TokenExpired, TokenInvalid
from shared.gateways.certificates import Certificates

T = TypeVar("T")

LONGEST_TOKEN = 4096
SKEW_SECONDS = 60
"""How far ahead of ours the issuer's clock may be."""
_REMEMBERED = 2048

_COMPACT = re.compile(r"([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]*)")
_KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,128}")
_UID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,127}")
# Each of these asks the reader to take a key, or a rule, from the token itself.
_UNTRUSTED_HEADERS = frozenset({"crit", "b64", "jwk", "jku", "x5u", "x5c"})


@dataclass(frozen=True, slots=True)
class Claims:
    """What a genuine token says; times in epoch seconds.

    Roles and plans are left out on purpose: they may have changed since the token was issued.
    """

    uid: str
    email: str | None
    email_verified: bool
    name: str | None
    auth_time: int
    """When the password was last given: not renewed by a refresh."""
    issued_at: int
    expires_at: int
    sign_in_provider: str | None


class IdTokenVerifier:
    """Checks tokens without asking anyone, but for the issuer's certificates now and then.

    `allow_unsigned` accepts tokens without a signature as well: the official Auth emulator
    issues no others. Whether an account still exists or was signed out since is not its matter.
    """

    def __init__(
        self,
        project: str,
        certificates_url: str,
        now: Callable[[], float] = time.time,
        http: httpx.Client | None = None,
        *,
        allow_unsigned: bool = False,
    ) -> None:
        self._project = project
        self._issuer = f"https://securetoken.google.com/{project}"
        self._now = now
        self._certificates = Certificates(certificates_url, now, http)
        self._allow_unsigned = allow_unsigned
        self._signatures = jwt.PyJWS(algorithms=["RS256"])
        self._verified: dict[bytes, Claims] = {}
        self._lock = Lock()

    def verify(self, token: str) -> Claims:
        """The claims of a genuine token.

        Raises TokenExpired for one that was genuine once, TokenInvalid for anything else, and
        Unavailable when the certificates could never be fetched.
        """
        if len(token) > LONGEST_TOKEN:
            _refuse()
        digest = sha256(token.encode("utf-8", "replace")).digest()
        claims = self._verified.get(digest)
        if claims is None:
            claims = self._claims(self._payload(token))
            self._remember(digest, claims)
        if self._now() >= claims.expires_at:
            raise TokenExpired("The session has expired. Refresh the token or sign in again.")
        return claims

    def _remember(self, digest: bytes, claims: Claims) -> None:
        with self._lock:
            if len(self._verified) >= _REMEMBERED:
                del self._verified[next(iter(self._verified))]
            self._verified[digest] = claims

    def _payload(self, token: str) -> dict[str, Any]:
        parts = _COMPACT.fullmatch(token)
        if parts is None:
            _refuse()
        header, signature = _object(_decoded(parts[1])), parts[3]
        if _UNTRUSTED_HEADERS & header.keys() or header.get("typ", "JWT") != "JWT":
            _refuse()
        if header.get("alg") == "none" and not signature and self._allow_unsigned:
            return _object(_decoded(parts[2]))
        key_id = header.get("kid")
        if (
            header.get("alg") != "RS256"
            or not isinstance(key_id, str)
            or not _KEY_ID.fullmatch(key_id)
        ):
            _refuse()
        _decoded(signature)
        key = self._certificates.key(key_id)
        if key is None:
            _refuse()
        try:
            signed = self._signatures.decode(token, key, algorithms=["RS256"])
        except jwt.PyJWTError:
            _refuse()
        return _object(signed)

    def _claims(self, payload: dict[str, Any]) -> Claims:
        uid = payload.get("sub")
        issued_at, auth_time = _seconds(payload, "iat"), _seconds(payload, "auth_time")
        latest = self._now() + SKEW_SECONDS
        firebase = _optional(payload, "firebase", dict) or {}
        if (
            payload.get("aud") != self._project
            or payload.get("iss") != self._issuer
            or not isinstance(uid, str)
            or not _UID.fullmatch(uid)
            or issued_at > latest
            or auth_time > latest
            or ("nbf" in payload and _seconds(payload, "nbf") > latest)
        ):
            _refuse()
        return Claims(
            uid=uid,
            email=_optional(payload, "email", str) or None,
            email_verified=_optional(payload, "email_verified", bool) or False,
            name=_optional(payload, "name", str) or None,
            auth_time=auth_time,
            issued_at=issued_at,
            expires_at=_seconds(payload, "exp"),
            sign_in_provider=_optional(firebase, "sign_in_provider", str),
        )


def _refuse(_: object = None) -> NoReturn:
    raise TokenInvalid("The token is not valid. Sign in again.") from None


def _decoded(part: str) -> bytes:
    """Raises TokenInvalid unless this is the one way to write these bytes.

    Otherwise one signature would have several spellings, each of them another token.
    """
    try:
        data = urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except ValueError:
        _refuse()
    if urlsafe_b64encode(data).rstrip(b"=") != part.encode("ascii"):
        _refuse()
    return data


def _object(data: bytes) -> dict[str, Any]:
    try:
        value = json.loads(data.decode("utf-8"), object_pairs_hook=_once, parse_constant=_refuse)
    except (ValueError, RecursionError):
        _refuse()
    if not isinstance(value, dict):
        _refuse()
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Readers disagree which of two equal names counts: refuse both."""
    found = dict(pairs)
    if len(found) < len(pairs):
        _refuse()
    return found


def _seconds(payload: dict[str, Any], name: str) -> int:
    value = payload.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < 1 << 53:
        _refuse()
    return value


def _optional(payload: dict[str, Any], name: str, kind: type[T]) -> T | None:
    value = payload.get(name)
    if value is not None and not isinstance(value, kind):
        _refuse()
    if isinstance(value, str):
        try:
            value.encode("utf-8")
        except UnicodeEncodeError:  # half a surrogate pair: nothing could store or send it
            _refuse()
    return value
