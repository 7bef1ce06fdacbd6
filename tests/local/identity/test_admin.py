"""firebase-admin's calls about accounts, unmodified."""

import pytest
from firebase_admin import auth

from tests.local.identity.rest import claims_of, done, refusal


def test_a_created_user_is_found_by_id_and_address(app):
    user = auth.create_user(
        email="Anna@example.com", password="Passw0rd!", display_name="Anna", app=app
    )
    assert auth.get_user(user.uid, app=app).email == "anna@example.com"
    assert auth.get_user_by_email("anna@example.com", app=app).uid == user.uid
    assert auth.get_user_by_email("ANNA@example.com", app=app).display_name == "Anna"
    assert (user.disabled, user.email_verified, user.custom_claims) == (False, False, None)
    assert user.tokens_valid_after_timestamp == user.user_metadata.creation_timestamp // 1000 * 1000


def test_a_created_user_keeps_every_given_field(app):
    user = auth.create_user(
        uid="u1",
        email="anna@example.com",
        phone_number="+491701234567",
        photo_url="https://example.com/a.png",
        email_verified=True,
        disabled=True,
        app=app,
    )
    assert (user.uid, user.phone_number) == ("u1", "+491701234567")
    assert (user.photo_url, user.email_verified, user.disabled) == (
        "https://example.com/a.png",
        True,
        True,
    )
    assert auth.get_user_by_phone_number("+491701234567", app=app).uid == "u1"


def test_a_taken_address_id_or_number_is_refused_each_with_its_own_error(app):
    auth.create_user(uid="u1", email="anna@example.com", phone_number="+491701234567", app=app)
    with pytest.raises(auth.EmailAlreadyExistsError):
        auth.create_user(email="ANNA@example.com", app=app)
    with pytest.raises(auth.UidAlreadyExistsError):
        auth.create_user(uid="u1", app=app)
    with pytest.raises(auth.PhoneNumberAlreadyExistsError):
        auth.create_user(phone_number="+491701234567", app=app)


def test_a_weak_password_is_refused_by_the_server_too(rest, app, project):
    with pytest.raises(ValueError, match="6 characters"):
        auth.create_user(email="b@example.com", password="12345", app=app)
    body = {"email": "b@example.com", "password": "12345"}
    response = rest.admin("POST", f"/v1/projects/{project}/accounts", body)
    assert refusal(response) == (400, "WEAK_PASSWORD")


def test_a_missing_user_raises_the_not_found_error(app):
    with pytest.raises(auth.UserNotFoundError):
        auth.get_user("nobody", app=app)
    with pytest.raises(auth.UserNotFoundError):
        auth.update_user("nobody", display_name="x", app=app)
    with pytest.raises(auth.UserNotFoundError):
        auth.delete_user("nobody", app=app)


def test_claims_are_set_replaced_and_removed(app):
    uid = auth.create_user(app=app).uid
    auth.set_custom_user_claims(uid, {"role": "ADMIN"}, app=app)
    auth.set_custom_user_claims(uid, {"org": "o1"}, app=app)
    assert auth.get_user(uid, app=app).custom_claims == {"org": "o1"}
    auth.set_custom_user_claims(uid, None, app=app)
    assert auth.get_user(uid, app=app).custom_claims is None


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ('{"sub": "other"}', "FORBIDDEN_CLAIM"),
        # {"a": "..."} is 9 characters around the value: 1,001 in all.
        ('{"a": "' + "x" * 992 + '"}', "CLAIMS_TOO_LARGE"),
        ('["role"]', "INVALID_CLAIMS"),
        ("{", "INVALID_CLAIMS"),
    ],
)
def test_bad_claims_are_refused_by_the_server(rest, app, project, claims, code):
    uid = auth.create_user(app=app).uid
    body = {"localId": uid, "customAttributes": claims}
    response = rest.admin("POST", f"/v1/projects/{project}/accounts:update", body)
    assert refusal(response) == (400, code)


def test_claims_of_exactly_1000_characters_are_accepted(rest, app, project):
    uid = auth.create_user(app=app).uid
    body = {"localId": uid, "customAttributes": '{"a": "' + "x" * 991 + '"}'}
    done(rest.admin("POST", f"/v1/projects/{project}/accounts:update", body))
    assert auth.get_user(uid, app=app).custom_claims == {"a": "x" * 991}


