"""The largest that can be asked for: what is kept stays well below the store's limit."""

import uuid
from contextlib import suppress
from typing import Any

import pytest

from infra.ops.invariants.upkeep import MOST_BYTES, _bytes
from shared.errors import QuotaReached
from shared.models.mesocycles import MesocycleDraft
from shared.models.programs import ProgramDraft
from shared.models.sessions import SessionDraft
from shared.models.users import Caller
from shared.wiring import Wiring
from tests.functions.bodies import a_program, a_session, work
from tests.services.instance import Instance, exercise_draft

LETTER = "\U0001f4aa"
"""Four bytes."""


@pytest.fixture
def own(here: Instance, caller: Caller) -> list[str]:
    """Twenty exercises with the longest names."""
    names = [f"{uuid.uuid4().hex[:8]}{LETTER * 92}" for _ in range(20)]
    return [here.exercises.create(caller, exercise_draft(name=name)).id for name in names]


def session(number: int, own: list[str], notes: str | None) -> Any:
    fields: dict[str, Any] = {
        "target_reps": {"min": 100, "max": 100},
        "rir": 2.5,
        "rest_seconds": 1800,
        "tempo": "10-10-10-10",
        "superset": LETTER * 10,
        "load": {"amount": 149.12345678901234, "unit": "PERCENT_1RM"},
        "notes": notes,
    }
    rows = [work(key, 20, 900 + place, **fields) for place, key in enumerate(own)]
    return a_session(900 + number, rows, name=LETTER * 100)


def largest(parts: Wiring, caller: Caller) -> int:
    """Of everything below the organization."""
    paths = parts.documents.below(f"organizations/{caller.organization_id}", limit=1_000)
    return max(_bytes(row.data) for row in parts.documents.get_many(paths).values())


def test_a_program_that_grows_session_by_session(
    parts: Wiring, here: Instance, caller: Caller, own: list[str]
) -> None:
    draft = ProgramDraft.model_validate(a_program(description=LETTER * 2_000))
    made = here.programs.create(caller, draft)
    with suppress(QuotaReached):
        for number in range(14):
            added = SessionDraft.model_validate(session(number, own, LETTER * 500))
            here.programs.add_session(caller, made.id, added, None)
    assert len(here.programs.get(caller, made.id).sessions) >= 10
    assert largest(parts, caller) <= MOST_BYTES


def test_a_mesocycle_of_the_most_weeks(
    parts: Wiring, here: Instance, caller: Caller, own: list[str]
) -> None:
    sessions = [session(number, own, None) for number in range(14)]
    made = here.programs.create(caller, ProgramDraft.model_validate(a_program(sessions=sessions)))
    asked = {"weeks": 8, "deload": "EVERY", "deload_every_weeks": 2}
    with suppress(QuotaReached):
        here.mesocycles.create(caller, made.id, MesocycleDraft.model_validate(asked))
    here.mesocycles.create(caller, made.id, MesocycleDraft())
    assert largest(parts, caller) <= MOST_BYTES
