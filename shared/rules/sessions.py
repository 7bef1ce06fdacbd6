"""Where sessions stand in their program, and how they are added, changed and removed."""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime, timedelta
from operator import attrgetter

from shared.errors import Conflict, Invalid, Refused, SessionNotFound
from shared.models.programs import Program
from shared.models.sessions import (
    MAX_POSITION,
    MAX_SESSIONS,
    Session,
    SessionChange,
    SessionDraft,
    SessionExercise,
    SessionExerciseDraft,
)

REPEAT_SECONDS = 10
"""An identical session added by the same person within this time is the same session."""


def require_distinct_exercises(
    exercises: Sequence[SessionExerciseDraft | SessionExercise],
    location: tuple[str | int, ...] = ("body",),
    *,
    listed: bool = True,
) -> None:
    """Raise Refused when an exercise occurs twice, Invalid when a place in the session does.

    `location` is the path to the session that holds them; or to what made them so, where the
    payload does not list them.
    """

    def path(index: int, field: str) -> tuple[str | int, ...]:
        return (*location, "exercises", index, field) if listed else location

    seen: set[str] = set()
    places: set[int] = set()
    for index, planned in enumerate(exercises):
        if planned.exercise_id in seen:
            raise Refused(
                f"Exercise {planned.exercise_id} must not occur twice in a session.",
                {
                    "exercise_ids": [planned.exercise_id],
                    "loc": list(path(index, "exercise_id")),
                },
            )
        if planned.order_in_session in places:
            raise Invalid.at(
                path(index, "order_in_session"),
                f"Two exercises must not have order_in_session {planned.order_in_session}.",
            )
        seen.add(planned.exercise_id)
        places.add(planned.order_in_session)


def require_distinct_places(sessions: Sequence[Session]) -> None:
    """Raise Conflict when two sessions have the same day or the same turn."""
    for field in ("day_number", "order_in_program"):
        taken: set[int] = set()
        for session in sessions:
            number = getattr(session, field)
            if number in taken:
                raise _taken(field, number)
            taken.add(number)


def require_known_exercises(
    exercises: Sequence[SessionExerciseDraft | SessionExercise], known: Collection[str]
) -> None:
    """Raise Refused, naming them, when exercises are not among the `known` ids."""
    missing = sorted({planned.exercise_id for planned in exercises} - set(known))
    if missing:
        raise Refused(
            f"Exercise {missing[0]} does not exist or is not available to you.",
            {"exercise_ids": missing},
        )


def planned(sessions: Iterable[SessionDraft]) -> list[SessionExerciseDraft]:
    """The exercises of all sessions."""
    return [row for session in sessions for row in session.exercises]


def new_session(
    draft: SessionDraft, *, session_id: str, user_id: str | None, now: datetime
) -> Session:
    return Session(
        id=session_id,
        name=draft.name,
        day_number=draft.day_number,
        order_in_program=draft.order_in_program,
        exercises=stored_exercises(draft.exercises),
        created_by_user_id=user_id,
        created_at=now,
        updated_at=now,
    )


def placed(draft: SessionDraft, existing: Sequence[Session]) -> SessionDraft:
    """The draft with a day and a turn that no existing session has.

    Clients append with the number of sessions plus one, which is taken when days were left
    out (1, 2, 4, 5) or a session in the middle was deleted; such a number becomes one more than
    the highest (6). Raises Conflict for any other number that is taken.
    """
    appended = len(existing) + 1
    changes = {}
    for field in ("day_number", "order_in_program"):
        wanted = getattr(draft, field)
        taken = {getattr(session, field) for session in existing}
        if wanted not in taken:
            continue
        following = max(taken) + 1
        if wanted != appended or following > MAX_POSITION:
            raise _taken(field, wanted)
        changes[field] = following
    return draft.model_copy(update=changes)


