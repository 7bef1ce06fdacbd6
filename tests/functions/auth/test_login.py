"""A2 and A3: POST /auth/login and /auth/login/form."""

import uuid
from typing import Any

import pytest
from firebase_admin import auth

from infra.local.stack import LocalStack
from shared.models.users import UserStatus
from shared.wiring import Wiring
from tests.client import Api, Functions
from tests.functions.auth.mailed import Post
from tests.functions.auth.newcomers import an_address, claims, firebase_sign_up, login
from tests.functions.refusals import problem_places, refused, tells_the_same
from tests.people import PASSWORD, People, Person


def suspend(person: Person) -> None:
    person.parts.accounts.change(
        person.user_id, lambda user: user.model_copy(update={"status": UserStatus.SUSPENDED})
    )


def test_a_login_answers_tokens_and_the_user(api: Api, lifter: Person):
    """A2."""
    answer = login(api, lifter.email)
    assert answer.status_code == 200
    body = answer.json
    assert set(body) == {"access_token", "refresh_token", "token_type", "expires_in", "user"}
    assert body["token_type"] == "bearer"
    told = claims(body["access_token"])
    assert body["expires_in"] == told["exp"] - told["iat"] == 3600
    assert body["user"] == lifter.api.get("/auth/me").json
    assert body["user"]["id"] == told["sub"] == lifter.user_id


FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize("path", ["/auth/login", "/auth/login/form"])
@pytest.mark.parametrize("name", ["email", "username"])
@pytest.mark.parametrize("kind", ["json", "data"])
def test_json_and_forms_with_either_name_are_taken(
    api: Api, lifter: Person, path: str, name: str, kind: str
):
    """A2, A3: the client's old code and its docs differ."""
    sent: Any = {kind: {name: lifter.email, "password": PASSWORD}}
    answer = api.post(path, **sent)
    assert (answer.status_code, answer.json["user"]["id"]) == (200, lifter.user_id)


def test_a_form_keeps_signs_that_forms_encode(api: Api):
    """A2: plus, ampersand, percent and umlauts in a password."""
    person = {"email": an_address(), "password": "a+b &c%20=dü", "full_name": "Robin"}
    assert api.post("/auth/register", json=person).status_code == 201
    sent = {"username": person["email"], "password": person["password"]}
    assert api.post("/auth/login", data=sent).status_code == 200


@pytest.mark.parametrize("spelling", [str.upper, str.title, "  {} ".format])
def test_an_address_may_be_spelt_in_any_case(api: Api, lifter: Person, spelling):
    """A2, C3: the original compared as typed."""
    assert login(api, spelling(lifter.email)).status_code == 200


def test_an_unknown_address_and_a_wrong_password_look_the_same(api: Api, lifter: Person):
    """A2: the same bytes and headers, but for what names the request."""
    wrong = login(api, lifter.email, "not the password")
    unknown = login(api, an_address(), "not the password")
    odd = login(api, "no address at all", "not the password")
    refused(wrong, 401, "INVALID_CREDENTIALS")
    assert "Invalid" in wrong.json["detail"]
    assert wrong.headers["WWW-Authenticate"] == "Bearer"
    tells_the_same(wrong, unknown)
    tells_the_same(wrong, odd)


@pytest.mark.parametrize("other", [PASSWORD + " ", " " + PASSWORD, PASSWORD.upper(), PASSWORD[:-1]])
def test_a_password_counts_as_typed(api: Api, lifter: Person, other: str):
    refused(login(api, lifter.email, other), 401, "INVALID_CREDENTIALS")


def test_somebody_suspended_is_told_so(api: Api, lifter: Person):
    """A2: 403 with "deactivated"; with a wrong password it stays a 401."""
    suspend(lifter)
    answer = login(api, lifter.email)
    refused(answer, 403, "ACCOUNT_DISABLED")
    assert "deactivated" in answer.json["detail"]
    refused(login(api, lifter.email, "not the password"), 401, "INVALID_CREDENTIALS")


def test_an_account_that_firebase_disabled_is_told_so_too(api: Api, lifter: Person):
    """A2."""
    auth.update_user(lifter.user_id, disabled=True, app=lifter.parts.directory._app)
    answer = login(api, lifter.email)
    refused(answer, 403, "ACCOUNT_DISABLED")
    assert "deactivated" in answer.json["detail"]


def test_somebody_who_awaits_deletion_signs_in_as_usual(api: Api, lifter: Person):
    """Decision 10."""
    lifter.parts.accounts.change(
        lifter.user_id, lambda user: user.model_copy(update={"status": UserStatus.DELETING})
    )
    answer = login(api, lifter.email)
    assert (answer.status_code, answer.json["user"]["is_active"]) == (200, True)


