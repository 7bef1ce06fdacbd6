"""Snapshots of the figures: `stats/{yyyy-mm-dd}`, a month's newest under `stats/{yyyy-mm}`.

So a year of history is twelve reads, however many days it has. `stats/live` is what all
instances share for a minute.
"""

from collections.abc import Sequence

from shared.models.analytics import Snapshot
from shared.rules.analytics import month_of
from shared.storage.documents import Document, Documents, Transaction
from shared.storage.records import fields, readable, restored

LIVE = "stats/live"


class SnapshotRepository:
    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def live(self) -> Snapshot | None:
        return readable(self._documents.get(LIVE), _snapshot)

    def keep_live(self, snapshot: Snapshot) -> None:
        document = fields(snapshot) | {"schema": 1}
        self._documents.atomically(lambda transaction: transaction.put(LIVE, document))

    def keep(self, snapshot: Snapshot, *, replace: bool = True) -> bool:
        """Store a day's snapshot; without `replace` a month that has one stays. Whether it was."""
        day, month = f"stats/{snapshot.day}", f"stats/{month_of(snapshot.day)}"
        document = fields(snapshot) | {"schema": 1}

        def work(transaction: Transaction) -> bool:
            found = transaction.get_many([day, month])
            newest = readable(found.get(month), _snapshot)
            if (day in found or newest) and not replace:
                return False
            transaction.put(day, document)
            if newest is None or newest.day <= snapshot.day:
                transaction.put(month, document)
            return True

        return self._documents.atomically(work).result

    def newest_of(self, months: Sequence[str]) -> dict[str, Snapshot]:
        """The last snapshot of each of these months that has one."""
        found = self._documents.get_many([f"stats/{month}" for month in months])
        read = {row.id: readable(row, _snapshot) for row in found.values()}
        return {month: snapshot for month, snapshot in read.items() if snapshot}


def _snapshot(row: Document) -> Snapshot:
    return restored(Snapshot, row)
