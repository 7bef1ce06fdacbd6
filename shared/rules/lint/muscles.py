"""Rules about the sets of one muscle: in a week, and in one session."""

from collections.abc import Callable, Iterator
from functools import partial

from shared.models.lint import Location, RuleId, Severity
from shared.models.muscles import MuscleGroup
from shared.rules.lint.fixes import with_fewer_sets, with_more_sets
from shared.rules.lint.subject import HARD_SETS, Hit, Rule, Subject
from shared.rules.profiles import landmarks
from shared.rules.targets import Target, beyond_session, deficit, overload
from shared.rules.volume import Count, per_week
from shared.rules.words import so_many


def _each(
    check: Callable[[Subject, MuscleGroup, Target, Count], Iterator[Hit]],
) -> Callable[[Subject], Iterator[Hit]]:
    """The same for every muscle somebody cares about; the count is that of the week."""

    def checked(subject: Subject) -> Iterator[Hit]:
        for muscle, target in subject.muscles.items():
            yield from check(subject, muscle, target, subject.weeks[muscle])

    return checked


def _untrained(_: Subject, muscle: MuscleGroup, target: Target, weekly: Count) -> Iterator[Hit]:
    if not weekly.fractional and deficit(target, *weekly):
        yield Hit(
            f"{muscle.display_name} gets no hard sets. Add an exercise that trains it, or set "
            "its priority to IGNORE.",
            Location(muscle=muscle),
        )


def _below_effective(
    subject: Subject, muscle: MuscleGroup, target: Target, weekly: Count
) -> Iterator[Hit]:
    missing = deficit(target, *weekly)
    if not weekly.fractional or not missing:
        return

    yield Hit(
        f"{muscle.display_name} gets {_said(weekly)} a week, less than is known to be effective; "
        f"{missing:.4g} more of direct work would do.",
        Location(muscle=muscle),
        evidence=[edge.source_id for edge in target.low],
        fix=lambda: with_more_sets(subject, muscle, lambda count: deficit(target, *count)),
    )


def _above_recoverable(
    subject: Subject, muscle: MuscleGroup, target: Target, weekly: Count
) -> Iterator[Hit]:
    many = overload(target, *weekly)
    if not many:
        return

    yield Hit(
        f"{muscle.display_name} gets {_said(weekly)} a week, {many:.4g} more than can be "
        "recovered from.",
        Location(muscle=muscle),
        evidence=[edge.source_id for edge in target.limit],
        fix=lambda: with_fewer_sets(subject, muscle, lambda count: overload(target, *count)),
    )


def _session_over_cap(
    subject: Subject, muscle: MuscleGroup, target: Target, _: Count
) -> Iterator[Hit]:
    limits = landmarks().limits

    def over(count: Count) -> float:
        return beyond_session(target, *count)

    most_fractional, most_direct = target.most_in_session
    for turn in subject.looked_at:
        session, sets = turn.session, turn.sets
        fractional, direct = sets.fractional[muscle], sets.direct[muscle]
        if fractional > most_fractional or direct > most_direct:
            yield Hit(
                f"{session.name} has {_said(Count(fractional, direct))} for "
                f"{muscle.display_name}; beyond "
                f"{limits.session_direct_sets.value:g} direct or "
                f"{limits.session_fractional_sets.value:g} counted by contribution, a session "
                "adds little. Spread them over more sessions.",
                Location(session_id=session.id, muscle=muscle),
                fix=partial(with_fewer_sets, subject, muscle, over, turn),
            )


def _lone_exposure(subject: Subject, muscle: MuscleGroup, _: Target, __: Count) -> Iterator[Hit]:
    most = landmarks().limits.exposure_direct_sets.value
    trained = [turn for turn in subject.turns if turn.sets.direct[muscle]]
    exposures = per_week(len(trained), subject.factor)
    if exposures > 1:
        return
    often = "only once" if exposures == 1 else "less than once"
    for turn in trained:
        session, direct = turn.session, turn.sets.direct[muscle]
        if direct > most:
            yield Hit(
                f"{session.name} has {direct:.4g} direct sets for {muscle.display_name}, which is "
                f"trained directly {often} a week. Move some of them to another day.",
                Location(session_id=session.id, muscle=muscle),
                fix=partial(
                    with_fewer_sets, subject, muscle, lambda count: count.direct - most, turn
                ),
            )


def _said(count: Count) -> str:
    return f"{so_many(count.fractional, 'set')} ({count.direct:.4g} direct)"


def rules() -> Iterator[Rule]:
    limits = landmarks().limits
    session = [*limits.session_direct_sets.sources, *limits.session_fractional_sets.sources]
    lone = limits.exposure_direct_sets.sources
    for rule, severity, evidence, check in (
        (RuleId.UNTRAINED, Severity.WARNING, ["pelland-2025"], _untrained),
        (RuleId.BELOW_EFFECTIVE, Severity.WARNING, [], _below_effective),
        (RuleId.ABOVE_RECOVERABLE, Severity.ERROR, [], _above_recoverable),
        (RuleId.SESSION_OVER_CAP, Severity.WARNING, session, _session_over_cap),
        (RuleId.LONE_EXPOSURE, Severity.WARNING, lone, _lone_exposure),
    ):
        yield Rule(rule, severity, evidence, _each(check), HARD_SETS)
