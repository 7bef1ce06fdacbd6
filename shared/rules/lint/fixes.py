"""Small changes that may mend what a rule found; whether they are safe is found out afterwards."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from shared.models.muscles import MuscleGroup
from shared.models.sessions import Session, SessionExercise
from shared.rules.lint.subject import Count, NewSlots, Subject
from shared.rules.volume import hard_sets, per_week

MOST_SETS = 5
"""Of one exercise, to which a fix may add. A house convention without a study behind it."""


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
) -> NewSlots | None:
    """Sets are added, one at a time, where there are fewest for the muscle directly."""
    places = _places(subject, muscle)
    while missing(_count(places, subject.factor)) > 0:
        open_places = [place for place in places if place.is_direct and place.sets < MOST_SETS]
        if not open_places:
            return None
        min(open_places, key=lambda place: place.sets).sets += 1
    return _with_sets(places)


def with_fewer_sets(
    subject: Subject,
    muscle: MuscleGroup,
    too_many: Callable[[Count], float],
    session: Session | None = None,
) -> NewSlots | None:
    """Sets are taken away, one at a time, where they train the muscle most and little else.

    With a session, only its own sets are counted, and taken away.
    """
    places = _places(subject, muscle, session)
    factor = Fraction(1) if session else subject.factor
    while too_many(_count(places, factor)) > 0:
        open_places = [place for place in places if place.sets > 1]
        if not open_places:
            return None
        max(open_places, key=lambda place: (place.purity, place.sets)).sets -= 1
    return _with_sets(places)


def with_slot(session: Session, slot: SessionExercise, **fields: object) -> NewSlots:
    """Other values in one slot."""
    changed = slot.model_copy(update=fields)
    return {session.id: [changed if other is slot else other for other in session.exercises]}


def _places(subject: Subject, muscle: MuscleGroup, only: Session | None = None) -> list[_Place]:
    return [
        _Place(
            session,
            slot,
            share=(share := exercise.muscle_contributions[muscle]),
            purity=share / exercise.total_contribution,
            is_direct=muscle in exercise.direct_muscles,
            sets=slot.sets,
        )
        for session, slot, exercise in subject.training(muscle)
        if (only is None or session is only) and hard_sets(slot)
    ]


def _count(places: list[_Place], factor: Fraction) -> Count:
    fractional = sum([place.sets * place.share for place in places])
    direct = sum([place.sets for place in places if place.is_direct])
    return Count(per_week(fractional, factor), per_week(direct, factor))


def _with_sets(places: list[_Place]) -> NewSlots:
    changed = [place for place in places if place.sets != place.slot.sets]
    other = {
        (place.session.id, id(place.slot)): place.slot.model_copy(update={"sets": place.sets})
        for place in changed
    }
    return {
        session.id: [other.get((session.id, id(slot)), slot) for slot in session.exercises]
        for session in [place.session for place in changed]
    }
