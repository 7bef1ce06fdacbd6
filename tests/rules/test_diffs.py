"""What differs between two states of a program: in numbers, in sentences, and as a patch."""

from typing import Any

import pytest
from hypothesis import given

from shared.models.diffs import Differences, ExerciseEvent, SessionEvent
from shared.models.muscles import MuscleGroup
from shared.models.programs import Program
from shared.models.slots import Load, LoadUnit, RepRange
from shared.models.volume import ProgramStats, PublishedProfile
from shared.rules.counted import CountedProgram
from shared.rules.diffs import compared, described, muscle_differences
from shared.rules.patch_steps import diff
from shared.rules.patches import apply_patch
from shared.rules.statistics import stats as judged
from shared.rules.versions import content
from shared.rules.yardsticks import published
from tests.rules.build import LATER, a_program, a_session, counted_ids, cyclic, weekly
from tests.rules.programs_at_random import EXERCISES, programs


def push_pull() -> Program:
    return a_program(
        [
            a_session(1, {"bench": 4, "fly": 3}, name="Push"),
            a_session(2, {"row": 4, "curl": 3}, name="Pull"),
        ]
    )


def with_sessions(program: Program, *sessions: Any) -> Program:
    return program.model_copy(update={"sessions": list(sessions)})


def stats(program: Program) -> ProgramStats:
    return judged(CountedProgram.of(program, EXERCISES), published(PublishedProfile.EVIDENCE))


def found(before: Program, after: Program) -> Differences:
    return compared(before, after, EXERCISES)


def test_the_same_program_does_not_differ() -> None:
    nothing = found(push_pull(), push_pull())
    assert nothing == Differences(fields=[], sessions=[], exercises=[], sentences=[])
    assert described(nothing) == "Saved."


@pytest.mark.parametrize(
    ("sessions", "sentences"),
    [
        (
            [
                a_session(1, {"bench": 5, "fly": 3}, name="Push"),
                a_session(2, {"row": 4, "curl": 3}, name="Pull"),
            ],
            ["Bench in “Push”: 4 to 5 sets."],
        ),
        (
            [
                a_session(1, {"bench": 4, "raise": 2}, name="Push"),
                a_session(2, {"row": 4, "curl": 3}, name="Pull"),
            ],
            ["Fly replaced by Raise in “Push”, 3 to 2 sets."],
        ),
        (
            [
                a_session(1, {"bench": 4}, name="Push"),
                a_session(2, {"row": 4, "curl": 3, "fly": 3}, name="Pull"),
            ],
            ["Fly moved from “Push” to “Pull”."],
        ),
        (
            [
                a_session(1, {"bench": 4, "fly": 3, "raise": 4}, name="Push"),
                a_session(2, {"row": 4}, name="Pull"),
            ],
            ["Raise added to “Push”, 4 sets.", "Curl removed from “Pull”."],
        ),
        (
            [
                a_session(1, {"bench": 4, "fly": 3}, name="Press", day_number=3),
                a_session(2, {"row": 4, "curl": 3}, name="Pull"),
            ],
            [
                "Session “Push” renamed to “Press”.",
                "Session “Press” moved from day 1 to 3.",
            ],
        ),
        (
            [
                a_session(1, {"bench": 4, "fly": 3}, name="Push"),
                a_session(3, {"squat": 4}, name="Legs"),
            ],
            ["Session “Legs” added.", "Session “Pull” removed."],
        ),
    ],
)
def test_changes_of_sessions_are_told_in_terms_of_training(
    sessions: list[Any], sentences: list[str]
) -> None:
    before = push_pull()
    assert found(before, with_sessions(before, *sessions)).sentences == sentences


def test_an_exercise_that_swaps_sessions_with_another_is_moved_twice() -> None:
    before = push_pull()
    after = with_sessions(
        before,
        a_session(1, {"bench": 4, "curl": 3}, name="Push"),
        a_session(2, {"row": 4, "fly": 3}, name="Pull"),
    )
    assert [row.event for row in found(before, after).exercises] == [ExerciseEvent.MOVED] * 2


def test_an_exercise_of_a_new_session_is_listed_and_needs_no_sentence() -> None:
    before = push_pull()
    added = found(before, with_sessions(before, *before.sessions, a_session(3, {"squat": 4})))
    assert [(row.event, row.session_id) for row in added.sessions] == [
        (SessionEvent.ADDED, "session-3")
    ]
    [squat] = added.exercises
    assert (squat.event, squat.before) == (ExerciseEvent.ADDED, None)
    assert (squat.after.exercise_name, squat.after.sets) == ("Squat", 4)
    assert added.sentences == ["Session “Session 3” added."]


