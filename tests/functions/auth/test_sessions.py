"""A4 and A9: refresh, logout and logout-all."""

import time
from typing import Any

import pytest
from firebase_admin import auth

from shared.models.users import UserStatus
from tests.client import Api, Functions
from tests.functions.auth.newcomers import (
    an_address,
    claims,
    firebase_sign_up,
    login,
    signed_in,
)
from tests.functions.refusals import needs_sign_in, problem_places, refused
from tests.people import Person


def refresh(api: Api, token: str) -> Any:
    return api.post("/auth/refresh", json={"refresh_token": token})


def in_another_second(than: str) -> None:
    """Wait until a session would begin in another second than this token's did."""
    while int(time.time()) <= claims(than)["auth_time"]:
        time.sleep(0.01)


def ended(api: Api, access: Api, refresh_token: str) -> None:
    """Fails unless neither token of a session works any more."""
    refused(access.get("/auth/me"), 401, "TOKEN_INVALID")
    refused(access.post("/auth/logout"), 401, "TOKEN_INVALID")
    refused(refresh(api, refresh_token), 401, "TOKEN_INVALID")


def test_a_refresh_answers_new_tokens(api: Api, functions: Functions, lifter: Person):
    """A4."""
    answer = refresh(api, lifter.refresh_token)
    assert answer.status_code == 200
    assert set(answer.json) == {"access_token", "refresh_token", "token_type", "expires_in"}
    told = claims(answer.json["access_token"])
    assert answer.json["expires_in"] == told["exp"] - told["iat"] == 3600
    assert answer.json["token_type"] == "bearer"
    again = Api(functions, answer.json["access_token"])
    assert again.get("/auth/me").json["id"] == lifter.user_id
    assert refresh(api, answer.json["refresh_token"]).status_code == 200


def test_a_refresh_does_not_begin_another_session(api: Api, lifter: Person):
    """All tokens of a session say when its password was given; so they can end together."""
    fresh = refresh(api, lifter.refresh_token).json["access_token"]
    assert claims(fresh)["auth_time"] == claims(lifter.token)["auth_time"]


@pytest.mark.parametrize("token", ["nonsense", "a.b.c", " ", "x" * 4_096, "é", "\x00"])
def test_a_refresh_token_that_is_none_is_a_401(api: Api, token: str):
    """A4."""
    answer = refresh(api, token)
    refused(answer, 401, "TOKEN_INVALID")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_an_access_token_is_no_refresh_token(api: Api, lifter: Person):
    """A4, S3."""
    refused(refresh(api, lifter.token), 401, "TOKEN_INVALID")
    needs_sign_in(Api(lifter.api._functions).get("/auth/me"))
    refused(Api(lifter.api._functions, lifter.refresh_token).get("/auth/me"), 401, "TOKEN_INVALID")


@pytest.mark.parametrize("body", [{}, {"refresh_token": ""}, {"refresh_token": None}])
def test_a_missing_refresh_token_is_a_422(api: Api, body: dict[str, Any]):
    assert problem_places(api.post("/auth/refresh", json=body)) == ["body.refresh_token"]


def test_a_refresh_is_refused_after_a_suspension(api: Api, lifter: Person):
    """A4, S3."""
    lifter.parts.accounts.change(
        lifter.user_id, lambda user: user.model_copy(update={"status": UserStatus.SUSPENDED})
    )
    answer = refresh(api, lifter.refresh_token)
    refused(answer, 403, "ACCOUNT_DISABLED")
    assert "access_token" not in answer.text


def test_a_suspension_ends_requests_at_once(lifter: Person):
    """1.3: the token is still good, the account is not."""
    assert lifter.api.get("/auth/me").status_code == 200
    lifter.parts.accounts.change(
        lifter.user_id, lambda user: user.model_copy(update={"status": UserStatus.SUSPENDED})
    )
    for answer in (lifter.api.get("/auth/me"), lifter.api.post("/auth/logout")):
        refused(answer, 403, "ACCOUNT_DISABLED")
        assert "deactivated" in answer.json["detail"]


def test_a_refresh_is_refused_once_firebase_has_no_such_account(api: Api, lifter: Person):
    """S3."""
    auth.delete_user(lifter.user_id, app=lifter.parts.directory._app)
    refused(refresh(api, lifter.refresh_token), 401, "TOKEN_INVALID")


def test_a_refresh_is_refused_once_firebase_has_disabled_the_account(api: Api, lifter: Person):
    """S3."""
    auth.update_user(lifter.user_id, disabled=True, app=lifter.parts.directory._app)
    refused(refresh(api, lifter.refresh_token), 403, "ACCOUNT_DISABLED")


@pytest.mark.embedded_only("the emulator lets old sessions live on")
def test_a_refresh_is_refused_after_a_new_password(api: Api, lifter: Person):
    """S3, A4."""
    app = lifter.parts.directory._app
    auth.update_user(lifter.user_id, password="another quiet one", app=app)
    refused(refresh(api, lifter.refresh_token), 401, "TOKEN_INVALID")


