"""What differs between two states of a program.

Sessions are the same when their ids are; an exercise occurs at most once in a session, so within
one it is known by its own id.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from shared.models.base import Model
from shared.models.diffs import (
    Differences,
    ExerciseDifference,
    ExerciseEvent,
    ExercisePlace,
    FieldDifference,
    MuscleDifference,
    SessionDifference,
    SessionEvent,
    Value,
)
from shared.models.exercises import Exercise
from shared.models.muscles import MuscleGroup
from shared.models.programs import Program
from shared.models.sessions import Session, SessionExercise
from shared.models.volume import ProgramStats
from shared.rules.words import so_many

_PROGRAM_FIELDS = ("name", "description", "split_type", "structure_config", "duration_weeks")
_PLACE_FIELDS = ("day_number", "order_in_program")
_LONGEST_REASON = 200

Names = Mapping[str, Exercise]
"""Exercises by id; those missing from it are called by their id."""


class _Slot(NamedTuple):
    """An exercise in a session."""

    session: Session
    row: SessionExercise


def compared(before: Program, after: Program, exercises: Names) -> Differences:
    """Everything that differs but the volume."""
    fields = list(_fields(before, after, _PROGRAM_FIELDS))
    sessions = list(_sessions(before, after))
    changes = _exercises(before, after, exercises)
    return Differences(
        fields=fields,
        sessions=sessions,
        exercises=changes,
        sentences=[
            *map(_field_sentence, fields),
            *map(_session_sentence, sessions),
            *_exercise_sentences(changes, sessions),
        ],
    )


def described(differences: Differences) -> str:
    """The differences in one line, as a reason for a version."""
    first, *more = differences.sentences or ["Saved."]
    line = first if not more else f"{first} And {len(more)} more."
    return line if len(line) <= _LONGEST_REASON else f"{line[: _LONGEST_REASON - 1]}…"


def muscle_differences(before: ProgramStats, after: ProgramStats) -> list[MuscleDifference]:
    """All muscle groups; each delta is exactly what the two figures beside it differ by."""
    old, new = ({row.muscle: row for row in stats.weekly_volume} for stats in (before, after))
    return [
        MuscleDifference(
            muscle=muscle,
            muscle_name=muscle.display_name,
            sets_before=old[muscle].sets_per_week,
            sets_after=new[muscle].sets_per_week,
            sets_delta=round(new[muscle].sets_per_week - old[muscle].sets_per_week, 2),
            direct_sets_before=old[muscle].direct_sets_per_week,
            direct_sets_after=new[muscle].direct_sets_per_week,
            direct_sets_delta=round(
                new[muscle].direct_sets_per_week - old[muscle].direct_sets_per_week, 2
            ),
            status_before=old[muscle].status,
            status_after=new[muscle].status,
        )
        for muscle in MuscleGroup
    ]


def told(value: Value) -> str:
    """A value of a field as people say it."""
    match value:
        case None:
            return "none"
        case {"min": low, "max": high}:
            return f"{low}-{high}"
        case {"amount": amount, "unit": unit}:
            return f"{amount} {unit}"
        case {"days_on": on, "days_off": off}:
            return f"{on} on, {off} off"
        case {"selected_days": [*days]}:
            return ", ".join(map(str, days))
        case str():
            return f"“{value}”"
    return str(value)


def _fields(before: Model, after: Model, names: Iterable[str]) -> Iterator[FieldDifference]:
    for name in names:
        if getattr(before, name) != getattr(after, name):
            old, new = (
                row.model_dump(mode="json", include={name})[name] for row in (before, after)
            )
            yield FieldDifference(field=name, before=old, after=new)


def _sessions(before: Program, after: Program) -> Iterator[SessionDifference]:
    old, new = ({session.id: session for session in row.in_order} for row in (before, after))

    def difference(event: SessionEvent, session: Session) -> SessionDifference:
        names = {SessionEvent.RENAMED: ("name",), SessionEvent.MOVED: _PLACE_FIELDS}.get(event, ())
        return SessionDifference(
            event=event,
            session_id=session.id,
            session_name=session.name,
            fields=list(_fields(old[session.id], session, names)) if names else [],
        )

    for session in new.values():
        if session.id not in old:
            yield difference(SessionEvent.ADDED, session)
            continue
        if session.name != old[session.id].name:
            yield difference(SessionEvent.RENAMED, session)
        if any(_fields(old[session.id], session, _PLACE_FIELDS)):
            yield difference(SessionEvent.MOVED, session)
    for session in old.values():
        if session.id not in new:
            yield difference(SessionEvent.REMOVED, session)


def _exercises(before: Program, after: Program, exercises: Names) -> list[ExerciseDifference]:
    old, new = _slots(before), _slots(after)
    gone = {key: slot for key, slot in old.items() if key not in new}
    come = {key: slot for key, slot in new.items() if key not in old}
    pairs: list[tuple[ExerciseEvent, _Slot | None, _Slot | None]] = []
    for event, alike in (
        (ExerciseEvent.MOVED, _same_exercise),
        (ExerciseEvent.REPLACED, _same_place),
    ):
        for key, slot in list(come.items()):
            origin = next((was for was in gone if alike(gone[was]) == alike(slot)), None)
            if origin:
                pairs.append((event, gone.pop(origin), come.pop(key)))
    pairs += [(ExerciseEvent.ADDED, None, slot) for slot in come.values()]
    pairs += [(ExerciseEvent.REMOVED, slot, None) for slot in gone.values()]
    pairs += [
        (ExerciseEvent.CHANGED, old[key], slot)
        for key, slot in new.items()
        if key in old and _how(old[key].row) != _how(slot.row)
    ]
    return [_exercise_difference(*pair, exercises) for pair in pairs]


def _slots(program: Program) -> dict[tuple[str, str], _Slot]:
    return {
        (session.id, row.exercise_id): _Slot(session, row)
        for session in program.in_order
        for row in session.exercises
    }


def _same_exercise(slot: _Slot) -> object:
    return slot.row.exercise_id


def _same_place(slot: _Slot) -> object:
    return slot.session.id, slot.row.order_in_session


def _how(row: SessionExercise) -> dict[str, object]:
    return {name: value for name, value in row if name != "exercise_id"}


def _exercise_difference(
    event: ExerciseEvent, before: _Slot | None, after: _Slot | None, exercises: Names
) -> ExerciseDifference:
    fields: list[FieldDifference] = []
    if before and after:
        names = [name for name in SessionExercise.model_fields if name != "exercise_id"]
        fields = list(_fields(before.row, after.row, names))
    return ExerciseDifference(
        event=event,
        before=_place(before, exercises),
        after=_place(after, exercises),
        fields=fields,
    )


def _place(slot: _Slot | None, exercises: Names) -> ExercisePlace | None:
    if slot is None:
        return None
    identifier = slot.row.exercise_id
    return ExercisePlace(
        session_id=slot.session.id,
        session_name=slot.session.name,
        exercise_id=identifier,
        exercise_name=exercises[identifier].name if identifier in exercises else identifier,
        sets=slot.row.sets,
        order_in_session=slot.row.order_in_session,
    )


def _field_sentence(change: FieldDifference) -> str:
    match change.field:
        case "name":
            return f"Renamed to “{change.after}”."
        case "description":
            return "Description changed."
        case "split_type":
            return f"Split changed from {change.before} to {change.after}."
        case "structure_config":
            return f"Training days changed from {told(change.before)} to {told(change.after)}."
    return f"Length changed from {_weeks(change.before)} to {_weeks(change.after)}."


def _weeks(number: Value) -> str:
    return so_many(number, "week") if isinstance(number, int) else "no fixed length"


def _word(field: str) -> str:
    return {"order_in_session": "place", "rir": "RIR"}.get(field, field.replace("_", " "))


def _session_sentence(change: SessionDifference) -> str:
    name = f"Session “{change.session_name}”"
    match change.event:
        case SessionEvent.ADDED | SessionEvent.REMOVED:
            return f"{name} {change.event}."
        case SessionEvent.RENAMED:
            return f"Session “{change.fields[0].before}” renamed to “{change.session_name}”."
    words = {"day_number": "day", "order_in_program": "turn"}
    moves = [f"{words[row.field]} {row.before} to {row.after}" for row in change.fields]
    return f"{name} moved from {' and '.join(moves)}."


def _exercise_sentences(
    changes: Sequence[ExerciseDifference], sessions: Sequence[SessionDifference]
) -> Iterator[str]:
    """None for what came or went with its whole session."""
    whole = {
        row.session_id
        for row in sessions
        if row.event in {SessionEvent.ADDED, SessionEvent.REMOVED}
    }
    for change in changes:
        before, after = change.before, change.after
        if before and after:
            yield _pair_sentence(change, before, after)
        elif (place := after or before) and place.session_id not in whole:
            sets = f", {so_many(place.sets, 'set')}" if after else ""
            where = "added to" if after else "removed from"
            yield f"{place.exercise_name} {where} “{place.session_name}”{sets}."


def _pair_sentence(change: ExerciseDifference, before: ExercisePlace, after: ExercisePlace) -> str:
    sets = "" if before.sets == after.sets else f", {before.sets} to {after.sets} sets"
    match change.event:
        case ExerciseEvent.MOVED:
            return (
                f"{after.exercise_name} moved from “{before.session_name}” "
                f"to “{after.session_name}”{sets}."
            )
        case ExerciseEvent.REPLACED:
            return (
                f"{before.exercise_name} replaced by {after.exercise_name} "
                f"in “{after.session_name}”{sets}."
            )
    parts = [f"{before.sets} to {after.sets} sets"] if sets else []
    parts += [
        f"{_word(row.field)} {told(row.before)} to {told(row.after)}"
        for row in change.fields
        if row.field != "sets"
    ]
    return f"{after.exercise_name} in “{after.session_name}”: {', '.join(parts)}."
