"""What a person may do to the own account with an ID token."""

import pytest
from firebase_admin import auth

from tests.local.identity.rest import done, refusal


def test_a_person_looks_the_own_account_up_and_deletes_it(rest, app):
    account = rest.sign_up("anna@example.com")
    users = done(rest.call("lookup", idToken=account["idToken"]))["users"]
    assert [(user["localId"], user["email"]) for user in users] == [
        (account["localId"], "anna@example.com")
    ]
    done(rest.call("delete", idToken=account["idToken"]))
    with pytest.raises(auth.UserNotFoundError):
        auth.get_user(account["localId"], app=app)
    assert refusal(rest.call("lookup", idToken=account["idToken"])) == (400, "USER_NOT_FOUND")


def test_a_disabled_person_cannot_look_the_account_up(rest, app):
    account = rest.sign_up("anna@example.com")
    auth.update_user(account["localId"], disabled=True, app=app)
    assert refusal(rest.call("lookup", idToken=account["idToken"])) == (400, "USER_DISABLED")


def test_a_person_changes_name_and_password(rest, app):
    token = rest.sign_up("anna@example.com")["idToken"]
    answer = done(
        rest.call(
            "update",
            idToken=token,
            displayName="Anna",
            password="Another1!",
            returnSecureToken=True,
        )
    )
    claims = auth.verify_id_token(answer["idToken"], app=app)
    assert claims["name"] == "Anna"
    assert claims["firebase"]["sign_in_provider"] == "password"
    assert rest.sign_in("anna@example.com", "Another1!").status_code == 200


@pytest.mark.parametrize("call", ["lookup", "update", "delete"])
def test_a_call_without_a_token_is_refused(server, rest, call):
    assert refusal(rest.call(call)) == (400, "MISSING_ID_TOKEN")
    assert refusal(rest.call(call, idToken="x.y.z")) == (400, "INVALID_ID_TOKEN")


@pytest.mark.parametrize(
    "field",
    [
        {"customAttributes": '{"role": "ADMIN"}'},
        {"emailVerified": True},
        {"disableUser": False},
        {"validSince": "1"},
    ],
)
def test_a_person_cannot_set_what_only_administrators_may(server, rest, field):
    token = rest.sign_up("anna@example.com")["idToken"]
    response = rest.call("update", idToken=token, **field)
    assert refusal(response) == (403, "INSUFFICIENT_PERMISSION")


def test_the_address_of_another_account_cannot_be_named_by_a_client(server, rest):
    """A client's lookup answers for the token, whatever other fields it sends."""
    other = rest.sign_up("bert@example.com")
    mine = rest.sign_up("anna@example.com")
    body = {"localId": [other["localId"]], "email": ["bert@example.com"]}
    assert refusal(rest.call("lookup", **body)) == (400, "MISSING_ID_TOKEN")
    users = done(rest.call("lookup", idToken=mine["idToken"], **body))["users"]
    assert [user["localId"] for user in users] == [mine["localId"]]


def test_password_and_deletion_need_a_sign_in_of_the_last_five_minutes(server, rest, clock):
    account = rest.sign_up("anna@example.com")
    clock.ahead = 302
    old = (400, "CREDENTIAL_TOO_OLD_LOGIN_AGAIN")
    token = done(rest.refresh(account["refreshToken"]))["id_token"]
    assert refusal(rest.call("update", idToken=token, password="Another1!")) == old
    assert refusal(rest.call("delete", idToken=token)) == old
    renamed = done(rest.call("update", idToken=token, displayName="A", returnSecureToken=True))
    # A harmless change must not make an old sign-in young again.
    assert refusal(rest.call("delete", idToken=renamed["idToken"])) == old
    done(rest.call("delete", idToken=done(rest.sign_in("anna@example.com"))["idToken"]))


def test_with_address_hiding_an_address_is_not_changed_without_a_mail(server, rest, app):
    account = rest.sign_up("anna@example.com")
    response = rest.call("update", idToken=account["idToken"], email="b@example.com")
    assert refusal(response) == (400, "OPERATION_NOT_ALLOWED")
    rest.hide_addresses(False)
    done(rest.call("update", idToken=account["idToken"], email="b@example.com"))
    assert auth.get_user(account["localId"], app=app).email == "b@example.com"


def test_self_deletion_can_be_switched_off(server, rest):
    token = rest.sign_up("anna@example.com")["idToken"]
    rest.configure(
        "client.permissions", {"client": {"permissions": {"disabledUserDeletion": True}}}
    )
    assert refusal(rest.call("delete", idToken=token)) == (400, "ADMIN_ONLY_OPERATION")
