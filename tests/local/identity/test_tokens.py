"""ID tokens: their signature, their claims, and which ones are believed."""

import time

import jwt
import pytest
from firebase_admin import auth
from google.auth.transport import requests as google_requests
from google.oauth2 import id_token as google_id_token

from infra.local.signer import Signer
from tests.local.identity.rest import claims_of, done, refusal, verified


def test_an_id_token_is_rs256_and_verifies_with_the_published_certificate(
    server, http, rest, project
):
    token = rest.sign_up("anna@example.com")["idToken"]
    header = jwt.get_unverified_header(token)
    assert (header["alg"], header["kid"] in done(http.get(server.certificates_url))) == (
        "RS256",
        True,
    )
    assert verified(server, http, token, project)["email"] == "anna@example.com"


def test_an_id_token_carries_production_s_claims(server, http, rest, app, project):
    auth.create_user(
        uid="u1",
        email="Anna@Example.com",
        password="Passw0rd!",
        display_name="Anna",
        photo_url="https://example.com/a.png",
        email_verified=True,
        app=app,
    )
    auth.set_custom_user_claims("u1", {"role": "ADMIN"}, app=app)
    before = int(time.time())
    claims = verified(server, http, done(rest.sign_in("anna@example.com"))["idToken"], project)
    assert before <= claims["iat"] <= time.time()
    assert claims == {
        "iss": f"https://securetoken.google.com/{project}",
        "aud": project,
        "sub": "u1",
        "user_id": "u1",
        "auth_time": claims["iat"],
        "iat": claims["iat"],
        "exp": claims["iat"] + 3600,
        "email": "anna@example.com",
        "email_verified": True,
        "name": "Anna",
        "picture": "https://example.com/a.png",
        "role": "ADMIN",
        "firebase": {
            "identities": {"email": ["anna@example.com"]},
            "sign_in_provider": "password",
        },
    }


def test_firebase_admin_reads_a_token_and_its_custom_claims(rest, app):
    uid = auth.create_user(email="anna@example.com", password="Passw0rd!", app=app).uid
    auth.set_custom_user_claims(uid, {"role": "ADMIN", "org": "o1"}, app=app)
    assert auth.get_user(uid, app=app).custom_claims == {"role": "ADMIN", "org": "o1"}
    claims = auth.verify_id_token(done(rest.sign_in("anna@example.com"))["idToken"], app=app)
    assert (claims["uid"], claims["role"], claims["org"]) == (uid, "ADMIN", "o1")
    assert claims["email_verified"] is False


def test_googles_verifier_accepts_a_token_with_our_certificates_address(server, rest, project):
    token = rest.sign_up("anna@example.com")["idToken"]
    request = google_requests.Request()
    claims = google_id_token.verify_token(
        token, request, audience=project, certs_url=server.certificates_url
    )
    assert claims["email"] == "anna@example.com"
    with pytest.raises(ValueError, match="audience"):
        google_id_token.verify_token(
            token, request, audience="another", certs_url=server.certificates_url
        )


@pytest.mark.parametrize(
    ("token", "error"), [("x.y.z", auth.InvalidIdTokenError), ("", ValueError)]
)
def test_firebase_admin_refuses_garbage(app, token, error):
    with pytest.raises(error):
        auth.verify_id_token(token, app=app)


def test_firebase_admin_refuses_a_token_of_another_project(rest, make_app):
    token = rest.sign_up("anna@example.com")["idToken"]
    with pytest.raises(auth.InvalidIdTokenError, match="aud"):
        auth.verify_id_token(token, app=make_app("demo-another"))


def test_lookup_refuses_an_unsigned_copy_of_a_good_token(server, rest):
    claims = claims_of(rest.sign_up("anna@example.com")["idToken"])
    unsigned = jwt.encode(claims, None, algorithm="none")
    assert refusal(rest.call("lookup", idToken=unsigned)) == (400, "INVALID_ID_TOKEN")


def test_lookup_refuses_a_token_signed_with_another_key(server, rest):
    claims = claims_of(rest.sign_up("anna@example.com")["idToken"])
    forged = Signer.create().jwt(claims)
    assert refusal(rest.call("lookup", idToken=forged)) == (400, "INVALID_ID_TOKEN")


def test_lookup_refuses_a_token_signed_with_the_certificate_as_a_secret(server, http, rest):
    """The public key must never serve as the key of a symmetric signature."""
    claims = claims_of(rest.sign_up("anna@example.com")["idToken"])
    header, payload, _ = jwt.encode(claims, "k" * 32, algorithm="HS256").split(".")
    certificate = next(iter(done(http.get(server.certificates_url)).values()))
    signature = jwt.get_algorithm_by_name("HS256").sign(
        f"{header}.{payload}".encode(), certificate.encode()
    )
    forged = f"{header}.{payload}.{jwt.utils.base64url_encode(signature).decode()}"
    assert refusal(rest.call("lookup", idToken=forged)) == (400, "INVALID_ID_TOKEN")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"iss": "https://securetoken.google.com/another"}, "INVALID_ID_TOKEN"),
        ({"aud": "another"}, "INVALID_ID_TOKEN"),
        ({"sub": "nobody"}, "USER_NOT_FOUND"),
        ({"exp": 1_700_000_000}, "TOKEN_EXPIRED"),
        ({"exp": None}, "INVALID_ID_TOKEN"),
    ],
)
def test_lookup_checks_every_claim_of_a_signed_token(server, signer, rest, change, code):
    claims = claims_of(rest.sign_up("anna@example.com")["idToken"]) | change
    signed = signer.jwt({name: value for name, value in claims.items() if value is not None})
    assert refusal(rest.call("lookup", idToken=signed)) == (400, code)


def test_a_token_is_refused_after_its_hour(server, rest, clock):
    token = rest.sign_up("anna@example.com")["idToken"]
    clock.ahead = 3590
    assert rest.call("lookup", idToken=token).status_code == 200
    clock.ahead = 3601
    assert refusal(rest.call("lookup", idToken=token)) == (400, "TOKEN_EXPIRED")


def test_a_session_cookie_is_made_from_an_id_token_and_verifies(server, http, rest, app, project):
    token = rest.sign_up("anna@example.com")["idToken"]
    cookie = auth.create_session_cookie(token, expires_in=3600, app=app)
    assert auth.verify_session_cookie(cookie, app=app)["email"] == "anna@example.com"
    claims = verified(server, http, cookie, project)
    assert claims["iss"] == f"https://session.firebase.google.com/{project}"
    assert claims["exp"] - claims["iat"] == 3600


def test_no_session_cookie_is_made_from_an_unsigned_token(server, rest, app):
    claims = claims_of(rest.sign_up("anna@example.com")["idToken"])
    unsigned = jwt.encode(claims, None, algorithm="none")
    with pytest.raises(auth.InvalidIdTokenError):
        auth.create_session_cookie(unsigned, expires_in=3600, app=app)


@pytest.mark.parametrize("duration", [299, 1_209_601, None])
def test_a_session_cookie_lives_five_minutes_to_two_weeks(rest, project, duration):
    body = {"idToken": rest.sign_up("anna@example.com")["idToken"], "validDuration": duration}
    response = rest.admin("POST", f"/v1/projects/{project}:createSessionCookie", body)
    assert refusal(response) == (400, "INVALID_DURATION")
