"""A project's settings over the admin API of version 2."""

from tests.local.identity.rest import done, refusal


def test_a_patched_setting_changes_behaviour_at_once(rest):
    patched = {"emailPrivacyConfig": {"enableImprovedEmailPrivacy": False}}
    answer = rest.configure("emailPrivacyConfig", patched)
    assert answer["emailPrivacyConfig"] == {"enableImprovedEmailPrivacy": False}
    assert refusal(rest.sign_in("no@example.com", "bad")) == (400, "EMAIL_NOT_FOUND")
    rest.hide_addresses(True)
    assert refusal(rest.sign_in("no@example.com", "bad")) == (400, "INVALID_LOGIN_CREDENTIALS")


def test_address_hiding_is_on_in_a_new_project(server, rest, project):
    config = done(rest.admin("GET", f"/v2/projects/{project}/config"))
    assert config["name"] == f"projects/{project}/config"
    assert config["emailPrivacyConfig"] == {"enableImprovedEmailPrivacy": True}


def test_the_mask_chooses_what_is_taken_from_the_patch(server, rest):
    patch = {
        "emailPrivacyConfig": {"enableImprovedEmailPrivacy": False},
        "signIn": {"anonymous": {"enabled": True}, "email": {"enabled": False}},
    }
    config = rest.configure("signIn.anonymous.enabled,absent.path", patch)
    assert config["signIn"]["anonymous"] == {"enabled": True}
    assert config["signIn"]["email"]["enabled"] is True
    assert config["emailPrivacyConfig"] == {"enableImprovedEmailPrivacy": True}
    assert rest.configure("", patch)["signIn"]["email"]["enabled"] is False


def test_a_setting_of_the_wrong_type_is_refused_and_changes_nothing(server, rest, project):
    path = f"/v2/projects/{project}/config"
    for patch in ({"emailPrivacyConfig": 5}, {"signIn": {"email": {"enabled": "yes"}}}):
        assert refusal(rest.admin("PATCH", path, patch)) == (400, "INVALID_ARGUMENT")
    config = done(rest.admin("GET", path))
    assert config["emailPrivacyConfig"] == {"enableImprovedEmailPrivacy": True}


def test_the_emulators_own_address_of_the_settings_needs_no_bearer(rest, http, project):
    url = f"http://{rest.host}/emulator/v1/projects/{project}/config"
    patch = {"signIn": {"allowDuplicateEmails": False}}
    assert done(http.patch(url, json=patch))["signIn"]["allowDuplicateEmails"] is False
    assert done(http.get(url))["signIn"]["allowDuplicateEmails"] is False
