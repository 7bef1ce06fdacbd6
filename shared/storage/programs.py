"""Programs and templates at rest: one document each with its sessions, and a catalogue per owner.

`sessions` is one JSON text, because nothing inside is queried and nested maps cost many times
more to read and write; `outline` says the same in lines a person can read in the console.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from pydantic import TypeAdapter

from shared.errors import NameTaken, ProgramNotFound, VersionMismatch
from shared.models.exercises import Exercise
from shared.models.programs import Program, ProgramRow
from shared.models.sessions import Session
from shared.models.versions import Edit
from shared.rules.diffs import compared, described
from shared.rules.quotas import require_room
from shared.rules.versions import differs
from shared.storage import versions
from shared.storage.catalogues import MOST_ROWS, Catalogues
from shared.storage.documents import Document, Documents, Transaction
from shared.storage.effects import Effects
from shared.storage.mesocycles import MesocycleRepository
from shared.storage.records import fields, readable, require_storable, restored
from shared.storage.repeats import Repeat
from shared.storage.tenancy import (
    PROGRAMS,
    owner,
    program_catalogue,
    program_collection,
    program_path,
)

_SESSIONS = TypeAdapter(list[Session])

_SILENTLY = Edit()
"""Nobody in particular, for a reason that what differs tells."""

Names = Callable[[Program], Mapping[str, Exercise]]
"""Finds the exercises a program uses, by id; the outline shows their names."""


class Use(NamedTuple):
    """A program that contains an exercise."""

    program_id: str
    program_name: str


class ProgramRepository:
    """`organization_id` None everywhere means the templates."""

    def __init__(self, documents: Documents, clock: Callable[[], float], names: Names) -> None:
        self._documents = documents
        self._catalogues = Catalogues(documents, ProgramRow, lambda row: row.id, clock)
        self._names = names
        self._mesocycles = MesocycleRepository(documents, clock)

    def rows(self, organization_id: str) -> list[ProgramRow]:
        """The templates and the organization's own programs, newest first."""
        templates, own = self._catalogues.read(
            [program_catalogue(None), program_catalogue(organization_id)]
        )
        rows = [*templates.rows.values(), *own.rows.values()]
        return sorted(rows, key=lambda row: (row.created_at, row.id), reverse=True)

    def get(self, identifier: str, organization_id: str) -> Program | None:
        """What a member of the organization sees under this id."""
        return _program(
            self._documents.get(program_path(identifier, owner(identifier, organization_id)))
        )

    def visible(self, identifier: str, organization_id: str) -> Program:
        """Raises ProgramNotFound for what a member of the organization does not see."""
        program = self.get(identifier, organization_id)
        if program is None:
            raise ProgramNotFound("There is no such program.")
        return program

    def using(self, exercise_id: str, organization_id: str | None, *, limit: int) -> list[Use]:
        """Some programs of this owner that contain the exercise."""
        return self._find(program_collection(organization_id), exercise_id, limit)

    def using_anywhere(self, exercise_id: str, *, limit: int) -> list[Use]:
        """Some programs of any organization that contain the exercise; for administrators."""
        return self._find(PROGRAMS, exercise_id, limit, everywhere=True)

    def add(
        self,
        program: Program,
        repeat: Repeat | None = None,
        edit: Edit = _SILENTLY,
        effects: Effects | None = None,
        most: int = MOST_ROWS,
    ) -> Program:
        """Store a new program as its version 1, or return the one the same request just made.

        Raises QuotaReached when its owner has `most` already, NameTaken for a template's name.
        """
        path = program_path(program.id, program.organization_id)
        index = program_catalogue(program.organization_id)

        def work(transaction: Transaction) -> Program:
            transaction.get_many([index] + ([repeat.path] if repeat else []))
            if repeat and (made := repeat.made(transaction, program.created_at)):
                earlier = _program(transaction.get(program_path(made, program.organization_id)))
                if earlier:
                    return earlier
            rows = self._catalogues.within(transaction, index).rows
            require_room(len(rows), most, "programs")
            if program.id in rows:
                raise NameTaken(f"A template named like “{program.name}” already exists.")
            added = program.model_copy(update={"version_number": 1})
            self._list(transaction, index, added)
            transaction.create(path, self._fields(added) | {"schema": 1})
            versions.record(transaction, added, edit.author, edit.reason or "Created.")
            if repeat:
                repeat.record(transaction, program.id, program.created_at)
            if effects:
                effects.record(transaction, None, added)
            return added

        return self._stored(work, index)

    def change(
        self,
        identifier: str,
        organization_id: str | None,
        change: Callable[[Program], Program],
        if_match: str | None = None,
        edit: Edit = _SILENTLY,
        effects: Effects | None = None,
    ) -> Program:
        """Replace a program by what `change` makes of it; the same program means no change.

        What differs in content becomes the next version, in the same batch.
        Raises ProgramNotFound, VersionMismatch, and whatever `change` raises.
        """
        path, index = program_path(identifier, organization_id), program_catalogue(organization_id)

        def work(transaction: Transaction) -> Program:
            transaction.get_many([path, index])
            return self._changed(transaction, path, index, change, if_match, edit, effects)

        return self._stored(work, index)

    def change_once(
        self,
        identifier: str,
        organization_id: str | None,
        change: Callable[[Program], Program],
        if_match: str | None,
        *,
        repeat: Repeat,
        now: datetime,
        edit: Edit = _SILENTLY,
        effects: Effects | None = None,
    ) -> Program:
        """As `change`, but what the same request did a moment ago is not done again."""
        path, index = program_path(identifier, organization_id), program_catalogue(organization_id)

        def work(transaction: Transaction) -> Program:
            transaction.get_many([path, index, repeat.path])
            if repeat.made(transaction, now):
                return _required(transaction.get(path), None)
            changed = self._changed(transaction, path, index, change, if_match, edit, effects)
            repeat.record(transaction, identifier, now)
            return changed

        return self._stored(work, index)

    def remove(
        self,
        identifier: str,
        organization_id: str | None,
        if_match: str | None,
        effects: Effects | None = None,
    ) -> None:
        """Delete a program with its versions and mesocycles, even one that cannot be read.

        Raises ProgramNotFound or VersionMismatch.
        """
        path, index = program_path(identifier, organization_id), program_catalogue(organization_id)

        def work(transaction: Transaction) -> None:
            transaction.get_many([path, index])
            document = _present(transaction.get(path), if_match)
            versions.forget(transaction, document)
            self._mesocycles.forget(transaction, document)
            rows = dict(self._catalogues.within(transaction, index).rows)
            rows.pop(identifier, None)
            self._catalogues.put(transaction, index, rows, {})
            transaction.delete(path)
            if effects:
                effects.record(transaction, _program(document), None)

        self._documents.atomically(work)
        self._catalogues.forget(index)

    def _changed(
        self,
        transaction: Transaction,
        path: str,
        index: str,
        change: Callable[[Program], Program],
        if_match: str | None,
        edit: Edit,
        effects: Effects | None,
    ) -> Program:
        program = _required(transaction.get(path), if_match)
        changed = change(program)
        if changed is not program:
            if differs(program, changed):
                changed = self._record(transaction, program, changed, edit)
            self._list(transaction, index, changed)
            transaction.put(path, self._fields(changed))
            if effects:
                effects.record(transaction, program, changed)
        return changed

    def _find(
        self, collection: str, exercise_id: str, limit: int, *, everywhere: bool = False
    ) -> list[Use]:
        rows = self._documents.find(
            collection,
            [("exercise_ids", "array_contains", exercise_id)],
            everywhere=everywhere,
            limit=limit,
        )
        # Not the whole program: one that cannot be read still uses the exercise.
        return [Use(row.id, str(row.data.get("name", ""))) for row in rows]

    def _record(
        self, transaction: Transaction, program: Program, changed: Program, edit: Edit
    ) -> Program:
        """The changed program with its version's number, once that version is in the batch."""
        number = program.version_number
        if number == 0:
            number = 1
            first = program.model_copy(update={"version_number": number})
            versions.record(transaction, first, None, "As it was before versions were kept.")
        reason = edit.reason or self._described(program, changed)
        changed = changed.model_copy(update={"version_number": number + 1})
        versions.record(transaction, changed, edit.author, reason)
        return changed

    def _described(self, program: Program, changed: Program) -> str:
        names = {**self._names(program), **self._names(changed)}
        return described(compared(program, changed, names))

    def _list(self, transaction: Transaction, index: str, program: Program) -> None:
        rows = self._catalogues.within(transaction, index).rows
        self._catalogues.put(transaction, index, {**rows, program.id: ProgramRow.of(program)}, {})

    def _fields(self, program: Program) -> dict[str, Any]:
        packed = _SESSIONS.dump_json(program.sessions).decode()
        lines = outline(program, self._names(program))
        require_storable(packed, *lines)
        return {
            **fields(program),
            "sessions": packed,
            "exercise_ids": program.exercise_ids,
            "outline": lines,
        }

    def _stored(self, work: Callable[[Transaction], Program], index: str) -> Program:
        done = self._documents.atomically(work)
        program = done.result
        path = program_path(program.id, program.organization_id)
        if path in done.versions:
            self._catalogues.forget(index)
        version = done.versions.get(path, program.version)
        return program.model_copy(update={"version": version})


