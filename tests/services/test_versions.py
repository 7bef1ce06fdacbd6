"""Versions at rest: in the batch of the change, bounded, and gone with their program."""

from typing import Any

import pytest

from shared.errors import Refused, VersionNotFound
from shared.models.diffs import DiffQuery
from shared.models.merges import Side, TemplateUpdateDraft
from shared.models.pages import Paging
from shared.models.patches import PatchOperation
from shared.models.programs import CloneDraft, ProgramChange
from shared.models.recommendations import RecommendationChoice
from shared.models.sessions import SessionChange
from shared.models.users import Caller
from shared.models.volume import ProfileName
from shared.wiring import Wiring
from tests.functions.bodies import a_name, work
from tests.people import Person
from tests.services.instance import Instance, cost, exercise_draft, program_draft

pytestmark = pytest.mark.usefixtures("catalogue")

EVIDENCE = ProfileName.EVIDENCE


@pytest.fixture
def admin_caller(admin: Person) -> Caller:
    return admin.caller


def rename(here: Instance, caller: Caller, program_id: str, name: str) -> None:
    here.programs.change(caller, program_id, ProgramChange(name=name), None)


def numbers(here: Instance, caller: Caller, program_id: str) -> list[int]:
    page = here.versions.browse(caller, program_id, Paging(limit=100))
    return [row.number for row in page.items]


def stored(parts: Wiring, caller: Caller, program_id: str) -> list[int]:
    """The numbers of the version documents there are."""
    path = f"organizations/{caller.organization_id}/programs/{program_id}/versions"
    return sorted(int(row.id) for row in parts.documents.find(path, limit=100))


def test_only_the_newest_fifty_are_kept_and_none_outlives_its_program(
    parts: Wiring, here: Instance, caller: Caller
) -> None:
    made = here.programs.create(caller, program_draft("plank"))
    for number in range(2, 51):
        rename(here, caller, made.id, f"Name {number}")
    assert stored(parts, caller, made.id) == list(range(1, 51))
    # From now on the oldest goes in the same batch, and nothing more is read for it.
    change = ProgramChange(name="Name 51")
    assert cost(lambda: here.programs.change(caller, made.id, change, None)) == (2, 4)
    rename(here, caller, made.id, "Name 52")
    assert stored(parts, caller, made.id) == list(range(3, 53))
    assert numbers(here, caller, made.id) == list(range(52, 2, -1))
    with pytest.raises(VersionNotFound):
        here.versions.get(caller, made.id, 2, EVIDENCE)
    assert here.versions.get(caller, made.id, 3, EVIDENCE).program.name == "Name 3"
    here.programs.remove(caller, made.id, None)
    assert stored(parts, caller, made.id) == []


def test_a_page_of_versions_costs_its_rows_and_the_program(here: Instance, caller: Caller) -> None:
    made = here.programs.create(caller, program_draft("plank"))
    for number in range(5):
        rename(here, caller, made.id, f"Name {number}")
    asked = Paging(page=2, limit=4)
    assert cost(lambda: here.versions.browse(caller, made.id, asked)) == (3, 0)
    page = here.versions.browse(caller, made.id, asked)
    assert ([row.number for row in page.items], page.total) == ([2, 1], 6)
    assert cost(lambda: here.versions.get(caller, made.id, 2, EVIDENCE)) == (2, 0)
    assert cost(lambda: here.versions.compare(caller, made.id, DiffQuery())) == (3, 0)
    assert cost(lambda: here.versions.restore(caller, made.id, 2, None)) == (3, 3)


def test_saving_the_same_again_makes_no_version(here: Instance, caller: Caller) -> None:
    made = here.programs.create(caller, program_draft("plank", name="Mine"))
    here.clock.seconds += 5
    rename(here, caller, made.id, "Mine")
    session = made.sessions[0]
    same = SessionChange(name=session.name)
    here.programs.change_session(caller, made.id, session.id, same, None)
    assert numbers(here, caller, made.id) == [1]


def test_recommendations_that_are_followed_are_a_version_once(
    here: Instance, caller: Caller
) -> None:
    made = here.programs.create(caller, program_draft("leg-curl", "plank"))
    remove = PatchOperation.model_validate({"op": "remove", "path": "/sessions/0/exercises/1"})
    choice = RecommendationChoice(recommendations=[[remove]])
    for _ in range(2):
        here.programs.follow(caller, made.id, choice, None)
    page = here.versions.browse(caller, made.id, Paging())
    assert [row.reason for row in page.items] == ["Plank removed from “Session 1”.", "Created."]
    assert page.items[0].author
    assert page.items[0].author.user_id == caller.user_id


def test_a_program_from_before_versions_were_kept_gets_its_past_with_the_first_change(
    parts: Wiring, here: Instance, caller: Caller
) -> None:
    made = here.programs.create(caller, program_draft("plank", name="Old"))
    path = f"organizations/{caller.organization_id}/programs/{made.id}"

    data = parts.documents.get(path).data
    del data["version_number"]

    def as_it_used_to_be(transaction: Any) -> None:
        transaction.put(path, data)
        transaction.delete(f"{path}/versions/1")

    parts.documents.atomically(as_it_used_to_be)
    assert numbers(here, caller, made.id) == []
    with pytest.raises(VersionNotFound):
        here.versions.compare(caller, made.id, DiffQuery())
    rename(here, caller, made.id, "New")
    assert numbers(here, caller, made.id) == [2, 1]
    page = here.versions.browse(caller, made.id, Paging())
    assert page.items[1].reason == "As it was before versions were kept."
    assert page.items[1].author is None
    assert here.versions.get(caller, made.id, 1, EVIDENCE).program.name == "Old"


