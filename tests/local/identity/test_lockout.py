"""Too many failed sign-ins: production locks, Google's emulator does not."""

from collections.abc import Iterator

import pytest

from infra.local.identity.server import IdentityServer
from tests.local.identity.rest import Clock, Rest, done, refusal

LOCKED = (400, "TOO_MANY_ATTEMPTS_TRY_LATER")
BAD = (400, "INVALID_LOGIN_CREDENTIALS")


@pytest.fixture
def moved() -> Clock:
    return Clock()


@pytest.fixture
def strict(signer, http, moved) -> Iterator[Rest]:
    """A client of a server that locks an address after 3 failures in 60 s."""
    server = IdentityServer(
        "demo-lockout", signer, lockout_threshold=3, lockout_window=60, now=moved
    )
    server.start()
    rest = Rest(http, server.address, "demo-lockout", "any-key")
    rest.sign_up("anna@example.com")
    yield rest
    server.stop()


def fail(rest: Rest, email: str, times: int) -> None:
    assert [refusal(rest.sign_in(email, "bad")) for _ in range(times)] == [BAD] * times


@pytest.mark.parametrize("email", ["anna@example.com", "nobody@example.com"])
def test_the_fourth_attempt_after_three_failures_is_locked(strict, email):
    fail(strict, email, 3)
    assert refusal(strict.sign_in(email, "bad")) == LOCKED


def test_the_lock_holds_for_the_right_password_and_only_for_its_address(strict):
    strict.sign_up("bert@example.com")
    fail(strict, "anna@example.com", 3)
    assert refusal(strict.sign_in("anna@example.com")) == LOCKED
    assert strict.sign_in("bert@example.com").status_code == 200


def test_the_lock_ends_when_its_window_is_over(strict, moved):
    fail(strict, "anna@example.com", 3)
    moved.ahead = 59
    assert refusal(strict.sign_in("anna@example.com")) == LOCKED
    moved.ahead = 61
    assert strict.sign_in("anna@example.com").status_code == 200


def test_a_good_sign_in_starts_the_count_again(strict):
    fail(strict, "anna@example.com", 2)
    assert strict.sign_in("anna@example.com").status_code == 200
    fail(strict, "anna@example.com", 3)


def test_a_password_reset_opens_the_lock(strict):
    fail(strict, "anna@example.com", 3)
    done(strict.call("sendOobCode", requestType="PASSWORD_RESET", email="anna@example.com"))
    code = strict.codes()[0]["oobCode"]
    done(strict.call("resetPassword", oobCode=code, newPassword="Another1!"))
    assert strict.sign_in("anna@example.com", "Another1!").status_code == 200


def test_by_default_a_test_of_25_bad_passwords_meets_no_lock(server, rest):
    rest.sign_up("anna@example.com")
    fail(rest, "anna@example.com", 25)
    assert rest.sign_in("anna@example.com").status_code == 200