def add_session(
    program: Program, draft: SessionDraft, *, session_id: str, user_id: str | None, now: datetime
) -> tuple[Program, Session]:
    """The program with the new session, and that session.

    Raises Refused when the program is full or an exercise occurs twice, Invalid when a place in
    the session does, Conflict when the day or the turn is taken (see `placed`).
    """
    require_distinct_exercises(draft.exercises)
    if len(program.sessions) >= MAX_SESSIONS:
        raise Refused(f"A program has at most {MAX_SESSIONS} sessions.")
    session = new_session(
        placed(draft, program.sessions), session_id=session_id, user_id=user_id, now=now
    ).model_copy(update={"asked_day": draft.day_number, "asked_order": draft.order_in_program})
    return _with(program, [*program.sessions, session], now), session


def just_added(
    program: Program, draft: SessionDraft, user_id: str | None, now: datetime
) -> Session | None:
    """The session that the same request by the same person added within `REPEAT_SECONDS`.

    Clients repeat a failed request at once, and the first one may have succeeded unseen.
    """
    exercises = stored_exercises(draft.exercises)
    for session in program.sessions:
        if (
            now - session.created_at < timedelta(seconds=REPEAT_SECONDS)
            and session.created_by_user_id == user_id
            and (session.asked_day, session.asked_order)
            == (draft.day_number, draft.order_in_program)
            and (session.name, session.exercises) == (draft.name, exercises)
        ):
            return session
    return None


def change_session(
    program: Program, session_id: str, change: SessionChange, now: datetime
) -> tuple[Program, Session]:
    """The program with the session changed, and that session; the same ones when nothing changes.

    Raises SessionNotFound, Refused when an exercise occurs twice, Invalid when a place in the
    session does, Conflict when the day or the turn is another session's.
    """
    session = require_session(program, session_id)
    others = [other for other in program.sessions if other.id != session_id]
    changes: dict[str, object] = {}
    if change.name is not None:
        changes["name"] = change.name
    for field in ("day_number", "order_in_program"):
        wanted = getattr(change, field)
        if wanted is None:
            continue
        if any(getattr(other, field) == wanted for other in others):
            raise _taken(field, wanted)
        changes[field] = wanted
    if change.exercises is not None:
        require_distinct_exercises(change.exercises)
        changes["exercises"] = stored_exercises(change.exercises)
    if all(getattr(session, field) == value for field, value in changes.items()):
        return program, session
    changed = session.model_copy(update={**changes, "updated_at": now})
    sessions = [changed if other.id == session_id else other for other in program.sessions]
    return _with(program, sessions, now), changed


def remove_session(program: Program, session_id: str, now: datetime) -> Program:
    """Raises SessionNotFound, and Refused for a program's only session."""
    require_session(program, session_id)
    if len(program.sessions) == 1:
        raise Refused("A program's last session cannot be deleted; delete the program instead.")
    return _with(program, [other for other in program.sessions if other.id != session_id], now)


def require_session(program: Program, session_id: str) -> Session:
    """Raises SessionNotFound when the program has no such session."""
    for session in program.sessions:
        if session.id == session_id:
            return session
    raise SessionNotFound("This program has no such session.")


def copied(
    session: Session, *, new_id: Callable[[], str], user_id: str | None, now: datetime
) -> Session:
    """A session of its own with the same content, which remembers where it comes from."""
    return session.model_copy(
        update={
            "id": new_id(),
            "cloned_from": session.id,
            "exercises": [planned.model_copy() for planned in session.exercises],
            "asked_day": None,
            "asked_order": None,
            "created_by_user_id": user_id,
            "created_at": now,
            "updated_at": now,
        }
    )


def in_place_order(slots: Iterable[SessionExercise]) -> list[SessionExercise]:
    return sorted(slots, key=attrgetter("order_in_session"))


def stored_exercises(drafts: Sequence[SessionExerciseDraft]) -> list[SessionExercise]:
    ordered = sorted(drafts, key=lambda draft: draft.order_in_session)
    return [SessionExercise.model_validate(draft.model_dump()) for draft in ordered]


def _with(program: Program, sessions: list[Session], now: datetime) -> Program:
    return program.model_copy(update={"sessions": sessions, "updated_at": now})


def _taken(field: str, number: int) -> Conflict:
    what = "day" if field == "day_number" else "place in the order"
    return Conflict(
        f"Another session of this program already has {what} {number}.",
        {"field": field, "value": number},
    )
