"""Firebase's public sign-in calls over REST: Identity Toolkit and Secure Token."""

from typing import Any

import httpx

from shared.errors import (
    AccountDisabled,
    CredentialsInvalid,
    RateLimited,
    TokenInvalid,
    Unavailable,
)
from shared.models.accounts import Tokens

TIMEOUT = httpx.Timeout(4.0, connect=1.5)
"""Seconds. Sign-in checks a deliberately slow hash, so it may take longer than other calls."""

_WRONG_LOGIN = {
    "INVALID_LOGIN_CREDENTIALS",
    "INVALID_PASSWORD",
    "EMAIL_NOT_FOUND",
    "INVALID_EMAIL",
    "MISSING_PASSWORD",
    "MISSING_EMAIL",
    "PASSWORD_LOGIN_DISABLED",
}
_WRONG_TOKEN = {
    "INVALID_REFRESH_TOKEN",
    "TOKEN_EXPIRED",
    "USER_NOT_FOUND",
    "MISSING_REFRESH_TOKEN",
    "INVALID_GRANT_TYPE",
    "PROJECT_NUMBER_MISMATCH",
}


class IdentityToolkit:
    """Signs people in with the project's web API key.

    `identity_toolkit` and `secure_token` are the two services' addresses, version included.
    """

    def __init__(
        self,
        *,
        identity_toolkit: str,
        secure_token: str,
        api_key: str,
        http: httpx.Client | None = None,
    ) -> None:
        self._identity_toolkit = identity_toolkit
        self._secure_token = secure_token
        self._key = {"key": api_key}
        self._http = http or httpx.Client(timeout=TIMEOUT)

    def sign_in(self, email: str, password: str) -> Tokens:
        answer = self._post(
            f"{self._identity_toolkit}/accounts:signInWithPassword",
            json={"email": email, "password": password, "returnSecureToken": True},
        )
        return Tokens(
            access_token=answer["idToken"],
            refresh_token=answer["refreshToken"],
            expires_in=int(answer["expiresIn"]),
        )

    def refresh(self, refresh_token: str) -> Tokens:
        answer = self._post(
            f"{self._secure_token}/token",
            data={"grant_type": "refresh_token", "refresh_token": refresh_token},
        )
        return Tokens(
            access_token=answer["id_token"],
            refresh_token=answer["refresh_token"],
            expires_in=int(answer["expires_in"]),
        )

    def _post(self, address: str, **payload: Any) -> dict[str, Any]:
        try:
            response = self._http.post(address, params=self._key, **payload)
            answer = response.json()
        except (httpx.HTTPError, ValueError) as error:
            raise Unavailable("Sign-in does not answer. Try again shortly.") from error
        if not isinstance(answer, dict):
            raise Unavailable("Sign-in answers nonsense. Try again shortly.")
        if response.is_success:
            return answer
        raise _refusal(response.status_code, answer)


def _refusal(status: int, answer: dict[str, Any]) -> Exception:
    """Our refusal for Firebase's; wrong address and wrong password must look the same."""
    error = answer.get("error", {})
    message = str(error.get("message", "")) if isinstance(error, dict) else str(error)
    code = message.partition(" ")[0]
    if code in _WRONG_LOGIN:
        return CredentialsInvalid("Invalid e-mail address or password.")
    if code in _WRONG_TOKEN:
        return TokenInvalid("Invalid or expired refresh token. Sign in again.")
    if code == "USER_DISABLED":
        return AccountDisabled("This account is deactivated. Contact support.")
    if code == "TOO_MANY_ATTEMPTS_TRY_LATER":
        return RateLimited("Too many attempts. Try again later.", headers={"Retry-After": "60"})
    if (
        # A 400 in its own words.
        code == "QUOTA_EXCEEDED"
        or status == httpx.codes.TOO_MANY_REQUESTS
        or status >= httpx.codes.INTERNAL_SERVER_ERROR
    ):
        return Unavailable("Sign-in is busy. Try again shortly.")
    return RuntimeError(f"Identity Toolkit refused our call: {status} {code[:80]}")
