"""Rules about sessions and the exercises in them."""

from collections import Counter
from collections.abc import Iterator
from functools import partial
from math import ceil

from shared.models.exercises import MAX_SETS, Exercise
from shared.models.lint import Location, RuleId, Severity
from shared.models.sessions import Session, SessionExercise
from shared.rules.durations import session_seconds
from shared.rules.equipment import available
from shared.rules.lint.fixes import with_slot
from shared.rules.lint.subject import Hit, NewSlots, Rule, Subject
from shared.rules.profiles import landmarks
from shared.rules.volume import hard_sets


def _too_long(subject: Subject) -> Iterator[Hit]:
    budget = subject.settings.session_minutes
    if budget is None:
        return
    for session, _, _ in subject.looked_at:
        minutes = session_seconds(session.exercises) / 60
        if minutes > budget:
            yield Hit(
                f"{session.name} takes about {ceil(minutes)} minutes; there are {budget}.",
                Location(session_id=session.id),
            )


def _twice(subject: Subject) -> Iterator[Hit]:
    for session, _, is_storable in subject.looked_at:
        seen = Counter(() if is_storable else [slot.exercise_id for slot in session.exercises])
        for exercise_id, times in seen.items():
            if times > 1:
                exercise = subject.exercises.get(exercise_id)
                yield Hit(
                    f"{session.name} names {exercise.name if exercise else exercise_id} {times} "
                    "times; one entry with all the sets says the same.",
                    Location(session_id=session.id, exercise_id=exercise_id),
                    fix=partial(_merged, subject),
                )


def _merged(subject: Subject) -> NewSlots | None:
    """With each exercise once in each session, since a patch must leave none twice."""
    merged = {}
    for session, _, is_storable in subject.sessions:
        if is_storable:
            continue
        first: dict[str, SessionExercise] = {}
        sets = Counter[str]()
        for slot in session.exercises:
            first.setdefault(slot.exercise_id, slot)
            sets[slot.exercise_id] += slot.sets
        if max(sets.values()) > MAX_SETS:
            return None
        merged[session.id] = [
            slot.model_copy(update={"sets": sets[name]}) for name, slot in first.items()
        ]
    return merged


def _equipment(subject: Subject) -> Iterator[Hit]:
    if subject.settings.equipment is None:
        return
    there = available(subject.settings.equipment)
    for session, slot, exercise in subject.slots:
        if exercise.equipment not in there:
            yield Hit(
                f"{exercise.name} in {session.name} needs what is not there: "
                f"{exercise.equipment.display_name.lower()}.",
                _at(session, slot),
            )


def _repetitions(subject: Subject) -> Iterator[Hit]:
    limits = landmarks().limits
    fewest, most = int(limits.fewest_repetitions.value), int(limits.most_repetitions.value)

    def within(repetitions: int) -> int:
        return min(max(repetitions, fewest), most)

    for session, slot, exercise in subject.slots:
        reps = slot.target_reps
        if reps and (reps.min < fewest or reps.max > most):
            better = reps.model_copy(update={"min": within(reps.min), "max": within(reps.max)})
            yield Hit(
                f"{exercise.name} in {session.name} asks for {reps.min}-{reps.max} repetitions; "
                f"working sets have {fewest} to {most}.",
                _at(session, slot),
                fix=partial(with_slot, session, slot, target_reps=better),
            )


def _far_from_failure(subject: Subject) -> Iterator[Hit]:
    limit = landmarks().limits.hard_set_rir.value
    for session, slot, exercise in subject.slots:
        if not hard_sets(slot):
            yield Hit(
                f"{exercise.name} in {session.name} ends {slot.rir:g} repetitions before failure; "
                f"with more than {limit:g} in reserve its sets are not counted.",
                _at(session, slot),
                fix=partial(with_slot, session, slot, rir=limit),
            )


def _suspicious(subject: Subject) -> Iterator[Hit]:
    most = landmarks().limits.contribution_sum.value
    seen: dict[str, Exercise] = {}
    for _, slot, exercise in subject.all_slots:
        seen[slot.exercise_id] = exercise
    for exercise_id, exercise in seen.items():
        total = exercise.total_contribution
        if 1 not in exercise.muscle_contributions.values():
            said = "trains no muscle fully, so its sets are direct work for none"
        elif total > most:
            said = f"counts {total:g} times for one set; more than {most:g} is hard to believe"
        else:
            continue
        yield Hit(f"{exercise.name} {said}.", Location(exercise_id=exercise_id))


def _at(session: Session, slot: SessionExercise) -> Location:
    return Location(session_id=session.id, exercise_id=slot.exercise_id)


def rules() -> Iterator[Rule]:
    limits = landmarks().limits
    reps = sorted({*limits.fewest_repetitions.sources, *limits.most_repetitions.sources})
    rir = limits.hard_set_rir.sources
    yield Rule(RuleId.SESSION_TOO_LONG, Severity.WARNING, ["convention"], _too_long)
    yield Rule(RuleId.EXERCISE_TWICE, Severity.ERROR, ["convention"], _twice)
    yield Rule(RuleId.EQUIPMENT_MISSING, Severity.ERROR, ["convention"], _equipment)
    yield Rule(RuleId.REPETITIONS, Severity.WARNING, reps, _repetitions)
    yield Rule(RuleId.FAR_FROM_FAILURE, Severity.WARNING, rir, _far_from_failure)
    yield Rule(
        RuleId.SUSPICIOUS_CONTRIBUTIONS,
        Severity.INFO,
        limits.contribution_sum.sources,
        _suspicious,
    )