def test_name_and_picture_can_be_set_and_deleted(app):
    uid = auth.create_user(display_name="Anna", photo_url="https://example.com/a", app=app).uid
    auth.update_user(uid, display_name=auth.DELETE_ATTRIBUTE, app=app)
    assert auth.get_user(uid, app=app).display_name is None
    auth.update_user(uid, photo_url=auth.DELETE_ATTRIBUTE, display_name="Berta", app=app)
    user = auth.get_user(uid, app=app)
    assert (user.display_name, user.photo_url) == ("Berta", None)


def test_a_new_address_is_unverified_and_frees_the_old_one(app):
    uid = auth.create_user(email="anna@example.com", email_verified=True, app=app).uid
    auth.update_user(uid, email="berta@example.com", app=app)
    user = auth.get_user_by_email("berta@example.com", app=app)
    assert (user.uid, user.email_verified) == (uid, False)
    assert auth.create_user(email="anna@example.com", app=app).uid != uid


def test_an_unlinked_password_or_number_is_gone(rest, app):
    uid = rest.sign_up("anna@example.com")["localId"]
    auth.update_user(uid, phone_number="+491701234567", app=app)
    auth.update_user(
        uid, phone_number=auth.DELETE_ATTRIBUTE, providers_to_delete=["password"], app=app
    )
    user = auth.get_user(uid, app=app)
    assert (user.phone_number, user.provider_data) == (None, [])
    assert rest.sign_in("anna@example.com").status_code == 400


def test_several_users_are_fetched_at_once_and_missing_ones_named(app):
    auth.create_user(uid="u1", email="a@example.com", app=app)
    auth.create_user(uid="u2", email="b@example.com", app=app)
    asked = [
        auth.UidIdentifier("u1"),
        auth.EmailIdentifier("a@example.com"),
        auth.EmailIdentifier("b@example.com"),
        auth.UidIdentifier("nobody"),
    ]
    result = auth.get_users(asked, app=app)
    assert sorted(user.uid for user in result.users) == ["u1", "u2"]
    assert [identifier.uid for identifier in result.not_found] == ["nobody"]


def test_users_are_listed_in_pages(app):
    created = {auth.create_user(email=f"p{number}@example.com", app=app).uid for number in range(5)}
    page = auth.list_users(max_results=2, app=app)
    assert len(page.users) == 2
    listed = [user.uid for user in page.iterate_all()]
    assert len(listed) == 5
    assert set(listed) == created
    assert auth.list_users(app=app).has_next_page is False


def test_an_empty_project_lists_nobody(app):
    assert auth.list_users(app=app).users == []


def test_listing_never_shows_a_password_hash(rest, app):
    uid = rest.sign_up("anna@example.com")["localId"]
    listed = auth.list_users(app=app).users
    # "REDACTED" in base64, as production answers without the right to see hashes.
    assert [(user.uid, user.password_hash) for user in listed] == [(uid, "UkVEQUNURUQ=")]


def test_many_users_are_deleted_at_once_and_unknown_ids_do_not_matter(app):
    ids = [auth.create_user(app=app).uid for _ in range(3)]
    result = auth.delete_users([*ids, "nobody"], app=app)
    assert (result.success_count, result.failure_count) == (4, 0)
    assert auth.list_users(app=app).users == []


def test_without_force_only_disabled_users_are_deleted(rest, app, project):
    active = auth.create_user(app=app).uid
    disabled = auth.create_user(disabled=True, app=app).uid
    body = {"localIds": [active, disabled], "force": False}
    answer = done(rest.admin("POST", f"/v1/projects/{project}/accounts:batchDelete", body))
    assert [(error["index"], error["localId"]) for error in answer["errors"]] == [(0, active)]
    assert [user.uid for user in auth.list_users(app=app).users] == [active]


