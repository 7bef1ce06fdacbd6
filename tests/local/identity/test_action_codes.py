"""Mailed links: password resets, verification, sign-in."""

from urllib.parse import parse_qs, urlsplit

import pytest
from firebase_admin import auth

from tests.local.identity.rest import claims_of, done, refusal

USED = (400, "INVALID_OOB_CODE")


def parts(link: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(link).query).items()}


def test_a_verification_link_verifies_once(rest, app):
    uid = auth.create_user(email="anna@example.com", app=app).uid
    link = parts(auth.generate_email_verification_link("anna@example.com", app=app))
    assert link["mode"] == "verifyEmail"
    answer = done(rest.call("update", oobCode=link["oobCode"]))
    assert (answer["localId"], answer["emailVerified"]) == (uid, True)
    assert auth.get_user(uid, app=app).email_verified is True
    assert refusal(rest.call("update", oobCode=link["oobCode"])) == USED


def test_a_reset_link_changes_the_password_once_and_verifies_the_address(rest, app):
    uid = rest.sign_up("anna@example.com")["localId"]
    link = parts(auth.generate_password_reset_link("anna@example.com", app=app))
    assert link["mode"] == "resetPassword"
    answer = done(rest.call("resetPassword", oobCode=link["oobCode"], newPassword="NewPassw0rd"))
    assert (answer["email"], answer["requestType"]) == ("anna@example.com", "PASSWORD_RESET")
    assert rest.sign_in("anna@example.com", "NewPassw0rd").status_code == 200
    assert rest.sign_in("anna@example.com", "Passw0rd!").status_code == 400
    assert auth.get_user(uid, app=app).email_verified is True
    again = rest.call("resetPassword", oobCode=link["oobCode"], newPassword="x12345678")
    assert refusal(again) == USED


def test_a_reset_code_can_be_checked_without_being_spent(rest):
    rest.sign_up("anna@example.com")
    done(rest.call("sendOobCode", requestType="PASSWORD_RESET", email="anna@example.com"))
    code = rest.codes()[0]["oobCode"]
    assert done(rest.call("resetPassword", oobCode=code))["email"] == "anna@example.com"
    assert refusal(rest.call("resetPassword", oobCode=code, newPassword="12345")) == (
        400,
        "WEAK_PASSWORD",
    )
    done(rest.call("resetPassword", oobCode=code, newPassword="NewPassw0rd"))


def test_a_reset_spends_every_reset_code_of_the_address(server, rest):
    rest.sign_up("anna@example.com")
    for _ in range(2):
        rest.call("sendOobCode", requestType="PASSWORD_RESET", email="anna@example.com")
    first, second = [code["oobCode"] for code in rest.codes()]
    done(rest.call("resetPassword", oobCode=second, newPassword="NewPassw0rd"))
    assert refusal(rest.call("resetPassword", oobCode=first, newPassword="Other1234")) == USED


@pytest.mark.parametrize(
    ("kind", "hours", "apply"),
    [
        ("PASSWORD_RESET", 1, {"name": "resetPassword", "newPassword": "NewPassw0rd"}),
        ("VERIFY_EMAIL", 72, {"name": "update"}),
        ("EMAIL_SIGNIN", 6, {"name": "signInWithEmailLink", "email": "anna@example.com"}),
    ],
)
def test_a_code_works_until_its_time_is_over(server, rest, project, clock, kind, hours, apply):
    auth_fields = {"requestType": kind, "email": "anna@example.com", "returnOobLink": True}
    rest.sign_up("anna@example.com")
    path = f"/v1/projects/{project}/accounts:sendOobCode"
    code = done(rest.admin("POST", path, auth_fields))["oobCode"]
    clock.ahead = hours * 3600 + 1
    assert refusal(rest.call(**apply, oobCode=code)) == (400, "EXPIRED_OOB_CODE")
    clock.ahead = hours * 3600 - 5
    done(rest.call(**apply, oobCode=code))


def test_a_code_of_one_kind_does_nothing_of_another(rest, app):
    rest.sign_up("anna@example.com")
    verify = parts(auth.generate_email_verification_link("anna@example.com", app=app))["oobCode"]
    reset = parts(auth.generate_password_reset_link("anna@example.com", app=app))["oobCode"]
    assert refusal(rest.call("resetPassword", oobCode=verify, newPassword="NewPassw0rd")) == USED
    assert refusal(rest.call("update", oobCode=reset)) == USED


def test_codes_sent_to_clients_wait_in_the_list(rest):
    account = rest.sign_up("anna@example.com")
    done(rest.call("sendOobCode", requestType="PASSWORD_RESET", email="anna@example.com"))
    done(rest.call("sendOobCode", requestType="VERIFY_EMAIL", idToken=account["idToken"]))
    codes = rest.codes()
    assert [code["requestType"] for code in codes] == ["PASSWORD_RESET", "VERIFY_EMAIL"]
    assert {code["email"] for code in codes} == {"anna@example.com"}
    assert parts(codes[0]["oobLink"])["oobCode"] == codes[0]["oobCode"]


def test_with_address_hiding_a_reset_for_nobody_is_answered_and_sends_nothing(rest):
    rest.hide_addresses(True)
    answer = done(rest.call("sendOobCode", requestType="PASSWORD_RESET", email="no@example.com"))
    assert answer["email"] == "no@example.com"
    assert rest.codes() == []


