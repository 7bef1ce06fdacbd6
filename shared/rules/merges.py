"""Merging a template's changes into a program: base, ours, theirs.

Base is the template as the program took it over, ours the program, theirs the template now. What
only one side changed is taken from that side; what both changed alike is no question; what both
changed otherwise is a conflict. Sessions belong together when ours was copied from theirs,
exercises when they are the same, or one took the other's place. A program's name is its owner's,
and the order of exercises is never worth a question: ours stays where ours changed it.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from shared.errors import Invalid, Refused
from shared.models.base import Model
from shared.models.exercises import Exercise
from shared.models.merges import MergeConflict, Side, TemplateUpdateDraft
from shared.models.programs import Program
from shared.models.sessions import (
    MAX_POSITION,
    MAX_SESSION_EXERCISES,
    MAX_SESSIONS,
    Session,
    SessionExercise,
)
from shared.rules.diffs import told
from shared.rules.sessions import copied

WHOLE = "program"
"""The one conflict there is when the base is no longer known."""

_PROGRAM_FIELDS = ("description", "split_type", "structure_config", "duration_weeks")
_SESSION_FIELDS = ("name", "day_number", "order_in_program")
_PLACE = "order_in_session"
_SLOT_FIELDS = tuple(
    name for name in SessionExercise.model_fields if name not in {"exercise_id", _PLACE}
)
_PLACES = ("day_number", "order_in_program")


class Merged(NamedTuple):
    program: Program
    """With every undecided conflict as if decided for ours."""

    conflicts: list[MergeConflict]
    """Decided or not."""


class _Place(NamedTuple):
    session_id: str
    """Of the template's session."""

    session_name: str


class _Lineage(NamedTuple):
    """What became of a session's exercises on one side."""

    heirs: dict[str, SessionExercise | None]
    """By the id of the exercise in the base: itself, or what stands in its place; or nothing."""

    new: list[SessionExercise]


