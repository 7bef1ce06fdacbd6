"""Gateways: what outside services are documented to answer, and what it becomes."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import firebase_admin
import httpx
import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from google.auth.exceptions import RefreshError, TransportError
from google.oauth2 import service_account

from shared.errors import Unavailable
from shared.gateways.cloud_storage import CloudStorage
from shared.gateways.firebase_directory import FirebaseDirectory
from shared.gateways.identity_toolkit import IdentityToolkit
from shared.settings import Misconfigured, Settings
from tests.gateways.mail_server import Received, serving
from tests.gateways.test_smtp import LETTER, a_mail


class Rude(Received):
    """Takes the mail and says goodbye in words of its own."""

    async def handle_QUIT(self, _server: SMTP, _session: Session, _envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd calls it so
        return "250 bye"


def test_a_letter_that_was_taken_is_not_sent_again_for_the_sake_of_a_goodbye() -> None:
    received = Rude()
    with serving(received) as port:
        a_mail(port).send(LETTER)
    assert len(received.mails) == 1


@pytest.mark.parametrize(
    "call",
    [
        pytest.param(lambda toolkit: toolkit.sign_in("a@example.com", "x"), id="sign in"),
        pytest.param(lambda toolkit: toolkit.refresh("r"), id="refresh"),
    ],
)
def test_a_quota_of_firebases_is_a_503(call: Callable[[IdentityToolkit], Any]) -> None:
    """The runbook's words: a quota of Google's is exceeded; answers are 503."""
    body = {"error": {"code": 400, "message": "QUOTA_EXCEEDED : Exceeded quota for verifying"}}
    transport = httpx.MockTransport(lambda _: httpx.Response(400, json=body))
    with httpx.Client(transport=transport) as http:
        toolkit = IdentityToolkit(
            identity_toolkit="https://i.example",
            secure_token="https://s.example",
            api_key="k",
            http=http,
        )
        with pytest.raises(Unavailable):
            call(toolkit)


@pytest.fixture
def no_token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Google's clients have an account, and the server of its tokens is gone."""
    key = rsa.generate_private_key(65537, 2048)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    account = {
        "type": "service_account",
        "project_id": "acme-prod",
        "client_email": "fn@acme-prod.iam.gserviceaccount.com",
        "private_key": pem.decode(),
        "token_uri": "http://127.0.0.1:9/token",
    }
    (tmp_path / "account.json").write_text(json.dumps(account))
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "account.json"))
    for name in ("FIREBASE_AUTH_EMULATOR_HOST", "STORAGE_EMULATOR_HOST"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def directory(no_token: None) -> Iterator[FirebaseDirectory]:
    directory = FirebaseDirectory("acme-prod")
    yield directory
    firebase_admin.delete_app(directory._app)


def test_an_account_service_without_a_token_is_a_503(directory: FirebaseDirectory) -> None:
    with pytest.raises(Unavailable):
        directory.end_sessions("somebody")


@pytest.mark.parametrize(
    "refusal", [TransportError, RefreshError], ids=["no server", "as on Google's machines"]
)
def test_a_token_that_cannot_be_had_is_a_503(
    directory: FirebaseDirectory, refusal: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    """compute_engine's credentials turn an outage of the metadata server into a RefreshError."""

    def refresh(*_: Any) -> None:
        raise refusal("the metadata server is unavailable")

    monkeypatch.setattr(service_account.Credentials, "refresh", refresh)
    with pytest.raises(Unavailable):
        directory.find("a@example.com")
    files = CloudStorage("acme-prod", "acme-prod-people")
    with pytest.raises(Unavailable):
        files.get("avatars/x")
    files.close()


@pytest.mark.parametrize(
    "given",
    [
        pytest.param("HypertroQ", id="no address"),
        pytest.param("HypertroQ, Inc. <no-reply@acme.example>", id="a comma outside quotes"),
    ],
)
def test_a_sender_that_no_mail_could_come_from_does_not_start(given: str) -> None:
    """Every mail would be refused for good, and given up."""
    with pytest.raises(Misconfigured, match="MAIL_FROM"):
        Settings.from_environment({"MAIL_FROM": given})


@pytest.mark.parametrize("given", ["a@acme.example", '"HypertroQ, Inc." <no-reply@acme.example>'])
def test_a_sound_sender_starts(given: str) -> None:
    assert Settings.from_environment({"MAIL_FROM": given}).mail_from == given


def test_a_slash_at_the_end_of_an_address_breaks_no_link() -> None:
    """Hosting has no rewrite for //auth/action, and a token's audience is compared letter by
    letter.
    """
    settings = Settings.from_environment(
        {"PUBLIC_URL": "https://acme.example/", "TASKS_URL": "https://tasks.acme.example/"}
    )
    assert settings.link("reset").startswith("https://acme.example/auth/action?")
    assert settings.tasks_url == "https://tasks.acme.example"
