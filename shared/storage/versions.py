"""Versions of programs at rest: `…/versions/{number}` below each program and template.

Their numbers have no gaps and the program knows its own, so lists, the oldest one and those to
delete with the program follow from that number, and nothing is ever searched for.
"""

from collections.abc import Sequence

from pydantic import TypeAdapter

from shared.models.programs import Program
from shared.models.sessions import Session
from shared.models.versions import Author, ProgramVersion, VersionRow
from shared.rules.versions import KEPT, kept_numbers
from shared.storage.documents import Document, Documents, Transaction
from shared.storage.records import fields, readable, restored
from shared.storage.tenancy import program_path

_SESSIONS = TypeAdapter(list[Session])
_LISTED = list(VersionRow.model_fields)


class VersionRepository:
    """Reads versions; `ProgramRepository` writes them in the batch of the change itself."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def rows(self, program: Program, numbers: Sequence[int]) -> list[VersionRow]:
        """Those of the numbers that exist, in the order given."""
        paths = [_path(program, number) for number in numbers]
        found = self._documents.get_many(paths, fields=_LISTED) if paths else {}
        rows = (readable(found.get(path), _row) for path in paths)
        return [row for row in rows if row]

    def get(self, program: Program, number: int) -> ProgramVersion | None:
        return readable(self._documents.get(_path(program, number)), _version)


def record(transaction: Transaction, program: Program, author: Author | None, reason: str) -> None:
    """Keep the program as its newest version and drop the one that is now too old.

    Both are guarded by the program's own document, which the same batch writes.
    """
    version = ProgramVersion.of(program, author, reason)
    packed = _SESSIONS.dump_json(version.sessions).decode()
    transaction.put(
        _path(program, version.number), {**fields(version), "sessions": packed, "schema": 1}
    )
    if version.number > KEPT:
        transaction.delete(_path(program, version.number - KEPT))


def forget(transaction: Transaction, program: Document) -> None:
    """Delete the versions of a program's document, even of one that cannot be read."""
    number = program.data.get("version_number")
    for kept in kept_numbers(number if isinstance(number, int) else 0):
        transaction.delete(f"{program.path}/versions/{kept}")


def _path(program: Program, number: int) -> str:
    return f"{program_path(program.id, program.organization_id)}/versions/{number}"


def _row(document: Document) -> VersionRow:
    return restored(VersionRow, document)


def _version(document: Document) -> ProgramVersion:
    sessions = _SESSIONS.validate_json(document.data.get("sessions") or "[]")
    return ProgramVersion.model_validate({**document.data, "sessions": sessions})
