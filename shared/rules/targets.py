"""What somebody wants of each muscle group, and how far weekly sets are from it.

Everything that recommends, ranks or optimises measures with these functions. Sets are weekly, on
both axes; missing and superfluous sets are counted in sets of direct work, one of which counts as
one on both axes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import inf
from types import MappingProxyType
from typing import NamedTuple

from shared.models.muscles import MuscleGroup
from shared.models.volume import Axis, Basis, Experience, MusclePriority
from shared.rules.profiles import Thresholds, at_experience, landmarks

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


class Bounds(NamedTuple):
    """The edges of a target as plain numbers, since far more edits are measured than are shown;
    infinite, so that nothing is beyond it, where there is none."""

    floor: float
    low_fractional: float
    low_direct: float
    high_fractional: float
    high_direct: float
    limit_fractional: float
    limit_direct: float


@dataclass(frozen=True)
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

    @cached_property
    def bounds(self) -> Bounds:
        return Bounds(
            self.floor.value if self.floor else -inf,
            *(_by_axis(self.low) if self.low else (-inf, -inf)),
            *_by_axis(self.high),
            *_by_axis(self.limit),
        )


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
    to_low = min(bounds.low_fractional - fractional, bounds.low_direct - direct)
    return max(to_low, bounds.floor - fractional, 0.0)


def surplus(target: Target, fractional: float, direct: float) -> float:
    """Weekly sets of direct work that are too many; 0 inside the wanted range and below it."""
    bounds = target.bounds
    return max(0.0, fractional - bounds.high_fractional, direct - bounds.high_direct)


def overload(target: Target, fractional: float, direct: float) -> float:
    """Weekly sets of direct work beyond what can be recovered from; never more than `surplus`."""
    bounds = target.bounds
    return max(0.0, fractional - bounds.limit_fractional, direct - bounds.limit_direct)


def beyond_session(target: Target, fractional: float, direct: float) -> float:
    """Sets of one session beyond those that one session has use for; 0 for an ignored muscle."""
    if target.priority is MusclePriority.IGNORE:
        return 0.0
    limits = landmarks().limits
    judged = target.bounds.high_fractional < inf
    return max(
        0.0,
        direct - limits.session_direct_sets.value,
        fractional - limits.session_fractional_sets.value if judged else 0.0,
    )


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
    weight = WEIGHTS[priority]
    if priority is MusclePriority.IGNORE:
        return Target(None, (), (), (), weight, priority)
    floor = limits.floor
    low = tuple(limits.minimum_effective)
    if priority is MusclePriority.MAINTAIN:
        floor, low = None, limits.maintenance
    return Target(
        floor=floor,
        low=low,
        high=tuple(limits.maximum_adaptive),
        limit=tuple(limits.maximum_recoverable),
        weight=weight,
        priority=priority,
    )


def _by_axis(edges: tuple[Basis, ...]) -> tuple[float, float]:
    """The fractional and the direct number."""
    numbers = {edge.axis: edge.value for edge in edges}
    return numbers.get(Axis.FRACTIONAL, inf), numbers.get(Axis.DIRECT, inf)
