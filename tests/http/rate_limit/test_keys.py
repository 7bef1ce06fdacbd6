"""Whose calls are counted together, and what is kept of them."""

import re
from contextlib import closing
from functools import partial

import pytest
from google.cloud.firestore import Client

from infra.local.firestore.server import FirestoreServer
from shared.http.rate_limit import Identity, client_ip
from shared.rules.limits import POLICIES, KeyKind
from tests.http.rate_limit.limiters import (
    ANNA,
    TICK,
    Build,
    allowed,
    no_store,
)


def test_memory_is_bounded(build: Build):
    limiter = build(counters=no_store, most_keys=100)
    for number in range(1000):
        limiter.check(["public"], Identity(ip=f"2001:db8:{number:x}::/64"))
    assert len(limiter._buckets) == 100


def test_a_forgotten_key_is_counted_on_by_the_store(build: Build):
    limiter = build(TICK, most_keys=1)
    assert allowed(limiter, "tick", 10) == 10
    limiter.check(["tick"], Identity(user_id="bert"))
    assert allowed(limiter, "tick", 10) == 0


def test_what_is_stored_names_nobody(
    build: Build, server: FirestoreServer, monkeypatch: pytest.MonkeyPatch
):
    everyone = [name for name in POLICIES if not POLICIES[name].failures_only]
    build().check(everyone, ANNA)
    build(secret=b"x" * 200).check(["default"], ANNA)
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", server.address)
    with closing(Client(project="demo-limits")) as client:
        stored = [document.id for document in client.collection("rate_limits").stream()]
    windows = sum(len(POLICIES[name].windows) for name in everyone if POLICIES[name].shared)
    assert len(stored) == windows + 1  # the other secret gives another name
    assert all(re.fullmatch(r"[0-9a-f]{40}\.\d+", name) for name in stored)


@pytest.mark.parametrize("kind", [kind for kind in KeyKind if kind is not KeyKind.GLOBAL])
def test_a_limit_without_its_key_is_a_mistake_of_ours(kind: KeyKind):
    with pytest.raises(ValueError, match=f"a limit by {kind.name} "):
        Identity().key(kind)


def test_tokens_are_kept_as_hashes():
    # The SHA-256 of "abc", from the standard's own example.
    assert Identity(token="abc").key(KeyKind.TOKEN) == (
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )


def test_half_a_surrogate_pair_is_a_key_like_any_other(build: Build):
    identity = Identity(ip="192.0.2.1", address="\ud800@example.com", token="\ud800")
    assert build().check(["login_pair", "refresh_token"], identity).allowed


PROXIED = partial(client_ip, peer="10.0.0.9", trusted_hops=1)


@pytest.mark.parametrize(
    ("forwarded", "peer", "hops", "expected"),
    [
        (None, "192.0.2.7", 0, "192.0.2.7"),
        ("203.0.113.5", "192.0.2.7", 0, "192.0.2.7"),  # nobody we trust wrote that
        ("203.0.113.5", "10.0.0.9", 1, "203.0.113.5"),
        ("6.6.6.6, 203.0.113.5", "10.0.0.9", 1, "203.0.113.5"),
        ("6.6.6.6,203.0.113.5,10.0.0.1", "10.0.0.9", 2, "203.0.113.5"),
        ("203.0.113.5", "10.0.0.9", 2, "10.0.0.9"),  # fewer entries than proxies
        (None, "10.0.0.9", 1, "10.0.0.9"),
        ("", "10.0.0.9", 1, "10.0.0.9"),
        ("203.0.113.5, nonsense", "10.0.0.9", 1, "10.0.0.9"),
        ("203.0.113.5,", "10.0.0.9", 1, "10.0.0.9"),
        ("203.0.113.5:8080", "10.0.0.9", 1, "10.0.0.9"),
        ("2001:db8:1:2:3:4:5:6", "10.0.0.9", 1, "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "10.0.0.9", 1, "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "10.0.0.9", 1, "fe80::/64"),
        ("::ffff:203.0.113.5", "10.0.0.9", 1, "203.0.113.5"),
        (None, "::1", 0, "::/64"),
        (None, "unix", 0, "unix"),
        ("nonsense", "unix", 1, "unix"),
    ],
)
def test_an_address_comes_from_the_outermost_proxy_of_ours(
    forwarded: str | None, peer: str, hops: int, expected: str
):
    assert client_ip(forwarded, peer, hops) == expected


@pytest.mark.parametrize(
    "invented", ["1.2.3.4", "1.2.3.4, 5.6.7.8", "x" * 10_000, ", , ,", "::1", "\x00"]
)
def test_what_the_client_puts_before_does_not_change_the_key(invented: str):
    assert PROXIED(f"{invented}, 203.0.113.5") == PROXIED("203.0.113.5")
