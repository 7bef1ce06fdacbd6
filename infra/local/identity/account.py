"""One user account: what is kept of it, and how lookups show it."""

import dataclasses
import datetime
import json
import re
from typing import Any

from infra.local.identity.passwords import PasswordHash
from infra.local.refusals import Refused

# What production hands to a caller who may not see hashes: "REDACTED" in base64.
_REDACTED = "UkVEQUNURUQ="
_EMAIL = re.compile(r"[^@\s,<>\x00-\x20]+@[^@\s,<>\x00-\x20]+\.[^@\s,<>.\x00-\x20]+")
_PHONE = re.compile(r"\+[1-9][0-9]{1,14}")
# Names that a token already uses for something else.
_RESERVED_CLAIMS = frozenset(
    {"acr", "amr", "at_hash", "aud", "auth_time", "azp", "c_hash", "cnf", "exp", "firebase", "iat"}
    | {"iss", "jti", "nbf", "nonce", "sub"}
)
LARGEST_CLAIMS = 1000


@dataclasses.dataclass(frozen=True)
class Account:
    """Times in milliseconds since 1970, but `valid_since` in seconds: tokens of sign-ins before
    it are dead. `custom_attributes` is a JSON object as text; `federated` maps a provider to
    its public fields (`rawId`, `email`, ...).
    """

    local_id: str
    created_at: int
    valid_since: int
    email: str | None = None
    email_verified: bool = False
    phone_number: str | None = None
    display_name: str | None = None
    photo_url: str | None = None
    disabled: bool = False
    password: PasswordHash | None = None
    password_updated_at: int | None = None
    custom_attributes: str | None = None
    federated: dict[str, dict[str, str]] = dataclasses.field(default_factory=dict)
    last_login_at: int | None = None
    last_refresh_at: int | None = None

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> "Account":
        known = {field.name for field in dataclasses.fields(cls)}
        values = {name: value for name, value in record.items() if name in known}
        if values.get("password"):
            values["password"] = PasswordHash(**values["password"])
        return cls(**values)

    @property
    def custom_claims(self) -> dict[str, Any]:
        claims: dict[str, Any] = json.loads(self.custom_attributes or "{}")
        return claims

    def public(self) -> dict[str, Any]:
        """The account as `accounts:lookup` shows it; absent values are left out."""
        shown: dict[str, Any] = {
            "localId": self.local_id,
            "email": self.email,
            "emailVerified": self.email_verified,
            "phoneNumber": self.phone_number,
            "displayName": self.display_name,
            "photoUrl": self.photo_url,
            "disabled": self.disabled,
            "passwordHash": _REDACTED if self.password else None,
            "passwordUpdatedAt": self.password_updated_at,
            "validSince": str(self.valid_since),
            "createdAt": str(self.created_at),
            "lastLoginAt": str(self.last_login_at) if self.last_login_at is not None else None,
            "lastRefreshAt": _rfc3339(self.last_refresh_at),
            "customAttributes": self.custom_attributes,
            "providerUserInfo": self._providers() or None,
        }
        return {name: value for name, value in shown.items() if value is not None}

    def _providers(self) -> list[dict[str, str]]:
        shown = []
        if self.email and self.password:
            shown.append({"providerId": "password", "rawId": self.email, "email": self.email})
        if self.phone_number:
            phone = self.phone_number
            shown.append({"providerId": "phone", "rawId": phone, "phoneNumber": phone})
        shown += [{"providerId": name, **info} for name, info in self.federated.items()]
        for provider in shown:
            provider["federatedId"] = provider["rawId"]
        return shown


def checked_email(address: str) -> str:
    """Lower case, as the service keeps addresses; raises INVALID_EMAIL."""
    if len(address) > 256 or not _EMAIL.fullmatch(address):
        raise Refused("INVALID_EMAIL")
    return address.lower()


def checked_phone(number: str) -> str:
    """Raises INVALID_PHONE_NUMBER unless the number has the international form of E.164."""
    if not _PHONE.fullmatch(number):
        raise Refused("INVALID_PHONE_NUMBER", "Invalid format.")
    return number


def checked_claims(text: str) -> str:
    """Custom claims as they came; raises INVALID_CLAIMS, CLAIMS_TOO_LARGE or FORBIDDEN_CLAIM."""
    if len(text) > LARGEST_CLAIMS:
        raise Refused("CLAIMS_TOO_LARGE")
    try:
        claims = json.loads(text)
    except (ValueError, RecursionError):
        raise Refused("INVALID_CLAIMS") from None
    if not isinstance(claims, dict):
        raise Refused("INVALID_CLAIMS")
    refuse_reserved(claims)
    return text


def refuse_reserved(claims: dict[str, Any]) -> None:
    forbidden = sorted(_RESERVED_CLAIMS & claims.keys())
    if forbidden:
        raise Refused("FORBIDDEN_CLAIM", forbidden[0])


def _rfc3339(milliseconds: int | None) -> str | None:
    if milliseconds is None:
        return None
    moment = datetime.datetime.fromtimestamp(milliseconds / 1000, datetime.UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
