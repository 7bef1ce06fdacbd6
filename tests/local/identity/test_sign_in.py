"""Signing in: passwords, custom tokens, mailed links and identity providers."""

import json
import time
from urllib.parse import urlencode

import jwt
import pytest
from firebase_admin import auth

from tests.local.identity.rest import claims_of, done, refusal

AUDIENCE = (
    "https://identitytoolkit.googleapis.com/google.identity.identitytoolkit.v1.IdentityToolkit"
)


def test_the_right_password_gives_tokens(rest, app):
    uid = auth.create_user(
        email="anna@example.com", password="Passw0rd!", display_name="Anna", app=app
    ).uid
    answer = done(rest.sign_in("Anna@Example.com"))
    assert (answer["localId"], answer["email"]) == (uid, "anna@example.com")
    assert (answer["displayName"], answer["registered"]) == ("Anna", True)
    assert answer["expiresIn"] == "3600"
    assert answer["refreshToken"]


def test_without_returnsecuretoken_there_is_no_refresh_token(server, rest):
    rest.sign_up("anna@example.com")
    answer = done(rest.call("signInWithPassword", email="anna@example.com", password="Passw0rd!"))
    assert "idToken" in answer
    assert "refreshToken" not in answer


def test_unknown_address_and_wrong_password_answer_alike(rest):
    rest.sign_up("anna@example.com")
    rest.hide_addresses(True)
    wrong, unknown = rest.sign_in("anna@example.com", "bad"), rest.sign_in("no@example.com", "bad")
    assert refusal(wrong) == refusal(unknown) == (400, "INVALID_LOGIN_CREDENTIALS")
    assert wrong.json() == unknown.json()


def test_without_address_hiding_they_answer_differently(rest):
    rest.sign_up("anna@example.com")
    rest.hide_addresses(False)
    assert refusal(rest.sign_in("anna@example.com", "bad")) == (400, "INVALID_PASSWORD")
    assert refusal(rest.sign_in("no@example.com", "bad")) == (400, "EMAIL_NOT_FOUND")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"password": "Passw0rd!"}, "MISSING_EMAIL"),
        ({"email": "anna@example.com"}, "MISSING_PASSWORD"),
        ({"email": "anna", "password": "Passw0rd!"}, "INVALID_EMAIL"),
    ],
)
def test_an_incomplete_sign_in_says_what_is_missing(rest, body, code):
    assert refusal(rest.call("signInWithPassword", **body)) == (400, code)


def test_a_disabled_account_is_told_so_with_any_password(rest, app):
    uid = rest.sign_up("anna@example.com")["localId"]
    auth.update_user(uid, disabled=True, app=app)
    assert refusal(rest.sign_in("anna@example.com")) == (400, "USER_DISABLED")
    assert refusal(rest.sign_in("anna@example.com", "bad")) == (400, "USER_DISABLED")
    auth.update_user(uid, disabled=False, app=app)
    assert rest.sign_in("anna@example.com").status_code == 200


def test_an_account_without_a_password_cannot_sign_in_with_one(rest, app):
    auth.create_user(email="anna@example.com", app=app)
    rest.hide_addresses(True)
    assert refusal(rest.sign_in("anna@example.com", "Passw0rd!"))[0] == 400


def test_a_project_can_switch_passwords_off(server, rest):
    rest.sign_up("anna@example.com")
    rest.configure("signIn.email", {"signIn": {"email": {"enabled": False}}})
    assert refusal(rest.sign_in("anna@example.com")) == (400, "PASSWORD_LOGIN_DISABLED")


def test_a_custom_token_of_firebase_admin_creates_the_account_and_keeps_its_claims(rest, app):
    token = auth.create_custom_token("uid-custom", {"role": "x"}, app=app).decode()
    answer = done(rest.call("signInWithCustomToken", token=token, returnSecureToken=True))
    assert answer["isNewUser"] is True
    claims = auth.verify_id_token(answer["idToken"], app=app)
    assert (claims["uid"], claims["role"]) == ("uid-custom", "x")
    assert claims["firebase"]["sign_in_provider"] == "custom"
    again = done(rest.call("signInWithCustomToken", token=token, returnSecureToken=True))
    assert again["isNewUser"] is False
    # The claims belong to the sign-in, so a refresh keeps them.
    refreshed = done(rest.refresh(answer["refreshToken"]))["id_token"]
    assert claims_of(refreshed)["role"] == "x"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"aud": "another"}, "INVALID_CUSTOM_TOKEN"),
        ({"exp": 1_700_000_000}, "INVALID_CUSTOM_TOKEN"),
        ({"uid": ""}, "INVALID_CUSTOM_TOKEN"),
        ({"uid": "x" * 129}, "INVALID_CUSTOM_TOKEN"),
        ({"claims": ["role"]}, "INVALID_CUSTOM_TOKEN"),
        ({"claims": {"sub": "other"}}, "FORBIDDEN_CLAIM"),
    ],
)
def test_a_bad_custom_token_is_refused(server, rest, change, code):
    claims = {"aud": AUDIENCE, "exp": int(time.time()) + 60, "uid": "u1"} | change
    token = jwt.encode(claims, None, algorithm="none")
    assert refusal(rest.call("signInWithCustomToken", token=token)) == (400, code)
    assert refusal(rest.call("signInWithCustomToken", token="garbage"))[1] == "INVALID_CUSTOM_TOKEN"


