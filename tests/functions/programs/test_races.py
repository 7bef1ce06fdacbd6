"""Sessions changed by many at once (C1): whatever happens, the program stays whole."""

import random
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from tests.functions.bodies import a_program, a_session
from tests.functions.together import together
from tests.people import Person

THREADS = 4
EXPECTED = {200, 201, 204, 400, 404, 409}
"""400 for the last session, 404 for one deleted meanwhile, 409 for a place that was taken."""


def whole(person: Person, program_id: str) -> Any:
    """The program, once it can be read in every way and its places are unique."""
    answer = person.api.get(f"/programs/{program_id}")
    assert answer.status_code == 200, answer.text
    sessions = answer.json["sessions"]
    for field in ("id", "day_number", "order_in_program"):
        assert len({row[field] for row in sessions}) == len(sessions), field
    [row] = person.api.get("/programs?is_template=false").json["items"]
    assert row["session_count"] == len(sessions) >= 1
    assert row["updated_at"] == answer.json["updated_at"]
    assert person.api.get(f"/programs/{program_id}/stats").status_code == 200
    return answer.json


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_c1_parallel_adds_moves_and_deletes_never_make_a_program_unreadable(
    pro: Person, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - repeatable chance, not a secret
    program = pro.api.post("/programs", json=a_program(sessions=[a_session(1), a_session(2)])).json
    where = f"/programs/{program['id']}"
    for number in range(6):
        sessions = whole(pro, program["id"])["sessions"]
        # As clients do: all of them saw the same sessions and act on that.
        calls: list[Callable[[], Any]] = []
        for thread in range(THREADS):
            target = f"{where}/sessions/{chance.choice(sessions)['id']}"
            place = chance.randint(1, len(sessions) + 2)
            append = a_session(len(sessions) + 1, name=f"{number}-{thread}")
            calls.append(
                chance.choice(
                    [
                        lambda body=append: pro.api.post(f"{where}/sessions", json=body),
                        lambda at=target, day=place: pro.api.put(at, json={"day_number": day}),
                        lambda at=target, turn=place: pro.api.put(
                            at, json={"order_in_program": turn}
                        ),
                        lambda at=target: pro.api.delete(at),
                    ]
                )
            )
        answers = together(calls)
        assert {answer.status_code for answer in answers} <= EXPECTED
        whole(pro, program["id"])
    assert pro.api.delete(where).status_code == 204
    assert pro.api.get("/programs?is_template=false").json["total"] == 0


def test_c1_parallel_adds_to_different_days_are_all_kept(pro: Person) -> None:
    program = pro.api.post("/programs", json=a_program(sessions=[a_session(1)])).json
    where = f"/programs/{program['id']}/sessions"
    for number in range(3):
        first = 2 + number * THREADS
        bodies = [a_session(day) for day in range(first, first + THREADS)]
        answers = together([lambda body=body: pro.api.post(where, json=body) for body in bodies])
        assert [answer.status_code for answer in answers] == [201] * THREADS
    assert len(whole(pro, program["id"])["sessions"]) == 1 + 3 * THREADS


def test_c1_of_parallel_appends_to_one_day_one_wins(pro: Person) -> None:
    program = pro.api.post("/programs", json=a_program(sessions=[a_session(1)])).json
    bodies = [a_session(2, name=f"From thread {thread}") for thread in range(THREADS)]
    answers = together(
        [
            lambda body=body: pro.api.post(f"/programs/{program['id']}/sessions", json=body)
            for body in bodies
        ]
    )
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: THREADS - 1}
    assert len(whole(pro, program["id"])["sessions"]) == 2


def test_c1_parallel_moves_to_one_day_let_exactly_one_through(pro: Person) -> None:
    sessions = [a_session(number) for number in range(1, THREADS + 1)]
    program = pro.api.post("/programs", json=a_program(sessions=sessions)).json
    answers = together(
        [
            lambda at=row["id"]: pro.api.put(
                f"/programs/{program['id']}/sessions/{at}", json={"day_number": 9}
            )
            for row in program["sessions"]
        ]
    )
    assert Counter(answer.status_code for answer in answers) == {200: 1, 409: THREADS - 1}
    whole(pro, program["id"])


def test_c1_the_last_two_sessions_cannot_both_be_deleted(pro: Person) -> None:
    program = pro.api.post("/programs", json=a_program(sessions=[a_session(1), a_session(2)])).json
    answers = together(
        [
            lambda at=row["id"]: pro.api.delete(f"/programs/{program['id']}/sessions/{at}")
            for row in program["sessions"]
        ]
    )
    assert sorted(answer.status_code for answer in answers) == [204, 400]
    assert len(whole(pro, program["id"])["sessions"]) == 1


def test_c1_a_program_deleted_while_it_is_changed_is_gone_for_good(pro: Person) -> None:
    program = pro.api.post("/programs", json=a_program(sessions=[a_session(1)])).json
    where = f"/programs/{program['id']}"
    answers = together(
        [
            lambda: pro.api.delete(where),
            lambda: pro.api.put(where, json={"name": "Renamed"}),
            lambda: pro.api.post(f"{where}/sessions", json=a_session(2)),
        ]
    )
    assert answers[0].status_code == 204
    assert {answer.status_code for answer in answers[1:]} <= {200, 201, 404}
    assert pro.api.get(where).status_code == 404
    assert pro.api.get("/programs?is_template=false").json["total"] == 0
