"""Registration over the public API."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from firebase_admin import auth

from tests.local.identity.rest import claims_of, done, refusal


def test_a_new_account_is_signed_in_at_once(rest, app):
    answer = rest.sign_up("New@Example.com")
    assert answer["email"] == "new@example.com"
    assert answer["expiresIn"] == "3600"
    assert claims_of(answer["idToken"])["sub"] == answer["localId"]
    assert len(answer["localId"]) == 28
    user = auth.get_user(answer["localId"], app=app)
    assert [provider.provider_id for provider in user.provider_data] == ["password"]
    assert user.user_metadata.last_sign_in_timestamp >= user.user_metadata.creation_timestamp


def test_a_taken_address_is_refused_in_any_case_of_letters(rest):
    rest.sign_up("anna@example.com")
    response = rest.call("signUp", email="ANNA@example.com", password="Passw0rd!")
    assert refusal(response) == (400, "EMAIL_EXISTS")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"email": "d@example.com", "password": "12345"}, "WEAK_PASSWORD"),
        ({"email": "d@example.com"}, "MISSING_PASSWORD"),
        ({"password": "Passw0rd!"}, "MISSING_EMAIL"),
        ({"email": "d", "password": "Passw0rd!"}, "INVALID_EMAIL"),
    ],
)
def test_incomplete_or_weak_registrations_are_refused(rest, body, code):
    assert refusal(rest.call("signUp", **body)) == (400, code)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (
            {"email": "d@example.com", "password": "x" * 4097},
            "PASSWORD_DOES_NOT_MEET_REQUIREMENTS",
        ),
        ({"email": "d@localhost", "password": "Passw0rd!"}, "INVALID_EMAIL"),
        ({"email": "d e@example.com", "password": "Passw0rd!"}, "INVALID_EMAIL"),
        (
            {"email": "d@example.com", "password": "Passw0rd!", "localId": "mine"},
            "UNEXPECTED_PARAMETER",
        ),
        ({}, "ADMIN_ONLY_OPERATION"),
    ],
)
def test_what_only_production_refuses_is_refused_here(server, rest, body, code):
    assert refusal(rest.call("signUp", **body)) == (400, code)


def test_the_longest_password_is_accepted_and_signs_in(rest):
    rest.sign_up("anna@example.com", "x" * 4096)
    assert rest.sign_in("anna@example.com", "x" * 4096).status_code == 200


def test_of_twenty_simultaneous_registrations_exactly_one_wins(rest):
    def register(_: int):
        return rest.call("signUp", email="race@example.com", password="Passw0rd!")

    with ThreadPoolExecutor(20) as pool:
        responses = list(pool.map(register, range(20)))
    won = [response.json()["localId"] for response in responses if response.status_code == 200]
    lost = [refusal(response) for response in responses if response.status_code != 200]
    assert lost == [(400, "EMAIL_EXISTS")] * 19
    assert done(rest.sign_in("race@example.com"))["localId"] == won[0]


def test_a_project_can_keep_registration_to_its_administrators(server, rest):
    rest.configure("client.permissions", {"client": {"permissions": {"disabledUserSignup": True}}})
    response = rest.call("signUp", email="anna@example.com", password="Passw0rd!")
    assert refusal(response) == (400, "ADMIN_ONLY_OPERATION")


def test_anonymous_accounts_exist_only_where_they_are_switched_on(server, rest):
    rest.configure("signIn.anonymous", {"signIn": {"anonymous": {"enabled": True}}})
    claims = claims_of(done(rest.call("signUp", returnSecureToken=True))["idToken"])
    assert claims["firebase"] == {"identities": {}, "sign_in_provider": "anonymous"}
    assert claims["provider_id"] == "anonymous"
    assert "email" not in claims
