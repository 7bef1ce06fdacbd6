"""T17: whether an address has an account cannot be told by status, by body or by time."""

import time
from collections.abc import Callable
from statistics import median

import pytest
from werkzeug.test import TestResponse

from infra.local.mailbox.server import Mailbox
from shared.services.auth import CONCEALED
from shared.wiring import Wiring
from tests.client import Api
from tests.functions.auth.mailed import Post
from tests.functions.auth.newcomers import a_newcomer, an_address, login
from tests.functions.auth.test_password_reset import ask
from tests.functions.refusals import refused
from tests.people import PASSWORD, Person

ROUNDS = 60
MOST_SECONDS = 0.005
"""By which the medians may differ; the machine is shared, so single calls say nothing."""


def seconds(call: Callable[[], TestResponse], status: int) -> float:
    started = time.perf_counter()
    answer = call()
    took = time.perf_counter() - started
    assert answer.status_code == status, answer.text
    return took


@pytest.mark.parametrize(
    ("call", "status"),
    [
        pytest.param(lambda api, email: login(api, email, "not the password"), 401, id="login"),
        pytest.param(ask, 200, id="reset"),
    ],
)
def test_known_and_unknown_addresses_take_as_long(
    api: Api, lifter: Person, call: Callable[[Api, str], TestResponse], status: int
) -> None:
    """Calls take turns, so that whatever else the machine does slows both alike."""
    nobody, known, unknown = an_address(), [], []
    for _ in range(ROUNDS):
        known.append(seconds(lambda: call(api, lifter.email), status))
        unknown.append(seconds(lambda: call(api, nobody), status))
    assert abs(median(known) - median(unknown)) < MOST_SECONDS, (median(known), median(unknown))


class TestConcealing:
    """REGISTER_CONCEAL: registering tells nobody but the holder of the address."""

    @pytest.fixture(autouse=True)
    def _concealing(self, parts: Wiring, lifter: Person, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(parts.auth, "_conceals", True)

    def test_new_and_known_addresses_are_answered_alike(self, api: Api, lifter: Person) -> None:
        new = api.post("/auth/register", json=a_newcomer())
        known = api.post("/auth/register", json=a_newcomer(email=lifter.email))
        assert (new.status_code, known.status_code) == (202, 202)
        assert new.get_data() == known.get_data() == CONCEALED.model_dump_json().encode()

    def test_the_holder_is_told_by_mail(self, api: Api, lifter: Person, post: Post) -> None:
        api.post("/auth/register", json=a_newcomer(email=lifter.email, full_name="Somebody"))
        assert set(post.subjects(lifter.email)) == {
            "Confirm your e-mail address for HypertroQ",
            "You already have a HypertroQ account",
        }
        assert lifter.api.get("/auth/me").json["full_name"] == "Robin Lifter"

    def test_a_new_account_works(self, api: Api, post: Post) -> None:
        newcomer = a_newcomer()
        api.post("/auth/register", json=newcomer)
        assert login(api, newcomer["email"]).status_code == 200
        assert post.subjects(newcomer["email"]) == ["Confirm your e-mail address for HypertroQ"]

    def test_a_weak_password_is_refused_for_both(self, api: Api, lifter: Person) -> None:
        for email in (an_address(), lifter.email):
            answer = api.post("/auth/register", json=a_newcomer(email=email, password="short"))
            refused(answer, 422, "PASSWORD_TOO_WEAK")


def test_without_concealing_a_known_address_is_a_409(
    api: Api, lifter: Person, mailbox: Mailbox
) -> None:
    """A1: what the web client looks at."""
    answer = api.post("/auth/register", json=a_newcomer(email=lifter.email, password=PASSWORD))
    refused(answer, 409, "EMAIL_ALREADY_REGISTERED")
