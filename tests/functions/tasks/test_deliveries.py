"""Tasks come twice, out of order, and again after an effect whose mark was lost.

320 deliveries: whatever is stored happens once. A mail has left before it can be marked, so it
comes again when exactly that mark is lost, and then with the same Message-ID.
"""

import random
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from infra.local.mailbox.server import Mailbox
from shared.errors import Unavailable
from shared.models.mails import MailKind
from shared.models.tasks import RequestPasswordReset, SendMail, Task
from shared.storage.outbox import OutboxRepository
from shared.wiring import Wiring
from tests.background import Background
from tests.functions.bodies import a_name
from tests.people import People

TASKS, DELIVERIES = 40, 4
T = list[Task]


class LostMarks:
    """Loses every third mark of a finished task."""

    def __init__(self, marked: OutboxRepository) -> None:
        self._done = marked.done
        self.asked = 0
        self.lost = 0

    def done(self, task: Task, now: object) -> None:
        self.asked += 1
        if self.asked % 3 == 0:
            self.lost += 1
            raise Unavailable("The database does not answer.")
        self._done(task, now)  # type: ignore[arg-type]


@pytest.fixture
def marks(parts: Wiring, monkeypatch: pytest.MonkeyPatch) -> Iterator[LostMarks]:
    marks = LostMarks(parts.outbox)
    monkeypatch.setattr(parts.background._outbox, "done", marks.done)
    return marks


def shuffled(tasks: T) -> T:
    deliveries = tasks * DELIVERIES
    random.Random(7).shuffle(deliveries)  # noqa: S311 - the same order every time
    return deliveries


def deliver(background: Background, task: Task) -> int:
    return background.call(f"/{task.kind}", task.model_dump(mode="json")).status_code


def test_an_effect_in_the_store_happens_once_however_many_work_at_it(
    background: Background, parts: Wiring, people: People, marks: LostMarks
) -> None:
    person = people.lifter()
    tasks: T = [
        RequestPasswordReset(email=person.email, cause=a_name("cause")) for _ in range(TASKS)
    ]
    for task in tasks:
        parts.background.start(task)
    with ThreadPoolExecutor(4) as threads:
        statuses = Counter(threads.map(lambda task: deliver(background, task), shuffled(tasks)))
    assert statuses.keys() <= {200, 503}
    assert statuses[503] == marks.lost >= 13
    mails = background.waiting(user_id=person.user_id, mail=MailKind.PASSWORD_RESET)
    assert {mail["cause"] for _, mail in mails} == {task.id for task in tasks}
    assert len(mails) == TASKS


def test_a_mail_comes_again_only_when_its_mark_was_lost(
    background: Background, parts: Wiring, mailbox: Mailbox, people: People, marks: LostMarks
) -> None:
    person = people.lifter()
    tasks: T = [
        SendMail(mail=MailKind.WELCOME, user_id=person.user_id, cause=a_name("cause"))
        for _ in range(TASKS)
    ]
    for task in tasks:
        parts.background.start(task)
    statuses = Counter(deliver(background, task) for task in shuffled(tasks))
    assert sum(statuses.values()) == TASKS * DELIVERIES
    sent = Counter(mail["id"].partition("@")[0] for mail in mailbox.messages(person.email))
    assert sent.keys() == {task.id for task in tasks}
    assert sum(sent.values()) == TASKS + marks.lost