def test_without_address_hiding_a_reset_for_nobody_is_refused(rest, app):
    rest.hide_addresses(False)
    response = rest.call("sendOobCode", requestType="PASSWORD_RESET", email="no@example.com")
    assert refusal(response) == (400, "EMAIL_NOT_FOUND")
    with pytest.raises(auth.EmailNotFoundError):
        auth.generate_password_reset_link("no@example.com", app=app)


def test_with_address_hiding_firebase_admin_gets_no_link_for_nobody(rest, app):
    rest.hide_addresses(True)
    with pytest.raises(auth.UnexpectedResponseError):
        auth.generate_password_reset_link("no@example.com", app=app)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"email": "anna@example.com"}, "MISSING_REQ_TYPE"),
        ({"requestType": "PASSWORD_RESET"}, "MISSING_EMAIL"),
        ({"requestType": "VERIFY_EMAIL"}, "MISSING_ID_TOKEN"),
        ({"requestType": "RECOVER_EMAIL"}, "INVALID_REQ_TYPE"),
    ],
)
def test_an_incomplete_request_for_a_code_is_refused(server, rest, body, code):
    assert refusal(rest.call("sendOobCode", **body)) == (400, code)


def test_a_client_never_receives_the_link_itself(rest):
    rest.sign_up("anna@example.com")
    response = rest.call(
        "sendOobCode",
        requestType="PASSWORD_RESET",
        email="anna@example.com",
        returnOobLink=True,
    )
    assert response.status_code in {400, 403}
    assert "oobLink" not in response.text


def test_a_sign_in_link_signs_a_new_person_in_with_a_verified_address(rest, app):
    settings = auth.ActionCodeSettings(url="http://localhost/x", handle_code_in_app=True)
    link = parts(auth.generate_sign_in_with_email_link("new@example.com", settings, app=app))
    assert (link["mode"], link["continueUrl"]) == ("signIn", "http://localhost/x")
    answer = done(
        rest.call("signInWithEmailLink", email="new@example.com", oobCode=link["oobCode"])
    )
    assert claims_of(answer["idToken"])["email_verified"] is True
    again = rest.call("signInWithEmailLink", email="new@example.com", oobCode=link["oobCode"])
    assert refusal(again) == USED


def test_a_sign_in_link_serves_only_the_address_it_was_sent_to(server, rest, app):
    link = parts(auth.generate_sign_in_with_email_link("new@example.com", None, app=app))
    response = rest.call("signInWithEmailLink", email="b@example.com", oobCode=link["oobCode"])
    assert refusal(response) == (400, "INVALID_EMAIL")


def test_a_code_dies_with_its_account(server, rest, app):
    """Whoever registers the address again must not be reached by an older link."""
    uid = rest.sign_up("anna@example.com")["localId"]
    code = parts(auth.generate_password_reset_link("anna@example.com", app=app))["oobCode"]
    auth.delete_user(uid, app=app)
    rest.sign_up("anna@example.com")
    assert refusal(rest.call("resetPassword", oobCode=code, newPassword="NewPassw0rd")) == USED


def test_the_links_themselves_work_in_a_browser(server, http, rest, app):
    uid = rest.sign_up("anna@example.com")["localId"]
    done(http.get(auth.generate_email_verification_link("anna@example.com", app=app)))
    assert auth.get_user(uid, app=app).email_verified is True
    reset = auth.generate_password_reset_link("anna@example.com", app=app)
    done(http.get(f"{reset}&newPassword=NewPassw0rd"))
    assert rest.sign_in("anna@example.com", "NewPassw0rd").status_code == 200


@pytest.mark.parametrize(
    ("kind", "call"),
    [
        ("PASSWORD_RESET", {"name": "resetPassword", "newPassword": "NewPassw0rd"}),
        ("VERIFY_EMAIL", {"name": "update"}),
        ("EMAIL_SIGNIN", {"name": "signInWithEmailLink", "email": "anna@example.com"}),
    ],
)
def test_a_code_does_nothing_for_a_disabled_account(server, rest, app, project, kind, call):
    uid = rest.sign_up("anna@example.com")["localId"]
    body = {"requestType": kind, "email": "anna@example.com", "returnOobLink": True}
    path = f"/v1/projects/{project}/accounts:sendOobCode"
    code = done(rest.admin("POST", path, body))["oobCode"]
    auth.update_user(uid, disabled=True, app=app)
    assert refusal(rest.call(**call, oobCode=code)) == (400, "USER_DISABLED")
    auth.update_user(uid, disabled=False, app=app)
    # The refusal did not spend it.
    done(rest.call(**call, oobCode=code))


def test_a_code_for_an_address_without_an_account_changes_nobody(server, rest, app):
    uid = rest.sign_up("anna@example.com")["localId"]
    code = parts(auth.generate_password_reset_link("anna@example.com", app=app))["oobCode"]
    auth.update_user(uid, email="berta@example.com", app=app)
    assert refusal(rest.call("resetPassword", oobCode=code, newPassword="NewPassw0rd")) == USED


def test_a_sign_in_link_is_left_to_the_application(server, http, app, rest):
    link = auth.generate_sign_in_with_email_link("new@example.com", None, app=app)
    assert refusal(http.get(link)) == (400, "INVALID_REQ_TYPE")
