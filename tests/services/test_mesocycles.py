"""Mesocycles at rest: what they cost, and that none is left behind."""

import pytest

from shared.errors import MesocycleNotFound, ProgramNotFound
from shared.models.mesocycles import MesocycleChange, MesocycleDraft
from shared.models.pages import Paging
from shared.models.programs import ProgramChange, ProgramFilter
from shared.models.users import Caller
from shared.wiring import Wiring
from tests.functions.together import together
from tests.services.instance import Instance, cost, program_draft

pytestmark = pytest.mark.usefixtures("catalogue")


def below(parts: Wiring, caller: Caller, program_id: str) -> list[str]:
    """What is stored under a program besides its versions."""
    path = f"organizations/{caller.organization_id}/programs/{program_id}"
    return [
        row.path
        for collection in ("mesocycles", "catalogue")
        for row in parts.documents.find(f"{path}/{collection}", limit=50)
    ]


def test_what_calls_cost(here: Instance, caller: Caller) -> None:
    made = here.programs.create(caller, program_draft("plank", "leg-press"))
    service = here.mesocycles
    draft = MesocycleDraft()
    assert cost(lambda: service.preview(caller, made.id, draft)) == (1, 0)
    assert cost(lambda: service.browse(caller, made.id, Paging())) == (1, 0)
    # The program twice, the catalogue, the request's record; the first one marks the program.
    assert cost(lambda: service.create(caller, made.id, draft)) == (4, 4)
    assert cost(lambda: service.create(caller, made.id, MesocycleDraft(weeks=5))) == (4, 3)
    page = service.browse(caller, made.id, Paging())
    assert cost(lambda: service.browse(caller, made.id, Paging())) == (2, 0)
    one = page.items[0].id
    assert cost(lambda: service.get(caller, made.id, one)) == (2, 0)
    change = MesocycleChange(name="New")
    assert cost(lambda: service.change(caller, made.id, one, change, None)) == (3, 2)
    assert cost(lambda: service.remove(caller, made.id, one, None)) == (3, 2)
    # The program with its catalogue and its mesocycles' one; version, mesocycle, both catalogues.
    assert cost(lambda: here.programs.remove(caller, made.id, None)) == (3, 5)


def test_all_go_with_their_program(parts: Wiring, here: Instance, caller: Caller) -> None:
    made = here.programs.create(caller, program_draft("plank"))
    for weeks in (3, 4, 5):
        here.mesocycles.create(caller, made.id, MesocycleDraft(weeks=weeks))
    assert len(below(parts, caller, made.id)) == 4
    here.programs.remove(caller, made.id, None)
    assert below(parts, caller, made.id) == []


def test_none_is_stored_below_a_program_that_is_deleted_meanwhile(
    parts: Wiring, here: Instance, caller: Caller
) -> None:
    def create(program_id: str, weeks: int) -> bool:
        try:
            here.mesocycles.create(caller, program_id, MesocycleDraft(weeks=weeks))
        except ProgramNotFound:
            return False
        return True

    outcomes = set()
    for earlier in (0, 0, 0, 0, 1, 1, 1, 1):
        made = here.programs.create(caller, program_draft("plank"))
        for _ in range(earlier):
            create(made.id, 3)
        outcomes |= set(
            together(
                [
                    lambda of=made.id: create(of, 4),
                    lambda of=made.id: create(of, 5),
                    lambda of=made.id: here.programs.remove(caller, of, None),
                ]
            )
        )
        assert below(parts, caller, made.id) == []
        assert here.programs.browse(caller, ProgramFilter(is_template=False)).total == 0
    assert False in outcomes


def test_programs_can_be_changed_and_kept_beside_their_mesocycles(
    here: Instance, caller: Caller
) -> None:
    made = here.programs.create(caller, program_draft("plank"))
    block = here.mesocycles.create(caller, made.id, MesocycleDraft())
    here.programs.change(caller, made.id, ProgramChange(name="New"), None)
    here.versions.restore(caller, made.id, 1, None)
    assert here.mesocycles.get(caller, made.id, str(block.id)).name == made.name
    assert here.mesocycles.browse(caller, made.id, Paging()).total == 1


def test_one_that_was_broken_in_the_console_is_missing_and_nothing_worse(
    parts: Wiring, here: Instance, caller: Caller
) -> None:
    made = here.programs.create(caller, program_draft("plank"))
    block = here.mesocycles.create(caller, made.id, MesocycleDraft())
    path = f"organizations/{caller.organization_id}/programs/{made.id}/mesocycles/{block.id}"
    parts.documents.atomically(lambda transaction: transaction.update(path, {"weeks": "[{"}))
    with pytest.raises(MesocycleNotFound):
        here.mesocycles.get(caller, made.id, str(block.id))
    assert here.mesocycles.browse(caller, made.id, Paging()).total == 1
    here.mesocycles.remove(caller, made.id, str(block.id), None)
    assert here.mesocycles.browse(caller, made.id, Paging()).total == 0
