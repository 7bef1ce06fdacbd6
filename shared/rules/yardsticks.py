"""What a program is judged by: the numbers of a profile, and what is wanted of each muscle."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import NamedTuple

from shared.models.muscles import MuscleGroup
from shared.models.volume import Axis, Basis, Confidence, ProfileName, PublishedProfile
from shared.models.volume_settings import (
    MuscleEdges,
    MuscleThresholds,
    OrganizationVolume,
    PersonalVolume,
    VolumeProfile,
)
from shared.rules.profiles import Edges, Thresholds, at_experience, thresholds
from shared.rules.targets import Targets, targets

ORGANIZATION = "organization"
"""The source of an organization's own numbers."""


class Yardstick(NamedTuple):
    profile: ProfileName

    limits: Mapping[MuscleGroup, Thresholds]
    """What verdicts compare with."""

    targets: Targets
    """What recommendations, findings and optimisation aim at."""

    set_at: datetime | None = None
    """When the settings behind it were changed; None for what is published."""


@cache
def published(profile: PublishedProfile) -> Yardstick:
    limits = thresholds(profile)
    return Yardstick(ProfileName(profile), limits, targets(limits))


def of_organization(settings: OrganizationVolume) -> Yardstick:
    """The published numbers with the organization's own in their place."""
    limits = dict(thresholds(settings.base))
    date = f"{settings.updated_at:%Y-%m}" if settings.updated_at else ""
    for own in settings.thresholds:
        limits[own.muscle] = _with_own(limits[own.muscle], own, date)
    return Yardstick(ProfileName.ORGANIZATION, limits, targets(limits), settings.updated_at)


def of_person(settings: PersonalVolume) -> Yardstick:
    """The published numbers for somebody's experience; their priorities as targets."""
    limits = {
        muscle: at_experience(row, settings.experience)
        for muscle, row in thresholds(settings.base).items()
    }
    wanted = targets(limits, settings.priorities)
    return Yardstick(ProfileName.MINE, limits, wanted, settings.updated_at)


def _with_own(limits: Thresholds, own: MuscleEdges, date: str) -> Thresholds:
    edges = _edges(limits.on(own.axis), own, date)
    if edges is None or own.axis is Axis.DIRECT:
        return replace(limits, direct=edges)
    low = edges.minimum_effective

    def at_most(edge: Basis) -> Basis:
        """Whoever says that fewer sets suffice says so whatever is published for all muscles."""
        return low if edge.axis is low.axis and low.value < edge.value else edge

    return replace(
        limits,
        fractional=edges,
        floor=limits.floor and at_most(limits.floor),
        maintenance=tuple(map(at_most, limits.maintenance)),
        beginner=at_most(limits.beginner),
    )


def _edges(published: Edges | None, own: MuscleEdges, date: str) -> Edges | None:
    """None while the own numbers and the published ones together are not complete."""
    edges = []
    for name in Edges._fields:
        sets = getattr(own, name)
        if sets is None:
            if published is None:
                return None
            edges.append(getattr(published, name))
            continue
        edges.append(
            Basis(
                axis=own.axis,
                threshold=name,
                value=sets,
                source_id=ORGANIZATION,
                source_date=date,
                confidence=Confidence.LOW,
            )
        )
    return Edges(*edges)


def shown_profile(profile: PublishedProfile) -> VolumeProfile:
    """A published profile with all its numbers, for people to read."""
    return VolumeProfile(
        name=profile,
        thresholds=[
            MuscleThresholds(
                muscle=muscle,
                muscle_name=muscle.display_name,
                floor=limits.floor,
                maintenance=list(limits.maintenance),
                beginner=limits.beginner,
                minimum_effective=limits.minimum_effective,
                maximum_adaptive=limits.maximum_adaptive,
                maximum_recoverable=limits.maximum_recoverable,
            )
            for muscle, limits in thresholds(profile).items()
        ],
    )
