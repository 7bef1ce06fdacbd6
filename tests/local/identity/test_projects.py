"""Several projects on one server, and the whole server put back."""

import dataclasses

from firebase_admin import auth

from infra.local.identity.server import IdentityServer
from tests.local.identity.rest import Rest, done, refusal


def neighbour(rest: Rest) -> Rest:
    project = f"{rest.project}-b"
    return dataclasses.replace(rest, project=project, key=f"project:{project}")


def test_accounts_tokens_and_settings_of_two_projects_are_apart(server, rest, make_app):
    other = neighbour(rest)
    mine = rest.sign_up("anna@example.com")
    theirs = other.sign_up("anna@example.com", "Another1!")
    assert mine["localId"] != theirs["localId"]
    assert rest.sign_in("anna@example.com", "Another1!").status_code == 400
    assert refusal(other.call("lookup", idToken=mine["idToken"])) == (400, "INVALID_ID_TOKEN")
    assert refusal(other.refresh(mine["refreshToken"])) == (400, "INVALID_REFRESH_TOKEN")
    other.hide_addresses(False)
    assert refusal(rest.sign_in("x@example.com", "bad")) == (400, "INVALID_LOGIN_CREDENTIALS")
    assert refusal(other.sign_in("x@example.com", "bad")) == (400, "EMAIL_NOT_FOUND")
    listed = auth.list_users(app=make_app(other.project)).users
    assert [user.uid for user in listed] == [theirs["localId"]]
    other.flush()
    assert rest.sign_in("anna@example.com").status_code == 200


def test_a_failed_sign_in_in_one_project_does_not_lock_another(signer, http):
    server = IdentityServer("demo-a", signer, lockout_threshold=1)
    server.start()
    try:
        one = Rest(http, server.address, "demo-a", "project:demo-a")
        two = Rest(http, server.address, "demo-b", "project:demo-b")
        one.sign_up("anna@example.com")
        two.sign_up("anna@example.com")
        one.sign_in("anna@example.com", "bad")
        assert refusal(one.sign_in("anna@example.com"))[1] == "TOO_MANY_ATTEMPTS_TRY_LATER"
        assert two.sign_in("anna@example.com").status_code == 200
    finally:
        server.stop()


def test_any_other_key_belongs_to_the_servers_own_project(server, rest):
    default = dataclasses.replace(rest, project="demo-hypertroq", key="AIza-any")
    account = default.sign_up("default@example.com")
    answer = done(default.refresh(account["refreshToken"]))
    assert answer["project_id"] == "demo-hypertroq"
    default.flush()


def test_a_reset_forgets_every_project_and_its_settings(signer, http, tmp_path):
    server = IdentityServer("demo-a", signer, tmp_path / "identity.sqlite")
    server.start()
    try:
        one = Rest(http, server.address, "demo-a", "project:demo-a")
        two = Rest(http, server.address, "demo-b", "project:demo-b")
        account = one.sign_up("anna@example.com")
        two.sign_up("anna@example.com")
        one.hide_addresses(False)
        server.reset()
        assert refusal(one.refresh(account["refreshToken"])) == (400, "INVALID_REFRESH_TOKEN")
        assert refusal(one.sign_in("anna@example.com")) == (400, "INVALID_LOGIN_CREDENTIALS")
        two.sign_up("anna@example.com")
    finally:
        server.stop()
