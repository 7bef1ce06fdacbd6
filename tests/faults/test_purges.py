"""T14: a removal that is killed anywhere, again and again, leaves nothing and hurts nobody."""

import os
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from firebase_admin import auth

from shared.gateways.ports import Files
from shared.models.tasks import PurgeAccount
from shared.services.purges import PurgeService
from shared.storage.purges import PurgeRepository
from shared.storage.subscriptions import SubscriptionRepository
from shared.wiring import Wiring
from tests.links import a_deletion_link
from tests.people import People, Person

CASCADES = 50
KILLS = 200
MOST_CHANCES = 44
"""A process dies at one of so many chances. A removal that has nothing left to remove still makes
18 calls to the outside, with a chance before and after each: a few live to see its end."""


class Killed(BaseException):
    """The process is gone: nothing of ours catches this."""


class Fate:
    """Lets the process die at one of its next calls to the outside, before or after its effect."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - the same deaths in every run
        self._left = 0
        self.kills = 0
        self.places: Counter[str] = Counter()

    def live(self, forever: bool) -> None:
        self._left = sys.maxsize if forever else self._random.randint(1, MOST_CHANCES)

    def tempt(self, place: str) -> None:
        self._left -= 1
        if self._left <= 0:
            self.kills += 1
            self.places[place] += 1
            raise Killed


class Mortal:
    """The real thing, whose every call may be the process's last."""

    def __init__(self, real: Any, fate: Fate) -> None:
        self._real = real
        self._fate = fate

    def __getattr__(self, name: str) -> Callable[..., Any]:
        real = getattr(self._real, name)

        def call(*arguments: Any, **named: Any) -> Any:
            self._fate.tempt(f"before {name}")
            result = real(*arguments, **named)
            self._fate.tempt(f"after {name}")
            return result

        return call


@dataclass(frozen=True)
class Life:
    """What somebody has, wherever it is kept."""

    person: Person
    files: Files

    def begin(self) -> None:
        """Programs with versions, exercises, catalogues, settings, an invitation, files, links."""
        parts, home = self.person.parts, f"organizations/{self.person.organization_id}"

        def fill(transaction: Any) -> None:
            for number in range(4):
                transaction.put(f"{home}/programs/{number}", {"name": "P"})
                transaction.put(f"{home}/programs/{number}/versions/1", {"name": "P"})
                transaction.put(f"{home}/exercises/{number}", {"name": "E"})
            # A document that is not there, with one below it that is.
            transaction.put(f"{home}/programs/ghost/mesocycles/1", {"weeks": 4})
            transaction.put(f"{home}/catalogue/programs", {"items": "[]"})
            transaction.put(f"{home}/settings/volume", {"profile": "evidence"})
            transaction.put(f"{home}/invitations/1", {"email": "guest@example.com"})
            transaction.put(f"users/{self.person.user_id}/devices/1", {"name": "phone"})
            transaction.put(f"exports/{self.person.user_id}", {"id": "x"})

        parts.documents.atomically(fill)
        for folder in ("avatars", "exports"):
            self.files.put(f"{folder}/{self.person.user_id}/x", b"x", "text/plain")
        for _ in range(2):
            a_deletion_link(self.person)

    def left(self) -> list[str]:
        """Whatever of it there is, by name."""
        documents, uid = self.person.parts.documents, self.person.user_id
        homes = [f"organizations/{self.person.organization_id}", f"users/{uid}", f"exports/{uid}"]
        found = [path for path in homes if documents.get(path)]
        found += [path for home in homes for path in documents.below(home, limit=500)]
        tokens = documents.find("tokens", [("user_id", "==", uid)], limit=9)
        found += [row.path for row in tokens]
        for folder in ("avatars", "exports"):
            found += self.files.names(f"{folder}/{uid}/")
        if self.account_exists():
            found.append(f"Firebase account {uid}")
        return sorted(found)

    def account_exists(self) -> bool:
        try:
            auth.get_user(self.person.user_id, app=self.person.parts.directory._app)
        except auth.UserNotFoundError:
            return False
        return True

    def purges(self) -> int:
        """How often the audit trail says that it is over."""
        rows = self.person.parts.documents.find(
            "audit", [("target_id", "==", self.person.user_id)], limit=50
        )
        return sum(row.data["action"] == "user.purge" for row in rows)


