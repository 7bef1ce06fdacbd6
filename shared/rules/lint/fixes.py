"""Small changes that may mend what a rule found; whether they are safe is found out afterwards."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from shared.models.muscles import MuscleGroup
from shared.models.programs import Program
from shared.models.sessions import Session, SessionExercise
from shared.rules.lint.subject import Subject
from shared.rules.volume import hard_sets, per_week

MOST_SETS = 5
"""Of one exercise, to which a fix may add. A house convention without a study behind it."""


class Count(NamedTuple):
    """Sets of one muscle."""

    fractional: float
    direct: float


@dataclass
class _Place:
    """An exercise whose hard sets train the muscle, with the sets it may come to have."""

    session: Session
    slot: SessionExercise

    share: float
    """The exercise's contribution to the muscle."""

    purity: float
    """The part of all its contributions that goes to the muscle."""

    is_direct: bool
    sets: int


def with_more_sets(
    subject: Subject, muscle: MuscleGroup, missing: Callable[[Count], float]
) -> Program | None:
    """Sets are added, one at a time, where there are fewest for the muscle directly."""
    places = _places(subject, muscle)
    while missing(_count(places, subject.factor)) > 0:
        open_places = [place for place in places if place.is_direct and place.sets < MOST_SETS]
        if not open_places:
            return None
        min(open_places, key=lambda place: place.sets).sets += 1
    return _with_sets(subject.program, places)


def with_fewer_sets(
    subject: Subject,
    muscle: MuscleGroup,
    too_many: Callable[[Count], float],
    session: Session | None = None,
) -> Program | None:
    """Sets are taken away, one at a time, where they train the muscle most and little else.

    With a session, only its own sets are counted, and taken away.
    """
    places = [place for place in _places(subject, muscle) if session in (None, place.session)]
    factor = Fraction(1) if session else subject.factor
    while too_many(_count(places, factor)) > 0:
        open_places = [place for place in places if place.sets > 1]
        if not open_places:
            return None
        max(open_places, key=lambda place: (place.purity, place.sets)).sets -= 1
    return _with_sets(subject.program, places)


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


def _places(subject: Subject, muscle: MuscleGroup) -> list[_Place]:
    return [
        _Place(
            session,
            slot,
            share=share,
            purity=share / exercise.total_contribution,
            is_direct=muscle in exercise.direct_muscles,
            sets=slot.sets,
        )
        for session, slot, exercise in subject.slots
        if (share := exercise.muscle_contributions.get(muscle)) and hard_sets(slot)
    ]


def _count(places: list[_Place], factor: Fraction) -> Count:
    fractional = sum(place.sets * place.share for place in places)
    direct = sum(place.sets for place in places if place.is_direct)
    return Count(per_week(fractional, factor), per_week(direct, factor))


def _with_sets(program: Program, places: list[_Place]) -> Program:
    for place in places:
        if place.sets != place.slot.sets:
            session = next(other for other in program.sessions if other.id == place.session.id)
            program = with_slot(program, session, place.slot, sets=place.sets)
    return program
