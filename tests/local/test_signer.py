"""The local signer: what it signs, what it publishes, what it keeps."""

import json
import stat
from pathlib import Path

import jwt
import pytest
from cryptography import x509
from google.auth import jwt as google_jwt

from infra.local.signer import Signer


@pytest.fixture(scope="module")
def signer() -> Signer:
    return Signer.create()


def public_key(signer: Signer):
    return x509.load_pem_x509_certificate(
        signer.certificates()[signer.key_id].encode()
    ).public_key()


def test_a_token_verifies_with_the_published_certificate(signer: Signer) -> None:
    token = signer.jwt({"sub": "anna", "aud": "demo"})
    assert jwt.get_unverified_header(token) == {"alg": "RS256", "typ": "JWT", "kid": signer.key_id}
    claims = jwt.decode(token, public_key(signer), algorithms=["RS256"], audience="demo")
    assert claims == {"sub": "anna", "aud": "demo"}


def test_googles_verifier_accepts_the_certificates_as_they_are_served(signer: Signer) -> None:
    token = signer.jwt({"aud": "demo", "iat": 1_700_000_000, "exp": 4_000_000_000})
    served = json.loads(json.dumps(signer.certificates()))
    assert google_jwt.decode(token, certs=served, audience="demo")["exp"] == 4_000_000_000


def test_a_token_of_another_key_does_not_verify(signer: Signer) -> None:
    other = Signer.create()
    assert other.key_id != signer.key_id
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.decode(other.jwt({"sub": "anna"}), public_key(signer), algorithms=["RS256"])


def test_a_kept_key_is_the_same_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "data" / "key.pem"
    first = Signer.create(path)
    token = first.jwt({"sub": "anna"})
    second = Signer.create(path)
    assert second.certificates() == first.certificates()
    assert jwt.decode(token, public_key(second), algorithms=["RS256"]) == {"sub": "anna"}


def test_only_the_owner_may_read_the_key_and_nothing_else_is_left(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    Signer.create(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_is_no_key_is_refused_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    path.write_text("not a key")
    with pytest.raises(ValueError, match="PEM"):
        Signer.create(path)
    assert path.read_text() == "not a key"


def test_a_certificate_of_another_key_is_refused(tmp_path: Path) -> None:
    one, two = tmp_path / "one.pem", tmp_path / "two.pem"
    Signer.create(one)
    Signer.create(two)
    marker = "-----BEGIN CERTIFICATE-----"
    mixed = one.read_text().split(marker)[0] + marker + two.read_text().split(marker)[1]
    one.write_text(mixed)
    with pytest.raises(ValueError, match="another key"):
        Signer.create(one)
