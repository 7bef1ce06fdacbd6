"""Recommended edits: what people and programs are told about the edits that help most."""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from operator import attrgetter
from typing import Any

from shared.errors import PatchMisfit
from shared.models.exercises import Exercise
from shared.models.lint import LintSettings, RuleId
from shared.models.muscles import MuscleGroup
from shared.models.patches import PatchOperation
from shared.models.programs import Program
from shared.models.recommendations import EditKind, MuscleEffect, Reason, RecommendedEdit
from shared.models.volume import Axis, Basis
from shared.rules.counted import CountedProgram
from shared.rules.edits import Edit, additions, slot_edits
from shared.rules.equipment import available
from shared.rules.improvements import Improvement, improvements
from shared.rules.measure import Effect, Measure
from shared.rules.patch_steps import Step, operations
from shared.rules.profiles import Thresholds
from shared.rules.targets import Target, deficit, overload
from shared.rules.volume import STATUSES, zone
from shared.rules.words import so_many
from shared.rules.yardsticks import Yardstick

MOST = 10
"""Recommendations in one answer."""

MOST_PER_MUSCLE = 3
"""Of them for the sake of one muscle: a choice, and not a list of everything alike."""

ABOVE_ADAPTIVE = "HQ117"
"""More sets than help, though not more than can be recovered from: no finding, but a reason."""

Limits = Mapping[MuscleGroup, Thresholds]


def recommendations(
    counted: CountedProgram,
    catalogue: Collection[Exercise],
    yardstick: Yardstick,
    settings: LintSettings,
) -> list[RecommendedEdit]:
    """The most helpful edits first; `catalogue` holds the exercises that may be added."""
    there = available(settings.equipment)
    usable = {exercise.id: exercise for exercise in catalogue if exercise.equipment in there}
    known = {**usable, **counted.exercises}
    measure = Measure(counted, known, yardstick.targets)
    chosen: list[RecommendedEdit] = []
    alike: Counter[MuscleGroup] = Counter()
    for found in improvements(counted, measure, usable, settings):
        effects = measure.effects(found.edit)
        main = max(effects, key=attrgetter("relief"))
        if alike[main.muscle] < MOST_PER_MUSCLE:
            alike[main.muscle] += 1
            reason = _reason(main, yardstick.targets[main.muscle])
            exercise = known[found.edit.slot.exercise_id]
            chosen.append(_recommendation(found, exercise, main, effects, reason, yardstick.limits))
        if len(chosen) == MOST:
            break
    return chosen


def patches_of(
    program: Program, catalogue: Iterable[Exercise], identifiers: Collection[str]
) -> dict[str, list[PatchOperation]]:
    """The patches of the edits with these ids, whether they help anybody or not.

    Raises PatchMisfit when the program as it is now has no such edit.
    """
    found: dict[str, list[PatchOperation]] = {}
    order = CountedProgram.of(program, {}).turns
    added = additions(order, (exercise.id for exercise in catalogue))
    for edit in chain(slot_edits(order), added) if identifiers else ():
        if (identifier := _identifier(edit)) in identifiers:
            found[identifier] = operations(_steps(edit))
    for identifier in identifiers:
        if identifier not in found:
            raise PatchMisfit(
                "This recommendation was made for another version of the program. Ask for new "
                "ones.",
                {"recommendation": identifier},
            )
    return found


def _recommendation(
    found: Improvement,
    exercise: Exercise,
    main: Effect,
    effects: Sequence[Effect],
    reason: Reason,
    limits: Limits,
) -> RecommendedEdit:
    edit = found.edit
    session = edit.turn.session
    # Plain values, which the model below checks together with the rest.
    patch: Any = list(_steps(edit))
    shown = sorted(effects, key=_change, reverse=True)
    return RecommendedEdit(
        id=_identifier(edit),
        kind=_kind(edit),
        session_id=session.id,
        session_name=session.name,
        exercise_id=exercise.id,
        exercise_name=exercise.name,
        sets_before=edit.before,
        sets_after=edit.after,
        sets_delta=edit.added,
        improvement=round(found.size, 2),
        minutes_after=round(edit.seconds_after / 60, 1),
        effects=[_shown(effect, limits[effect.muscle]) for effect in shown],
        reason=reason,
        recommendation=_sentence(edit, exercise, main),
        patch=patch,
    )