def test_an_imported_bcrypt_user_exists_and_no_password_fits(rest, app):
    """bcrypt cannot be checked without a package of its own; the account is there all the same."""
    record = auth.ImportUserRecord(
        uid="imp1",
        email="imp@example.com",
        custom_claims={"role": "USER"},
        provider_data=[auth.UserProvider(uid="g9", provider_id="google.com")],
        password_hash=b"$2b$12$abcdefghijklmnopqrstuu5Q9m9i1A6Jp0Vw0l6V4kKQy7m9o1oCy",
    )
    result = auth.import_users([record], hash_alg=auth.UserImportHash.bcrypt(), app=app)
    assert (result.success_count, result.failure_count) == (1, 0)
    user = auth.get_user("imp1", app=app)
    assert (user.email, user.custom_claims) == ("imp@example.com", {"role": "USER"})
    rest.hide_addresses(True)
    assert refusal(rest.sign_in("imp@example.com", "whatever"))[0] == 400


def test_an_import_reports_what_failed_and_keeps_the_rest(server, app):
    auth.create_user(uid="u1", email="anna@example.com", app=app)
    records = [
        auth.ImportUserRecord(uid="u2", email="anna@example.com"),
        auth.ImportUserRecord(uid="u3", email="carl@example.com"),
    ]
    result = auth.import_users(records, app=app)
    assert (result.success_count, [error.index for error in result.errors]) == (1, [0])
    assert auth.get_user("u3", app=app).email == "carl@example.com"


def test_flushing_removes_accounts_and_codes(rest, app):
    rest.sign_up("anna@example.com")
    rest.call("sendOobCode", requestType="PASSWORD_RESET", email="anna@example.com")
    rest.flush()
    assert auth.list_users(app=app).users == []
    assert rest.codes() == []
    rest.sign_up("anna@example.com")


def test_a_lookup_by_administrator_needs_no_token_and_shows_the_account(rest, project):
    account = rest.sign_up("anna@example.com")
    path = f"/v1/projects/{project}/accounts:lookup"
    found = done(rest.admin("POST", path, {"email": ["anna@example.com"]}))["users"]
    assert [user["localId"] for user in found] == [account["localId"]]
    assert claims_of(account["idToken"])["sub"] == account["localId"]
    assert "users" not in done(rest.admin("POST", path, {"localId": ["nobody"]}))


@pytest.mark.parametrize(
    ("call", "body", "code"),
    [
        ("", {"localId": "x" * 129}, "INVALID_LOCAL_ID"),
        (":batchDelete", {"localIds": []}, "LOCAL_ID_LIST_EXCEEDS_LIMIT"),
        (":batchDelete", {"localIds": ["x"] * 1001}, "LOCAL_ID_LIST_EXCEEDS_LIMIT"),
        (":batchCreate", {"users": []}, "MISSING_USER_ACCOUNT"),
        (":batchCreate", {"users": ["u1"]}, "INVALID_ARGUMENT"),
        (":batchCreate", {"users": [{"passwordHash": "eA=="}]}, "INVALID_HASH_ALGORITHM"),
        (":update", {"displayName": "x"}, "MISSING_LOCAL_ID"),
        (":delete", {}, "MISSING_LOCAL_ID"),
    ],
)
def test_a_malformed_admin_call_is_refused(server, rest, project, call, body, code):
    response = rest.admin("POST", f"/v1/projects/{project}/accounts{call}", body)
    assert refusal(response) == (400, code)


@pytest.mark.parametrize("size", ["0", "1001", "many", "-1"])
def test_a_page_holds_1_to_1000_users(server, rest, project, size):
    path = f"/v1/projects/{project}/accounts:batchGet"
    response = rest.admin("GET", path, maxResults=size)
    assert refusal(response) == (400, "INVALID_PAGE_SELECTION")


def test_an_imported_hash_that_is_not_base64_is_reported(server, rest, project):
    users = [{"localId": "u1", "passwordHash": "***"}]
    path = f"/v1/projects/{project}/accounts:batchCreate"
    answer = done(rest.admin("POST", path, {"users": users, "hashAlgorithm": "BCRYPT"}))
    assert answer["error"] == [{"index": 0, "message": "INVALID_PASSWORD_HASH"}]


def test_a_phone_number_is_in_the_token(server, rest, app):
    uid = rest.sign_up("anna@example.com")["localId"]
    auth.update_user(uid, phone_number="+491701234567", app=app)
    claims = claims_of(done(rest.sign_in("anna@example.com"))["idToken"])
    assert claims["phone_number"] == "+491701234567"
    assert claims["firebase"]["identities"]["phone"] == ["+491701234567"]
