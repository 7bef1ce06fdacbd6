"""Making patches: the steps from one program to another, with tests of all that they rely on."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from pydantic import TypeAdapter

from shared.models.base import Model
from shared.models.patches import PatchAction, PatchOperation
from shared.models.programs import Program
from shared.models.sessions import Session, SessionDraft, SessionExercise, SessionExerciseDraft
from shared.rules.sessions import in_place_order

SESSION_FIELDS = ("name", "day_number", "order_in_program")
"""Of a session, that patches test and replace."""

SLOT_FIELDS = tuple(SessionExerciseDraft.model_fields)
"""Of an exercise in a session, that patches test and replace."""

_OPERATIONS = TypeAdapter(list[PatchOperation])

Step = dict[str, Any]
"""An operation in plain values: far cheaper to check together than one by one."""

SlotChanges = Mapping[int, Mapping[str, object] | None]
"""What some exercises of a session are to hold instead, by their places; None takes one out."""


def diff(before: Program, after: Program) -> list[PatchOperation]:
    """The patch from one program's sessions to the other's, with tests of all that it touches.

    The other way round it undoes; a session that has to be made again gets a new id. Sessions are
    the same when their ids are, exercises when they are in the same session.
    Whatever else differs between the programs is none of its business.
    """
    return operations(_steps(before, after))


def operations(steps: Iterable[Step]) -> list[PatchOperation]:
    """A patch, of its plain values."""
    return _OPERATIONS.validate_python(list(steps))


def _steps(before: Program, after: Program) -> list[Step]:
    wanted = {session.id: session for session in after.sessions}
    patch: list[Step] = []
    gone: list[Step] = []
    for place, session in enumerate(before.in_order):
        path = f"/sessions/{place}"
        target = wanted.pop(session.id, None)
        if target is session:
            continue
        guard = _step(PatchAction.TEST, f"{path}/id", session.id)
        if target is None:
            gone[:0] = [guard, _removal(path)]
        elif steps := [
            *_replacements(path, session, _other_values(session, target, SESSION_FIELDS)),
            *_differences(path, session, target),
        ]:
            patch += [guard, *steps]
    added = sorted(wanted.values(), key=lambda session: session.order_in_program)
    return patch + gone + [_step(PatchAction.ADD, "/sessions/-", _draft(row)) for row in added]


def plain(value: object) -> object:
    """As in JSON, so that equal contents are equal whatever model holds them."""
    return value.model_dump(mode="json") if isinstance(value, Model) else value


def _step(action: PatchAction, path: str, value: object) -> Step:
    return {"op": action, "path": path, "value": value}


def _removal(path: str) -> Step:
    return {"op": PatchAction.REMOVE, "path": path}


def slot_steps(
    place: int, session_id: str, slots: Sequence[SessionExercise], changes: SlotChanges
) -> list[Step]:
    """What changes these exercises of a session, which has this place in the order of turns."""
    path = f"/sessions/{place}"
    return [_step(PatchAction.TEST, f"{path}/id", session_id), *_changes(path, slots, changes)]


def _differences(path: str, before: Session, after: Session) -> Iterator[Step]:
    wanted = {slot.exercise_id: slot for slot in after.exercises}
    changes: dict[int, Mapping[str, object] | None] = {}
    slots = in_place_order(before.exercises)
    for place, slot in enumerate(slots):
        target = wanted.pop(slot.exercise_id, None)
        if target is None:
            changes[place] = None
        elif target is not slot:
            changes[place] = _other_values(slot, target, SLOT_FIELDS)
    yield from _changes(path, slots, changes)
    for slot in in_place_order(list(wanted.values())):
        yield _step(PatchAction.ADD, f"{path}/exercises/-", _slot_draft(slot))


def _changes(path: str, slots: Sequence[SessionExercise], changes: SlotChanges) -> Iterator[Step]:
    gone: list[Step] = []
    for place, fields in sorted(changes.items()):
        where, slot = f"{path}/exercises/{place}", slots[place]
        guard = _step(PatchAction.TEST, f"{where}/exercise_id", slot.exercise_id)
        if fields is None:
            gone[:0] = [guard, _removal(where)]
        elif fields:
            yield from (guard, *_replacements(where, slot, fields))
    yield from gone


def _other_values(before: object, after: object, fields: Sequence[str]) -> dict[str, object]:
    """What some fields hold afterwards that held something else before."""
    return {
        field: new for field in fields if (new := getattr(after, field)) != getattr(before, field)
    }


def _replacements(path: str, before: object, fields: Mapping[str, object]) -> Iterator[Step]:
    for field, new in fields.items():
        yield _step(PatchAction.TEST, f"{path}/{field}", plain(getattr(before, field)))
        yield _step(PatchAction.REPLACE, f"{path}/{field}", plain(new))


def _draft(session: Session) -> SessionDraft:
    return SessionDraft.model_validate(session.model_dump())


def _slot_draft(slot: SessionExercise) -> SessionExerciseDraft:
    return SessionExerciseDraft.model_validate(slot.model_dump())
