"""Firebase's accounts through firebase-admin, against the embedded identity server."""

import socket
import uuid
from collections.abc import Iterator

import firebase_admin
import pytest
from firebase_admin import exceptions

from infra.local.stack import LocalStack
from shared.errors import (
    CredentialsInvalid,
    EmailTaken,
    Invalid,
    Refused,
    TokenInvalid,
    Unavailable,
)
from shared.gateways import firebase_directory
from shared.gateways.firebase_directory import FirebaseDirectory
from shared.wiring import Wiring

PASSWORD = "a quiet bar"


def an_address() -> str:
    return f"{uuid.uuid4().hex[:12]}@example.com"


@pytest.fixture
def uid() -> str:
    return str(uuid.uuid4())


def test_an_account_has_our_id_and_can_sign_in(parts: Wiring, uid: str):
    email = an_address()
    parts.directory.create(uid, email, f"  {PASSWORD} ", "Robin Lifter")
    tokens = parts.sign_in.sign_in(email, f"  {PASSWORD} ")
    claims = parts.id_tokens.verify(tokens.access_token)
    assert (claims.uid, claims.email, claims.email_verified) == (uid, email, False)
    assert claims.name == "Robin Lifter"
    with pytest.raises(CredentialsInvalid):
        parts.sign_in.sign_in(email, PASSWORD)


def test_an_address_belongs_to_one_account_in_any_case(parts: Wiring, uid: str):
    """C3, C4: Firebase keeps addresses unique, also when two ask at once."""
    email = an_address()
    parts.directory.create(uid, email, PASSWORD, "Robin")
    with pytest.raises(EmailTaken, match="already exists"):
        parts.directory.create(str(uuid.uuid4()), email.upper(), PASSWORD, "Kim")


@pytest.mark.embedded_only("the emulator takes such addresses")
def test_an_address_that_firebase_refuses_is_a_422(parts: Wiring, uid: str):
    with pytest.raises(Invalid) as refused:
        parts.directory.create(uid, "a,b@example.com", PASSWORD, "Robin")
    assert refused.value.problems[0]["loc"] == ["body", "email"]


@pytest.mark.embedded_only("the emulator refreshes revoked sessions")
def test_ended_sessions_cannot_be_refreshed(parts: Wiring, uid: str):
    email = an_address()
    parts.directory.create(uid, email, PASSWORD, "Robin")
    tokens = parts.sign_in.sign_in(email, PASSWORD)
    parts.directory.end_sessions(uid)
    with pytest.raises(TokenInvalid):
        parts.sign_in.refresh(tokens.refresh_token)


def test_an_account_that_is_gone_has_no_sessions_left(parts: Wiring, uid: str):
    parts.directory.end_sessions(uid)


def test_two_may_live_in_one_process(parts: Wiring):
    """Two first requests at once must not leave an instance without any."""
    other = FirebaseDirectory("demo-hypertroq")
    assert other._app is not parts.directory._app
    firebase_admin.delete_app(other._app)


@pytest.fixture
def unreachable(stack: LocalStack, monkeypatch: pytest.MonkeyPatch) -> Iterator[FirebaseDirectory]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        address = f"127.0.0.1:{listening.getsockname()[1]}"
    monkeypatch.setenv("FIREBASE_AUTH_EMULATOR_HOST", address)
    directory = FirebaseDirectory("demo-unreachable")
    yield directory
    firebase_admin.delete_app(directory._app)


def test_a_service_that_does_not_answer_is_a_503(unreachable: FirebaseDirectory, uid: str):
    for call in (
        lambda: unreachable.create(uid, an_address(), PASSWORD, "Robin"),
        lambda: unreachable.end_sessions(uid),
    ):
        with pytest.raises(Unavailable) as refused:
            call()
        assert refused.value.headers == {"Retry-After": "2"}


@pytest.mark.parametrize(
    "error",
    [
        exceptions.UnavailableError("x"),
        exceptions.DeadlineExceededError("x"),
        exceptions.ResourceExhaustedError("x"),
        exceptions.InternalError("x"),
        exceptions.UnknownError("x"),
    ],
)
def test_trouble_on_googles_side_is_a_503(error: Exception):
    with pytest.raises(Unavailable), firebase_directory._refusals():
        raise error


def test_trouble_of_our_own_making_is_a_bug():
    """A missing permission must not look like an outage that passes."""
    error = exceptions.PermissionDeniedError("x")
    with pytest.raises(exceptions.PermissionDeniedError), firebase_directory._refusals():
        raise error


class TestChanging:
    @pytest.fixture
    def email(self, parts: Wiring, uid: str) -> str:
        email = an_address()
        parts.directory.create(uid, email, PASSWORD, "Robin")
        return email

    def test_an_account_is_found_by_its_address_in_any_case(
        self, parts: Wiring, uid: str, email: str
    ):
        assert parts.directory.find(email) == parts.directory.find(email.upper()) == uid
        assert parts.directory.find(an_address()) is None

    def test_a_new_password_takes_the_place_of_the_old_one(
        self, parts: Wiring, uid: str, email: str
    ):
        parts.directory.set_password(uid, "a louder bar")
        assert parts.sign_in.sign_in(email, "a louder bar")
        with pytest.raises(CredentialsInvalid):
            parts.sign_in.sign_in(email, PASSWORD)

    def test_tokens_tell_of_a_confirmed_address(self, parts: Wiring, uid: str, email: str):
        parts.directory.set_verified(uid)
        token = parts.sign_in.sign_in(email, PASSWORD).access_token
        assert parts.id_tokens.verify(token).email_verified is True

    def test_nobody_gets_no_password_and_is_not_confirmed(self, parts: Wiring, uid: str):
        with pytest.raises(Refused):
            parts.directory.set_password(uid, PASSWORD)
        parts.directory.set_verified(uid)
