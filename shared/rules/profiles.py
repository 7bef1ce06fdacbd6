"""Volume profiles: the dated, sourced numbers that weekly volume is compared with.

The numbers live in landmarks.json, because published landmarks move from year to year.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from functools import cache, cached_property
from math import inf
from pathlib import Path
from typing import Annotated, NamedTuple, Self

from pydantic import Field, model_validator

from shared.models.base import Model
from shared.models.muscles import MuscleGroup
from shared.models.volume import Axis, Basis, Confidence, Experience, PublishedProfile
from shared.models.volume_settings import VolumeSource

_Sets = Annotated[int, Field(ge=0, le=100)]


class Source(VolumeSource):
    date: Annotated[str, Field(pattern=r"^\d{4}(-\d{2})?$")]


class FractionalEdge(Model):
    sets: _Sets
    """Per week, each set times its contribution."""

    source: str
    confidence: Confidence


class FractionalEdges(Model):
    """The same for all muscles."""

    floor: FractionalEdge | None
    """Below it volume is low, whatever the direct sets."""

    maintenance: FractionalEdge
    """Enough to keep what is there."""

    beginner: FractionalEdge
    """The minimum effective for beginners."""

    minimum_effective: FractionalEdge
    maximum_adaptive: FractionalEdge
    maximum_recoverable: FractionalEdge


class DirectEdges(Model):
    """Sets per week of exercises that train the muscle directly."""

    maintenance: _Sets
    minimum_effective: _Sets
    maximum_adaptive: _Sets
    maximum_recoverable: _Sets
    row: str
    """The muscle under which the source lists these numbers."""

    confidence: Confidence
    only_judge_of_excess: bool = False
    """True where indirect work inflates the fractional count, so that only this axis may say
    high or excessive."""


class Profile(Model):
    fractional: FractionalEdges
    direct: dict[MuscleGroup, DirectEdges]
    """Muscles without published numbers are judged by the fractional axis alone."""

    direct_source: str | None


class Limit(Model):
    """A number that does not belong to one muscle."""

    value: float
    sources: Annotated[list[str], Field(min_length=1)]
    confidence: Confidence


class Limits(Model):
    hard_set_rir: Limit
    """Sets that end with more repetitions in reserve are not hard sets."""

    session_direct_sets: Limit
    """Of one muscle in one session."""

    session_fractional_sets: Limit
    """Of one muscle in one session, each set times its contribution."""

    exposure_direct_sets: Limit
    """Of a muscle that is trained directly only once a week, in that session."""

    push_pull_lowest: Limit
    """Weekly fractional sets of the pushing muscles over those of the pulling ones."""

    push_pull_highest: Limit

    quadriceps_hamstrings: Limit
    """Weekly fractional sets of the one over those of the other."""

    weeks_without_deload: Limit

    fewest_repetitions: Limit
    """Of a working set."""

    most_repetitions: Limit
    """Of a working set."""

    contribution_sum: Limit
    """Of all muscles of one exercise."""

    session_sets: Limit
    """Of all muscles together in one session."""


class Landmarks(Model):
    schema_: str = Field(alias="$schema")
    sources: list[Source]
    limits: Limits
    profiles: dict[PublishedProfile, Profile]

    @model_validator(mode="after")
    def _names_known_sources(self) -> Self:
        known = {source.id for source in self.sources}
        cited = {source for _, limit in self.limits for source in limit.sources}
        if not cited <= known:
            raise ValueError(f"unknown sources: {sorted(cited - known)}")
        for profile in self.profiles.values():
            edges = profile.fractional
            used = {
                edge.source
                for edge in (
                    edges.floor,
                    edges.maintenance,
                    edges.beginner,
                    edges.minimum_effective,
                    edges.maximum_adaptive,
                    edges.maximum_recoverable,
                )
                if edge is not None
            }
            if profile.direct_source is not None:
                used.add(profile.direct_source)
            elif profile.direct:
                raise ValueError("direct landmarks need a source")
            if not used <= known:
                raise ValueError(f"unknown sources: {sorted(used - known)}")
        return self


@dataclass(frozen=True, slots=True)
class Bounds:
    """The edges of a range as plain numbers, since far more is compared with them than is shown;
    infinite, so that nothing is beyond it, where there is none."""

    floor: float
    low_fractional: float
    low_direct: float
    high_fractional: float
    high_direct: float
    limit_fractional: float
    limit_direct: float

    @classmethod
    def of(
        cls,
        floor: Basis | None,
        low: Collection[Basis],
        high: Iterable[Basis],
        limit: Iterable[Basis],
    ) -> "Bounds":
        """The limit is never below the high edge: nobody is over the one and not over the other."""
        highest = _by_axis(high)
        return cls(
            floor.value if floor else -inf,
            *(_by_axis(low) if low else (-inf, -inf)),
            *highest,
            *map(max, highest, _by_axis(limit)),
        )


def _by_axis(edges: Iterable[Basis]) -> tuple[float, float]:
    """The fractional and the direct number."""
    numbers = {edge.axis: edge.value for edge in edges}
    return numbers.get(Axis.FRACTIONAL, inf), numbers.get(Axis.DIRECT, inf)


class Edges(NamedTuple):
    """One axis of one muscle, lowest first."""

    minimum_effective: Basis
    maximum_adaptive: Basis
    maximum_recoverable: Basis

    @property
    def axis(self) -> Axis:
        return self.minimum_effective.axis

    @property
    def middle(self) -> float:
        """Sets per week halfway through the optimal range."""
        return (self.minimum_effective.value + self.maximum_adaptive.value) / 2


@dataclass(frozen=True)
class Thresholds:
    """What one muscle's volume is compared with."""

    floor: Basis | None

    maintenance: tuple[Basis, ...]
    """Any one of them is enough to keep what is there."""

    beginner: Basis
    """The minimum effective on the fractional axis for beginners."""

    fractional: Edges
    direct: Edges | None
    only_direct_judges_excess: bool

    @cached_property
    def axes(self) -> list[Edges]:
        """The fractional axis, then the direct one where a source publishes numbers for it."""
        return [self.fractional] if self.direct is None else [self.fractional, self.direct]

    def on(self, axis: Axis) -> Edges | None:
        """The edges of an axis; None where no source publishes any."""
        return self.fractional if axis is Axis.FRACTIONAL else self.direct

    @cached_property
    def judges_of_excess(self) -> list[Edges]:
        """The axes that may say high or excessive."""
        return self.axes[1:] if self.only_direct_judges_excess else self.axes

    @cached_property
    def minimum_effective(self) -> list[Basis]:
        """Reaching any one of them is enough."""
        return [edges.minimum_effective for edges in self.axes]

    @cached_property
    def maximum_adaptive(self) -> list[Basis]:
        """None of them may be exceeded."""
        return [edges.maximum_adaptive for edges in self.judges_of_excess]

    @cached_property
    def maximum_recoverable(self) -> list[Basis]:
        """Beyond them sets can no longer be recovered from."""
        return [edges.maximum_recoverable for edges in self.judges_of_excess]

    @cached_property
    def bounds(self) -> Bounds:
        return Bounds.of(
            self.floor, self.minimum_effective, self.maximum_adaptive, self.maximum_recoverable
        )

    @cached_property
    def middles(self) -> tuple[float, float]:
        """Weekly fractional and direct sets halfway through the optimal range."""
        return self.fractional.middle, inf if self.direct is None else self.direct.middle