def _program(document: Document | None) -> Program | None:
    return readable(document, stored_program)


def stored_program(document: Document) -> Program:
    sessions = _SESSIONS.validate_json(document.data.get("sessions") or "[]")
    bare = Document(
        document.path,
        {name: value for name, value in document.data.items() if name != "sessions"},
        document.updated_at,
    )
    return restored(Program, bare).model_copy(
        update={"sessions": sessions, "version": document.version}
    )


def _present(document: Document | None, if_match: str | None) -> Document:
    if document is None:
        raise ProgramNotFound("There is no such program.")
    # What follows a dot is about the exercises shown with it, which no change here overwrites.
    if if_match is not None and if_match.partition(".")[0] != document.version:
        raise VersionMismatch("The program has changed since you read it. Read it again.")
    return document


def _required(document: Document | None, if_match: str | None) -> Program:
    program = _program(_present(document, if_match))
    if program is None:
        raise ProgramNotFound("There is no such program.")
    return program


def outline(program: Program, exercises: Mapping[str, Exercise]) -> list[str]:
    """One line per session: day, name, exercises and sets."""
    lines = []
    for session in program.in_order:
        names = {row.exercise_id: row.exercise_id for row in session.exercises}
        names |= {key: exercises[key].name for key in names if key in exercises}
        work = ", ".join(f"{names[row.exercise_id]} x {row.sets}" for row in session.exercises)
        lines.append(f"Day {session.day_number} {session.name}: {work or 'empty'}")
    return lines