class Merge:
    """One merge. `exercises` lend their names, `new_id` gives ids to sessions that are added."""

    def __init__(
        self,
        draft: TemplateUpdateDraft,
        exercises: Mapping[str, Exercise],
        *,
        new_id: Callable[[], str],
        user_id: str | None,
        now: datetime,
    ) -> None:
        self._draft = draft
        self._exercises = exercises
        self._new_id = new_id
        self._user_id = user_id
        self._now = now
        self._conflicts: list[MergeConflict] = []

    def run(self, base: Program | None, ours: Program, theirs: Program) -> Merged:
        """Raises Refused when the outcome would be too large for a program."""
        changes = self._whole(ours, theirs) if base is None else self._parts(base, ours, theirs)
        sessions: list[Session] = changes.get("sessions", ours.sessions)
        if len(sessions) > MAX_SESSIONS:
            raise Refused(f"Together that is {len(sessions)} sessions; {MAX_SESSIONS} are allowed.")
        for session in sessions:
            if len(session.exercises) > MAX_SESSION_EXERCISES:
                raise Refused(
                    f"Together that is {len(session.exercises)} exercises in “{session.name}”; "
                    f"{MAX_SESSION_EXERCISES} are allowed."
                )
        taken = {
            "cloned_from_version": max(1, theirs.version_number),
            "cloned_from_at": self._now,
            "updated_at": self._now,
        }
        return Merged(ours.model_copy(update={**changes, **taken}), self._conflicts)

    def side(self, conflict_id: str) -> Side | None:
        return self._draft.decisions.get(conflict_id, self._draft.otherwise)

    def undecided(self) -> list[MergeConflict]:
        return [conflict for conflict in self._conflicts if self.side(conflict.id) is None]

    def require_known_decisions(self) -> None:
        """Raises Invalid for a decision about something that is no conflict."""
        for name in self._draft.decisions.keys() - {conflict.id for conflict in self._conflicts}:
            raise Invalid.at(("body", "decisions", name), "There is no such conflict.")

    def _whole(self, ours: Program, theirs: Program) -> dict[str, Any]:
        sentence = "Either your program stays as it is, or it becomes the template as it is now."
        if self._asked(WHOLE, sentence, ours.name, theirs.name) is not Side.THEIRS:
            return {}
        fields: dict[str, Any] = {name: getattr(theirs, name) for name in _PROGRAM_FIELDS}
        return fields | {"sessions": [self._copy(session) for session in theirs.sessions]}

    def _parts(self, base: Program, ours: Program, theirs: Program) -> dict[str, Any]:
        fields: dict[str, Any] = {
            name: self._field(f"{WHOLE}.{name}", "The program", name, (base, ours, theirs))
            for name in _PROGRAM_FIELDS
        }
        return fields | {"sessions": self._sessions(base, ours, theirs)}

    def _sessions(self, base: Program, ours: Program, theirs: Program) -> list[Session]:
        bases, offered = ({row.id: row for row in side.in_order} for side in (base, theirs))
        merged: list[Session] = []
        for session in ours.in_order:
            origin = session.cloned_from or ""
            before, now = bases.get(origin), offered.pop(origin, None)
            if before is None:
                merged.append(session)
            elif now is not None:
                merged.append(self._session(before, session, now))
            elif not self._drops(before, session):
                merged.append(session)
        for session in offered.values():
            before = bases.get(session.id)
            if before is None or self._brings_back(before, session):
                merged.append(self._copy(session))
        # A program keeps at least one session, whatever the template has dropped.
        return _apart(merged or ours.sessions, {session.id: session for session in ours.sessions})

    def _drops(self, base: Session, ours: Session) -> bool:
        """Whether a session goes because the template has dropped it."""
        if _training(base) == _training(ours):
            return True
        sentence = f"Session “{ours.name}”: you changed it, the template dropped it."
        return self._asked(base.id, sentence, ours.name, None) is Side.THEIRS

    def _brings_back(self, base: Session, theirs: Session) -> bool:
        """Whether a session that we deleted comes back because the template changed it."""
        if _training(base) == _training(theirs):
            return False
        sentence = f"Session “{theirs.name}”: you deleted it, the template changed it."
        return self._asked(base.id, sentence, None, theirs.name) is Side.THEIRS

    def _session(self, base: Session, ours: Session, theirs: Session) -> Session:
        changes: dict[str, Any] = {
            name: self._field(
                f"{base.id}.{name}", f"Session “{ours.name}”", name, (base, ours, theirs)
            )
            for name in _SESSION_FIELDS
        }
        changes["exercises"] = _numbered(self._slots(base, ours, theirs))
        if all(getattr(ours, name) == value for name, value in changes.items()):
            return ours
        return ours.model_copy(update={**changes, "updated_at": self._now})

    def _slots(self, base: Session, ours: Session, theirs: Session) -> list[SessionExercise]:
        """Each exercise once; where the two sides bring one in twice, ours comes first."""
        mine, other = _lineage(base, ours), _lineage(base, theirs)
        added = {row.exercise_id: row for row in other.new}
        place = _Place(base.id, ours.name)
        chosen = [
            self._slot(place, row, mine.heirs[row.exercise_id], other.heirs[row.exercise_id])
            for row in base.exercises
        ]
        for row in mine.new:
            rival = added.pop(row.exercise_id, None)
            chosen.append(self._added_twice(place, row, rival) if rival else row)
        kept: dict[str, SessionExercise] = {}
        for slot in [*chosen, *added.values()]:
            if slot and (slot.exercise_id not in kept or slot in ours.exercises):
                kept[slot.exercise_id] = slot
        return list(kept.values())

    def _slot(
        self,
        place: _Place,
        base: SessionExercise,
        ours: SessionExercise | None,
        theirs: SessionExercise | None,
    ) -> SessionExercise | None:
        """What becomes of an exercise of the base."""
        what = f"{self._name(base)} in “{place.session_name}”"
        key = f"{place.session_id}.{base.exercise_id}"
        if ours and theirs and ours.exercise_id == theirs.exercise_id == base.exercise_id:
            changes = {
                name: self._field(f"{key}.{name}", what, name, (base, ours, theirs))
                for name in _SLOT_FIELDS
            }
            where = theirs if ours.order_in_session == base.order_in_session else ours
            return ours.model_copy(update={**changes, _PLACE: where.order_in_session})
        mine, before, other = _how(ours), _how(base), _how(theirs)
        if other in (mine, before):
            return ours
        if mine == before:
            return theirs
        sentence = (
            f"{what}: you {self._fate(base, ours)} it, the template {self._fate(base, theirs)} it."
        )
        return theirs if self._asked(key, sentence, mine, other) is Side.THEIRS else ours

    def _added_twice(
        self, place: _Place, ours: SessionExercise, theirs: SessionExercise
    ) -> SessionExercise:
        """What both sides have added."""
        mine, other = _how(ours), _how(theirs)
        if mine == other:
            return ours
        what = f"{self._name(ours)} in “{place.session_name}”"
        sentence = f"{what}: you and the template added it, each in another way."
        key = f"{place.session_id}.{ours.exercise_id}"
        return theirs if self._asked(key, sentence, mine, other) is Side.THEIRS else ours

    def _fate(self, base: SessionExercise, side: SessionExercise | None) -> str:
        if side is None:
            return "removed"
        if side.exercise_id != base.exercise_id:
            return f"put {self._name(side)} in place of"
        return "changed"

    def _field(self, key: str, what: str, name: str, sides: tuple[Model, Model, Model]) -> Any:
        """One field, merged. The sides are base, ours, theirs."""
        base, ours, theirs = (getattr(side, name) for side in sides)
        if theirs in (ours, base):
            return ours
        if ours == base:
            return theirs
        mine, other = (side.model_dump(mode="json", include={name})[name] for side in sides[1:])
        words = name.replace("_", " ")
        sentence = f"{what}: {words} {told(mine)} with you, {told(other)} in the template."
        return theirs if self._asked(key, sentence, mine, other) is Side.THEIRS else ours

    def _asked(self, key: str, sentence: str, ours: Any, theirs: Any) -> Side | None:
        self._conflicts.append(MergeConflict(id=key, sentence=sentence, ours=ours, theirs=theirs))
        return self.side(key)

    def _copy(self, session: Session) -> Session:
        return copied(session, new_id=self._new_id, user_id=self._user_id, now=self._now)

    def _name(self, row: SessionExercise) -> str:
        known = self._exercises.get(row.exercise_id)
        return known.name if known else row.exercise_id


