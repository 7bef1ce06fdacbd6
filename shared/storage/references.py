"""Which stored files documents refer to, and how far the search for the others has got."""

from collections.abc import Iterable

from shared.rules.files import ARCHIVES, PICTURES, archive_name, owner
from shared.storage.documents import Documents
from shared.storage.exports import export_path
from shared.storage.tenancy import user_path

PLACE = "jobs/remove-orphans"
"""Unlike the runs of jobs beside it, it never expires."""


class ReferenceRepository:
    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def kept(self, names: Iterable[str]) -> set[str]:
        """Names that people's documents give as their picture's or their export's."""
        owners = {whose for name in names if (whose := owner(name))}
        if not owners:
            return set()
        people = {user_path(user_id): user_id for kind, user_id in owners if kind == PICTURES}
        exports = {export_path(user_id): user_id for kind, user_id in owners if kind == ARCHIVES}
        found = self._documents.get_many([*people, *exports], fields=["avatar", "id"])
        kept = {str(row.data.get("avatar")) for path, row in found.items() if path in people}
        return kept | {
            archive_name(exports[path], str(row.data.get("id")))
            for path, row in found.items()
            if path in exports
        }

    def place(self) -> str:
        """The name that was looked at last; empty at the beginning."""
        stored = self._documents.get(PLACE)
        return str(stored.data.get("after", "")) if stored else ""

    def keep_place(self, after: str) -> None:
        self._documents.atomically(
            lambda transaction: transaction.put(PLACE, {"schema": 1, "after": after})
        )
