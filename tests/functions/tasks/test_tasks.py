"""The tasks function: only our own queues and schedule get in; work is done once and never lost."""

import time
from datetime import timedelta

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from infra.dev.openapi import routers
from shared.errors import Refused, Unavailable
from shared.models.mails import MailKind
from shared.models.tasks import MOST_ATTEMPTS, Queue, RequestPasswordReset, SendMail
from shared.wiring import Wiring
from tests.background import Background
from tests.client import Functions
from tests.functions.bodies import a_name
from tests.people import Person

SWEEP = "/jobs/sweep-outbox"


def a_mail(**fields: str) -> SendMail:
    return SendMail(mail=MailKind.WELCOME, user_id="nobody", cause=a_name("cause"), **fields)


FORGED = [
    pytest.param({"aud": "https://elsewhere.example"}, id="another audience"),
    pytest.param({"iss": "https://accounts.example.com"}, id="another issuer"),
    pytest.param({"email": "someone@example.com"}, id="another account"),
    pytest.param({"email_verified": False}, id="an account that nobody vouches for"),
    pytest.param({"email_verified": "true"}, id="a text for true"),
    pytest.param({"exp": 1_700_000_000}, id="expired"),
    pytest.param({"iat": int(time.time()) + 3_600}, id="not issued yet"),
]
ROUTES = [route.path for router in routers() if router.group == "tasks" for route in router.routes]


@pytest.mark.parametrize("path", ROUTES)
class TestWhoMayCall:
    """Every handler, T15. The body is never looked at: it would be refused with 422."""

    def test_nobody_gets_in_without_a_token(self, functions: Functions, path: str) -> None:
        answer = functions.call("tasks", "POST", f"/api/v1/tasks{path}")
        assert answer.status_code == 401
        assert answer.json["error"]["code"] == "AUTHENTICATION_REQUIRED"

    @pytest.mark.parametrize("claims", FORGED)
    def test_a_forged_identity_is_refused(self, background: Background, path: str, claims) -> None:
        answer = background.call(path, token=background.token(**claims))
        assert answer.status_code == 401
        assert answer.json["error"]["code"] == "TOKEN_INVALID"

    def test_an_unsigned_token_is_refused(self, background: Background, path: str) -> None:
        claims = jwt.decode(background.token(), options={"verify_signature": False})
        unsigned = jwt.encode(claims, "", algorithm="none")
        assert background.call(path, token=unsigned).status_code == 401

    def test_a_token_of_another_key_is_refused(self, background: Background, path: str) -> None:
        claims = jwt.decode(background.token(), options={"verify_signature": False})
        header = jwt.get_unverified_header(background.token())
        other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        forged = jwt.encode(claims, other, algorithm="RS256", headers={"kid": header["kid"]})
        assert background.call(path, token=forged).status_code == 401

    def test_a_persons_own_token_is_refused(
        self, background: Background, admin: Person, path: str
    ) -> None:
        assert background.call(path, token=admin.token).status_code == 401

    @pytest.mark.parametrize("token", ["x", "a.b.c", "e30.e30.", "x" * 5_000])
    def test_garbage_is_refused(self, background: Background, path: str, token: str) -> None:
        assert background.call(path, token=token).status_code == 401


def test_our_own_schedule_gets_in(background: Background) -> None:
    assert background.call(SWEEP).status_code == 200


class TestRunning:
    def test_work_is_done_once_however_often_it_is_delivered(self, parts: Wiring) -> None:
        task, done = a_mail(), []
        for _ in range(3):
            parts.background.run(task, done.append, attempt=1)
        assert done == [task]

    def test_an_outage_is_raised_so_that_it_is_tried_again(self, parts: Wiring) -> None:
        task = a_mail()
        parts.background.start(task)

        def down(_: SendMail) -> None:
            raise Unavailable("The mail server does not answer.")

        with pytest.raises(Unavailable):
            parts.background.run(task, down, attempt=1)
        assert not parts.outbox.is_finished(task.id)

    def test_the_last_attempt_leaves_a_record_and_can_be_run_again(self, parts: Wiring) -> None:
        task = a_mail()
        parts.background.start(task)

        def down(_: SendMail) -> None:
            raise Unavailable("The mail server does not answer.")

        parts.background.run(task, down, attempt=MOST_ATTEMPTS[Queue.MAIL])
        (failed,) = [row for row in parts.background.failures(1_000) if row.id == task.id]
        assert failed.code == "SERVICE_UNAVAILABLE"
        assert failed.error == "The mail server does not answer."
        assert failed.payload["cause"] == task.cause
        assert failed.attempts == 8

        parts.background.run_again(task.id)
        done: list[SendMail] = []
        parts.background.run(task, done.append, attempt=1)
        assert done == [task]
        assert task.id not in {row.id for row in parts.background.failures(1_000)}

    def test_a_refusal_is_final_and_recorded_at_once(self, parts: Wiring) -> None:
        task = a_mail()

        def refuse(_: SendMail) -> None:
            raise Refused("This address does not exist.")

        parts.background.run(task, refuse, attempt=1)
        assert parts.outbox.is_finished(task.id)
        (failed,) = [row for row in parts.background.failures(1_000) if row.id == task.id]
        assert failed.code == "INVALID_OPERATION"

    def test_a_bug_leaves_its_kind_and_none_of_its_data(self, parts: Wiring) -> None:
        task = a_mail()

        def broken(_: SendMail) -> None:
            raise ValueError("secret@example.com")

        with pytest.raises(ValueError, match="secret"):
            parts.background.run(task, broken, attempt=1)
        parts.background.run(task, broken, attempt=8)
        (failed,) = [row for row in parts.background.failures(1_000) if row.id == task.id]
        assert (failed.error, failed.code) == ("ValueError", "INTERNAL_SERVER_ERROR")


def test_what_is_done_keeps_nothing_of_what_it_said(parts: Wiring) -> None:
    """An address that was asked about must not stay for a month."""
    task = RequestPasswordReset(email=f"{a_name('x').replace(' ', '-')}@example.com", cause="x")
    parts.background.start(task)
    parts.background.run(task, lambda _: None, attempt=1)
    row = parts.documents.get(f"outbox/{task.id}")
    assert row is not None
    assert task.email not in str(row.data)


class TestSweeping:
    def due(self, parts: Wiring, seconds: float) -> set[str]:
        moment = parts.now() + timedelta(seconds=seconds)
        return {row.id for row in parts.outbox.waiting(moment, limit=2_000)}

    def test_what_was_not_done_within_a_minute_is_queued_again(self, parts: Wiring) -> None:
        task = a_mail()
        parts.outbox.add(task, parts.now())
        assert task.id not in self.due(parts, 50)
        assert task.id in self.due(parts, 61)

    def test_a_task_swept_again_waits_longer_each_time(self, parts: Wiring) -> None:
        task = a_mail()
        parts.outbox.add(task, parts.now())
        # A minute doubled with every sending: 120 s, then 240 s.
        for sent, pause in ((1, 120), (2, 240)):
            again = parts.outbox.sent_again(task.id, parts.now())
            assert again is not None
            assert again.sent == sent
            assert task.id not in self.due(parts, pause - 10)
            assert task.id in self.due(parts, pause + 1)

    def test_what_is_done_is_not_sent_again(self, parts: Wiring) -> None:
        task = a_mail()
        parts.background.start(task)
        parts.outbox.done(task, parts.now())
        assert parts.outbox.sent_again(task.id, parts.now()) is None
