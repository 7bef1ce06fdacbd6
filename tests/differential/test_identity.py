"""The embedded identity server against Google's emulator: the same calls to both."""

import jwt
import pytest

from tests.differential.identity_calls import CALLS, EMAIL, PASSWORD
from tests.differential.identity_differences import DIFFERENCES


@pytest.fixture(scope="module")
def answers(identity_emulator, identity_server):
    """Each call's answers, the emulator's first."""
    return {name: (call(identity_emulator), call(identity_server)) for name, call in CALLS.items()}


@pytest.mark.parametrize("name", [name for name in CALLS if name not in DIFFERENCES])
def test_both_answer_alike(answers, name):
    reference, ours = answers[name]
    assert ours == reference


@pytest.mark.parametrize("name", DIFFERENCES)
def test_a_difference_is_the_documented_one(answers, name):
    reference, ours = answers[name]
    assert (reference.status, reference.code) == DIFFERENCES[name].reference
    assert (ours.status, ours.code) == DIFFERENCES[name].ours


def test_only_our_tokens_are_signed(identity_emulator, identity_server):
    """Production signs with RS256; the emulator's tokens must not pass for such."""
    algorithms = []
    for caller in (identity_emulator, identity_server):
        caller.public("signUp", "signed", email=f"signed.{EMAIL}", password=PASSWORD)
        caller.public(
            "signInWithPassword",
            "signed",
            email=f"signed.{EMAIL}",
            password=PASSWORD,
            returnSecureToken=True,
        )
        algorithms.append(jwt.get_unverified_header(caller.kept["signed id"])["alg"])
    assert algorithms == ["none", "RS256"]