def test_a_logout_ends_both_tokens_at_once(api: Api, lifter: Person):
    """A9: the access token would have been good for another hour."""
    answer = lifter.api.post("/auth/logout", json={"refresh_token": lifter.refresh_token})
    assert (answer.status_code, list(answer.json)) == (200, ["message"])
    ended(api, lifter.api, lifter.refresh_token)


def test_a_logout_ends_tokens_that_were_refreshed_as_well(
    api: Api, functions: Functions, lifter: Person
):
    fresh = refresh(api, lifter.refresh_token).json
    lifter.api.post("/auth/logout")
    ended(api, Api(functions, fresh["access_token"]), fresh["refresh_token"])


@pytest.mark.parametrize(
    "body", [{}, {"json": {}}, {"json": {"refresh_token": None}}, {"json": {"refresh_token": "x"}}]
)
def test_a_logout_needs_no_body(lifter: Person, body: dict[str, Any]):
    """A9: the session is the bearer token's, whatever else is sent."""
    assert lifter.api.post("/auth/logout", **body).status_code == 200


@pytest.mark.embedded_only("a refresh at the emulator begins a new session")
def test_a_logout_leaves_other_sessions_alone(api: Api, functions: Functions, lifter: Person):
    """A9."""
    in_another_second(than=lifter.token)
    other, other_refresh = signed_in(functions, lifter.email)
    lifter.api.post("/auth/logout")
    ended(api, lifter.api, lifter.refresh_token)
    assert other.get("/auth/me").status_code == 200
    assert refresh(api, other_refresh).status_code == 200


@pytest.mark.embedded_only("a refresh at the emulator begins a new session")
def test_a_login_within_the_second_of_a_logout_works(api: Api, functions: Functions, lifter):
    """Sessions are told apart by the second they began in. C8: the profile is not touched."""
    before = lifter.api.get("/auth/me").json
    lifter.api.post("/auth/logout")
    again, again_refresh = signed_in(functions, lifter.email)
    assert again.get("/auth/me").json == before
    assert refresh(api, again_refresh).status_code == 200
    ended(api, lifter.api, lifter.refresh_token)


def test_logout_all_ends_every_session(api: Api, functions: Functions, lifter: Person):
    """A9: whichever second they began in, this one included."""
    same, same_refresh = signed_in(functions, lifter.email)
    in_another_second(than=lifter.token)
    other, other_refresh = signed_in(functions, lifter.email)
    answer = lifter.api.post("/auth/logout-all")
    assert (answer.status_code, list(answer.json)) == (200, ["message"])
    ended(api, lifter.api, lifter.refresh_token)
    ended(api, same, same_refresh)
    ended(api, other, other_refresh)


def test_a_login_right_after_logout_all_works(api: Api, functions: Functions, lifter: Person):
    lifter.api.post("/auth/logout-all")
    again, again_refresh = signed_in(functions, lifter.email)
    assert again.get("/auth/me").status_code == 200
    assert refresh(api, again_refresh).status_code == 200


def test_logout_all_works_when_firebase_has_forgotten_the_account(lifter: Person):
    auth.delete_user(lifter.user_id, app=lifter.parts.directory._app)
    assert lifter.api.post("/auth/logout-all").status_code == 200


def test_nobody_is_logged_out_by_somebody_elses_token(lifter: Person, stranger: Person):
    lifter.api.post("/auth/logout", json={"refresh_token": stranger.refresh_token})
    assert stranger.api.get("/auth/me").status_code == 200


@pytest.mark.parametrize("path", ["/auth/logout", "/auth/logout-all"])
def test_logging_out_needs_a_session(api: Api, path: str):
    """A9."""
    needs_sign_in(api.post(path))
    needs_sign_in(api.post(path, data="{", content_type="application/json"))


def test_a_body_that_is_no_logout_is_refused(lifter: Person):
    assert problem_places(lifter.api.post("/auth/logout", json={"refresh_token": 7})) == [
        "body.refresh_token"
    ]
    broken = lifter.api.post("/auth/logout", data="{", content_type="application/json")
    refused(broken, 400, "MALFORMED_BODY")


def test_somebody_from_the_firebase_sdk_may_refresh_here(api: Api, stack):
    """Decision 7: before any other call."""
    there = firebase_sign_up(stack)
    assert refresh(api, there["refreshToken"]).status_code == 200


def test_sessions_keep_within_their_budget(api: Api, cost, lifter: Person):
    """A refresh looks at the account; a logout looks, looks again as it changes, and writes."""
    assert cost(lambda: refresh(api, lifter.refresh_token)) == (2, 0)
    assert cost(lambda: lifter.api.post("/auth/logout")) == (3, 1)
    assert login(api, an_address()).status_code == 401