@cache
def landmarks() -> Landmarks:
    """Read once per process, and checked."""
    text = Path(__file__).with_name("landmarks.json").read_text(encoding="utf-8")
    return Landmarks.model_validate_json(text)


@cache
def thresholds(name: PublishedProfile) -> dict[MuscleGroup, Thresholds]:
    """For each muscle group."""
    data = landmarks()
    profile = data.profiles[name]
    dates = {source.id: source.date for source in data.sources}
    return {muscle: _thresholds(profile, muscle, dates) for muscle in MuscleGroup}


def at_experience(limits: Thresholds, experience: Experience) -> Thresholds:
    """Experience moves only the low edge, and only for beginners.

    The published landmarks are those of intermediate and advanced lifters.
    """
    if experience is not Experience.BEGINNER:
        return limits
    fractional = limits.fractional._replace(minimum_effective=limits.beginner)
    return replace(limits, fractional=fractional)


def _thresholds(profile: Profile, muscle: MuscleGroup, dates: dict[str, str]) -> Thresholds:
    def fractional(name: str, edge: FractionalEdge) -> Basis:
        return Basis(
            axis=Axis.FRACTIONAL,
            threshold=name,
            value=edge.sets,
            source_id=edge.source,
            source_date=dates[edge.source],
            confidence=edge.confidence,
        )

    general = profile.fractional
    maintenance = fractional("maintenance", general.maintenance)
    direct = None
    if published := profile.direct.get(muscle):
        direct = _direct(published, profile.direct_source or "", dates)
    return Thresholds(
        floor=fractional("floor", general.floor) if general.floor else None,
        maintenance=(maintenance, direct.maintenance) if direct else (maintenance,),
        beginner=fractional("minimum_effective", general.beginner),
        fractional=Edges(
            fractional("minimum_effective", general.minimum_effective),
            fractional("maximum_adaptive", general.maximum_adaptive),
            fractional("maximum_recoverable", general.maximum_recoverable),
        ),
        direct=direct.edges if direct else None,
        only_direct_judges_excess=published is not None and published.only_judge_of_excess,
    )


class _Direct(NamedTuple):
    maintenance: Basis
    edges: Edges


def _direct(published: DirectEdges, source: str, dates: dict[str, str]) -> _Direct:
    def edge(name: str, sets: int) -> Basis:
        return Basis(
            axis=Axis.DIRECT,
            threshold=name,
            value=sets,
            source_id=source,
            source_date=dates[source],
            confidence=published.confidence,
        )

    return _Direct(
        edge("maintenance", published.maintenance),
        Edges(
            edge("minimum_effective", published.minimum_effective),
            edge("maximum_adaptive", published.maximum_adaptive),
            edge("maximum_recoverable", published.maximum_recoverable),
        ),
    )