def provider_post(claims: dict, provider: str = "google.com") -> dict:
    body = urlencode({"id_token": json.dumps(claims), "providerId": provider})
    return {"postBody": body, "requestUri": "http://localhost", "returnSecureToken": True}


def test_a_google_credential_signs_in_and_comes_back_to_the_same_account(rest, app):
    claims = {"sub": "g1", "email": "g@example.com", "email_verified": True, "name": "Gil"}
    first = done(rest.call("signInWithIdp", **provider_post(claims)))
    again = done(rest.call("signInWithIdp", **provider_post(claims)))
    assert (first["isNewUser"], again["localId"]) == (True, first["localId"])
    verified = auth.verify_id_token(first["idToken"], app=app)
    assert verified["firebase"]["sign_in_provider"] == "google.com"
    assert verified["firebase"]["identities"]["google.com"] == ["g1"]
    assert auth.get_user_by_email("g@example.com", app=app).email_verified is True
    found = auth.get_users([auth.ProviderIdentifier("google.com", "g1")], app=app)
    assert [user.uid for user in found.users] == [first["localId"]]


def test_an_unverified_provider_address_does_not_enter_an_existing_account(server, rest):
    rest.sign_up("anna@example.com")
    claims = {"sub": "evil", "email": "anna@example.com", "email_verified": False}
    answer = done(rest.call("signInWithIdp", **provider_post(claims)))
    assert answer["needConfirmation"] is True
    assert "idToken" not in answer


def test_a_provider_answer_without_a_subject_is_refused(server, rest):
    response = rest.call("signInWithIdp", **provider_post({"email": "g@example.com"}))
    assert refusal(response) == (400, "INVALID_IDP_RESPONSE")
    response = rest.call("signInWithIdp", **provider_post({"sub": "1"}, provider="email"))
    assert refusal(response) == (400, "INVALID_CREDENTIAL_OR_PROVIDER_ID")


def test_a_disabled_account_is_closed_to_custom_tokens_and_providers(rest, app):
    claims = {"sub": "g1", "email": "g@example.com", "email_verified": True}
    uid = done(rest.call("signInWithIdp", **provider_post(claims)))["localId"]
    auth.update_user(uid, disabled=True, app=app)
    token = auth.create_custom_token(uid, app=app).decode()
    by_token = rest.call("signInWithCustomToken", token=token, returnSecureToken=True)
    by_provider = rest.call("signInWithIdp", **provider_post(claims))
    assert refusal(by_token) == refusal(by_provider) == (400, "USER_DISABLED")


def test_a_verified_provider_address_takes_an_unproven_account_over(server, rest, app):
    """Somebody who registered another person's address must not keep a way in."""
    squatter = rest.sign_up("anna@example.com")
    claims = {"sub": "anna", "email": "anna@example.com", "email_verified": True}
    answer = done(rest.call("signInWithIdp", **provider_post(claims)))
    assert (answer["localId"], answer["isNewUser"]) == (squatter["localId"], False)
    assert refusal(rest.refresh(squatter["refreshToken"])) == (400, "TOKEN_EXPIRED")
    assert rest.sign_in("anna@example.com").status_code == 400
    assert auth.get_user(squatter["localId"], app=app).email_verified is True


def test_a_verified_account_keeps_its_password_when_a_provider_is_linked(server, rest, app):
    account = rest.sign_up("anna@example.com")
    auth.update_user(account["localId"], email_verified=True, app=app)
    claims = {"sub": "anna", "email": "anna@example.com", "email_verified": True}
    done(rest.call("signInWithIdp", **provider_post(claims)))
    assert rest.sign_in("anna@example.com").status_code == 200
    assert rest.refresh(account["refreshToken"]).status_code == 200
