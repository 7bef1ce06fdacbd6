"""The public keys that signed tokens are checked with, fetched and kept as their server says."""

import re
import time
from collections.abc import Callable
from threading import Lock
from typing import Any

import httpx
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from shared.errors import Unavailable

TIMEOUT_SECONDS = 2.0
UNKNOWN_KEY_SECONDS = 30.0
"""How often at most an unknown key id makes us ask again: made-up ids cost the server nothing."""
RETRY_SECONDS = 2.0
"""How long a server that failed is left alone while we have no keys at all."""
SHORTEST_SECONDS, DEFAULT_SECONDS, LONGEST_SECONDS = 60, 3_600, 86_400

_MAX_AGE = re.compile(r"(?:^|[\s,])max-age=([0-9]{1,9})(?:$|[\s,])")
_WEAKEST_BITS = 2048


class Certificates:
    """Keys by id from an address that answers `{key id: X.509 certificate in PEM}`.

    Safe to share between threads: only one of them asks at a time, and those whose key is known
    do not wait for it.
    """

    def __init__(
        self,
        url: str,
        now: Callable[[], float] = time.time,
        http: httpx.Client | None = None,
    ) -> None:
        self._url = url
        self._now = now
        self._http = http
        self._lock = Lock()
        self._keys: dict[str, RSAPublicKey] = {}
        self._fresh_until = float("-inf")
        self._asked_at = float("-inf")

    def key(self, key_id: str) -> RSAPublicKey | None:
        """The key of that id, or None; raises Unavailable when no key could ever be fetched.

        Keys older than their server said stay in use while it does not answer.
        """
        known = self._keys.get(key_id)
        if known is not None:
            if self._now() >= self._fresh_until and self._lock.acquire(blocking=False):
                try:
                    self._ask_again(UNKNOWN_KEY_SECONDS)
                finally:
                    self._lock.release()
                # Where the server answered without this key, it is no longer trusted.
                known = self._keys.get(key_id)
            return known
        with self._lock:
            if key_id not in self._keys:
                self._ask_again(UNKNOWN_KEY_SECONDS if self._keys else RETRY_SECONDS)
            if not self._keys:
                raise Unavailable("Signing in cannot be checked for a moment. Try again shortly.")
            return self._keys.get(key_id)

    def _ask_again(self, pause_seconds: float) -> None:
        now = self._now()
        if 0 <= now - self._asked_at < pause_seconds:
            return
        self._asked_at = now
        fetched = self._fetch()
        if fetched is not None:
            self._keys, lifetime = fetched
            self._fresh_until = now + lifetime

    def _fetch(self) -> tuple[dict[str, RSAPublicKey], int] | None:
        if self._http is None:
            self._http = httpx.Client()
        try:
            answer = self._http.get(self._url, timeout=TIMEOUT_SECONDS)
            answer.raise_for_status()
            listed = answer.json()
        except (httpx.HTTPError, httpx.InvalidURL, ValueError):
            return None
        keys = _keys(listed)
        return (keys, _lifetime(answer.headers.get("Cache-Control", ""))) if keys else None


def _keys(listed: Any) -> dict[str, RSAPublicKey]:
    entries = listed.items() if isinstance(listed, dict) else ()
    found = {key_id: _key(certificate) for key_id, certificate in entries}
    return {key_id: key for key_id, key in found.items() if key is not None}


def _key(certificate: Any) -> RSAPublicKey | None:
    try:
        key = x509.load_pem_x509_certificate(certificate.encode("ascii")).public_key()
    except (ValueError, AttributeError, UnsupportedAlgorithm):
        return None
    return key if isinstance(key, RSAPublicKey) and key.key_size >= _WEAKEST_BITS else None


def _lifetime(cache_control: str) -> int:
    found = _MAX_AGE.search(cache_control.lower())
    if found is None:
        return DEFAULT_SECONDS
    return min(max(int(found[1]), SHORTEST_SECONDS), LONGEST_SECONDS)
