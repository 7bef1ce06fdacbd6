"""A8 and A10: POST /auth/verify-email in all its forms, and /auth/verify-email/resend."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from firebase_admin import auth
from werkzeug.test import TestResponse

from shared.wiring import Wiring
from tests.client import Api
from tests.functions.auth.mailed import Post
from tests.functions.auth.newcomers import firebase_sign_up, login
from tests.functions.refusals import needs_sign_in, problem_places, refused
from tests.people import People, Person

CONFIRM = "Confirm your e-mail address for HypertroQ"
WELCOME = "Welcome to HypertroQ"
VERIFIED = {"message": "Your e-mail address is confirmed.", "email_verified": True}

Form = Callable[[Api, str], TestResponse]
FORMS: dict[str, Form] = {
    "path": lambda api, token: api.post(f"/auth/verify-email/{token}"),
    "body": lambda api, token: api.post("/auth/verify-email", json={"token": token}),
    "query": lambda api, token: api.post(f"/auth/verify-email?token={token}"),
}


def verify(api: Api, token: str) -> TestResponse:
    return FORMS["body"](api, token)


def is_verified(person: Person) -> bool:
    """By our own word and by Firebase's."""
    ours = person.api.get("/auth/me").json
    assert ours is not None
    told = bool(ours["is_verified"])
    theirs = auth.get_user(person.user_id, app=person.parts.directory._app).email_verified
    assert theirs is told
    return told


@pytest.mark.parametrize("form", FORMS)
def test_the_mailed_token_confirms_the_address(
    api: Api, lifter: Person, post: Post, form: str
) -> None:
    """A8: as path, as body and as query."""
    assert not is_verified(lifter)
    token = post.token(lifter.email, "verify")
    answer = FORMS[form](api, token)
    assert (answer.status_code, answer.json) == (200, VERIFIED)
    assert is_verified(lifter)
    assert post.subjects(lifter.email) == [CONFIRM, WELCOME]


def test_the_same_token_again_is_answered_alike_and_does_nothing(
    api: Api, lifter: Person, post: Post
) -> None:
    """A8: clients repeat, and people click twice."""
    token = post.token(lifter.email, "verify")
    assert verify(api, token).status_code == 200
    answer = verify(api, token)
    assert (answer.status_code, answer.json) == (200, VERIFIED)
    assert post.subjects(lifter.email) == [CONFIRM, WELCOME]


def test_a_used_token_is_dead(api: Api, lifter: Person, post: Post) -> None:
    """A8: it cannot confirm anything a second time."""
    token = post.token(lifter.email, "verify")
    assert verify(api, token).status_code == 200
    lifter.parts.accounts.change(
        lifter.user_id, lambda user: user.model_copy(update={"is_verified": False})
    )
    refused(verify(api, token), 401, "TOKEN_INVALID")


def test_clicks_at_the_same_time_are_all_answered(
    functions: object, api: Api, lifter: Person, post: Post
) -> None:
    token = post.token(lifter.email, "verify")
    together = threading.Barrier(3)

    def click(_: int) -> int:
        together.wait()
        return verify(api, token).status_code

    with ThreadPoolExecutor(3) as threads:
        assert list(threads.map(click, range(3))) == [200] * 3
    assert post.subjects(lifter.email) == [CONFIRM, WELCOME]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("token", ["x", "A" * 43, "ä" * 9])
def test_a_token_of_nobody_is_refused(api: Api, form: str, token: str) -> None:
    """A8."""
    refused(FORMS[form](api, token), 401, "TOKEN_INVALID")


def test_no_token_at_all_is_a_422(api: Api) -> None:
    for sent in ({}, {"json": {}}, {"json": {"token": None}}):
        assert problem_places(api.post("/auth/verify-email", **sent)) == ["body.token"]
    assert problem_places(api.post("/auth/verify-email", json={"token": " "})) == ["body.token"]


def test_a_reset_token_confirms_no_address(api: Api, lifter: Person, post: Post) -> None:
    api.post("/auth/password-reset/request", json={"email": lifter.email})
    token = post.token(lifter.email, "reset")
    refused(verify(api, token), 401, "TOKEN_INVALID")
    assert not is_verified(lifter)


@pytest.mark.parametrize(
    "changes",
    [
        {"email": "other@example.com"},
        {"password_changed_at": "now"},
    ],
    ids=["address", "password"],
)
def test_a_token_dies_with_the_address_and_with_the_password(
    api: Api, lifter: Person, post: Post, changes: dict[str, object]
) -> None:
    """A8."""
    token = post.token(lifter.email, "verify")
    if "password_changed_at" in changes:
        changes = {"password_changed_at": lifter.parts.now()}
    lifter.parts.accounts.change(lifter.user_id, lambda user: user.model_copy(update=changes))
    refused(verify(api, token), 401, "TOKEN_INVALID")


def test_a_token_ends_after_24_hours(
    api: Api, lifter: Person, post: Post, parts: Wiring, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A8."""
    token = post.token(lifter.email, "verify")
    later = parts.now() + timedelta(hours=24)
    monkeypatch.setattr(parts.verification, "_now", lambda: later)
    refused(verify(api, token), 401, "TOKEN_INVALID")


class TestResending:
    """A10."""

    def test_it_needs_a_sign_in(self, api: Api) -> None:
        needs_sign_in(api.post("/auth/verify-email/resend"))

    def test_another_mail_comes_and_both_links_work(
        self, api: Api, lifter: Person, post: Post
    ) -> None:
        first = post.token(lifter.email, "verify")
        answer = lifter.api.post("/auth/verify-email/resend")
        assert answer.status_code == 200
        second = post.token(lifter.email, "verify")
        assert first != second
        assert verify(api, first).status_code == 200
        assert verify(api, second).status_code == 200

    def test_who_is_confirmed_gets_the_same_answer_and_no_mail(
        self, api: Api, lifter: Person, post: Post
    ) -> None:
        unconfirmed = lifter.api.post("/auth/verify-email/resend")
        verify(api, post.token(lifter.email, "verify"))
        before = post.subjects(lifter.email)
        confirmed = lifter.api.post("/auth/verify-email/resend")
        assert (confirmed.status_code, confirmed.json) == (200, unconfirmed.json)
        assert post.subjects(lifter.email) == before


class TestThroughFirebase:
    """Whoever confirms the address with Firebase's own mail is confirmed here, too."""

    def confirmed(self, person: Person) -> Api:
        """Signed in anew, with a token that says so."""
        auth.update_user(person.user_id, email_verified=True, app=person.parts.directory._app)
        body = login(person.api, person.email).json
        assert body is not None
        return Api(person.api._functions, body["access_token"])

    def test_at_the_next_sign_in(self, lifter: Person, post: Post) -> None:
        assert not is_verified(lifter)
        assert self.confirmed(lifter).get("/auth/me").json["is_verified"] is True
        assert WELCOME in post.subjects(lifter.email)

    def test_at_the_next_call_of_somebody_who_never_signed_in_here(
        self, people: People, functions, stack, parts: Wiring
    ) -> None:
        sdk = firebase_sign_up(stack)
        assert Api(functions, sdk["idToken"]).get("/auth/me").json["is_verified"] is False
        auth.update_user(sdk["localId"], email_verified=True, app=parts.directory._app)
        again = parts.sign_in.refresh(sdk["refreshToken"])
        parts.accounts.forget(sdk["localId"])
        assert Api(functions, again.access_token).get("/auth/me").json["is_verified"] is True
