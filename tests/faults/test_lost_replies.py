"""The work is done and its answer gets lost: it is done once all the same, of a hundred times."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from shared.errors import Unavailable
from shared.http.rate_limit import Identity, RateLimiter
from shared.models.exercises import ExerciseDraft
from shared.models.programs import ProgramDraft
from shared.models.sessions import SessionDraft
from shared.rules.limits import KeyKind, OnStoreFailure, Policy, Window
from shared.settings import RateLimitMode
from shared.wiring import Wiring
from tests.client import Api, Functions
from tests.faults.clock import works_again
from tests.faults.proxy import FaultProxy, Mode
from tests.functions.bodies import a_name, a_program, a_session, an_exercise
from tests.http.rate_limit.limiters import Clock
from tests.people import Person

TRIALS = 25
"""Of each kind; there are four."""
LIMIT = 300


def losing(proxy: FaultProxy, marker: str, work: Callable[[], Any]) -> Any:
    """What `work` returns although the answer to its request with the marker is lost."""
    before = proxy.lost
    proxy.lose_reply_to(marker.encode())
    result = work()
    assert proxy.lost == before + 1
    return result


def listed(person: Person, path: str) -> list[Any]:
    """All of them, over a healthy line."""
    answer = person.api.get(f"{path}&limit=100")
    assert answer.status_code == 200
    items: list[Any] = answer.json["items"]
    return items


def test_a_created_exercise_exists_once(faulty: Wiring, proxy: FaultProxy, pro: Person):
    caller = pro.caller
    drafts = [ExerciseDraft(**an_exercise()) for _ in range(TRIALS)]
    made = {
        losing(proxy, draft.name, partial(faulty.exercises.create, caller, draft)).id
        for draft in drafts
    }
    own = [row for row in listed(pro, "/exercises?is_global=false") if not row["is_global"]]
    assert {row["id"] for row in own} == made
    assert sorted(row["name"] for row in own) == sorted(draft.name for draft in drafts)


def test_a_created_program_exists_once(faulty: Wiring, proxy: FaultProxy, pro: Person):
    caller = pro.caller
    drafts = [ProgramDraft(**a_program()) for _ in range(TRIALS)]
    made = {
        losing(proxy, draft.name, partial(faulty.programs.create, caller, draft)).id
        for draft in drafts
    }
    own = listed(pro, "/programs?is_template=false")
    assert {row["id"] for row in own} == made
    assert sorted(row["name"] for row in own) == sorted(draft.name for draft in drafts)


def test_an_added_session_is_there_once(faulty: Wiring, proxy: FaultProxy, pro: Person):
    caller, programs = pro.caller, faulty.programs
    for _ in range(TRIALS):
        program = programs.create(caller, ProgramDraft(**a_program()))
        draft = SessionDraft(**a_session(1, name=a_name("Session")))
        added = losing(
            proxy, draft.name, partial(programs.add_session, caller, program.id, draft, None)
        )
        sessions = programs.get(caller, program.id).sessions
        assert [(row.id, row.name) for row in sessions] == [(added.id, draft.name)]


def allowed_until_unavailable(limiter: RateLimiter, identity: Identity) -> int:
    for count in range(LIMIT):
        try:
            if not limiter.check(("tried",), identity).allowed:
                return count
        except Unavailable:
            return count
    return LIMIT


def test_permits_whose_answer_is_lost_are_wasted_and_never_given_twice(
    faulty: Wiring, proxy: FaultProxy
):
    policy = Policy("tried", KeyKind.USER, (Window(LIMIT, 86_400),), OnStoreFailure.DENY)
    clock, anna = Clock(), Identity(user_id=a_name("anna"))
    limiters = [
        RateLimiter(
            lambda: faulty.counters,
            {"tried": policy},
            mode=RateLimitMode.ENFORCE,
            now=clock,
            secret=b"a secret of the tests",
            store_seconds=5.0,
        )
        for _ in range(2)
    ]
    allowed = 0
    for number in range(TRIALS):
        proxy.lose_reply_to(b"rate_limits/")
        allowed += allowed_until_unavailable(limiters[number % 2], anna)
        works_again(lambda: faulty.documents.ping(5.0))
        clock.time += 3  # the limiter leaves a failing store alone for two seconds
    assert proxy.lost == TRIALS
    allowed += sum(allowed_until_unavailable(limiter, anna) for limiter in limiters)
    # Every lost answer was about one permit at least and eight at most.
    assert LIMIT - 8 * TRIALS <= allowed <= LIMIT - TRIALS


@pytest.mark.parametrize(("path", "body"), [("/exercises", an_exercise), ("/programs", a_program)])
def test_who_was_told_503_and_asks_again_finds_it_done_once(
    path: str,
    body: Callable[[], dict[str, Any]],
    faulty_functions: Functions,
    proxy: FaultProxy,
    pro: Person,
):
    api, sent = Api(faulty_functions, pro.token), body()
    proxy.lose_reply_to(sent["name"].encode(), then=Mode.RESET)
    assert api.post(path, json=sent).status_code == 503
    assert proxy.lost == 1
    proxy.heal()
    answers = [api.post(path, json=sent)]
    while answers[-1].status_code == 503:
        answers.append(api.post(path, json=sent))
    assert answers[-1].status_code == 201
    assert [row["id"] for row in listed(pro, f"{path}?search={sent['name']}")] == [
        answers[-1].json["id"]
    ]