def test_how_an_exercise_is_done_is_told_in_words() -> None:
    def program(**fields: Any) -> Program:
        slot = a_session(1, {"bench": 4}).exercises[0].model_copy(update=fields)
        return a_program([a_session(1, exercises=[slot], name="Push")])

    before = program(target_reps=RepRange(min=8, max=12), rir=3)
    after = program(
        target_reps=RepRange(min=5, max=8), rir=1, load=Load(amount=80, unit=LoadUnit.KG)
    )
    assert found(before, after).sentences == [
        "Bench in “Push”: target reps 8-12 to 5-8, RIR 3.0 to 1.0, load none to 80.0 KG."
    ]


def test_changes_of_the_program_itself() -> None:
    before = a_program([], structure_config=weekly(3), duration_weeks=8)
    after = before.model_copy(
        update={
            "name": "Block",
            "description": "For winter.",
            "structure_config": cyclic(3, 1),
            "duration_weeks": None,
        }
    )
    differences = found(before, after)
    assert differences.sentences == [
        "Renamed to “Block”.",
        "Description changed.",
        "Training days changed from MON, TUE, WED to 3 on, 1 off.",
        "Length changed from 8 weeks to no fixed length.",
    ]
    assert described(differences) == "Renamed to “Block”. And 3 more."
    [length] = [row for row in differences.fields if row.field == "duration_weeks"]
    assert (length.before, length.after) == (8, None)


def test_a_reason_stays_readable_however_long_names_are() -> None:
    after = a_program([], name="B" * 100)
    before = a_program([], split_type="FULL_BODY", name="A")
    assert len(described(found(before, after))) <= 200
    long = Differences(fields=[], sessions=[], exercises=[], sentences=["x" * 300])
    assert described(long) == "x" * 199 + "…"


def test_muscles_on_both_axes() -> None:
    """One session on 3 days a week: bench 4 to 5 sets is 12 to 15 a week for the chest, all of
    them direct, and 9 to 11.25 fractional and 0 direct ones for the triceps (0.75 a set)."""
    before, after = (a_program([a_session(1, {"bench": sets})]) for sets in (4, 5))
    rows = {row.muscle: row for row in muscle_differences(stats(before), stats(after))}
    assert list(rows) == list(MuscleGroup)
    chest, triceps = rows[MuscleGroup.CHEST], rows[MuscleGroup.TRICEPS]
    assert (chest.sets_before, chest.sets_after, chest.sets_delta) == (12, 15, 3)
    assert (chest.direct_sets_before, chest.direct_sets_delta) == (12, 3)
    assert (triceps.sets_before, triceps.sets_delta) == (9, 2.25)
    assert (triceps.direct_sets_after, triceps.direct_sets_delta) == (0, 0)
    assert (chest.status_before, rows[MuscleGroup.CALVES].status_after) == ("optimal", "low")


@given(before=programs(), after=programs())
def test_every_delta_is_what_the_statistics_differ_by(before: Program, after: Program) -> None:
    old, new = stats(before), stats(after)
    rows = muscle_differences(old, new)
    for before_field, delta in (
        ("sets_per_week", "sets_delta"),
        ("direct_sets_per_week", "direct_sets_delta"),
    ):
        difference = sum(getattr(row, before_field) for row in new.weekly_volume) - sum(
            getattr(row, before_field) for row in old.weekly_volume
        )
        assert sum(getattr(row, delta) for row in rows) == pytest.approx(difference, abs=1e-9)


@given(before=programs(), after=programs())
def test_the_patch_of_a_difference_makes_the_one_of_the_other(
    before: Program, after: Program
) -> None:
    patched = apply_patch(
        before, diff(before, after), new_id=counted_ids("new"), user_id=None, now=LATER
    )

    def trained(program: Program) -> list[Any]:
        rows: list[Any] = content(program.model_copy(update={"sessions": program.in_order}))[
            "sessions"
        ]
        return [{**row, "id": ""} for row in rows]

    assert trained(patched) == trained(after)


@given(before=programs(), after=programs())
def test_every_slot_is_accounted_for(before: Program, after: Program) -> None:
    """What is not named as gone, come or changed is the same on both sides."""

    def slots(program: Program) -> dict[tuple[str, str], Any]:
        return {
            (session.id, row.exercise_id): row
            for session in program.sessions
            for row in session.exercises
        }

    left, right = slots(before), slots(after)
    for change in found(before, after).exercises:
        if change.before:
            del left[change.before.session_id, change.before.exercise_id]
        if change.after:
            del right[change.after.session_id, change.after.exercise_id]
    assert left == right
