"""What newcomers and people signing in send."""

import pytest
from pydantic import ValidationError

from shared.models.accounts import Credentials, RefreshRequest, Registration

VALID = {"email": "robin@example.com", "password": "quiet bar", "full_name": "Robin"}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("robin@example.com", "robin@example.com"),
        (" Robin@Example.COM ", "robin@example.com"),
        ("o'neill+gym/1=a@sub.example.co", "o'neill+gym/1=a@sub.example.co"),
        ("a@xn--bcher-kva.example", "a@xn--bcher-kva.example"),
        ("x" * 64 + "@example.com", "x" * 64 + "@example.com"),
    ],
)
def test_an_address_is_kept_in_lower_case(typed: str, kept: str):
    """C3."""
    assert Registration(**VALID | {"email": typed}).email == kept


@pytest.mark.parametrize(
    "typed",
    [
        "robin",
        "@example.com",
        "robin@localhost",
        "robin@example..com",
        "robin@.example.com",
        "robin@example.com.",
        "robin@exa_mple.com",
        "robin@-a.example",
        "ro bin@example.com",
        "robin@example.com, kim@example.com",
        "Robin <robin@example.com>",
        '"a b"@example.com',
        "röbin@example.com",
        "x" * 65 + "@example.com",
        "a@" + "x" * 64 + ".example",
        "a@" + "x." * 130 + "example",
    ],
)
def test_what_is_no_address_is_refused(typed: str):
    with pytest.raises(ValidationError):
        Registration(**VALID | {"email": typed})


def test_an_address_is_judged_quickly_however_it_is_made():
    """No pattern may take ages over hostile text."""
    with pytest.raises(ValidationError):
        Registration(**VALID | {"email": "a@" + "a-" * 100_000 + "!"})


def test_a_password_is_kept_as_typed():
    assert Registration(**VALID | {"password": "  blanks  "}).password == "  blanks  "
    assert Credentials(email="a", password=" x ").password == " x "


def test_a_name_is_trimmed():
    assert Registration(**VALID | {"full_name": "  Robin Lifter "}).full_name == "Robin Lifter"


def test_credentials_take_any_text_as_address():
    """Whatever is no address gets the answer of an unknown one."""
    assert Credentials(email=" Robin ", password="x").email == "robin"
    assert Credentials.model_validate({"username": "A@B.C", "password": "x"}).email == "a@b.c"


def test_email_counts_when_username_is_sent_too():
    both = {"username": "other@example.com", "email": "robin@example.com", "password": "x"}
    assert Credentials.model_validate(both).email == "robin@example.com"


@pytest.mark.parametrize("token", ["", "x" * 4_097])
def test_a_refresh_token_has_a_sensible_length(token: str):
    with pytest.raises(ValidationError):
        RefreshRequest(refresh_token=token)
