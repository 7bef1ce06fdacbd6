"""ID tokens, session cookies and the tokens that others present."""

import json
from collections.abc import Callable
from typing import Any

import jwt

from infra.local.identity.account import Account
from infra.local.refusals import Refused
from infra.local.signer import Signer

LIFETIME = 3600
_TOOLKIT_AUDIENCE = (
    "https://identitytoolkit.googleapis.com/google.identity.identitytoolkit.v1.IdentityToolkit"
)


class Tokens:
    """Mints and checks the tokens of one project."""

    def __init__(self, project: str, signer: Signer, now: Callable[[], float]) -> None:
        self._project = project
        self._signer = signer
        self._now = now
        self._issuer = f"https://securetoken.google.com/{project}"

    def id_token(
        self, account: Account, provider: str, auth_time: int, claims: dict[str, Any]
    ) -> str:
        now = int(self._now())
        # The account's claims come first: they can never replace one of the token's own.
        token = {
            **account.custom_claims,
            **claims,
            "iss": self._issuer,
            "aud": self._project,
            "auth_time": auth_time,
            "user_id": account.local_id,
            "sub": account.local_id,
            "iat": now,
            "exp": now + LIFETIME,
            "firebase": {"identities": _identities(account), "sign_in_provider": provider},
        }
        if account.email:
            token |= {"email": account.email, "email_verified": account.email_verified}
        if account.phone_number:
            token["phone_number"] = account.phone_number
        if account.display_name:
            token["name"] = account.display_name
        if account.photo_url:
            token["picture"] = account.photo_url
        if provider == "anonymous":
            token["provider_id"] = "anonymous"
        return self._signer.jwt(token)

    def session_cookie(self, claims: dict[str, Any], lifetime: int) -> str:
        now = int(self._now())
        issuer = f"https://session.firebase.google.com/{self._project}"
        return self._signer.jwt({**claims, "iss": issuer, "iat": now, "exp": now + lifetime})

    def verify(self, token: str) -> dict[str, Any]:
        """The claims of an ID token of this project.

        Raises INVALID_ID_TOKEN, or TOKEN_EXPIRED past its hour.
        """
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                self._signer.public_key,
                algorithms=["RS256"],
                audience=self._project,
                issuer=self._issuer,
                # Times are compared below with this server's clock, which tests may move.
                options={
                    "require": ["exp", "iat", "sub"],
                    "verify_exp": False,
                    "verify_iat": False,
                },
            )
        except jwt.InvalidTokenError:
            raise Refused("INVALID_ID_TOKEN") from None
        if claims["exp"] <= self._now():
            raise Refused("TOKEN_EXPIRED")
        return claims

    def custom_token(self, token: str) -> dict[str, Any]:
        """The claims of a custom token, whoever signed it.

        With an emulator configured, firebase-admin has no service account and writes custom
        tokens without a signature, so there is nothing to check here; production does check.
        """
        claims = unsigned_claims(token, "INVALID_CUSTOM_TOKEN")
        expires = claims.get("exp")
        if claims.get("aud") != _TOOLKIT_AUDIENCE or not isinstance(expires, int):
            raise Refused("INVALID_CUSTOM_TOKEN")
        if expires <= self._now():
            raise Refused("INVALID_CUSTOM_TOKEN", "Token expired.")
        return claims


def unsigned_claims(token: str, code: str) -> dict[str, Any]:
    """Read a token, or bare JSON claims, without trusting them; raises `code`."""
    try:
        if token.startswith("{"):
            claims = json.loads(token)
        else:
            claims = jwt.decode(token, options={"verify_signature": False})
    except (jwt.InvalidTokenError, ValueError, RecursionError):
        raise Refused(code) from None
    if not isinstance(claims, dict):
        raise Refused(code)
    return claims


def _identities(account: Account) -> dict[str, list[str]]:
    identities = {provider: [info["rawId"]] for provider, info in account.federated.items()}
    if account.email:
        identities["email"] = [account.email]
    if account.phone_number:
        identities["phone"] = [account.phone_number]
    return identities