@pytest.fixture
def neighbour(people: People, files: Files) -> Iterator[Life]:
    """Somebody whose life goes on, which is checked in the end."""
    life = Life(people.pro(), files)
    life.begin()
    before = life.left()
    # Home with 18 documents, person with 1, export, 2 files, 2 links and the account.
    assert len(before) == (1 + 18) + (1 + 1) + 1 + 2 + 2 + 1
    yield life
    assert life.left() == before
    assert life.person.api.get("/auth/me").status_code == 200


def doomed(people: People, files: Files, admin: Person) -> Life:
    life = Life(people.lifter(), files)
    life.begin()
    assert life.person.parts.deletions.begin_now(life.person.user_id, by=admin.caller)
    return life


def test_fifty_removals_killed_two_hundred_times_leave_nothing(
    people: People, parts: Wiring, files: Files, admin: Person, neighbour: Life
) -> None:
    fate = Fate(seed=14)
    service = PurgeService(
        Mortal(parts.deletion_repository, fate),  # type: ignore[arg-type]
        PurgeRepository(Mortal(parts.documents, fate)),  # type: ignore[arg-type]
        SubscriptionRepository(Mortal(parts.documents, fate)),  # type: ignore[arg-type]
        parts.accounts,
        lambda: Mortal(parts.payments, fate),  # type: ignore[arg-type, return-value]
        lambda: Mortal(files, fate),  # type: ignore[arg-type, return-value]
        lambda: Mortal(parts.directory, fate),  # type: ignore[arg-type, return-value]
        now=parts.now,
        new_id=parts.new_id,
    )
    for number in range(CASCADES):
        life = doomed(people, files, admin)
        task = PurgeAccount(user_id=life.person.user_id)
        attempts = 0
        while not parts.outbox.is_finished(task.id):
            attempts += 1
            fate.live(forever=attempts > 40)
            try:
                parts.background.run(task, service.purge, attempt=1)
            except Killed:
                continue
        assert life.left() == [], (number, attempts)
        assert life.purges() == 1, (number, attempts)
    assert fate.kills >= KILLS
    # Death came before and after every kind of effect there is.
    kinds = ("atomically", "below", "find", "delete", "names", "finish")
    missed = {f"{when} {kind}" for when in ("before", "after") for kind in kinds}
    assert missed - fate.places.keys() == set()


PROGRAM = """
import sys
from shared.models.tasks import PurgeAccount
from shared.wiring import wiring

parts = wiring()
parts.files, parts.directory, parts.documents.ping(5)
print("ready", flush=True)
for user_id in sys.argv[1:]:
    parts.background.run(PurgeAccount(user_id=user_id), parts.purges.purge, attempt=1)
"""


def test_real_processes_that_are_killed_leave_nothing_either(
    people: People, parts: Wiring, files: Files, admin: Person, neighbour: Life
) -> None:
    """SIGKILL, a few milliseconds after the work begins."""
    lives = [doomed(people, files, admin) for _ in range(6)]
    command = [sys.executable, "-c", PROGRAM, *(life.person.user_id for life in lives)]
    moment = random.Random(14)  # noqa: S311 - not a secret
    killed = 0
    for life_number in range(12):
        with subprocess.Popen(  # noqa: S603 - our own program
            command,
            cwd=Path(__file__).parents[2],
            env=os.environ | {"STORAGE_EMULATOR_HOST": files._client._connection.API_BASE_URL},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        ) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == b"ready\n"
            if life_number < 5:
                try:
                    process.wait(moment.uniform(0.02, 0.2))
                except subprocess.TimeoutExpired:
                    process.send_signal(signal.SIGKILL)
                    killed += 1
            process.wait()
        if process.returncode == 0:
            break
    assert killed >= 3
    assert [life.left() for life in lives] == [[]] * len(lives)
    assert [life.purges() for life in lives] == [1] * len(lives)
