"""Catalogue documents: all rows of one bounded collection in one document.

They give exact totals, any page, name search, uniqueness and quotas for one read. The rows are
one JSON text, because decoding nested maps through the client costs many times more; each row's
own document holds the same, readable in the console.
"""

import json
import threading
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from shared.errors import QuotaReached, Unavailable
from shared.logging import log
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
    damaged: bool = False
    """Its text is no list, so all rows are missing here; writing would lose them for good."""


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
        self._row = row
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
        """The catalogue as the transaction reads it; its write is guarded by that read.

        Raises Unavailable when it is damaged.
        """
        catalogue = self._keep(path, transaction.get(path))
        if catalogue.damaged:
            raise Unavailable("This collection is being repaired. Try again later.")
        return catalogue

    def put(
        self,
        transaction: Transaction,
        path: str,
        rows: Mapping[str, Row],
        removed: Mapping[str, Row],
    ) -> None:
        """Store the rows, and as many of the removed ones as there is room for, newest first.

        Raises QuotaReached when there would be too many rows, or too much text in them.
        """
        if len(rows) > MOST_ROWS:
            raise QuotaReached(f"There may be at most {MOST_ROWS} of these.", {"limit": MOST_ROWS})
        items = self._rows.dump_json(list(rows.values()))
        if len(items) > MOST_BYTES:
            raise QuotaReached("The catalogue is full: shorten or remove some entries.")
        # Rows in use come first; what is gone must never keep something new from being stored.
        ghosts = list(removed.values())[max(0, len(rows) + len(removed) - MOST_ROWS) :]
        packed = self._rows.dump_json(ghosts)
        while len(items) + len(packed) > MOST_BYTES:
            ghosts = ghosts[(len(ghosts) + 1) // 2 :]
            packed = self._rows.dump_json(ghosts)
        transaction.put(
            path,
            {
                "schema": 1,
                "count": len(rows),
                "creators": creators(rows.values()),
                "items": items.decode(),
                "removed": packed.decode(),
            },
        )

    def rebuild(self, path: str, rows: Callable[[], Mapping[str, Row]]) -> None:
        """Write a catalogue anew, damaged or not; names of what was removed stay if readable.

        `rows` is asked after the catalogue was read: whoever changes a row meanwhile changes the
        catalogue as well, and then it is asked again.
        """

        def work(transaction: Transaction) -> None:
            stored = self._keep(path, transaction.get(path))
            current = rows()
            removed = {key: row for key, row in stored.removed.items() if key not in current}
            self.put(transaction, path, current, removed)

        self._documents.atomically(work)
        self.forget(path)

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
        return self._remember(path, self._unpacked(document))

    def _unpacked(self, document: Document) -> Catalogue[Row]:
        try:
            rows, removed = (self._field(document, field) for field in ("items", "removed"))
        except ValueError:
            log.error("unreadable catalogue", extra={"fields": {"document": document.path}})
            return Catalogue({}, {}, document.version, damaged=True)
        return Catalogue(rows, removed, document.version)

    def _field(self, document: Document, field: str) -> dict[str, Row]:
        """The rows in one field; those that somebody broke in the console are left out.

        Raises ValueError when the field is no list of rows at all.
        """
        text = document.data.get(field) or "[]"
        try:
            rows = self._rows.validate_json(text)
        except ValidationError:
            rows = self._readable(document, text)
        return {self._id_of(row): row for row in rows}

    def _readable(self, document: Document, text: Any) -> list[Row]:
        raw = json.loads(text) if isinstance(text, str) else None
        if not isinstance(raw, list):
            raise ValueError("not a list of rows")  # noqa: TRY004 - what broken JSON raises, too
        rows = []
        for number, value in enumerate(raw):
            try:
                # JSON again, because texts stand for times and enums only there.
                rows.append(self._row.model_validate_json(json.dumps(value)))
            except ValidationError:
                log.error(
                    "unreadable row in a catalogue",
                    extra={"fields": {"document": document.path, "row": number}},
                )
        return rows

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


def creators(rows: Iterable[BaseModel]) -> dict[str, int]:
    """How many of the rows each person made; nobody made the shared catalogue."""
    made = (getattr(row, "created_by_user_id", None) for row in rows)
    return dict(Counter(creator for creator in made if creator))
