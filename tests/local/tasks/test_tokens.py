"""OIDC tokens: what google-auth makes of them on the target's side."""

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import jwt
import pytest
from google.auth import exceptions
from google.auth.transport.requests import Request
from google.cloud import tasks_v2
from google.oauth2 import id_token

from infra.local.signer import Signer
from tests.local.tasks.calls import Calls
from tests.local.tasks.target import Target

ACCOUNT = "tasks@demo-hypertroq.iam.gserviceaccount.com"
AUDIENCE = "https://tasks.example"


@pytest.fixture(scope="module")
def certificates_url(signer: Signer) -> Iterator[str]:
    body = json.dumps(signer.certificates()).encode()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *args: object) -> None:
            pass

        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/certs"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def verifier() -> Iterator[Request]:
    request = Request()
    yield request
    request.session.close()


def token(calls: Calls, target: Target, audience: str, **fields: object) -> str:
    calls.create_queue()
    oidc = tasks_v2.OidcToken(service_account_email=ACCOUNT, audience=audience)
    calls.create_task(oidc=oidc, **fields)
    kind, _, value = target.wait(1)[0].headers["authorization"].partition(" ")
    assert kind == "Bearer"
    return value


def test_a_token_is_googles_for_the_service_account(
    calls: Calls, target: Target, certificates_url: str, verifier: Request
) -> None:
    before = int(time.time())
    claims = id_token.verify_token(
        token(calls, target, AUDIENCE), verifier, audience=AUDIENCE, certs_url=certificates_url
    )
    issued = claims.pop("iat")
    assert before <= issued <= time.time()
    assert claims == {
        "iss": "https://accounts.google.com",
        "aud": AUDIENCE,
        "azp": ACCOUNT,
        "sub": ACCOUNT,
        "email": ACCOUNT,
        "email_verified": True,
        "exp": issued + 3_600,
    }


def test_the_url_is_the_audience_when_none_is_set(
    calls: Calls, target: Target, certificates_url: str, verifier: Request
) -> None:
    value = token(calls, target, "", path="/jobs")
    claims = id_token.verify_token(value, verifier, certs_url=certificates_url)
    assert claims["aud"] == f"{target.url}/jobs"


def test_a_token_for_another_audience_is_refused(
    calls: Calls, target: Target, certificates_url: str, verifier: Request
) -> None:
    value = token(calls, target, AUDIENCE)
    with pytest.raises(exceptions.GoogleAuthError):
        id_token.verify_token(
            value, verifier, audience="https://other.example", certs_url=certificates_url
        )


def test_the_same_claims_unsigned_are_refused(
    calls: Calls, target: Target, certificates_url: str, verifier: Request
) -> None:
    value = token(calls, target, AUDIENCE)
    claims = jwt.decode(value, options={"verify_signature": False})
    unsigned = jwt.encode(claims, None, algorithm="none")
    with pytest.raises((exceptions.GoogleAuthError, ValueError)):
        id_token.verify_token(unsigned, verifier, audience=AUDIENCE, certs_url=certificates_url)


def test_the_same_claims_signed_by_another_key_are_refused(
    calls: Calls, target: Target, certificates_url: str, verifier: Request
) -> None:
    value = token(calls, target, AUDIENCE)
    claims = jwt.decode(value, options={"verify_signature": False})
    forged = Signer.create().jwt(claims)
    with pytest.raises((exceptions.GoogleAuthError, ValueError)):
        id_token.verify_token(forged, verifier, audience=AUDIENCE, certs_url=certificates_url)


def test_a_token_replaces_the_authorization_of_the_task(calls: Calls, target: Target) -> None:
    value = token(calls, target, AUDIENCE, headers={"authorization": "Bearer forged"})
    assert jwt.decode(value, options={"verify_signature": False})["email"] == ACCOUNT
