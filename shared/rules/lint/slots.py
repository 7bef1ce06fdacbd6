"""Rules about sessions and the exercises in them."""

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import partial
from math import ceil

from shared.models.exercises import MAX_SETS, Exercise
from shared.models.lint import Location, RuleId, Severity
from shared.rules.equipment import available
from shared.rules.lint.fixes import with_values
from shared.rules.lint.subject import LENGTH, NOTHING, Fix, Hit, Rule, Slot, Subject
from shared.rules.patch_steps import SlotChanges
from shared.rules.profiles import landmarks


def _too_long(subject: Subject) -> Iterator[Hit]:
    budget = subject.settings.session_minutes
    if budget is None:
        return
    for turn in subject.looked_at:
        minutes = turn.seconds / 60
        if minutes > budget:
            yield Hit(
                f"{turn.session.name} takes about {ceil(minutes)} minutes; there are {budget}.",
                Location(session_id=turn.session.id),
            )


def _twice(subject: Subject) -> Iterator[Hit]:
    for turn in subject.looked_at:
        if turn.is_storable:
            continue
        session = turn.session
        for exercise_id, times in Counter(slot.exercise_id for slot in turn.slots).items():
            if times > 1:
                exercise = subject.counted.exercises.get(exercise_id)
                yield Hit(
                    f"{session.name} names {exercise.name if exercise else exercise_id} {times} "
                    "times; one entry with all the sets says the same.",
                    Location(session_id=session.id, exercise_id=exercise_id),
                    fix=partial(_merged, subject),
                )


def _merged(subject: Subject) -> Fix | None:
    """With each exercise once in each session, since a patch must leave none twice."""
    fix: dict[int, SlotChanges] = {}
    for turn in subject.turns:
        if turn.is_storable:
            continue
        places: dict[str, list[int]] = {}
        for place, slot in enumerate(turn.slots):
            places.setdefault(slot.exercise_id, []).append(place)
        changes: dict[int, Mapping[str, object] | None] = {}
        for first, *others in places.values():
            sets = sum(turn.slots[place].sets for place in (first, *others))
            if sets > MAX_SETS:
                return None
            if others:
                changes |= {first: {"sets": sets}, **dict.fromkeys(others)}
        fix[turn.place] = changes
    return fix


def _equipment(subject: Subject) -> Iterator[Hit]:
    if subject.settings.equipment is None:
        return
    there = available(subject.settings.equipment)
    for at in subject.slots:
        exercise = at.exercise
        if exercise.equipment not in there:
            yield Hit(
                f"{exercise.name} in {at.turn.session.name} needs what is not there: "
                f"{exercise.equipment.display_name.lower()}.",
                _location(at),
            )


def _repetitions(subject: Subject) -> Iterator[Hit]:
    limits = landmarks().limits
    fewest, most = int(limits.fewest_repetitions.value), int(limits.most_repetitions.value)

    def within(repetitions: int) -> int:
        return min(max(repetitions, fewest), most)

    for at in subject.slots:
        reps = at.slot.target_reps
        if reps and (reps.min < fewest or reps.max > most):
            better = reps.model_copy(update={"min": within(reps.min), "max": within(reps.max)})
            yield Hit(
                f"{at.exercise.name} in {at.turn.session.name} asks for {reps.min}-{reps.max} "
                f"repetitions; working sets have {fewest} to {most}.",
                _location(at),
                fix=partial(with_values, at, target_reps=better),
            )


def _far_from_failure(subject: Subject) -> Iterator[Hit]:
    limit = landmarks().limits.hard_set_rir.value
    for at in subject.slots:
        rir = at.slot.rir
        if rir is not None and rir > limit:
            yield Hit(
                f"{at.exercise.name} in {at.turn.session.name} ends {rir:g} repetitions "
                f"before failure; with more than {limit:g} in reserve its sets are not counted.",
                _location(at),
                fix=partial(with_values, at, rir=limit),
            )


def _suspicious(subject: Subject) -> Iterator[Hit]:
    most = landmarks().limits.contribution_sum.value
    seen: dict[str, Exercise] = {}
    for at in subject.all_slots:
        seen[at.slot.exercise_id] = at.exercise
    for exercise_id, exercise in seen.items():
        total = exercise.total_contribution
        if 1 not in exercise.muscle_contributions.values():
            said = "trains no muscle fully, so its sets are direct work for none"
        elif total > most:
            said = f"counts {total:g} times for one set; more than {most:g} is hard to believe"
        else:
            continue
        yield Hit(f"{exercise.name} {said}.", Location(exercise_id=exercise_id))


def _location(at: Slot) -> Location:
    return Location(session_id=at.turn.session.id, exercise_id=at.slot.exercise_id)


def rules() -> Iterator[Rule]:
    limits = landmarks().limits
    reps = sorted({*limits.fewest_repetitions.sources, *limits.most_repetitions.sources})
    rir = limits.hard_set_rir.sources
    sums = limits.contribution_sum.sources
    convention = ["convention"]
    yield Rule(RuleId.SESSION_TOO_LONG, Severity.WARNING, convention, _too_long, LENGTH)
    yield Rule(RuleId.EXERCISE_TWICE, Severity.ERROR, convention, _twice, NOTHING)
    yield Rule(RuleId.EQUIPMENT_MISSING, Severity.ERROR, convention, _equipment, NOTHING)
    yield Rule(RuleId.REPETITIONS, Severity.WARNING, reps, _repetitions, ["target_reps"])
    yield Rule(RuleId.FAR_FROM_FAILURE, Severity.WARNING, rir, _far_from_failure, ["rir"])
    yield Rule(RuleId.SUSPICIOUS_CONTRIBUTIONS, Severity.INFO, sums, _suspicious, NOTHING)
