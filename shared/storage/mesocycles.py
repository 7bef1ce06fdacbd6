"""Mesocycles at rest: `…/mesocycles/{id}` below their program, and a catalogue of them.

The program's document says whether there ever were any, so programs without cost no read more.
The first one writes it, and every one the catalogue, which deleting the program deletes: so none
can be stored below a program that is being deleted.
"""

from collections.abc import Callable

from pydantic import TypeAdapter

from shared.errors import MesocycleNotFound, ProgramNotFound, VersionMismatch
from shared.models.mesocycles import Mesocycle, MesocycleRow, MesocycleWeek
from shared.models.programs import Program
from shared.rules.mesocycles import require_room
from shared.storage.catalogues import Catalogues
from shared.storage.documents import Document, Documents, Transaction
from shared.storage.effects import Effects
from shared.storage.records import fields, readable, require_storable
from shared.storage.repeats import Repeat
from shared.storage.tenancy import program_path

_WEEKS = TypeAdapter(list[MesocycleWeek])


class MesocycleRepository:
    def __init__(self, documents: Documents, clock: Callable[[], float]) -> None:
        self._documents = documents
        self._catalogues = Catalogues(documents, MesocycleRow, lambda row: row.id, clock)

    def rows(self, program: Program) -> list[MesocycleRow]:
        """Newest first."""
        if not program.has_mesocycles:
            return []
        [catalogue] = self._catalogues.read([_catalogue(_program_path(program))])
        return sorted(catalogue.rows.values(), key=lambda row: row.created_at, reverse=True)

    def get(self, program: Program, identifier: str) -> Mesocycle:
        """Raises MesocycleNotFound."""
        return _required(self._documents.get(_path(_program_path(program), identifier)))

    def add(
        self, mesocycle: Mesocycle, repeat: Repeat, effects: Effects | None = None
    ) -> Mesocycle:
        """Store a new mesocycle, or return the one the same request just made.

        Raises ProgramNotFound, or QuotaReached when the program has too many.
        """
        parent = program_path(mesocycle.program_id, mesocycle.organization_id)
        path, index = _path(parent, mesocycle.id), _catalogue(parent)

        def work(transaction: Transaction) -> Mesocycle:
            transaction.get_many([parent, index, repeat.path])
            program = transaction.get(parent)
            if program is None:
                raise ProgramNotFound("There is no such program.")
            if made := repeat.made(transaction, mesocycle.created_at):
                earlier = _mesocycle(transaction.get(_path(parent, made)))
                if earlier:
                    return earlier
            rows = self._catalogues.within(transaction, index).rows
            require_room(rows)
            self._list(transaction, index, mesocycle)
            transaction.create(path, _fields(mesocycle) | {"schema": 1})
            repeat.record(transaction, mesocycle.id, mesocycle.created_at)
            if program.data.get("has_mesocycles") is not True:
                transaction.update(parent, {"has_mesocycles": True})
            if effects:
                effects.record(transaction, None, mesocycle)
            return mesocycle

        return self._stored(work, parent)

    def change(
        self,
        program: Program,
        identifier: str,
        change: Callable[[Mesocycle], Mesocycle],
        if_match: str | None,
        effects: Effects | None = None,
    ) -> Mesocycle:
        """Raises MesocycleNotFound, VersionMismatch, and whatever `change` raises."""
        parent = _program_path(program)
        path, index = _path(parent, identifier), _catalogue(parent)

        def work(transaction: Transaction) -> Mesocycle:
            transaction.get_many([path, index])
            mesocycle = _required(transaction.get(path), if_match)
            changed = change(mesocycle)
            self._list(transaction, index, changed)
            transaction.put(path, _fields(changed))
            if effects:
                effects.record(transaction, mesocycle, changed)
            return changed

        return self._stored(work, parent)

    def remove(
        self,
        program: Program,
        identifier: str,
        if_match: str | None,
        effects: Effects | None = None,
    ) -> None:
        """Raises MesocycleNotFound or VersionMismatch."""
        parent = _program_path(program)
        path, index = _path(parent, identifier), _catalogue(parent)

        def work(transaction: Transaction) -> None:
            transaction.get_many([path, index])
            document = transaction.get(path)
            _require(document, if_match)
            rows = dict(self._catalogues.within(transaction, index).rows)
            rows.pop(identifier, None)
            self._catalogues.put(transaction, index, rows, {})
            transaction.delete(path)
            if effects:
                effects.record(transaction, _mesocycle(document), None)

        self._documents.atomically(work)
        self._catalogues.forget(index)

    def forget(self, transaction: Transaction, program: Document) -> None:
        """Delete all mesocycles of a program's document, even of one that cannot be read."""
        if program.data.get("has_mesocycles") is not True:
            return
        index = _catalogue(program.path)
        for identifier in self._catalogues.within(transaction, index).rows:
            transaction.delete(_path(program.path, identifier))
        transaction.delete(index)

    def _list(self, transaction: Transaction, index: str, mesocycle: Mesocycle) -> None:
        rows = self._catalogues.within(transaction, index).rows
        rows = {**rows, mesocycle.id: MesocycleRow.of(mesocycle)}
        self._catalogues.put(transaction, index, rows, {})

    def _stored(self, work: Callable[[Transaction], Mesocycle], parent: str) -> Mesocycle:
        done = self._documents.atomically(work)
        self._catalogues.forget(_catalogue(parent))
        version = done.versions.get(_path(parent, done.result.id), done.result.version)
        return done.result.model_copy(update={"version": version})


def _program_path(program: Program) -> str:
    return program_path(program.id, program.organization_id)


def _path(program: str, identifier: str) -> str:
    return f"{program}/mesocycles/{identifier}"


def _catalogue(program: str) -> str:
    return f"{program}/catalogue/mesocycles"


def _fields(mesocycle: Mesocycle) -> dict[str, object]:
    weeks = _WEEKS.dump_json(mesocycle.weeks, exclude_none=True).decode()
    require_storable(weeks, *mesocycle.notes)
    return {**fields(mesocycle), "weeks": weeks}


def _mesocycle(document: Document | None) -> Mesocycle | None:
    return readable(document, _restored)


def _restored(document: Document) -> Mesocycle:
    weeks = _WEEKS.validate_json(document.data.get("weeks") or "[]")
    return Mesocycle.model_validate({**document.data, "weeks": weeks, "version": document.version})


def _require(document: Document | None, if_match: str | None) -> None:
    if document is None:
        raise MesocycleNotFound("This program has no such mesocycle.")
    # What follows a dot is about the exercises shown with it, which no change here overwrites.
    if if_match is not None and if_match.partition(".")[0] != document.version:
        raise VersionMismatch("The mesocycle has changed since you read it. Read it again.")


def _required(document: Document | None, if_match: str | None = None) -> Mesocycle:
    _require(document, if_match)
    mesocycle = _mesocycle(document)
    if mesocycle is None:
        raise MesocycleNotFound("This program has no such mesocycle.")
    return mesocycle
