"""ID tokens: the genuine ones pass, every forgery is refused, and nobody is asked too often."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import httpx
import pytest

from infra.local.signer import Signer
from shared.errors import TokenExpired, TokenInvalid, Unauthenticated, Unavailable
from shared.gateways.id_tokens import Claims, IdTokenVerifier
from tests.gateways.certificate_server import CertificateServer
from tests.gateways.forgeries import GONE, NOW, PROJECT, claims, compact, forgeries, rs256, unsigned

GENUINE, STRANGER = Signer.create(), Signer.create()
FORGERIES = forgeries(GENUINE, STRANGER)
ANNA = Claims(
    uid="anna-1",
    email="anna@example.com",
    email_verified=True,
    name="Anna",
    auth_time=NOW - 600,
    issued_at=NOW - 60,
    expires_at=NOW + 3540,
    sign_in_provider="password",
)


class Clock:
    def __init__(self) -> None:
        self.time = float(NOW)

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def http() -> Iterator[httpx.Client]:
    with httpx.Client() as client:
        yield client


@pytest.fixture
def server() -> Iterator[CertificateServer]:
    with closing(CertificateServer(GENUINE.certificates())) as running:
        yield running


@pytest.fixture
def verifier(server: CertificateServer, http: httpx.Client, clock: Clock) -> IdTokenVerifier:
    return IdTokenVerifier(PROJECT, server.url, clock, http)


@pytest.fixture(scope="module")
def lasting(http: httpx.Client) -> Iterator[IdTokenVerifier]:
    """One verifier for all forgeries, as in a running instance."""
    with closing(CertificateServer(GENUINE.certificates())) as running:
        verifier = IdTokenVerifier(PROJECT, running.url, lambda: float(NOW), http)
        verifier.verify(GENUINE.jwt(claims()))
        yield verifier


def test_a_genuine_token_says_who_signed_in(verifier: IdTokenVerifier):
    assert verifier.verify(GENUINE.jwt(claims())) == ANNA


def test_what_a_token_may_leave_out_is_none(verifier: IdTokenVerifier):
    spare = claims(email=GONE, email_verified=GONE, name=GONE, firebase=GONE)
    found = verifier.verify(GENUINE.jwt(spare))
    assert (found.email, found.email_verified, found.name) == (None, False, None)
    assert found.sign_in_provider is None


def test_roles_in_a_token_reach_nobody(verifier: IdTokenVerifier):
    assert verifier.verify(GENUINE.jwt(claims(role="ADMIN", admin=True, tier="PRO"))) == ANNA


def test_a_clock_a_minute_ahead_is_borne(verifier: IdTokenVerifier):
    ahead = claims(iat=NOW + 60, auth_time=NOW + 60, nbf=NOW + 60)
    assert verifier.verify(GENUINE.jwt(ahead)).issued_at == NOW + 60


def test_the_longest_user_id_passes(verifier: IdTokenVerifier):
    assert verifier.verify(GENUINE.jwt(claims(sub="a" * 128))).uid == "a" * 128


def test_there_are_many_forgeries_and_no_two_alike():
    assert len(FORGERIES) >= 140
    assert len(set(FORGERIES.values())) == len(FORGERIES)
    assert GENUINE.jwt(claims()) not in FORGERIES.values()


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forgery_is_refused(lasting: IdTokenVerifier, name: str):
    with pytest.raises(TokenInvalid) as refusal:
        lasting.verify(FORGERIES[name])
    assert type(refusal.value) is TokenInvalid
    assert refusal.value.headers == {"WWW-Authenticate": "Bearer"}


def test_genuine_tokens_still_pass_after_all_forgeries(lasting: IdTokenVerifier):
    for token in FORGERIES.values():
        with pytest.raises(Unauthenticated):
            lasting.verify(token)
    assert lasting.verify(GENUINE.jwt(claims())) == ANNA


def test_every_changed_letter_of_a_token_makes_it_a_forgery(lasting: IdTokenVerifier):
    token = GENUINE.jwt(claims())
    for place, letter in enumerate(token):
        with pytest.raises(Unauthenticated):
            lasting.verify(token[:place] + ("A" if letter != "A" else "B") + token[place + 1 :])


def test_a_token_is_good_until_the_second_it_expires(verifier: IdTokenVerifier, clock: Clock):
    token = GENUINE.jwt(claims())
    clock.time = NOW + 3539.9
    assert verifier.verify(token) == ANNA
    for late in (NOW + 3540, NOW + 90_000):
        clock.time = late
        with pytest.raises(TokenExpired):
            verifier.verify(token)


def test_a_token_first_seen_after_its_time_is_expired(verifier: IdTokenVerifier):
    with pytest.raises(TokenExpired):
        verifier.verify(GENUINE.jwt(claims(exp=NOW)))


def test_an_expired_token_of_another_project_is_not_called_expired(verifier: IdTokenVerifier):
    with pytest.raises(TokenInvalid):
        verifier.verify(GENUINE.jwt(claims(exp=NOW - 1, aud="other")))


UNSIGNED = compact({"alg": "none", "typ": "JWT"}, claims(), unsigned)


def test_an_unsigned_token_passes_only_where_the_stack_has_no_others(
    server: CertificateServer, http: httpx.Client, clock: Clock, verifier: IdTokenVerifier
):
    lenient = IdTokenVerifier(PROJECT, server.url, clock, http, allow_unsigned=True)
    assert lenient.verify(UNSIGNED) == ANNA
    assert lenient.verify(GENUINE.jwt(claims())) == ANNA
    with pytest.raises(TokenInvalid):
        verifier.verify(UNSIGNED)


@pytest.mark.parametrize(
    "name",
    [name for name in FORGERIES if name.startswith(("claims: ", "alg "))],
)
def test_even_there_the_claims_and_the_spelling_of_none_count(
    http: httpx.Client, clock: Clock, name: str
):
    lenient = IdTokenVerifier(PROJECT, "http://127.0.0.1:1/", clock, http, allow_unsigned=True)
    header, payload, signature = FORGERIES[name].split(".")
    if name.startswith("claims: "):
        header, signature = UNSIGNED.split(".")[0], ""
    elif name in {"alg none without kid", "alg none with kid"}:
        assert lenient.verify(FORGERIES[name]) == ANNA
        return
    with pytest.raises((TokenInvalid, Unavailable)):
        lenient.verify(f"{header}.{payload}.{signature}")


def test_300_verifications_ask_for_the_certificates_once(
    server: CertificateServer, verifier: IdTokenVerifier
):
    for number in range(300):
        assert verifier.verify(GENUINE.jwt(claims(sub=f"user-{number}"))).uid == f"user-{number}"
    assert server.asked == 1


def test_threads_that_come_together_ask_once(server: CertificateServer, verifier: IdTokenVerifier):
    tokens = [GENUINE.jwt(claims(sub=f"user-{number}")) for number in range(16)]
    with ThreadPoolExecutor(16) as pool:
        assert [found.uid for found in pool.map(verifier.verify, tokens)] == [
            f"user-{number}" for number in range(16)
        ]
    assert server.asked == 1


def test_a_new_key_is_picked_up_when_its_first_token_arrives(
    server: CertificateServer, verifier: IdTokenVerifier, clock: Clock
):
    verifier.verify(GENUINE.jwt(claims()))
    server.certificates = GENUINE.certificates() | STRANGER.certificates()
    clock.time += 31
    assert verifier.verify(STRANGER.jwt(claims())) == ANNA
    assert server.asked == 2


def test_made_up_key_ids_cost_one_question_in_thirty_seconds(
    server: CertificateServer, verifier: IdTokenVerifier, clock: Clock
):
    verifier.verify(GENUINE.jwt(claims()))
    clock.time += 31
    for number in range(200):
        header = {"alg": "RS256", "kid": f"{number:040x}", "typ": "JWT"}
        with pytest.raises(TokenInvalid):
            verifier.verify(compact(header, claims(), rs256(STRANGER)))
        clock.time += 0.1
    assert server.asked == 2


def test_certificates_are_kept_for_as_long_as_their_server_says(
    server: CertificateServer, verifier: IdTokenVerifier, clock: Clock
):
    server.cache_control = "public, max-age=600"
    verifier.verify(GENUINE.jwt(claims()))
    clock.time += 599
    verifier.verify(GENUINE.jwt(claims(sub="bert-2")))
    assert server.asked == 1
    clock.time += 1
    verifier.verify(GENUINE.jwt(claims(sub="carl-3")))
    assert server.asked == 2


@pytest.mark.parametrize(
    ("cache_control", "seconds"),
    [
        (None, 3600),
        ("no-store", 3600),
        ("max-age=abc", 3600),
        ("s-maxage=5", 3600),
        ("max-age=0", 60),
        ("max-age=-1", 3600),
        ("max-age=999999999", 86_400),
        ("Public,Max-Age=120", 120),
    ],
)
def test_an_odd_lifetime_is_bounded(
    server: CertificateServer,
    verifier: IdTokenVerifier,
    clock: Clock,
    cache_control: str | None,
    seconds: int,
):
    server.cache_control = cache_control
    lasting = claims(exp=NOW + 100_000)
    verifier.verify(GENUINE.jwt(lasting))
    clock.time += seconds - 1
    verifier.verify(GENUINE.jwt(lasting | {"sub": "bert-2"}))
    assert server.asked == 1
    clock.time += 1
    verifier.verify(GENUINE.jwt(lasting | {"sub": "carl-3"}))
    assert server.asked == 2


def test_a_withdrawn_key_is_no_longer_trusted_once_its_time_is_over(
    server: CertificateServer, verifier: IdTokenVerifier, clock: Clock
):
    verifier.verify(GENUINE.jwt(claims(exp=NOW + 9000)))
    server.certificates = STRANGER.certificates()
    clock.time += 3600
    with pytest.raises(TokenInvalid):
        verifier.verify(GENUINE.jwt(claims(exp=NOW + 9000, sub="bert-2")))


@pytest.mark.parametrize("outage", ["stopped", "failing", "talking nonsense", "listing nothing"])
def test_known_keys_keep_working_while_their_server_does_not(
    http: httpx.Client, clock: Clock, outage: str
):
    server = CertificateServer(GENUINE.certificates())
    with closing(server):
        verifier = IdTokenVerifier(PROJECT, server.url, clock, http)
        verifier.verify(GENUINE.jwt(claims()))
        server.status = 503 if outage == "failing" else 200
        server.body = {"talking nonsense": b"<html>", "listing nothing": b"{}"}.get(outage)
        if outage == "stopped":
            server.close()
        clock.time += 40_000
        for number in range(20):
            token = GENUINE.jwt(claims(exp=NOW + 50_000, sub=f"user-{number}"))
            assert verifier.verify(token).uid == f"user-{number}"
        assert server.asked == (1 if outage == "stopped" else 2)
        with pytest.raises(TokenInvalid):
            verifier.verify(STRANGER.jwt(claims()))


def test_a_server_that_returns_is_noticed_while_old_keys_serve(
    server: CertificateServer, verifier: IdTokenVerifier, clock: Clock
):
    verifier.verify(GENUINE.jwt(claims()))
    server.status = 500
    clock.time += 3600
    assert verifier.verify(GENUINE.jwt(claims(exp=NOW + 9000))).uid == "anna-1"
    server.status, server.certificates = 200, STRANGER.certificates()
    clock.time += 30
    with pytest.raises(TokenInvalid):
        verifier.verify(GENUINE.jwt(claims(exp=NOW + 9000, sub="bert-2")))
    assert server.asked == 3


def test_without_any_certificate_nobody_is_called_a_forger(http: httpx.Client, clock: Clock):
    """503, not 401: clients throw their session away at a 401."""
    server = CertificateServer(GENUINE.certificates())
    with closing(server):
        server.status = 500
        verifier = IdTokenVerifier(PROJECT, server.url, clock, http)
        for _ in range(50):
            with pytest.raises(Unavailable):
                verifier.verify(GENUINE.jwt(claims()))
        assert server.asked == 1
        server.status = 200
        clock.time += 2
        assert verifier.verify(GENUINE.jwt(claims())) == ANNA


def test_nobody_listening_is_an_outage_too(http: httpx.Client, clock: Clock):
    verifier = IdTokenVerifier(PROJECT, "http://127.0.0.1:1/", clock, http)
    with pytest.raises(Unavailable):
        verifier.verify(GENUINE.jwt(claims()))


def test_an_obvious_forgery_is_refused_without_certificates(http: httpx.Client, clock: Clock):
    verifier = IdTokenVerifier(PROJECT, "http://127.0.0.1:1/", clock, http)
    for name in ("empty", "garbage", "alg none with kid", "kid missing", "5 KB", "embedded jwk"):
        with pytest.raises(TokenInvalid):
            verifier.verify(FORGERIES[name])


def test_known_keys_do_not_wait_for_a_slow_certificate_server(
    server: CertificateServer, verifier: IdTokenVerifier, clock: Clock
):
    verifier.verify(GENUINE.jwt(claims()))
    clock.time += 3600
    lasting = claims(exp=NOW + 9000)
    server.go_on.clear()
    with ThreadPoolExecutor(1) as pool:
        asking = pool.submit(verifier.verify, GENUINE.jwt(lasting | {"sub": "bert-2"}))
        while server.asked < 2:
            time.sleep(0.001)
        assert verifier.verify(GENUINE.jwt(lasting | {"sub": "carl-3"})).uid == "carl-3"
        assert not asking.done()
        server.go_on.set()
        assert asking.result().uid == "bert-2"


def test_unusable_entries_among_the_certificates_are_passed_over(
    server: CertificateServer, verifier: IdTokenVerifier
):
    server.certificates = {"a": "no certificate", "b": 7, "c": "é", **GENUINE.certificates()}
    assert verifier.verify(GENUINE.jwt(claims())) == ANNA


def test_a_token_seen_before_is_not_checked_again_until_2048_others_came(
    server: CertificateServer, verifier: IdTokenVerifier, clock: Clock
):
    """Seen by taking its key away: only a token that is checked anew misses it."""
    seen = GENUINE.jwt(claims(exp=NOW + 9000))
    verifier.verify(seen)
    server.certificates = STRANGER.certificates()
    clock.time += 3600
    verifier.verify(STRANGER.jwt(claims(exp=NOW + 9000)))
    assert verifier.verify(seen).uid == "anna-1"
    for number in range(2048):
        verifier._remember(number.to_bytes(32, "big"), ANNA)
    assert len(verifier._verified) == 2048
    with pytest.raises(TokenInvalid):
        verifier.verify(seen)
