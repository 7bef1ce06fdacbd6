"""Small changes that may mend what a rule found; whether they are safe is found out afterwards."""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from shared.models.exercises import Exercise
from shared.models.muscles import MuscleGroup
from shared.models.programs import Program
from shared.models.sessions import Session, SessionExercise
from shared.rules.lint.subject import Subject
from shared.rules.volume import Exercises, hard_sets, per_week, rotation_factor

MOST_SETS = 5
"""Of one exercise, to which a fix may add. A house convention without a study behind it."""


class Count(NamedTuple):
    """Sets of one muscle."""

    fractional: float
    direct: float


def sets_of(muscle: MuscleGroup, sessions: Iterable[Session], exercises: Exercises) -> Count:
    """Hard sets of one muscle when each of the sessions is done once."""
    rows = [
        (hard_sets(slot), exercise)
        for session in sessions
        for slot in session.exercises
        if (exercise := exercises.get(slot.exercise_id))
    ]
    return Count(
        sum(sets * exercise.muscle_contributions.get(muscle, 0) for sets, exercise in rows),
        sum(sets for sets, exercise in rows if muscle in exercise.direct_muscles),
    )


def weekly_sets_of(muscle: MuscleGroup, program: Program, exercises: Exercises) -> Count:
    once, factor = sets_of(muscle, program.sessions, exercises), rotation_factor(program)
    return Count(per_week(once.fractional, factor), per_week(once.direct, factor))


def with_slots(program: Program, session: Session, slots: list[SessionExercise]) -> Program:
    """The program with other slots in one of its sessions."""
    sessions = [
        other.model_copy(update={"exercises": slots}) if other.id == session.id else other
        for other in program.sessions
    ]
    return program.model_copy(update={"sessions": sessions})


def with_slot(
    program: Program, session: Session, slot: SessionExercise, **fields: object
) -> Program:
    """The program with other values in one of its slots."""
    changed = slot.model_copy(update=fields)
    return with_slots(
        program, session, [changed if other is slot else other for other in session.exercises]
    )


def with_more_sets(
    subject: Subject, muscle: MuscleGroup, missing: Callable[[Program], float]
) -> Program | None:
    """Sets are added, one at a time, where there are fewest for the muscle directly."""
    program = subject.program
    while missing(program) > 0:
        places = [
            (session, slot)
            for session, slot, exercise in _training(program, subject.exercises, muscle)
            if slot.sets < MOST_SETS and muscle in exercise.direct_muscles
        ]
        if not places:
            return None
        session, slot = min(places, key=lambda place: place[1].sets)
        program = with_slot(program, session, slot, sets=slot.sets + 1)
    return program


def with_fewer_sets(
    subject: Subject,
    muscle: MuscleGroup,
    too_many: Callable[[Program], float],
    session_id: str | None = None,
) -> Program | None:
    """Sets are taken away, one at a time, where they train the muscle most and little else."""
    program = subject.program
    while too_many(program) > 0:
        places = [
            (
                exercise.muscle_contributions[muscle] / len(exercise.muscle_contributions),
                session,
                slot,
            )
            for session, slot, exercise in _training(program, subject.exercises, muscle)
            if slot.sets > 1 and session_id in {None, session.id}
        ]
        if not places:
            return None
        _, session, slot = max(places, key=lambda place: (place[0], place[2].sets))
        program = with_slot(program, session, slot, sets=slot.sets - 1)
    return program


def _training(
    program: Program, exercises: Exercises, muscle: MuscleGroup
) -> Iterator[tuple[Session, SessionExercise, Exercise]]:
    """The slots whose hard sets train the muscle."""
    for session in program.in_order:
        for slot in session.exercises:
            exercise = exercises.get(slot.exercise_id)
            if exercise and muscle in exercise.muscle_contributions and hard_sets(slot):
                yield session, slot, exercise
