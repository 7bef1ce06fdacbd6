"""A6 and A7: POST /auth/password-reset/request and /auth/password-reset/confirm."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from firebase_admin import auth
from werkzeug.test import TestResponse

from infra.local.stack import LocalStack
from shared.errors import Unavailable
from shared.gateways.ports import Files
from shared.wiring import Wiring
from tests.background import Background
from tests.client import Api, Functions
from tests.functions.auth.mailed import Post
from tests.functions.auth.newcomers import an_address, firebase_sign_up, login, signed_in
from tests.functions.conftest import Limited
from tests.functions.refusals import problem_places, refused
from tests.people import PASSWORD, Person

REQUEST, CONFIRM = "/auth/password-reset/request", "/auth/password-reset/confirm"
NEW = "another quiet barbell evening"
RESET = "Reset your HypertroQ password"
CHANGED = "Your HypertroQ password was changed"


def ask(api: Api, email: str) -> TestResponse:
    return api.post(REQUEST, json={"email": email})


def confirm(api: Api, token: str, password: str = NEW) -> TestResponse:
    return api.post(CONFIRM, json={"token": token, "new_password": password})


@pytest.fixture
def token(api: Api, lifter: Person, post: Post) -> str:
    """One that was mailed to the lifter."""
    assert ask(api, lifter.email).status_code == 200
    return post.token(lifter.email, "reset")


class TestAsking:
    """A6."""

    def test_known_and_unknown_addresses_are_answered_alike(self, api: Api, lifter: Person) -> None:
        known, unknown = ask(api, lifter.email), ask(api, an_address())
        assert known.status_code == unknown.status_code == 200
        assert known.get_data() == unknown.get_data()
        assert "reset link" in known.json["message"]

    def test_only_who_has_an_account_gets_a_mail(
        self, api: Api, lifter: Person, post: Post
    ) -> None:
        stranger = an_address()
        ask(api, stranger)
        assert post.subjects(stranger) == []
        ask(api, lifter.email.upper())
        assert RESET in post.subjects(lifter.email)

    def test_so_does_somebody_of_the_firebase_sdk_who_never_called(
        self, api: Api, stack: LocalStack, post: Post
    ) -> None:
        email = firebase_sign_up(stack)["email"]
        ask(api, email)
        assert post.subjects(email) == [RESET]
        assert confirm(api, post.token(email, "reset")).status_code == 200
        assert login(api, email, NEW).status_code == 200

    def test_it_goes_to_the_address_that_firebase_has_now(
        self, api: Api, lifter: Person, post: Post
    ) -> None:
        new = an_address()
        auth.update_user(lifter.user_id, email=new, app=lifter.parts.directory._app)
        ask(api, new)
        assert RESET in post.subjects(new)
        assert RESET not in post.subjects(lifter.email)

    def test_who_is_being_removed_gets_none(
        self, api: Api, admin: Person, lifter: Person, post: Post, files: Files
    ) -> None:
        assert lifter.parts.deletions.begin_now(lifter.user_id, by=admin.caller)
        ask(api, lifter.email)
        assert RESET not in post.subjects(lifter.email)

    def test_asking_reads_and_writes_as_much_for_everybody(
        self, api: Api, lifter: Person, cost
    ) -> None:
        """Whether the address is known is not even looked up before the answer."""
        assert cost(lambda: ask(api, lifter.email)) == cost(lambda: ask(api, an_address()))

    @pytest.mark.parametrize("email", ["", "nobody", "a@b", "a b@example.com"])
    def test_what_is_no_address_is_a_422(self, api: Api, email: str) -> None:
        assert problem_places(ask(api, email)) == ["body.email"]

    def test_too_many_for_one_address_look_alike_and_send_nothing(
        self, api: Api, lifter: Person, limited: Limited, background: Background
    ) -> None:
        limited(reset_request="100/60", reset_address="2/86400")
        answers = [ask(api, lifter.email) for _ in range(4)]
        assert {answer.status_code for answer in answers} == {200}
        assert {answer.get_data() for answer in answers} == {answers[0].get_data()}
        # Those within one second are one anyway.
        assert 1 <= len(background.waiting(email=lifter.email)) <= 2

    def test_too_many_from_one_network_are_refused(self, api: Api, limited: Limited) -> None:
        limited()
        statuses = [ask(api, an_address()).status_code for _ in range(6)]
        assert statuses == [200] * 5 + [429]


class TestConfirming:
    """A7."""

    def test_the_new_password_counts_from_then_on(
        self, api: Api, lifter: Person, token: str, post: Post
    ) -> None:
        answer = confirm(api, token)
        assert answer.status_code == 200, answer.text
        assert login(api, lifter.email, PASSWORD).status_code == 401
        assert login(api, lifter.email, NEW).status_code == 200
        assert CHANGED in post.subjects(lifter.email)

    def test_every_session_ends(
        self, functions: Functions, api: Api, lifter: Person, token: str
    ) -> None:
        other, refresh_token = signed_in(functions, lifter.email)
        assert confirm(api, token).status_code == 200
        for session in (lifter.api, other):
            refused(session.post("/auth/verify-email/resend"), 401, "TOKEN_INVALID")
        for each in (lifter.refresh_token, refresh_token):
            answer = api.post("/auth/refresh", json={"refresh_token": each})
            refused(answer, 401, "TOKEN_INVALID")

    def test_the_link_proves_the_address(
        self, functions: Functions, api: Api, lifter: Person, token: str
    ) -> None:
        assert confirm(api, token).status_code == 200
        assert login(api, lifter.email, NEW).json["user"]["is_verified"] is True

    def test_a_token_works_once(self, api: Api, token: str) -> None:
        assert confirm(api, token).status_code == 200
        refused(confirm(api, token, "yet another barbell night"), 401, "TOKEN_INVALID")

    def test_of_two_at_once_one_wins(self, api: Api, lifter: Person, token: str) -> None:
        together, passwords = threading.Barrier(2), [NEW, "yet another barbell night"]

        def race(password: str) -> int:
            together.wait()
            return confirm(api, token, password).status_code

        with ThreadPoolExecutor(2) as threads:
            statuses = list(threads.map(race, passwords))
        assert sorted(statuses) == [200, 401]
        winner = passwords[statuses.index(200)]
        assert login(api, lifter.email, winner).status_code == 200

    @pytest.mark.parametrize(
        "password", ["short", "password1", "a" * 129, "robin lifter's own", "  "]
    )
    def test_a_weak_password_leaves_the_token_usable(
        self, api: Api, token: str, password: str
    ) -> None:
        answer = confirm(api, token, password)
        details = refused(answer, 422, "PASSWORD_TOO_WEAK")
        assert [row["field"] for row in details["errors"]] == ["body.new_password"]
        assert confirm(api, token).status_code == 200

    @pytest.mark.parametrize("bad", ["x", "A" * 43])
    def test_a_token_of_nobody_is_refused(self, api: Api, bad: str) -> None:
        """Also with a weak password: who has no token is told nothing else."""
        refused(confirm(api, bad), 401, "TOKEN_INVALID")
        refused(confirm(api, bad, "short"), 401, "TOKEN_INVALID")

    def test_a_verification_token_resets_nothing(
        self, api: Api, lifter: Person, post: Post
    ) -> None:
        other = post.token(lifter.email, "verify")
        refused(confirm(api, other), 401, "TOKEN_INVALID")

    def test_it_ends_after_an_hour(
        self, api: Api, token: str, parts: Wiring, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        later = parts.now() + timedelta(hours=1)
        monkeypatch.setattr(parts.password_resets, "_now", lambda: later)
        refused(confirm(api, token), 401, "TOKEN_INVALID")

    def test_the_other_tokens_die_with_the_old_password(
        self, api: Api, lifter: Person, token: str, post: Post
    ) -> None:
        verification = post.token(lifter.email, "verify")
        assert confirm(api, token).status_code == 200
        answer = api.post("/auth/verify-email", json={"token": verification})
        refused(answer, 401, "TOKEN_INVALID")

    def test_an_outage_of_firebase_leaves_the_token_usable(
        self, api: Api, token: str, parts: Wiring, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with monkeypatch.context() as patch:

            def down(*_: str) -> bool:
                raise Unavailable("The account service does not answer.")

            patch.setattr(parts.directory, "set_password", down)
            refused(confirm(api, token), 503, "SERVICE_UNAVAILABLE")
        assert confirm(api, token).status_code == 200

    @pytest.mark.parametrize("body", [{}, {"token": "x"}, {"new_password": NEW}])
    def test_both_fields_are_needed(self, api: Api, body: dict[str, str]) -> None:
        missing = {"token", "new_password"} - set(body)
        assert set(problem_places(api.post(CONFIRM, json=body))) == {
            f"body.{name}" for name in missing
        }