def _kind(edit: Edit) -> EditKind:
    if edit.before == 0:
        return EditKind.ADD_EXERCISE
    return EditKind.CHANGE_SETS if edit.after else EditKind.REMOVE_EXERCISE


def _change(effect: Effect) -> tuple[float, float]:
    return (
        abs(effect.fractional_after - effect.fractional),
        abs(effect.direct_after - effect.direct),
    )


def _shown(effect: Effect, limits: Thresholds) -> MuscleEffect:
    muscle, before, direct_before, after, direct_after, _ = effect
    return MuscleEffect(
        muscle=muscle,
        muscle_name=muscle.display_name,
        sets_per_week_before=round(before, 2),
        sets_per_week_after=round(after, 2),
        direct_sets_per_week_before=round(direct_before, 2),
        direct_sets_per_week_after=round(direct_after, 2),
        status_before=STATUSES[zone(before, direct_before, limits)],
        status_after=STATUSES[zone(after, direct_after, limits)],
    )


def _reason(effect: Effect, target: Target) -> Reason:
    """Why the muscle needs it: too few sets, or too many."""
    weekly = effect.fractional, effect.direct
    rule: str
    basis: list[Basis]
    if deficit(target, *weekly):
        rule = RuleId.BELOW_EFFECTIVE if effect.fractional else RuleId.UNTRAINED
        below = target.floor and effect.fractional < target.floor.value
        basis = [target.floor] if target.floor and below else list(target.low)
    elif overload(target, *weekly):
        rule, basis = RuleId.ABOVE_RECOVERABLE, _exceeded(target.limit, effect)
    else:
        rule, basis = ABOVE_ADAPTIVE, _exceeded(target.high, effect)
    return Reason(
        rule_id=rule,
        muscle=effect.muscle,
        muscle_name=effect.muscle.display_name,
        basis=basis,
    )


def _exceeded(edges: Iterable[Basis], effect: Effect) -> list[Basis]:
    sets = {Axis.FRACTIONAL: effect.fractional, Axis.DIRECT: effect.direct}
    return [edge for edge in edges if sets[edge.axis] > edge.value]


def _sentence(edit: Edit, exercise: Exercise, main: Effect) -> str:
    session, number = edit.turn.session.name, abs(edit.added)
    if edit.after == 0:
        action = f"Remove {exercise.name} ({so_many(number, 'set')}) from {session}"
    elif edit.before == 0:
        action = f"Add {so_many(number, 'set')} of {exercise.name} to {session}"
    else:
        more = "more" if edit.added > 0 else "fewer"
        action = f"Do {so_many(number, f'{more} set')} of {exercise.name} in {session}"
    return (
        f"{action}: {main.muscle.display_name} then has {main.fractional_after:.4g} instead of "
        f"{main.fractional:.4g} sets a week, {main.direct_after:.4g} instead of "
        f"{main.direct:.4g} of them direct."
    )


def _steps(edit: Edit) -> Iterator[Step]:
    """The edit as a patch in plain values: tests of what it relies on, then the change."""
    slot = edit.slot
    where = f"/sessions/{edit.turn.place}"
    yield {"op": "test", "path": f"{where}/id", "value": edit.turn.session.id}
    if edit.slot_place is None:
        added = {
            "exercise_id": slot.exercise_id,
            "sets": edit.after,
            "order_in_session": slot.order_in_session,
        }
        yield {"op": "add", "path": f"{where}/exercises/-", "value": added}
        return
    where = f"{where}/exercises/{edit.slot_place}"
    yield {"op": "test", "path": f"{where}/exercise_id", "value": slot.exercise_id}
    yield {"op": "test", "path": f"{where}/sets", "value": edit.before}
    if edit.after:
        yield {"op": "replace", "path": f"{where}/sets", "value": edit.after}
    else:
        yield {"op": "remove", "path": where}


def _identifier(edit: Edit) -> str:
    """Of all that the patch says."""
    turn, slot = edit.turn, edit.slot
    where = f"{turn.place} {turn.session.id} {edit.slot_place} {slot.order_in_session}"
    what = f"{slot.exercise_id} {edit.before} {edit.after}"
    return hashlib.blake2b(f"{where} {what}".encode(), digest_size=8).hexdigest()