def _lineage(base: Session, side: Session) -> _Lineage:
    rows = {row.exercise_id: row for row in side.exercises}
    heirs = {row.exercise_id: rows.pop(row.exercise_id, None) for row in base.exercises}
    for row in base.exercises:
        if heirs[row.exercise_id] is None:
            successors = (
                new for new in rows.values() if new.order_in_session == row.order_in_session
            )
            if heir := next(successors, None):
                heirs[row.exercise_id] = rows.pop(heir.exercise_id)
    return _Lineage(heirs, list(rows.values()))


def _how(row: SessionExercise | None) -> dict[str, Any] | None:
    """An exercise and how it is done, wherever it stands."""
    return row.model_dump(mode="json", exclude={_PLACE}) if row else None


def _training(session: Session) -> object:
    rows = sorted(session.exercises, key=lambda row: row.order_in_session)
    return [getattr(session, name) for name in _SESSION_FIELDS], rows


def _numbered(rows: list[SessionExercise]) -> list[SessionExercise]:
    """In order, and numbered anew when two of them have one place."""
    rows = sorted(rows, key=lambda row: row.order_in_session)
    if len({row.order_in_session for row in rows}) == len(rows):
        return rows
    return [row.model_copy(update={_PLACE: place}) for place, row in enumerate(rows, 1)]


def _free(taken: set[int]) -> int:
    """The number after the last; where there is none any more, the first that is free."""
    following = max(taken) + 1
    return following if following <= MAX_POSITION else min({*range(1, MAX_POSITION + 1)} - taken)


def _apart(sessions: list[Session], ours: Mapping[str, Session]) -> list[Session]:
    """With days and turns that are taken replaced by the next after the last.

    Who stays where ours had them goes first.
    """
    for field in _PLACES:

        def stays(session: Session, field: str = field) -> bool:
            mine = ours.get(session.id)
            return mine is not None and getattr(mine, field) == getattr(session, field)

        taken = {getattr(session, field) for session in sessions if stays(session)}
        moved: dict[str, Session] = {}
        for session in sessions:
            place = getattr(session, field)
            if not stays(session) and place in taken:
                place = _free(taken)
                moved[session.id] = session.model_copy(update={field: place})
            taken.add(place)
        sessions = [moved.get(session.id, session) for session in sessions]
    return sessions
