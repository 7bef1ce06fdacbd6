"""Mailed tokens: how long they count, for whom, and that of many racing uses one succeeds."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from shared.errors import TokenInvalid
from shared.models.tokens import LIFETIMES, Purpose, Token
from shared.rules.tokens import HELD
from shared.storage.effects import Effects
from shared.storage.tokens import TokenUse
from shared.wiring import Wiring
from tests.people import Person

VERIFY = Purpose.VERIFY_EMAIL


def a_token(parts: Wiring, lifter: Person, age: timedelta = timedelta(0)) -> str:
    created_at = parts.now() - age
    return parts.tokens.issue(
        Token(
            purpose=VERIFY,
            user_id=lifter.user_id,
            email=lifter.email,
            created_at=created_at,
            expires_at=created_at + LIFETIMES[VERIFY],
        )
    )


def use(parts: Wiring, lifter: Person, secret: str, purpose: Purpose = VERIFY) -> None:
    effects = Effects(now=parts.now(), token=TokenUse(secret, purpose))
    parts.accounts.note(lifter.user_id, lambda user: user, effects)


def test_a_token_works_once(parts: Wiring, lifter: Person) -> None:
    secret = a_token(parts, lifter)
    use(parts, lifter, secret)
    with pytest.raises(TokenInvalid, match="used already"):
        use(parts, lifter, secret)
    assert parts.tokens.find(secret, VERIFY, parts.now()) is None


def test_a_token_works_for_its_purpose_alone(parts: Wiring, lifter: Person) -> None:
    secret = a_token(parts, lifter)
    with pytest.raises(TokenInvalid, match="not one of ours"):
        use(parts, lifter, secret, Purpose.PASSWORD_RESET)
    use(parts, lifter, secret)


@pytest.mark.parametrize("secret", ["", "x", "/", "..", "\ud800", "ä" * 500])
def test_what_is_no_token_is_refused(parts: Wiring, lifter: Person, secret: str) -> None:
    with pytest.raises(TokenInvalid, match="not one of ours"):
        use(parts, lifter, secret)


def test_an_old_token_is_refused_and_changes_nothing(parts: Wiring, lifter: Person) -> None:
    secret = a_token(parts, lifter, LIFETIMES[VERIFY])
    with pytest.raises(TokenInvalid, match="has expired"):
        use(parts, lifter, secret)
    use(parts, lifter, a_token(parts, lifter, LIFETIMES[VERIFY] - timedelta(minutes=1)))


def test_of_many_racing_uses_one_succeeds(parts: Wiring, lifter: Person) -> None:
    secret, together = a_token(parts, lifter), threading.Barrier(4)

    def race(_: int) -> bool:
        together.wait()
        try:
            use(parts, lifter, secret)
        except TokenInvalid:
            return False
        return True

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(race, range(4))) == [False, False, False, True]


class TestHolding:
    """While a password is set at Firebase, nobody else may begin."""

    def test_one_of_two_holds_it(self, parts: Wiring, lifter: Person) -> None:
        secret = a_token(parts, lifter)
        parts.tokens.hold(secret, VERIFY, parts.now())
        with pytest.raises(TokenInvalid, match="being used"):
            parts.tokens.hold(secret, VERIFY, parts.now())

    def test_who_died_over_it_lets_go_after_a_while(self, parts: Wiring, lifter: Person) -> None:
        secret = a_token(parts, lifter)
        parts.tokens.hold(secret, VERIFY, parts.now() - HELD)
        parts.tokens.hold(secret, VERIFY, parts.now())

    def test_whose_use_failed_lets_go_at_once(self, parts: Wiring, lifter: Person) -> None:
        secret = a_token(parts, lifter)
        parts.tokens.hold(secret, VERIFY, parts.now())
        parts.tokens.let_go(secret)
        parts.tokens.hold(secret, VERIFY, parts.now())


def test_the_secret_is_not_even_in_what_is_printed(parts: Wiring, lifter: Person) -> None:
    secret = a_token(parts, lifter)
    assert len(secret) == 43
    assert secret not in repr(TokenUse(secret, VERIFY))
