"""U4: a new password; a wrong current one is a 400, other sessions end, this one goes on."""

import itertools
import time
from typing import Any

import pytest

from infra.local.parts import Stack
from shared.wiring import Wiring
from tests.client import Api, Functions
from tests.functions.refusals import needs_sign_in, refused
from tests.people import PASSWORD, Person

NEW = "four quiet lighthouses"
ROUTES = [("PUT", "/users/me/password"), ("POST", "/users/me/change-password")]


def ask(person: Person, current: str = PASSWORD, new: str = NEW, **how: str) -> Any:
    body = {"current_password": current, "new_password": new}
    return person.api.call(how.get("method", "PUT"), how.get("path", ROUTES[0][1]), json=body)


def login(api: Api, person: Person, password: str) -> Any:
    return api.post("/auth/login", json={"email": person.email, "password": password})


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_nobody_without_signing_in(api: Api, method: str, path: str) -> None:
    body = {"current_password": PASSWORD, "new_password": NEW}
    needs_sign_in(api.call(method, path, json=body))


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_the_new_password_opens_and_the_old_one_does_not(
    api: Api, lifter: Person, method: str, path: str
) -> None:
    answer = ask(lifter, method=method, path=path)
    assert answer.status_code == 200, answer.text
    refused(login(api, lifter, PASSWORD), 401, "INVALID_CREDENTIALS")
    assert login(api, lifter, NEW).status_code == 200


def test_the_session_that_asked_goes_on_and_every_other_ends(
    functions: Functions, api: Api, lifter: Person
) -> None:
    time.sleep(1.1)  # sessions are told apart by the second they began in
    other = login(api, lifter, PASSWORD).json
    assert ask(lifter).status_code == 200
    assert lifter.api.get("/users/me").status_code == 200
    assert lifter.api.put("/users/me", json={"full_name": "Still Me"}).status_code == 200
    elsewhere = Api(functions, other["access_token"])
    refused(elsewhere.put("/users/me", json={"full_name": "Intruder"}), 401, "TOKEN_INVALID")


@pytest.mark.embedded_only("a refresh at the emulator begins a new session")
def test_other_sessions_cannot_be_refreshed(api: Api, lifter: Person) -> None:
    time.sleep(1.1)
    other = login(api, lifter, PASSWORD).json
    assert ask(lifter).status_code == 200
    for refresh_token in (other["refresh_token"], lifter.refresh_token):
        answer = api.post("/auth/refresh", json={"refresh_token": refresh_token})
        refused(answer, 401, "TOKEN_INVALID")


def test_fresh_tokens_come_along(functions: Functions, api: Api, lifter: Person) -> None:
    """The old refresh token ends with the old password, so there is a new one."""
    fresh = ask(lifter).json
    assert fresh["message"]
    assert Api(functions, fresh["access_token"]).put("/users/me", json={}).status_code == 200
    answer = api.post("/auth/refresh", json={"refresh_token": fresh["refresh_token"]})
    assert answer.status_code == 200


def test_the_kept_session_can_still_be_logged_out(api: Api, lifter: Person) -> None:
    assert ask(lifter).status_code == 200
    assert lifter.api.post("/auth/logout").status_code == 200
    refused(lifter.api.put("/users/me", json={}), 401, "TOKEN_INVALID")


def test_logging_out_everywhere_ends_the_kept_session_too(lifter: Person) -> None:
    assert ask(lifter).status_code == 200
    assert lifter.api.post("/auth/logout-all").status_code == 200
    refused(lifter.api.put("/users/me", json={}), 401, "TOKEN_INVALID")


@pytest.mark.parametrize("wrong", ["x", "a quiet barbell mornin", "A QUIET BARBELL MORNING"])
def test_a_wrong_current_password_is_a_400_and_changes_nothing(
    api: Api, lifter: Person, wrong: str
) -> None:
    refused(ask(lifter, current=wrong), 400, "INVALID_PASSWORD")
    assert login(api, lifter, PASSWORD).status_code == 200
    assert lifter.api.get("/users/me").status_code == 200


@pytest.mark.parametrize(
    "weak", ["short", "password123", "aaaaaaaaaaaa", "x" * 129, "robin lifter rules"]
)
def test_a_weak_new_password_is_a_422(api: Api, lifter: Person, weak: str) -> None:
    details = refused(ask(lifter, new=weak), 422, "PASSWORD_TOO_WEAK")
    assert [row["field"] for row in details["errors"]] == ["body.new_password"]
    assert login(api, lifter, PASSWORD).status_code == 200


def test_a_repeat_of_a_change_that_went_through_is_answered_alike(api: Api, lifter: Person) -> None:
    """Section 10, row 16: the client sends every failed request twice."""
    for _ in range(2):
        assert ask(lifter).status_code == 200
    assert login(api, lifter, NEW).status_code == 200


def test_guessing_stops_after_five(limited, lifter: Person, stranger: Person) -> None:
    """The right one is refused as well until the window ends; other people are not."""
    limited()
    for number in range(5):
        refused(ask(lifter, current=f"guess {number}"), 400, "INVALID_PASSWORD")
    refused(ask(lifter), 429, "RATE_LIMIT_EXCEEDED")
    assert ask(stranger).status_code == 200


def test_right_ones_do_not_count_as_guesses(limited, lifter: Person) -> None:
    limited(password_change="100/60", password_check="1/900", login="100/60", login_global="100/60")
    passwords = [PASSWORD, NEW, "nine loud foghorns", NEW]
    for current, new in itertools.pairwise(passwords):
        assert ask(lifter, current, new).status_code == 200


def test_a_mail_and_an_audit_row_tell_of_it(
    lifter: Person, background, parts: Wiring, stack: Stack
) -> None:
    assert ask(lifter).status_code == 200
    mails = background.waiting(user_id=lifter.user_id, mail="password-changed")
    assert len(mails) == 1
    (row,) = parts.documents.find("audit", [("target_id", "==", lifter.user_id)], limit=5)
    assert row.data["action"] == "user.change_password"
    assert NEW not in str(row.data) + str(mails)
