"""Small questions whose answers can be computed by hand."""

from fractions import Fraction
from typing import Any

from shared.models.muscles import MuscleGroup
from shared.models.volume import MusclePriority, PublishedProfile
from shared.rules.balance.task import Candidate, Day, Task
from shared.rules.profiles import thresholds
from shared.rules.targets import targets

CHEST = MuscleGroup.CHEST
FLY = Candidate("fly", {CHEST: 1.0}, frozenset({CHEST}))
LIMITS = thresholds(PublishedProfile.EVIDENCE)


def for_chest(*days: Day, candidates: tuple[Candidate, ...] = (FLY,), **fields: Any) -> Task:
    """Only the chest counts: 10 fractional or 6 direct sets a week, of at most 20 and 16."""
    ignored = dict.fromkeys(set(MuscleGroup) - {CHEST}, MusclePriority.IGNORE)
    given: dict[str, Any] = {
        "candidates": candidates,
        "days": days,
        "targets": targets(LIMITS, ignored),
        "ceilings": {muscle: row.limit for muscle, row in targets(LIMITS).items()},
        "factor": Fraction(1),
        "set_seconds": 160,
        "fewest_sets": 2,
        "most_sets": 5,
        "most_exercises": 8,
    }
    return Task(**(given | fields))
