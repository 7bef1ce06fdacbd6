"""How programs are made, copied and changed."""

import pytest

from shared.errors import ProgramNotFound, Refused
from shared.models.programs import CloneDraft, Program, ProgramChange, ProgramDraft
from shared.models.structures import DEFAULT_STRUCTURES, StructureType, WeeklyStructure
from shared.rules.programs import apply_change, clone, clone_name, new_program
from tests.rules.build import (
    LATER,
    NOW,
    a_program,
    a_session,
    counted_ids,
    cyclic,
    planned,
    seed_templates,
    weekly,
)


def made(**fields) -> Program:
    draft = {"name": "Mine", "split_type": "CUSTOM", "structure_type": "WEEKLY"}
    return new_program(
        ProgramDraft.model_validate({**draft, **fields}),
        program_id="p",
        new_id=counted_ids(),
        organization_id="gym",
        user_id="ann",
        now=NOW,
    )


def copied(template: Program, **fields) -> Program:
    return clone(
        template,
        CloneDraft.model_validate(fields),
        program_id="copy",
        new_id=counted_ids("copied"),
        organization_id="gym",
        user_id="bob",
        now=LATER,
    )


@pytest.fixture
def template() -> Program:
    return seed_templates()["upper-lower-4-day-split"]


@pytest.mark.parametrize("kind", list(StructureType))
def test_a_program_without_a_structure_gets_its_types_default(kind: StructureType) -> None:
    program = made(structure_type=kind)
    assert program.structure_config == DEFAULT_STRUCTURES[kind]
    assert program.structure_type == kind


def test_an_exercise_twice_in_a_session_is_refused_at_its_place() -> None:
    rows = [row.model_dump() for row in planned("a", "a")]
    session = {"name": "A", "day_number": 1, "order_in_program": 1, "exercises": rows}
    with pytest.raises(Refused) as refused:
        made(sessions=[session])
    assert refused.value.details["loc"][:3] == ["body", "sessions", 0]


def test_a_copy_has_the_templates_content_and_its_own_identity(template: Program) -> None:
    copy = copied(template)
    assert copy.name == "My Upper/Lower 4-Day Split"
    assert (copy.organization_id, copy.created_by_user_id) == ("gym", "bob")
    assert (copy.is_template, copy.cloned_from) == (False, template.id)
    assert (copy.split_type, copy.structure_config) == (
        template.split_type,
        template.structure_config,
    )
    assert (copy.duration_weeks, copy.created_at) == (8, LATER)
    assert [session.exercises for session in copy.sessions] == [
        session.exercises for session in template.sessions
    ]
    assert not {session.id for session in copy.sessions} & {
        session.id for session in template.sessions
    }
    assert len({session.id for session in copy.sessions}) == 4


def test_a_copy_shares_no_mutable_part_with_its_template(template: Program) -> None:
    copy = copied(template)
    assert isinstance(copy.structure_config, WeeklyStructure)
    assert isinstance(template.structure_config, WeeklyStructure)
    assert copy.structure_config.selected_days is not template.structure_config.selected_days
    for ours, theirs in zip(copy.sessions, template.sessions, strict=True):
        assert ours.exercises is not theirs.exercises


def test_a_later_change_of_the_template_does_not_reach_the_copy(template: Program) -> None:
    ours = template.model_copy(deep=True)
    copy = copied(ours)
    before = copy.model_dump()
    for session in ours.sessions:
        session.exercises.clear()
    ours.sessions.clear()
    assert copy.model_dump() == before


@pytest.mark.parametrize(
    ("fields", "name"),
    [({"new_name": "A1"}, "A1"), ({"name": "B1"}, "B1"), ({"new_name": "A1", "name": "B1"}, "A1")],
)
def test_a_copy_takes_the_name_it_is_given(template: Program, fields, name: str) -> None:
    assert copied(template, **fields).name == name


def test_a_default_name_stays_within_the_limit() -> None:
    assert clone_name("x" * 100) == "My " + "x" * 97


def test_a_copy_may_last_for_other_weeks(template: Program) -> None:
    assert copied(template, duration_weeks=3).duration_weeks == 3


def test_only_templates_can_be_copied() -> None:
    with pytest.raises(ProgramNotFound):
        copied(a_program())


def test_a_copy_of_another_template_than_in_the_path_is_refused(template: Program) -> None:
    assert copied(template, template_id=template.id).cloned_from == template.id
    with pytest.raises(Refused):
        copied(template, template_id="another")


def test_a_change_touches_only_what_it_names() -> None:
    before = a_program([a_session(1)], duration_weeks=8)
    after = apply_change(before, ProgramChange(name="Other"), LATER)
    assert after == before.model_copy(update={"name": "Other", "updated_at": LATER})


def test_null_clears_the_duration_and_leaves_everything_else() -> None:
    before = a_program(duration_weeks=8, description="Text")
    nulls = ProgramChange.model_validate(dict.fromkeys(ProgramChange.model_fields))
    after = apply_change(before, nulls, LATER)
    assert after == before.model_copy(update={"duration_weeks": None, "updated_at": LATER})


@pytest.mark.parametrize(
    ("change", "structure"),
    [
        ({"structure_config": {"days_on": 2, "days_off": 1}}, cyclic(2, 1)),
        ({"structure_type": "CYCLIC"}, DEFAULT_STRUCTURES[StructureType.CYCLIC]),
        ({"structure_type": "WEEKLY"}, weekly(3)),  # already weekly: its days stay
    ],
)
def test_a_structure_changes_by_its_days_or_by_its_type(change, structure) -> None:
    after = apply_change(a_program(), ProgramChange.model_validate(change), LATER)
    assert after.structure_config == structure
