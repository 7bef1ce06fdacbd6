"""Refresh tokens: what they give, and what ends them."""

import time

import pytest
from firebase_admin import auth

from tests.local.identity.rest import claims_of, done, refusal

EXPIRED = (400, "TOKEN_EXPIRED")


def test_a_refresh_gives_an_id_token_in_secure_tokens_words(rest, app, project):
    account = rest.sign_up("anna@example.com")
    answer = done(rest.refresh(account["refreshToken"]))
    assert auth.verify_id_token(answer["id_token"], app=app)["uid"] == account["localId"]
    assert answer["access_token"] == answer["id_token"]
    assert (answer["user_id"], answer["project_id"]) == (account["localId"], project)
    assert (answer["token_type"], answer["expires_in"]) == ("Bearer", "3600")
    assert done(rest.refresh(answer["refresh_token"]))["user_id"] == account["localId"]


def test_a_refresh_keeps_the_time_of_the_sign_in(server, rest, clock):
    account = rest.sign_up("anna@example.com")
    clock.ahead = 1000
    claims = claims_of(done(rest.refresh(account["refreshToken"]))["id_token"])
    signed_in = claims_of(account["idToken"])["auth_time"]
    assert claims["auth_time"] == signed_in
    # Issued 1,000 s later, give or take the second in which the sign-in happened.
    assert 1000 <= claims["iat"] - signed_in <= 1002


def test_a_refresh_shows_claims_that_were_set_since(rest, app):
    account = rest.sign_up("anna@example.com")
    auth.set_custom_user_claims(account["localId"], {"role": "ADMIN"}, app=app)
    assert "role" not in claims_of(account["idToken"])
    assert claims_of(done(rest.refresh(account["refreshToken"]))["id_token"])["role"] == "ADMIN"


def test_a_refresh_after_revocation_is_refused_even_within_the_same_second(server, rest, app):
    account = rest.sign_up("anna@example.com")
    auth.revoke_refresh_tokens(account["localId"], app=app)
    assert refusal(rest.refresh(account["refreshToken"])) == EXPIRED
    fresh = done(rest.sign_in("anna@example.com"))
    assert rest.refresh(fresh["refreshToken"]).status_code == 200


def test_a_revoked_id_token_is_refused_by_a_checking_verifier(rest, app):
    account = rest.sign_up("anna@example.com")
    second = int(time.time())
    while int(time.time()) == second:  # tokens and revocations carry whole seconds
        time.sleep(0.01)
    auth.revoke_refresh_tokens(account["localId"], app=app)
    assert auth.verify_id_token(account["idToken"], app=app)["uid"] == account["localId"]
    with pytest.raises(auth.RevokedIdTokenError):
        auth.verify_id_token(account["idToken"], app=app, check_revoked=True)
    assert refusal(rest.call("lookup", idToken=account["idToken"])) == EXPIRED


def test_a_changed_password_ends_other_sessions_and_not_the_one_that_changed_it(server, rest):
    rest.sign_up("anna@example.com")
    other = done(rest.sign_in("anna@example.com"))
    mine = done(rest.sign_in("anna@example.com"))
    changed = done(
        rest.call("update", idToken=mine["idToken"], password="Another1!", returnSecureToken=True)
    )
    assert refusal(rest.refresh(other["refreshToken"])) == EXPIRED
    assert refusal(rest.refresh(mine["refreshToken"])) == EXPIRED
    assert rest.refresh(changed["refreshToken"]).status_code == 200


def test_a_password_set_by_an_administrator_ends_sessions(server, rest, app):
    account = rest.sign_up("anna@example.com")
    auth.update_user(account["localId"], password="Another1!", app=app)
    assert refusal(rest.refresh(account["refreshToken"])) == EXPIRED
    assert rest.sign_in("anna@example.com", "Another1!").status_code == 200
    assert refusal(rest.sign_in("anna@example.com")) == (400, "INVALID_LOGIN_CREDENTIALS")


def test_a_password_reset_ends_sessions(server, rest):
    account = rest.sign_up("anna@example.com")
    done(rest.call("sendOobCode", requestType="PASSWORD_RESET", email="anna@example.com"))
    code = rest.codes()[0]["oobCode"]
    done(rest.call("resetPassword", oobCode=code, newPassword="Another1!"))
    assert refusal(rest.refresh(account["refreshToken"])) == EXPIRED


def test_a_new_address_ends_sessions(server, rest, app):
    account = rest.sign_up("anna@example.com")
    auth.update_user(account["localId"], email="berta@example.com", app=app)
    assert refusal(rest.refresh(account["refreshToken"])) == EXPIRED


def test_a_refused_change_ends_no_session(server, rest, app):
    """An address that is taken must leave everything as it was."""
    rest.sign_up("bert@example.com")
    account = rest.sign_up("anna@example.com")
    with pytest.raises(auth.EmailAlreadyExistsError):
        auth.update_user(
            account["localId"], email="bert@example.com", password="Another1!", app=app
        )
    assert rest.refresh(account["refreshToken"]).status_code == 200
    assert rest.sign_in("anna@example.com").status_code == 200


def test_other_changes_end_no_session(rest, app):
    account = rest.sign_up("anna@example.com")
    auth.update_user(account["localId"], display_name="Anna", email_verified=True, app=app)
    claims = claims_of(done(rest.refresh(account["refreshToken"]))["id_token"])
    assert (claims["name"], claims["email_verified"]) == ("Anna", True)


def test_a_disabled_account_cannot_refresh_and_is_seen_by_a_checking_verifier(rest, app):
    account = rest.sign_up("anna@example.com")
    auth.update_user(account["localId"], disabled=True, app=app)
    assert refusal(rest.refresh(account["refreshToken"])) == (400, "USER_DISABLED")
    assert auth.verify_id_token(account["idToken"], app=app)["uid"] == account["localId"]
    with pytest.raises(auth.UserDisabledError):
        auth.verify_id_token(account["idToken"], app=app, check_revoked=True)


def test_a_deleted_account_cannot_refresh_nor_can_its_successor_with_old_tokens(server, rest, app):
    account = rest.sign_up("anna@example.com")
    auth.delete_user(account["localId"], app=app)
    assert refusal(rest.refresh(account["refreshToken"])) == (400, "USER_NOT_FOUND")
    auth.create_user(uid=account["localId"], email="anna@example.com", app=app)
    assert refusal(rest.refresh(account["refreshToken"])) == EXPIRED


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"grant_type": "refresh_token", "refresh_token": "garbage"}, "INVALID_REFRESH_TOKEN"),
        ({"grant_type": "refresh_token"}, "MISSING_REFRESH_TOKEN"),
        ({"refresh_token": "garbage"}, "MISSING_GRANT_TYPE"),
        ({"grant_type": "password", "refresh_token": "x"}, "INVALID_GRANT_TYPE"),
    ],
)
def test_a_bad_refresh_request_is_refused(server, rest, form, code):
    url = f"http://{rest.host}/securetoken.googleapis.com/v1/token"
    assert refusal(rest.http.post(url, params={"key": rest.key}, data=form)) == (400, code)
    assert refusal(rest.http.post(url, params={"key": rest.key}, json=form)) == (400, code)
