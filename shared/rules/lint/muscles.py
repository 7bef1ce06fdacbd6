"""Rules about the sets of one muscle: in a week, and in one session."""

from collections.abc import Callable, Iterator
from functools import partial

from shared.models.lint import Location, RuleId, Severity
from shared.models.muscles import MuscleGroup
from shared.rules.counted import Turn
from shared.rules.lint.fixes import with_fewer_sets, with_more_sets
from shared.rules.lint.subject import HARD_SETS, Hit, Rule, Subject
from shared.rules.profiles import landmarks
from shared.rules.targets import Target, beyond_session, deficit, overload
from shared.rules.volume import Count, per_week
from shared.rules.words import so_many


def _each(
    check: Callable[[Subject, MuscleGroup, Target, Count], Hit | None],
) -> Callable[[Subject], Iterator[Hit]]:
    """The same for every muscle somebody cares about; the count is that of the week."""

    def checked(subject: Subject) -> Iterator[Hit]:
        for muscle, target in subject.muscles.items():
            if hit := check(subject, muscle, target, subject.weeks[muscle]):
                yield hit

    return checked


def _untrained(_: Subject, muscle: MuscleGroup, target: Target, weekly: Count) -> Hit | None:
    if weekly.fractional or not deficit(target, *weekly):
        return None
    return Hit(
        f"{muscle.display_name} gets no hard sets. Add an exercise that trains it, or set its "
        "priority to IGNORE.",
        Location(muscle=muscle),
    )


def _below_effective(
    subject: Subject, muscle: MuscleGroup, target: Target, weekly: Count
) -> Hit | None:
    missing = deficit(target, *weekly)
    if not weekly.fractional or not missing:
        return None
    return Hit(
        f"{muscle.display_name} gets {_said(weekly)} a week, less than is known to be effective; "
        f"{missing:.4g} more of direct work would do.",
        Location(muscle=muscle),
        evidence=[edge.source_id for edge in target.low],
        fix=lambda: with_more_sets(subject, muscle, lambda count: deficit(target, *count)),
    )


def _above_recoverable(
    subject: Subject, muscle: MuscleGroup, target: Target, weekly: Count
) -> Hit | None:
    many = overload(target, *weekly)
    if not many:
        return None
    return Hit(
        f"{muscle.display_name} gets {_said(weekly)} a week, {many:.4g} more than can be "
        "recovered from.",
        Location(muscle=muscle),
        evidence=[edge.source_id for edge in target.limit],
        fix=lambda: with_fewer_sets(subject, muscle, lambda count: overload(target, *count)),
    )


def _session_over_cap(subject: Subject) -> Iterator[Hit]:
    for muscle, target in subject.muscles.items():
        fractional, direct = target.most_in_session
        for turn in subject.looked_at:
            sets = turn.sets
            if sets.fractional[muscle] > fractional or sets.direct[muscle] > direct:
                yield _over_cap(subject, muscle, target, turn)


def _over_cap(subject: Subject, muscle: MuscleGroup, target: Target, turn: Turn) -> Hit:
    limits = landmarks().limits

    def over(count: Count) -> float:
        return beyond_session(target, *count)

    said = _said(Count(turn.sets.fractional[muscle], turn.sets.direct[muscle]))
    return Hit(
        f"{turn.session.name} has {said} for {muscle.display_name}; beyond "
        f"{limits.session_direct_sets.value:g} direct or "
        f"{limits.session_fractional_sets.value:g} counted by contribution, a session adds little. "
        "Spread them over more sessions.",
        Location(session_id=turn.session.id, muscle=muscle),
        fix=partial(with_fewer_sets, subject, muscle, over, turn),
    )


def _lone_exposure(subject: Subject) -> Iterator[Hit]:
    most = landmarks().limits.exposure_direct_sets.value
    for muscle in subject.muscles:
        trained = [turn for turn in subject.turns if turn.sets.direct[muscle]]
        exposures = per_week(len(trained), subject.counted.factor)
        if exposures > 1:
            continue
        for turn in trained:
            if turn.sets.direct[muscle] > most:
                yield _lone(subject, muscle, turn, exposures)


def _lone(subject: Subject, muscle: MuscleGroup, turn: Turn, exposures: float) -> Hit:
    most = landmarks().limits.exposure_direct_sets.value
    often = "only once" if exposures == 1 else "less than once"
    return Hit(
        f"{turn.session.name} has {turn.sets.direct[muscle]:.4g} direct sets for "
        f"{muscle.display_name}, which is trained directly {often} a week. Move some of them to "
        "another day.",
        Location(session_id=turn.session.id, muscle=muscle),
        fix=partial(with_fewer_sets, subject, muscle, lambda count: count.direct - most, turn),
    )


def _said(count: Count) -> str:
    return f"{so_many(count.fractional, 'set')} ({count.direct:.4g} direct)"


def rules() -> Iterator[Rule]:
    limits = landmarks().limits
    session = [*limits.session_direct_sets.sources, *limits.session_fractional_sets.sources]
    lone = limits.exposure_direct_sets.sources
    warning, error = Severity.WARNING, Severity.ERROR
    yield Rule(RuleId.UNTRAINED, warning, ["pelland-2025"], _each(_untrained), HARD_SETS)
    yield Rule(RuleId.BELOW_EFFECTIVE, warning, [], _each(_below_effective), HARD_SETS)
    yield Rule(RuleId.ABOVE_RECOVERABLE, error, [], _each(_above_recoverable), HARD_SETS)
    yield Rule(RuleId.SESSION_OVER_CAP, warning, session, _session_over_cap, HARD_SETS)
    yield Rule(RuleId.LONE_EXPOSURE, warning, lone, _lone_exposure, HARD_SETS)
