"""Ids inside bodies: another organization's exercise is refused as if there were none."""

from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.functions.bodies import MISSING, a_program, a_session, an_exercise, work
from tests.functions.refusals import refused, tells_the_same
from tests.people import Person

Use = Callable[[Person, dict[str, Any], str], TestResponse]


def in_volume(person: Person, program: dict[str, Any], exercise_id: str) -> TestResponse:
    planned = [{"exercise_id": exercise_id, "sets": 3}]
    return person.api.post("/exercises/calculate-volume", json={"exercises": planned})


def in_program(person: Person, program: dict[str, Any], exercise_id: str) -> TestResponse:
    body = a_program(name="Same name", sessions=[a_session(1, [work(exercise_id)])])
    return person.api.post("/programs", json=body)


def in_new_session(person: Person, program: dict[str, Any], exercise_id: str) -> TestResponse:
    body = a_session(2, [work(exercise_id)])
    return person.api.post(f"/programs/{program['id']}/sessions", json=body)


def in_session(person: Person, program: dict[str, Any], exercise_id: str) -> TestResponse:
    path = f"/programs/{program['id']}/sessions/{program['sessions'][0]['id']}"
    return person.api.put(path, json={"exercises": [work(exercise_id)]})


@pytest.mark.parametrize("use", [in_volume, in_program, in_new_session, in_session])
def test_another_organizations_exercise_cannot_be_used(
    pro: Person, stranger: Person, use: Use
) -> None:
    program = pro.api.post("/programs", json=a_program(sessions=[a_session(1)])).json
    foreign = stranger.api.post("/exercises", json=an_exercise()).json
    assert program is not None
    assert foreign is not None

    theirs, missing = (use(pro, program, given) for given in (foreign["id"], MISSING))

    refused(theirs, 400, "INVALID_OPERATION")
    # The refusal repeats the id that was sent, and says nothing else about it.
    theirs.set_data(theirs.get_data().replace(foreign["id"].encode(), MISSING.encode()))
    tells_the_same(theirs, missing)
    after = pro.api.get(f"/programs/{program['id']}").json
    assert after is not None
    assert after["updated_at"] == program["updated_at"]
