"""Catalogue documents: all rows of one bounded collection in one document.

They give exact totals, any page, name search, uniqueness and quotas for one read. The rows are
one JSON text, because decoding nested maps through the client costs many times more; each row's
own document holds the same, readable in the console.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, TypeAdapter

from shared.errors import QuotaReached
from shared.storage.documents import Document, Documents, Transaction

Row = TypeVar("Row", bound=BaseModel)

MOST_ROWS = 500
"""Beyond this an indexed query is faster than reading one document."""
MOST_BYTES = 700_000
"""Well below Firestore's limit of 1,048,576 bytes for a document."""
KEPT = 256
"""Decoded catalogues each instance keeps."""


@dataclass(frozen=True, slots=True)
class Catalogue(Generic[Row]):
    """The rows of one catalogue, by id. Removed rows still lend their name to what used them."""

    rows: Mapping[str, Row]
    removed: Mapping[str, Row]
    version: str = ""


class Catalogues(Generic[Row]):
    """Reads and changes catalogue documents of one kind of row.

    Decoded catalogues are kept by version, so reading one that has not changed costs one small
    read and no decoding. `id_of` gives a row's id; `clock` returns seconds.
    """

    def __init__(
        self,
        documents: Documents,
        row: type[Row],
        id_of: Callable[[Row], str],
        clock: Callable[[], float],
    ) -> None:
        self._documents = documents
        self._rows = TypeAdapter(list[row])  # type: ignore[valid-type]  # a class known at run time
        self._id_of = id_of
        self._clock = clock
        self._kept: OrderedDict[str, tuple[float, Catalogue[Row]]] = OrderedDict()
        self._lock = threading.Lock()

    def read(self, paths: Sequence[str], *, max_age: float = 0) -> list[Catalogue[Row]]:
        """The catalogues at these paths, none older than `max_age` seconds."""
        current = {path: kept for path in paths if (kept := self._young(path, max_age))}
        asked = [path for path in paths if path not in current]
        if asked and all(self._young(path, float("inf")) for path in asked):
            current |= self._confirmed(asked)
            asked = [path for path in paths if path not in current]
        if asked:
            found = self._documents.get_many(asked)
            current |= {path: self._keep(path, found.get(path)) for path in asked}
        return [current[path] for path in paths]

    def within(self, transaction: Transaction, path: str) -> Catalogue[Row]:
        """The catalogue as the transaction reads it; its write is guarded by that read."""
        return self._keep(path, transaction.get(path))

    def put(
        self,
        transaction: Transaction,
        path: str,
        rows: Mapping[str, Row],
        removed: Mapping[str, Row],
    ) -> None:
        """Raises QuotaReached when there would be too many rows, or too much text in them."""
        kept = list(removed.values())[-max(0, MOST_ROWS - len(rows)) :] if removed else []
        if len(rows) > MOST_ROWS:
            raise QuotaReached(f"There may be at most {MOST_ROWS} of these.", {"limit": MOST_ROWS})
        items, ghosts = self._packed(list(rows.values())), self._packed(kept)
        if len(items) + len(ghosts) > MOST_BYTES:
            raise QuotaReached("The catalogue is full: shorten or remove some entries.")
        transaction.put(
            path,
            {"schema": 1, "count": len(rows), "items": items.decode(), "removed": ghosts.decode()},
        )

    def _packed(self, rows: list[Row]) -> bytes:
        return self._rows.dump_json(rows)

    def _young(self, path: str, max_age: float) -> Catalogue[Row] | None:
        with self._lock:
            checked, catalogue = self._kept.get(path, (0.0, None))
        return catalogue if self._clock() - checked < max_age else None

    def _confirmed(self, paths: Sequence[str]) -> dict[str, Catalogue[Row]]:
        """Those of the kept catalogues that are still current."""
        found = self._documents.get_many(paths, fields=["count"])
        confirmed = {}
        for path in paths:
            kept = self._young(path, float("inf"))
            version = found[path].version if path in found else ""
            if kept and kept.version == version:
                self._remember(path, kept)
                confirmed[path] = kept
        return confirmed

    def _keep(self, path: str, document: Document | None) -> Catalogue[Row]:
        if document is None:
            return self._remember(path, Catalogue({}, {}))
        kept = self._young(path, float("inf"))
        if kept and kept.version == document.version:
            return self._remember(path, kept)
        return self._remember(
            path,
            Catalogue(
                self._unpacked(document.data, "items"),
                self._unpacked(document.data, "removed"),
                document.version,
            ),
        )

    def _unpacked(self, data: Mapping[str, Any], field: str) -> dict[str, Row]:
        return {self._id_of(row): row for row in self._rows.validate_json(data.get(field) or "[]")}

    def _remember(self, path: str, catalogue: Catalogue[Row]) -> Catalogue[Row]:
        with self._lock:
            self._kept[path] = (self._clock(), catalogue)
            self._kept.move_to_end(path)
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return catalogue

    def forget(self, path: str) -> None:
        """Read this one afresh next time: this instance has just changed it."""
        with self._lock:
            self._kept.pop(path, None)
