"""Applying patches to programs.

A patch that no longer fits (a test fails, or a place is gone) is refused as a whole; so is one
whose outcome a program must not have. Days, turns and places may clash between the steps and
must not at the end.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, TypeVar

from pydantic import ValidationError

from shared.errors import Conflict, Invalid, PatchMisfit, Refused
from shared.models.base import Model
from shared.models.patches import POINTER, PatchAction, PatchOperation
from shared.models.programs import Program
from shared.models.sessions import (
    MAX_POSITION,
    MAX_SESSION_EXERCISES,
    MAX_SESSIONS,
    Session,
    SessionDraft,
    SessionExercise,
    SessionExerciseDraft,
)
from shared.rules.patch_steps import SESSION_FIELDS, SLOT_FIELDS, diff, plain
from shared.rules.sessions import (
    in_place_order,
    require_distinct_exercises,
    require_distinct_places,
    stored_exercises,
)

_POINTER = re.compile(POINTER)
_END = -1
T = TypeVar("T")
M = TypeVar("M", bound=Model)


class _Place(NamedTuple):
    """A path, taken apart; `_END` stands for `-`."""

    session: int
    slot: int | None
    field: str | None


@dataclass
class _Row:
    """A session while it is patched; `origin` is None for one that the patch added."""

    origin: Session | None
    fields: dict[str, object]
    slots: list[SessionExercise]

    @classmethod
    def of(cls, session: Session) -> "_Row":
        fields = {name: getattr(session, name) for name in ("id", *SESSION_FIELDS)}
        return cls(session, fields, in_place_order(session.exercises))

    @classmethod
    def added(cls, draft: SessionDraft) -> "_Row":
        fields = {name: getattr(draft, name) for name in SESSION_FIELDS}
        return cls(None, {"id": None, **fields}, stored_exercises(draft.exercises))


def apply_patch(
    program: Program,
    patch: Sequence[PatchOperation],
    *,
    new_id: Callable[[], str],
    user_id: str | None,
    now: datetime,
    location: tuple[str | int, ...] = ("body", "patch"),
) -> Program:
    """The program with the patch applied; the same object when that changes nothing.

    Raises Invalid for an operation that no program could take (`location` is the path to the
    patch), PatchMisfit for one that does not fit this program, Conflict when two sessions would
    have one day or turn, Refused when an exercise would occur twice in a session, when nothing
    would be left, or when there would be too much.
    """
    rows = [_Row.of(session) for session in program.in_order]
    for index, step in enumerate(patch):
        _apply(rows, step, (*location, index))
    if program.sessions and not rows:
        raise Refused("A program's last session cannot be deleted; delete the program instead.")
    if len(rows) > MAX_SESSIONS:
        raise Refused(f"A program has at most {MAX_SESSIONS} sessions.")
    for row in rows:
        if len(row.slots) > MAX_SESSION_EXERCISES:
            raise Refused(f"A session has at most {MAX_SESSION_EXERCISES} exercises.")
        require_distinct_exercises(row.slots, location, listed=False)
    sessions = [_session(row, new_id, user_id, now) for row in rows]
    require_distinct_places(sessions)
    if sessions == program.in_order:
        return program
    return program.model_copy(update={"sessions": sessions, "updated_at": now})


def apply_all(
    program: Program,
    patches: Sequence[Sequence[PatchOperation]],
    *,
    new_id: Callable[[], str],
    user_id: str | None,
    now: datetime,
    location: tuple[str | int, ...],
) -> Program:
    """The program with all of the patches applied, each of which was made for it as it is.

    Places mean what they mean there, whether a patch has tests of that or not: what is applied is
    what it changes, with tests of all that it touches. What removes comes last and from the end, so
    that no patch moves what another one means.
    Raises what `apply_patch` does, and PatchMisfit for a patch that clashes with another.
    """

    def applied(to: Program, patch: Sequence[PatchOperation], index: int) -> Program:
        return apply_patch(
            to, patch, new_id=new_id, user_id=user_id, now=now, location=(*location, index)
        )

    guarded = [diff(program, applied(program, patch, index)) for index, patch in enumerate(patches)]
    patched = program
    for index in sorted(range(len(patches)), key=lambda index: _disturbance(guarded[index])):
        try:
            patched = applied(patched, guarded[index], index)
        except (Conflict, Invalid, Refused):
            raise PatchMisfit(
                "One of these clashes with another one. Apply them one after the other.",
                {"index": index},
            ) from None
    return patched


def new_slots(before: Program, after: Program) -> list[SessionExercise]:
    """The exercises that sessions of the second program have and the same ones before had not."""
    there = {
        (session.id, slot.exercise_id) for session in before.sessions for slot in session.exercises
    }
    return [
        slot
        for session in after.sessions
        for slot in session.exercises
        if (session.id, slot.exercise_id) not in there
    ]


def _disturbance(patch: Sequence[PatchOperation]) -> tuple[int, ...]:
    """Sorts patches that remove nothing first, then by what they remove, from the end."""
    removed = [_place(step.path, ("body",)) for step in patch if step.op is PatchAction.REMOVE]
    if not removed:
        return (0,)
    first = removed[0]
    return (1, -first.session, 1 if first.slot is None else -first.slot)


def _apply(rows: list[_Row], step: PatchOperation, location: tuple[str | int, ...]) -> None:
    place = _place(step.path, location)
    if step.op is PatchAction.ADD:
        _add(rows, place, step, location)
    elif step.op is PatchAction.REMOVE:
        _remove(rows, place, location)
    elif step.op is PatchAction.TEST:
        _test(rows, place, step, location)
    else:
        _replace(rows, place, step, location)


def _place(path: str, location: tuple[str | int, ...]) -> _Place:
    found = _POINTER.match(path)
    if not found:
        raise Invalid.at((*location, "path"), "This is no path into a program's sessions.")
    session, exercises, slot, field = found.groups()
    return _Place(_number(session), _number(slot) if exercises else None, field and field[1:])


def _number(text: str) -> int:
    return _END if text == "-" else int(text)


def _add(
    rows: list[_Row], place: _Place, step: PatchOperation, location: tuple[str | int, ...]
) -> None:
    if place.field is not None:
        raise Invalid.at((*location, "path"), "Only sessions and exercises can be added.")
    if place.slot is None:
        if not isinstance(step.value, SessionDraft):
            raise Invalid.at((*location, "value"), "must be a session")
        _insert(rows, place.session, _Row.added(step.value), location)
        return
    if not isinstance(step.value, SessionExerciseDraft):
        raise Invalid.at((*location, "value"), "must be an exercise of a session")
    [slot] = stored_exercises([step.value])
    slots = _at(rows, place.session, location).slots
    if any(slot.exercise_id == row.exercise_id for row in slots):
        raise PatchMisfit(f"The session already has exercise {slot.exercise_id}.")
    if place.slot == _END and any(slot.order_in_session == row.order_in_session for row in slots):
        after = max(row.order_in_session for row in slots) + 1
        if after > MAX_POSITION:
            raise PatchMisfit("There is no place after the last exercise of the session.")
        slot = slot.model_copy(update={"order_in_session": after})
    _insert(slots, place.slot, slot, location)


def _remove(rows: list[_Row], place: _Place, location: tuple[str | int, ...]) -> None:
    if place.field is not None:
        raise Invalid.at((*location, "path"), "Only sessions and exercises can be removed.")
    row = _at(rows, place.session, location)
    if place.slot is None:
        del rows[place.session]
    else:
        _at(row.slots, place.slot, location)
        del row.slots[place.slot]


def _test(
    rows: list[_Row], place: _Place, step: PatchOperation, location: tuple[str | int, ...]
) -> None:
    row = _at(rows, place.session, location)
    if place.slot is None:
        found = row.fields[_field(place, ("id", *SESSION_FIELDS), location)]
    else:
        slot = _at(row.slots, place.slot, location)
        found = getattr(slot, _field(place, SLOT_FIELDS, location))
    if plain(found) != plain(step.value):
        raise PatchMisfit(
            "The program is no longer what this patch was made for.",
            {"path": step.path, "expected": plain(step.value), "found": plain(found)},
        )


def _replace(
    rows: list[_Row], place: _Place, step: PatchOperation, location: tuple[str | int, ...]
) -> None:
    row = _at(rows, place.session, location)
    if place.slot is None:
        field = _field(place, SESSION_FIELDS, location)
        changed = _checked(SessionDraft, {**row.fields, field: plain(step.value)}, location)
        row.fields[field] = getattr(changed, field)
        return
    field = _field(place, SLOT_FIELDS, location)
    slot = _at(row.slots, place.slot, location)
    wanted = {**slot.model_dump(), field: plain(step.value)}
    [row.slots[place.slot]] = stored_exercises([_checked(SessionExerciseDraft, wanted, location)])


def _field(place: _Place, known: Sequence[str], location: tuple[str | int, ...]) -> str:
    if place.field not in known:
        raise Invalid.at((*location, "path"), f"The path must end in one of {', '.join(known)}.")
    return str(place.field)


def _checked(model: type[M], fields: Mapping[str, object], location: tuple[str | int, ...]) -> M:
    """What a client might have sent. Raises Invalid at the value that was to be put in."""
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        problem = error.errors(include_url=False, include_input=False, include_context=False)[0]
        message = problem["msg"].removeprefix("Value error, ")
        raise Invalid.at((*location, "value"), message, problem["type"]) from None


def _at(items: Sequence[T], place: int, location: tuple[str | int, ...]) -> T:
    if place == _END:
        raise Invalid.at((*location, "path"), "`-` is only a place to add to.")
    if place >= len(items):
        raise PatchMisfit("The patch names a place that the program does not have.")
    return items[place]


def _insert(items: list[T], place: int, item: T, location: tuple[str | int, ...]) -> None:
    if place == _END:
        place = len(items)
    elif place != len(items):
        _at(items, place, location)
    items.insert(place, item)


def _session(row: _Row, new_id: Callable[[], str], user_id: str | None, now: datetime) -> Session:
    fields = {name: row.fields[name] for name in SESSION_FIELDS}
    exercises = in_place_order(row.slots)
    if row.origin is None:
        return Session.model_validate(
            {
                **fields,
                "id": new_id(),
                "exercises": exercises,
                "created_by_user_id": user_id,
                "created_at": now,
                "updated_at": now,
            }
        )
    if row == _Row.of(row.origin):
        return row.origin
    return row.origin.model_copy(update={**fields, "exercises": exercises, "updated_at": now})
