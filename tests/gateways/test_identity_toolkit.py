"""Firebase's sign-in calls: what is sent, and what becomes of each refusal."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from urllib.parse import parse_qs

import httpx
import pytest

from infra.local.stack import LocalStack
from shared.errors import (
    AccountDisabled,
    AppError,
    CredentialsInvalid,
    RateLimited,
    TokenInvalid,
    Unavailable,
)
from shared.gateways.identity_toolkit import TIMEOUT, IdentityToolkit

TOKENS = {"idToken": "i", "refreshToken": "r", "expiresIn": "3600"}
Build = Callable[[Callable[[httpx.Request], httpx.Response]], IdentityToolkit]


@pytest.fixture
def build() -> Iterator[Build]:
    """The gateway before a network that answers as told."""
    with ExitStack() as stack:

        def gateway(answer: Callable[[httpx.Request], httpx.Response]) -> IdentityToolkit:
            client = stack.enter_context(httpx.Client(transport=httpx.MockTransport(answer)))
            return IdentityToolkit(
                identity_toolkit="https://identity.example/v1",
                secure_token="https://token.example/v1",
                api_key="the key",
                http=client,
            )

        yield gateway


def refusing(message: object, status: int = 400) -> Callable[[httpx.Request], httpx.Response]:
    return lambda _: httpx.Response(status, json={"error": {"code": status, "message": message}})


def test_a_sign_in_sends_the_password_in_the_body_only(build: Build):
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json=TOKENS)

    tokens = build(answer).sign_in("a+b@example.com", "pass & wörd")
    assert (tokens.access_token, tokens.refresh_token, tokens.expires_in) == ("i", "r", 3600)
    (request,) = seen
    assert (request.method, request.url.path) == ("POST", "/v1/accounts:signInWithPassword")
    assert dict(request.url.params) == {"key": "the key"}
    assert json.loads(request.content) == {
        "email": "a+b@example.com",
        "password": "pass & wörd",
        "returnSecureToken": True,
    }


def test_a_refresh_is_a_form(build: Build):
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        body = {"id_token": "i", "refresh_token": "r2", "expires_in": "3599"}
        return httpx.Response(200, json=body)

    tokens = build(answer).refresh("r&1")
    assert (tokens.access_token, tokens.refresh_token, tokens.expires_in) == ("i", "r2", 3599)
    assert str(seen[0].url).startswith("https://token.example/v1/token?")
    assert parse_qs(seen[0].content.decode()) == {
        "grant_type": ["refresh_token"],
        "refresh_token": ["r&1"],
    }


@pytest.mark.parametrize(
    ("message", "refusal"),
    [
        ("INVALID_LOGIN_CREDENTIALS", CredentialsInvalid),
        ("INVALID_PASSWORD", CredentialsInvalid),
        ("EMAIL_NOT_FOUND", CredentialsInvalid),
        ("INVALID_EMAIL", CredentialsInvalid),
        ("INVALID_LOGIN_CREDENTIALS : more words", CredentialsInvalid),
        ("USER_DISABLED", AccountDisabled),
        ("USER_DISABLED : by an administrator", AccountDisabled),
        ("TOO_MANY_ATTEMPTS_TRY_LATER : Access was disabled", RateLimited),
        ("INVALID_REFRESH_TOKEN", TokenInvalid),
        ("TOKEN_EXPIRED", TokenInvalid),
        ("PROJECT_NUMBER_MISMATCH", TokenInvalid),
        ("USER_NOT_FOUND", TokenInvalid),
    ],
)
def test_each_refusal_becomes_ours(build: Build, message: str, refusal: type[AppError]):
    with pytest.raises(refusal) as raised:
        build(refusing(message)).sign_in("a@example.com", "x")
    assert type(raised.value) is refusal
    assert "_" not in raised.value.message


def test_all_wrong_logins_are_told_alike(build: Build):
    """An address that exists must look like one that does not."""
    told = set()
    for message in ("EMAIL_NOT_FOUND", "INVALID_PASSWORD", "INVALID_LOGIN_CREDENTIALS"):
        with pytest.raises(CredentialsInvalid) as raised:
            build(refusing(message)).sign_in("a@example.com", "x")
        told.add((raised.value.message, str(raised.value.details), str(raised.value.headers)))
    assert len(told) == 1


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_a_busy_service_is_a_503(build: Build, status: int):
    with pytest.raises(Unavailable):
        build(refusing("BACKEND_ERROR", status)).sign_in("a@example.com", "x")


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'"x"', b"\xff", b"null"])
@pytest.mark.parametrize("status", [200, 404, 502])
def test_an_answer_that_is_none_is_a_503(build: Build, status: int, body: bytes):
    """A proxy in between, a page of an outage."""
    with pytest.raises(Unavailable):
        build(lambda _: httpx.Response(status, content=body)).refresh("r")


@pytest.mark.parametrize(
    "error", [httpx.ConnectError, httpx.ConnectTimeout, httpx.ReadTimeout, httpx.ReadError]
)
def test_a_service_that_does_not_answer_is_a_503(build: Build, error: type[httpx.HTTPError]):
    def fail(_: httpx.Request) -> httpx.Response:
        raise error("no")

    with pytest.raises(Unavailable) as raised:
        build(fail).sign_in("a@example.com", "x")
    assert raised.value.headers == {"Retry-After": "2"}


@pytest.mark.parametrize("message", ["API key not valid.", None, {"deep": 1}])
def test_a_refusal_of_our_own_call_is_a_bug_that_names_no_one(build: Build, message: object):
    with pytest.raises(RuntimeError) as raised:
        build(refusing(message)).sign_in("canary@example.com", "canary")
    assert "canary" not in str(raised.value)


def test_no_call_waits_longer_than_a_client_would():
    """The web client gives up after 30 s."""
    assert (TIMEOUT.connect, TIMEOUT.read) == (1.5, 4.0)


def test_the_embedded_service_signs_in_and_refreshes(stack: LocalStack):
    """The same calls over a socket, through the addresses that settings make."""
    base = f"http://{stack.identity.address}"
    with closing(httpx.Client(timeout=TIMEOUT)) as client:
        gateway = IdentityToolkit(
            identity_toolkit=f"{base}/identitytoolkit.googleapis.com/v1",
            secure_token=f"{base}/securetoken.googleapis.com/v1",
            api_key="local-api-key",
            http=client,
        )
        email = "toolkit@example.com"
        sign_up = {"email": email, "password": "a quiet bar"}
        address = f"{base}/identitytoolkit.googleapis.com/v1/accounts:signUp?key=k"
        assert client.post(address, json=sign_up).status_code == 200
        tokens = gateway.sign_in(email, "a quiet bar")
        assert gateway.refresh(tokens.refresh_token).expires_in == 3600
        with pytest.raises(CredentialsInvalid):
            gateway.sign_in(email, "another")
        with pytest.raises(TokenInvalid):
            gateway.refresh(tokens.access_token)
