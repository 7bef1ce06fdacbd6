"""Who calls the tasks function: Google's signed word for one of our own service accounts."""

import time
from collections.abc import Callable, Container

import httpx
import jwt

from shared.errors import TokenInvalid
from shared.gateways.certificates import Certificates

ISSUERS = ("https://accounts.google.com", "accounts.google.com")
LONGEST_TOKEN = 4_096
SKEW_SECONDS = 60
_REQUIRED = ["iss", "aud", "sub", "iat", "exp"]


class InvokerVerifier:
    """Checks the OIDC tokens that Cloud Tasks and Cloud Scheduler send.

    The function is private as well; the `X-CloudTasks-…` headers prove nothing.
    """

    def __init__(
        self,
        *,
        audience: str,
        invokers: Container[str],
        certificates_url: str,
        now: Callable[[], float] = time.time,
        http: httpx.Client | None = None,
    ) -> None:
        self._audience = audience
        self._invokers = invokers
        self._certificates = Certificates(certificates_url, now, http)

    def verify(self, token: str) -> str:
        """The service account's address. Raises TokenInvalid, or Unavailable without keys."""
        if not self._audience or len(token) > LONGEST_TOKEN:
            raise _refusal()
        try:
            header = jwt.get_unverified_header(token)
            key = self._certificates.key(str(header.get("kid", "")))
            if header.get("alg") != "RS256" or key is None:
                raise _refusal()
            claims = jwt.decode(
                token,
                key,
                algorithms=["RS256"],
                audience=self._audience,
                issuer=ISSUERS,
                leeway=SKEW_SECONDS,
                options={"require": _REQUIRED},
            )
        except (jwt.PyJWTError, ValueError):
            raise _refusal() from None
        email = claims.get("email")
        if claims.get("email_verified") is not True or email not in self._invokers:
            raise _refusal()
        return str(email)


def _refusal() -> TokenInvalid:
    return TokenInvalid("Only our own tasks and jobs may call this.")
