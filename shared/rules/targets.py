"""What somebody wants of each muscle group, and how far weekly sets are from it.

Everything that recommends, ranks or optimises measures with these functions. Sets are weekly, on
both axes; missing and superfluous sets are counted in sets of direct work, one of which counts as
one on both axes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf
from types import MappingProxyType

from shared.models.muscles import MuscleGroup
from shared.models.volume import Basis, Experience, MusclePriority
from shared.rules.profiles import Bounds, Thresholds, at_experience, landmarks
from shared.rules.volume import Count

WEIGHTS: Mapping[MusclePriority, float] = MappingProxyType(
    {
        MusclePriority.PRIORITISED: 2,
        MusclePriority.NORMAL: 1,
        MusclePriority.MAINTAIN: 0.5,
        MusclePriority.IGNORE: 0,
    }
)
"""What one missing set counts. A house convention without a study behind it."""

_NO_PRIORITIES: Mapping[MuscleGroup, MusclePriority] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Target:
    """The range wanted of one muscle group; all of it is empty for an ignored one."""

    floor: Basis | None
    """To be reached in any case."""

    low: tuple[Basis, ...]
    """One per axis; reaching any one of them is enough."""

    high: tuple[Basis, ...]
    """At most one per axis; none of them may be exceeded."""

    limit: tuple[Basis, ...]
    """As `high`, but beyond it sets can no longer be recovered from."""

    weight: float
    """What one missing set counts among those of all muscles."""

    priority: MusclePriority

    bounds: Bounds

    most_in_session: Count
    """Sets that one session has use for; infinite where nobody asks or judges."""


Targets = Mapping[MuscleGroup, Target]
"""Of all muscle groups."""


def targets(
    limits: Mapping[MuscleGroup, Thresholds],
    priorities: Mapping[MuscleGroup, MusclePriority] = _NO_PRIORITIES,
    experience: Experience = Experience.INTERMEDIATE,
) -> dict[MuscleGroup, Target]:
    """Muscles without a stated priority are normal ones."""
    return {
        muscle: _target(
            at_experience(limits[muscle], experience),
            priorities.get(muscle, MusclePriority.NORMAL),
        )
        for muscle in MuscleGroup
    }


def deficit(target: Target, fractional: float, direct: float) -> float:
    """Weekly sets of direct work that are missing; 0 inside the wanted range and above it."""
    bounds = target.bounds
    missing = bounds.floor - fractional if fractional < bounds.floor else 0.0
    if fractional < bounds.low_fractional and direct < bounds.low_direct:
        return max(missing, min(bounds.low_fractional - fractional, bounds.low_direct - direct))
    return missing


def surplus(target: Target, fractional: float, direct: float) -> float:
    """Weekly sets of direct work that are too many; 0 inside the wanted range and below it."""
    bounds = target.bounds
    if fractional <= bounds.high_fractional and direct <= bounds.high_direct:
        return 0.0
    return max(fractional - bounds.high_fractional, direct - bounds.high_direct)


def overload(target: Target, fractional: float, direct: float) -> float:
    """Weekly sets of direct work beyond what can be recovered from; never more than `surplus`."""
    bounds = target.bounds
    if fractional <= bounds.limit_fractional and direct <= bounds.limit_direct:
        return 0.0
    return max(fractional - bounds.limit_fractional, direct - bounds.limit_direct)


def beyond_session(target: Target, fractional: float, direct: float) -> float:
    """Sets of one session beyond those that one session has use for; 0 for an ignored muscle."""
    most = target.most_in_session
    if fractional <= most.fractional and direct <= most.direct:
        return 0.0
    return max(fractional - most.fractional, direct - most.direct)


def weighted_deficit(
    wanted: Targets,
    fractional: Mapping[MuscleGroup, float],
    direct: Mapping[MuscleGroup, float],
) -> float:
    """The missing sets of all muscles together, each by its weight; 0 when nothing is missing."""
    return sum(
        target.weight * deficit(target, fractional[muscle], direct[muscle])
        for muscle, target in wanted.items()
    )


def _target(limits: Thresholds, priority: MusclePriority) -> Target:
    floor = limits.floor
    low, high, limit = (
        tuple(edges)
        for edges in (
            limits.minimum_effective,
            limits.maximum_adaptive,
            limits.maximum_recoverable,
        )
    )
    if priority is MusclePriority.MAINTAIN:
        floor, low = None, limits.maintenance
    elif priority is MusclePriority.IGNORE:
        floor, low, high, limit = None, (), (), ()
    bounds = Bounds.of(floor, low, high, limit)
    return Target(
        floor=floor,
        low=low,
        high=high,
        limit=limit,
        weight=WEIGHTS[priority],
        priority=priority,
        bounds=bounds,
        most_in_session=_most_in_session(bounds, priority),
    )


def _most_in_session(bounds: Bounds, priority: MusclePriority) -> Count:
    limits = landmarks().limits
    asked = priority is not MusclePriority.IGNORE
    judged = bounds.high_fractional < inf
    return Count(
        limits.session_fractional_sets.value if asked and judged else inf,
        limits.session_direct_sets.value if asked else inf,
    )