@pytest.mark.parametrize(
    ("body", "places"),
    [
        ({}, ["body.email", "body.password"]),
        ({"email": "a@example.com"}, ["body.password"]),
        ({"password": "x"}, ["body.email"]),
        ({"email": "", "password": "x"}, ["body.email"]),
        ({"email": "  ", "password": "x"}, ["body.email"]),
        ({"email": None, "password": "x"}, ["body.email"]),
        ({"username": 7, "password": "x"}, ["body.username"]),
        ({"email": "a@example.com", "password": ""}, ["body.password"]),
        ({"email": "a@example.com", "password": ["x"]}, ["body.password"]),
        ({"email": "a" * 255, "password": "x"}, ["body.email"]),
        ({"email": "a@example.com", "password": "x" * 4_097}, ["body.password"]),
        ({"email": "a@exa\x00mple.com", "password": "x"}, ["body.email"]),
    ],
)
def test_an_unusable_login_is_a_422_that_names_the_field(
    api: Api, body: dict[str, Any], places: list[str]
):
    assert problem_places(api.post("/auth/login", json=body)) == places


def test_other_content_types_and_broken_json_are_refused(api: Api):
    plain = api.post("/auth/login", data="{}", content_type="text/plain")
    assert plain.json["error"]["details"]["accepts"] == ["application/json", FORM]
    refused(plain, 415, "UNSUPPORTED_MEDIA_TYPE")
    broken = api.post("/auth/login", data="{", content_type="application/json")
    refused(broken, 400, "MALFORMED_BODY")


def test_a_login_neither_chooses_rights_nor_moves_the_profiles_dates(api: Api, lifter: Person):
    """S1, C8: updated_at says when the profile changed, not when somebody came by."""
    before = lifter.api.get("/auth/me").json
    body = {"email": lifter.email, "password": PASSWORD, "role": "ADMIN", "tier": "PRO", "id": "x"}
    assert api.post("/auth/login", json=body).json["user"] == before


def test_logins_are_counted(api: Api, lifter: Person):
    for _ in range(2):
        login(api, lifter.email)
    login(api, lifter.email, "not the password")
    account = lifter.parts.account_repository.load(lifter.user_id)
    assert account is not None
    assert account.user.login_count == 2


def test_a_login_reads_two_documents_and_writes_one(api: Api, lifter: Person, cost):
    """The budget is 1-2 of each."""
    assert cost(lambda: login(api, lifter.email)) == (2, 1)


def test_a_wrong_password_costs_no_document(api: Api, lifter: Person, cost):
    assert cost(lambda: login(api, lifter.email, "not the password")) == (0, 0)


def test_somebody_from_the_firebase_sdk_may_log_in_here(api: Api, stack: LocalStack, parts: Wiring):
    """Decision 7: the first call makes the profile, whichever call it is."""
    there = firebase_sign_up(stack, displayName="Sam Kay")
    answer = login(api, there["email"])
    assert answer.status_code == 200
    assert answer.json["user"]["id"] == there["localId"]
    account = parts.account_repository.load(there["localId"])
    assert account is not None
    assert account.user.login_count == 1


def test_who_changed_the_address_at_firebase_has_the_new_one_here_as_well(
    api: Api, functions: Functions, parts: Wiring, lifter: Person, post: Post
):
    new = an_address()
    auth.update_user(lifter.user_id, email=new, app=parts.directory._app)
    signed_in = login(api, new)
    assert signed_in.json["user"]["email"] == new
    assert signed_in.json["user"]["is_verified"] is False
    own = Api(functions, signed_in.json["access_token"])
    assert own.get("/users/me").json["email"] == new
    # What is done with the address is done with this one: mails, and checks of the password.
    api.post("/auth/password-reset/request", json={"email": new})
    assert "Reset your HypertroQ password" in post.subjects(new)
    passwords = {"current_password": PASSWORD, "new_password": "another quiet barbell evening"}
    assert own.put("/users/me/password", json=passwords).status_code == 200


@pytest.mark.embedded_only("the emulator locks nobody out")
def test_too_many_failures_at_firebase_are_a_429(api: Api, people: People, stack: LocalStack):
    """A2: the web client shows "too many attempts". Firebase locks an address by itself, too."""
    email = f"{uuid.uuid4().hex[:12]}@example.com"
    project = stack.identity._router._project("demo-hypertroq")
    for _ in range(100):
        project.lockout.failed(email)
    answer = login(api, email)
    refused(answer, 429, "RATE_LIMIT_EXCEEDED")
    assert int(answer.headers["Retry-After"]) > 0
