"""Merging a template's changes into a copy: who changed what decides, and nobody's work is lost."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import Invalid, Refused
from shared.models.merges import Side, TemplateUpdateDraft
from shared.models.programs import CloneDraft, Program
from shared.models.sessions import Session
from shared.rules.merges import Merge, Merged
from shared.rules.programs import clone
from tests.rules.build import LATER, NOW, a_program, a_session, counted_ids, cyclic, weekly
from tests.rules.programs_at_random import EXERCISES, programs

BASE = a_program(
    [
        a_session(1, {"bench": 4, "fly": 3}, name="Push"),
        a_session(2, {"row": 4, "curl": 3}, name="Pull"),
    ],
    organization_id=None,
    version_number=3,
    duration_weeks=8,
)


def template(*sessions: Session, **fields: Any) -> Program:
    """The template one version later."""
    return BASE.model_copy(
        update={"sessions": list(sessions) or BASE.sessions, "version_number": 4, **fields}
    )


def copy(base: Program = BASE) -> Program:
    return clone(
        base.model_copy(update={"organization_id": None}),
        CloneDraft(),
        program_id="copy",
        new_id=counted_ids("mine"),
        organization_id="gym",
        user_id="ann",
        now=NOW,
    )


def mine(*sessions: Session, **fields: Any) -> Program:
    """A copy of the base whose sessions became these; those numbered like the base's come
    from them."""
    origins = {session.id for session in BASE.sessions}
    linked = [
        session.model_copy(
            update={"id": f"mine-{session.id}", "cloned_from": session.id}
            if session.id in origins
            else {"id": f"mine-{session.id}"}
        )
        for session in sessions
    ]
    return copy().model_copy(update={"sessions": linked, **fields})


def merge(draft: TemplateUpdateDraft | None = None) -> Merge:
    return Merge(
        draft or TemplateUpdateDraft(),
        EXERCISES,
        new_id=counted_ids("new"),
        user_id="ann",
        now=LATER,
    )


def merged(ours: Program, theirs: Program, otherwise: Side | None = None) -> Merged:
    return merge(TemplateUpdateDraft(otherwise=otherwise)).run(BASE, ours, theirs)


def shape(program: Program) -> Any:
    """What is trained: sessions by turn, without ids."""
    return [
        (
            session.name,
            session.day_number,
            [
                (row.exercise_id, row.sets, row.rir)
                for row in sorted(session.exercises, key=lambda row: row.order_in_session)
            ],
        )
        for session in program.in_order
    ]


PUSH, PULL = BASE.sessions


def test_what_only_the_template_changed_comes_along() -> None:
    theirs = template(
        a_session(1, {"bench": 5, "raise": 3}, name="Press"),
        PULL,
        a_session(3, {"squat": 4}, name="Legs"),
        structure_config=cyclic(3, 1),
    )
    result = merged(copy(), theirs)
    assert result.conflicts == []
    assert shape(result.program) == shape(theirs)
    assert result.program.structure_config == cyclic(3, 1)
    assert (result.program.cloned_from_version, result.program.updated_at) == (4, LATER)
    assert (result.program.name, result.program.id) == ("My Program", "copy")
    # Sessions that were there keep their ids, and the new one knows where it is from.
    assert [session.id for session in result.program.sessions] == ["mine-1", "mine-2", "new-1"]
    assert result.program.sessions[2].cloned_from == "session-3"


def test_what_only_we_changed_stays() -> None:
    ours = mine(
        a_session(1, {"bench": 6, "raise": 3}, name="Heavy push"),
        a_session(9, {"squat": 4}, name="Mine", day_number=5),
        structure_config=weekly(5),
    )
    result = merged(ours, template(description="New words."))
    assert result.conflicts == []
    assert shape(result.program) == shape(ours)
    assert result.program.structure_config == weekly(5)
    assert result.program.description == "New words."


def test_both_sides_changes_to_different_things_are_combined() -> None:
    ours = mine(a_session(1, {"bench": 6, "fly": 3}, name="Push"), PULL)
    theirs = template(a_session(1, {"bench": 4, "fly": 2}, name="Push"), PULL)
    result = merged(ours, theirs)
    assert result.conflicts == []
    assert shape(result.program)[0] == ("Push", 1, [("bench", 6, None), ("fly", 2, None)])


@pytest.mark.parametrize("side", [None, Side.OURS, Side.THEIRS])
def test_sets_changed_by_both_are_a_conflict(side: Side | None) -> None:
    ours = mine(a_session(1, {"bench": 6, "fly": 3}, name="Push"), PULL)
    theirs = template(a_session(1, {"bench": 5, "fly": 3}, name="Push"), PULL)
    result = merged(ours, theirs, side)
    [conflict] = result.conflicts
    assert conflict.id == "session-1.bench.sets"
    assert conflict.sentence == "Bench in “Push”: sets 6 with you, 5 in the template."
    assert (conflict.ours, conflict.theirs) == (6, 5)
    assert shape(result.program)[0][2][0] == ("bench", 5 if side is Side.THEIRS else 6, None)


@pytest.mark.parametrize(
    ("our_push", "their_push", "sentence", "with_theirs"),
    [
        (
            {"bench": 4, "fly": 5},
            {"bench": 4, "raise": 2},
            "Fly in “Push”: you changed it, the template put Raise in place of it.",
            [("bench", 4, None), ("raise", 2, None)],
        ),
        (
            {"bench": 4, "curl": 5},
            {"bench": 4, "raise": 2},
            "Fly in “Push”: you put Curl in place of it, the template put Raise in place of it.",
            [("bench", 4, None), ("raise", 2, None)],
        ),
        (
            {"bench": 4},
            {"bench": 4, "fly": 5},
            "Fly in “Push”: you removed it, the template changed it.",
            [("bench", 4, None), ("fly", 5, None)],
        ),
        (
            {"bench": 4, "fly": 3, "raise": 2},
            {"bench": 4, "fly": 3, "raise": 4},
            "Raise in “Push”: you and the template added it, each in another way.",
            [("bench", 4, None), ("fly", 3, None), ("raise", 4, None)],
        ),
    ],
)
def test_a_place_that_both_filled_otherwise_is_a_conflict(
    our_push: dict[str, int], their_push: dict[str, int], sentence: str, with_theirs: Any
) -> None:
    ours = mine(a_session(1, our_push, name="Push"), PULL)
    theirs = template(a_session(1, their_push, name="Push"), PULL)
    kept = merged(ours, theirs)
    assert [conflict.sentence for conflict in kept.conflicts] == [sentence]
    assert shape(kept.program) == shape(ours)
    assert shape(merged(ours, theirs, Side.THEIRS).program)[0][2] == with_theirs


def test_a_session_that_one_side_dropped_and_the_other_changed_is_a_conflict() -> None:
    changed = a_session(2, {"row": 6}, name="Pull")
    dropped_by_us = merged(mine(PUSH), template(PUSH, changed))
    assert [row.sentence for row in dropped_by_us.conflicts] == [
        "Session “Pull”: you deleted it, the template changed it."
    ]
    assert len(dropped_by_us.program.sessions) == 1
    assert len(merged(mine(PUSH), template(PUSH, changed), Side.THEIRS).program.sessions) == 2
    dropped_by_them = merged(mine(PUSH, changed), template(PUSH))
    assert [row.sentence for row in dropped_by_them.conflicts] == [
        "Session “Pull”: you changed it, the template dropped it."
    ]
    assert len(dropped_by_them.program.sessions) == 2
    assert len(merged(mine(PUSH, changed), template(PUSH), Side.THEIRS).program.sessions) == 1


def test_a_session_that_one_side_dropped_and_nobody_changed_goes() -> None:
    assert merged(mine(PUSH), template(PUSH, PULL)).conflicts == []
    assert len(merged(mine(PUSH), template(PUSH, PULL)).program.sessions) == 1
    assert len(merged(copy(), template(PUSH)).program.sessions) == 1


def test_a_new_session_whose_day_is_taken_goes_after_the_last() -> None:
    ours = mine(PUSH, PULL, a_session(9, name="Mine", day_number=3, order_in_program=3))
    result = merged(ours, template(PUSH, PULL, a_session(3, {"squat": 4}, name="Legs")))
    assert [
        (row.name, row.day_number, row.order_in_program) for row in result.program.in_order
    ] == [
        ("Push", 1, 1),
        ("Pull", 2, 2),
        ("Mine", 3, 3),
        ("Legs", 4, 4),
    ]


def test_without_the_base_it_is_all_or_nothing() -> None:
    ours = mine(a_session(1, {"bench": 6}, name="Push"), PULL)
    theirs = template(PUSH, a_session(5, {"squat": 3}, name="Legs", day_number=3))

    def run(side: Side | None) -> Merged:
        return merge(TemplateUpdateDraft(otherwise=side)).run(None, ours, theirs)

    assert [conflict.id for conflict in run(None).conflicts] == ["program"]
    assert shape(run(Side.OURS).program) == shape(ours)
    assert shape(run(Side.THEIRS).program) == shape(theirs)
    assert run(Side.OURS).program.cloned_from_version == 4


def test_decisions_count_one_by_one_and_only_for_conflicts() -> None:
    ours = mine(a_session(1, {"bench": 6, "fly": 6}, name="Push"), PULL)
    theirs = template(a_session(1, {"bench": 5, "fly": 5}, name="Push"), PULL)
    one = merge(TemplateUpdateDraft(decisions={"session-1.fly.sets": Side.THEIRS}))
    result = one.run(BASE, ours, theirs)
    one.require_known_decisions()
    assert [conflict.id for conflict in one.undecided()] == ["session-1.bench.sets"]
    assert shape(result.program)[0][2] == [("bench", 6, None), ("fly", 5, None)]
    stale = merge(TemplateUpdateDraft(decisions={"session-1.row.sets": Side.OURS}))
    stale.run(BASE, ours, theirs)
    with pytest.raises(Invalid):
        stale.require_known_decisions()


def test_what_would_be_too_much_for_a_program_is_refused() -> None:
    numbers = range(10, 22)
    ours = mine(*(a_session(number, name="Mine") for number in numbers), PUSH, PULL)
    with pytest.raises(Refused, match="15 sessions"):
        merged(ours, template(PUSH, PULL, a_session(3)))


sides = st.sampled_from([None, Side.OURS, Side.THEIRS])


@given(base=programs(), theirs=programs(), side=sides)
def test_who_changed_nothing_gets_the_template_as_it_is(
    base: Program, theirs: Program, side: Side | None
) -> None:
    result = merge(TemplateUpdateDraft(otherwise=side)).run(base, copy(base), theirs)
    assert result.conflicts == []
    assert shape(result.program) == shape(theirs)
    for field in ("description", "split_type", "structure_config", "duration_weeks"):
        assert getattr(result.program, field) == getattr(theirs, field)


@given(base=programs(), changed=programs(), side=sides)
def test_a_template_that_changed_nothing_takes_nothing_away(
    base: Program, changed: Program, side: Side | None
) -> None:
    origins = {session.id for session in base.sessions}
    ours = changed.model_copy(
        update={
            "sessions": [
                row.model_copy(update={"cloned_from": row.id if row.id in origins else None})
                for row in changed.sessions
            ]
        }
    )
    result = merge(TemplateUpdateDraft(otherwise=side)).run(base, ours, base)
    assert result.conflicts == []
    assert result.program.sessions == ours.in_order
    assert result.program.structure_config == ours.structure_config


@given(base=programs(), changed=programs(), theirs=programs(), side=sides)
def test_whatever_is_merged_is_a_program(
    base: Program, changed: Program, theirs: Program, side: Side | None
) -> None:
    origins = {session.id for session in base.sessions}
    ours = changed.model_copy(
        update={
            "sessions": [
                row.model_copy(update={"cloned_from": row.id if row.id in origins else None})
                for row in changed.sessions
            ]
        }
    )
    one = merge(TemplateUpdateDraft(otherwise=side))
    result = one.run(base, ours, theirs)
    assert bool(one.undecided()) == bool(result.conflicts and side is None)
    found = result.program.sessions
    for field in ("id", "day_number", "order_in_program"):
        assert len({getattr(session, field) for session in found}) == len(found)
    for session in found:
        for field in ("exercise_id", "order_in_session"):
            taken = {getattr(row, field) for row in session.exercises}
            assert len(taken) == len(session.exercises)
    ids = [conflict.id for conflict in result.conflicts]
    assert len(set(ids)) == len(ids)
