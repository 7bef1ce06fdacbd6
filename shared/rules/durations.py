"""How long a session takes: an estimate by convention, for time limits and not for a stopwatch.

Each set takes its work and the rest after it; the last rest stands for changing over to the next
exercise. Warming up is left out, as it does not depend on the program.
"""

from collections.abc import Iterable

from shared.models.sessions import SessionExercise

WORK_SECONDS = 40
"""Of one set: ten repetitions of four seconds. A house convention without a study behind it."""

REST_SECONDS = 120
"""After a set, where the program does not say. A house convention: above the 90 seconds beyond
which a meta-analysis saw no further gain (Singer et al. 2024, doi 10.3389/fspor.2024.1429789)."""


def set_seconds(slot: SessionExercise) -> int:
    """One set of the exercise, with its rest."""
    return WORK_SECONDS + (REST_SECONDS if slot.rest_seconds is None else slot.rest_seconds)


def slot_seconds(slot: SessionExercise) -> int:
    """All sets of the exercise, with their rests."""
    return slot.sets * set_seconds(slot)


def session_seconds(slots: Iterable[SessionExercise]) -> int:
    return sum(map(slot_seconds, slots))