def test_a_version_that_was_broken_in_the_console_is_missing_and_nothing_worse(
    parts: Wiring, here: Instance, caller: Caller
) -> None:
    made = here.programs.create(caller, program_draft("plank"))
    rename(here, caller, made.id, "New")
    path = f"organizations/{caller.organization_id}/programs/{made.id}/versions/1"
    parts.documents.atomically(
        lambda transaction: transaction.update(path, {"sessions": "[{", "reason": 7})
    )
    assert numbers(here, caller, made.id) == [2]
    with pytest.raises(VersionNotFound):
        here.versions.get(caller, made.id, 1, EVIDENCE)


def test_a_version_with_an_exercise_that_is_gone_is_refused_by_name_unless_it_is_still_used(
    here: Instance, caller: Caller
) -> None:
    own = here.exercises.create(caller, exercise_draft()).id
    made = here.programs.create(caller, program_draft(own, "plank"))
    session = made.sessions[0].id
    change = SessionChange.model_validate({"exercises": [work("plank")]})
    here.programs.change_session(caller, made.id, session, change, None)
    here.exercises.remove(caller, own, None)
    here.clock.seconds += 2
    with pytest.raises(Refused) as refused:
        here.versions.restore(caller, made.id, 1, None)
    assert refused.value.details == {"exercise_ids": [own]}
    assert numbers(here, caller, made.id) == [2, 1]
    # What it was called and trained is still told.
    old = here.versions.get(caller, made.id, 1, EVIDENCE).program
    assert own in {row.exercise_id for row in old.sessions[0].exercises}
    assert old.sessions[0].exercises[0].exercise_name


class TestTemplateUpdates:
    @pytest.fixture
    def template(self, here: Instance, admin_caller: Caller) -> Any:
        draft = program_draft("plank", "leg-press", name=a_name("Template"))
        made = here.programs.create_template(admin_caller, draft)
        yield made
        here.programs.remove(admin_caller, made.id, None)

    def test_what_it_costs(
        self, here: Instance, caller: Caller, admin_caller: Caller, template: Any
    ) -> None:
        copy = here.programs.clone(caller, template.id, CloneDraft())
        assert cost(lambda: here.template_updates.offer(caller, copy.id, EVIDENCE)) == (2, 0)
        change = ProgramChange(description="New.")
        here.programs.change(admin_caller, template.id, change, None)
        # The copy, the template, and the template's version that was taken over.
        assert cost(lambda: here.template_updates.offer(caller, copy.id, EVIDENCE)) == (3, 0)
        # The copy and its catalogue, the template and its version; the usual three writes.
        draft = TemplateUpdateDraft()
        assert cost(lambda: here.template_updates.take(caller, copy.id, draft, None)) == (4, 3)

    def test_without_the_version_that_was_copied_there_is_one_choice(
        self,
        parts: Wiring,
        here: Instance,
        caller: Caller,
        admin_caller: Caller,
        template: Any,
    ) -> None:
        copy = here.programs.clone(caller, template.id, CloneDraft())
        for number in range(50):
            change = ProgramChange(description=f"Version {number}")
            here.programs.change(admin_caller, template.id, change, None)
        offer = here.template_updates.offer(caller, copy.id, EVIDENCE)
        assert (offer.is_available, offer.base_is_kept) == (True, False)
        assert [conflict.id for conflict in offer.conflicts] == ["program"]
        draft = TemplateUpdateDraft(otherwise=Side.THEIRS)
        taken = here.template_updates.take(caller, copy.id, draft, None)
        assert (taken.description, taken.cloned_from_version) == ("Version 49", 51)
        assert not here.template_updates.offer(caller, copy.id, EVIDENCE).is_available

    def test_going_back_behind_an_update_offers_it_again(
        self, here: Instance, caller: Caller, admin_caller: Caller, template: Any
    ) -> None:
        copy = here.programs.clone(caller, template.id, CloneDraft())
        change = ProgramChange(description="New.")
        here.programs.change(admin_caller, template.id, change, None)
        here.template_updates.take(caller, copy.id, TemplateUpdateDraft(), None)
        restored = here.versions.restore(caller, copy.id, 1, None)
        assert (restored.description, restored.cloned_from_version) == ("", 1)
        assert here.template_updates.offer(caller, copy.id, EVIDENCE).is_available

    def test_a_template_that_is_gone_offers_nothing(
        self, here: Instance, caller: Caller, admin_caller: Caller
    ) -> None:
        draft = program_draft("plank", name=a_name("Template"))
        template = here.programs.create_template(admin_caller, draft)
        copy = here.programs.clone(caller, template.id, CloneDraft())
        here.programs.remove(admin_caller, template.id, None)
        offer = here.template_updates.offer(caller, copy.id, EVIDENCE)
        assert (offer.is_available, offer.template_id) == (False, template.id)
        assert "no longer exists" in offer.note
        with pytest.raises(Refused):
            here.template_updates.take(caller, copy.id, TemplateUpdateDraft(), None)
