"""One identity server as the comparison sees it: what a call answered, in comparable form."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import firebase_admin
import httpx
import jwt
from firebase_admin import auth, exceptions

PROJECT = "demo-hypertroq"
UID = "11111111-2222-4333-8444-555555555555"
OTHER = "99999999-2222-4333-8444-555555555555"
_TOOLKIT = "identitytoolkit.googleapis.com/v1"
# What both must say word for word; of everything else the type is compared.
_SAID = {
    *("email", "name", "disabled", "emailVerified", "email_verified", "registered", "role"),
    *("customAttributes", "sign_in_provider", "aud", "iss", "expiresIn", "expires_in"),
    *("token_type", "kind"),
}
_IDS = {"localId", "user_id", "sub"}
_TOKENS = {"idToken", "id_token", "access_token"}
# Where the answers differ in what no caller of ours reads.
_UNREAD = {
    # The emulator shows the salt of a hash that is the password in plain text.
    "salt",
    # The emulator says when an address was changed, and dates a creation as a sign-in.
    "initialEmail",
    "lastLoginAt",
    # The emulator repeats the account's data for each provider, and leaves out a false `disabled`.
    "providerUserInfo",
    # A sign-in is documented to carry it; the emulator's does not.
    "displayName",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """`status` is the HTTP status or firebase-admin's error class, `code` Google's own word."""

    status: str
    code: str
    shape: Any = None


@dataclass(slots=True)
class Caller:
    """`kept` holds what later calls need of earlier answers: tokens, links."""

    http: httpx.Client
    address: str
    app: firebase_admin.App
    kept: dict[str, str] = field(default_factory=dict)

    def public(self, name: str, keep: str = "", **body: Any) -> Answer:
        """What anybody with the API key may call; `keep` names the answer's tokens."""
        response = self._post(f"{_TOOLKIT}/accounts:{name}", json=body)
        return self._answer(response, keep)

    def refresh(self, keep: str = "", **form: str) -> Answer:
        return self._answer(self._post("securetoken.googleapis.com/v1/token", data=form), keep)

    def owner(self, path: str, body: Any, bearer: str | None = "owner") -> Answer:
        """An administrator's call as it travels, past firebase-admin's own checks."""
        headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        url = f"http://{self.address}/{_TOOLKIT}/projects/{PROJECT}/{path}"
        return self._answer(self.http.post(url, json=body, headers=headers))

    def without_key(self, name: str, **body: Any) -> Answer:
        url = f"http://{self.address}/{_TOOLKIT}/accounts:{name}"
        return self._answer(self.http.post(url, json=body))

    def admin(self, call: Callable[..., Any], *arguments: Any, **named: Any) -> Answer:
        """A call through firebase-admin."""
        try:
            result = call(*arguments, app=self.app, **named)
        except exceptions.FirebaseError as error:
            return Answer(type(error).__name__, error.code)
        return Answer("ok", "", _shape(_plain(result)))

    def _post(self, path: str, **request: Any) -> httpx.Response:
        return self.http.post(f"http://{self.address}/{path}", params={"key": "any"}, **request)

    def _answer(self, response: httpx.Response, keep: str = "") -> Answer:
        body = response.json()
        if response.is_success:
            if keep:
                self.kept[f"{keep} id"] = body.get("idToken") or body.get("id_token", "")
                self.kept[keep] = body.get("refreshToken") or body.get("refresh_token", "")
            return Answer(str(response.status_code), "", _shape(body))
        error = body["error"]
        message = error["message"] if isinstance(error, dict) else error
        return Answer(str(response.status_code), message.partition(" : ")[0].rstrip("."))


def _plain(result: Any) -> Any:
    if isinstance(result, auth.UserRecord):
        return result._data
    if isinstance(result, auth.GetUsersResult):
        return {
            "users": sorted((user._data for user in result.users), key=lambda u: u["localId"]),
            "not_found": len(result.not_found),
        }
    if isinstance(result, auth.ListUsersPage):
        return {
            "users": [user._data for user in result.users],
            "has_next_page": result.has_next_page,
        }
    return result


def _shape(value: Any, name: str = "") -> Any:
    if name in _SAID or (name in _IDS and value in {UID, OTHER}):
        return value
    if name in _TOKENS:
        return _claims(value)
    if isinstance(value, dict):
        return {
            key: _shape(inner, key)
            for key, inner in sorted(value.items())
            if key not in _UNREAD and (key, inner) != ("disabled", False)
        }
    if isinstance(value, list):
        return [_shape(inner) for inner in value]
    return type(value).__name__


def _claims(token: str) -> Any:
    return _shape(jwt.decode(token, options={"verify_signature": False}), "claims")
