"""What the tests of this folder share: a REST client, readers of answers, a clock."""

import dataclasses
import time
from typing import Any

import httpx
import jwt
from cryptography import x509

from infra.local.identity.server import IdentityServer

PASSWORD = "Passw0rd!"


class Clock:
    """The machine's clock, moved on by as many seconds as a test wants."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


@dataclasses.dataclass(frozen=True)
class Rest:
    """The public REST API as a client of one project sees it."""

    http: httpx.Client
    host: str
    project: str
    key: str
    earlier: set[str] = dataclasses.field(default_factory=set)
    """Codes of before the last flush."""

    def call(self, name: str, **body: Any) -> httpx.Response:
        url = f"http://{self.host}/identitytoolkit.googleapis.com/v1/accounts:{name}"
        return self.http.post(url, params={"key": self.key}, json=body)

    def admin(self, method: str, path: str, body: Any = None, **params: Any) -> httpx.Response:
        url = f"http://{self.host}/identitytoolkit.googleapis.com{path}"
        headers = {"Authorization": "Bearer owner"}
        return self.http.request(method, url, json=body, params=params, headers=headers)

    def refresh(self, refresh_token: str) -> httpx.Response:
        form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
        url = f"http://{self.host}/securetoken.googleapis.com/v1/token"
        return self.http.post(url, params={"key": self.key}, data=form)

    def sign_up(self, email: str, password: str = PASSWORD) -> dict[str, Any]:
        return done(self.call("signUp", email=email, password=password, returnSecureToken=True))

    def sign_in(self, email: str, password: str = PASSWORD) -> httpx.Response:
        return self.call(
            "signInWithPassword", email=email, password=password, returnSecureToken=True
        )

    def codes(self) -> list[dict[str, str]]:
        url = f"http://{self.host}/emulator/v1/projects/{self.project}/oobCodes"
        found = done(self.http.get(url))["oobCodes"]
        return [code for code in found if code["oobCode"] not in self.earlier]

    def configure(self, mask: str, body: dict[str, Any]) -> dict[str, Any]:
        path = f"/v2/projects/{self.project}/config"
        return done(self.admin("PATCH", path, body, updateMask=mask))

    def hide_addresses(self, hidden: bool) -> None:
        body = {"emailPrivacyConfig": {"enableImprovedEmailPrivacy": hidden}}
        self.configure("emailPrivacyConfig", body)

    def flush(self) -> None:
        url = f"http://{self.host}/emulator/v1/projects/{self.project}/accounts"
        assert done(self.http.delete(url)) == {}
        # Google's emulator keeps the codes of accounts that are gone.
        self.earlier.update([code["oobCode"] for code in self.codes()])


def done(response: httpx.Response) -> dict[str, Any]:
    assert response.status_code == 200, response.text
    return response.json()


def refusal(response: httpx.Response) -> tuple[int, str]:
    """Status and code of a refusal; the explanation behind the code is free text."""
    error = response.json()["error"]
    assert error["code"] == response.status_code
    return response.status_code, error["message"].split(" : ")[0]


def claims_of(token: str) -> dict[str, Any]:
    return jwt.decode(token, options={"verify_signature": False})


def verified(server: IdentityServer, http: httpx.Client, token: str, project: str) -> Any:
    """The claims, after checking the signature against the published certificates."""
    certificate = done(http.get(server.certificates_url))[jwt.get_unverified_header(token)["kid"]]
    key = x509.load_pem_x509_certificate(certificate.encode()).public_key()
    return jwt.decode(token, key, algorithms=["RS256"], audience=project)
