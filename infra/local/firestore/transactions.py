"""Optimistic transactions: what each one read, and whether it still holds at commit."""

import operator
import time
import uuid
from collections.abc import Callable, Sequence

from infra.local.firestore.database import Entry
from infra.local.firestore.evaluation import select
from infra.local.firestore.query import Query
from infra.local.firestore.refusal import aborted, invalid
from infra.local.firestore.store import Store
from infra.local.firestore.view import Present, Snapshot, View

_LIFETIME = 270.0  # seconds, as production allows in all
_IDLE = 60.0  # seconds between two requests


class Transaction:
    """Reads of a read-only one come from the moment it began; others read what is present."""

    def __init__(self, store: Store, *, read_only: bool, now: float) -> None:
        self.id = uuid.uuid4().bytes
        self.read_only = read_only
        self.began = now
        self.used = now
        self.ended = False
        self._snapshot = Snapshot(store) if read_only else None
        self.view: View = self._snapshot or Present(store)
        self._read: dict[str, Entry | None] = {}
        self._asked: list[tuple[Query, Sequence[Entry]]] = []

    def saw(self, name: str, entry: Entry | None) -> None:
        """Notes a read; the commit fails if the document has another version by then."""
        if not self.read_only:
            self._read.setdefault(name, entry)

    def saw_results(self, query: Query, entries: Sequence[Entry]) -> None:
        """Notes a query; the commit fails if its results are others by then."""
        if not self.read_only:
            self._asked.append((query, entries))

    def check(self) -> None:
        """Raises Refusal (ABORTED) when something it read has changed since."""
        unchanged = all(self.view.get(name) is entry for name, entry in self._read.items()) and all(
            self._still(query, seen) for query, seen in self._asked
        )
        if not unchanged:
            raise aborted(
                "Aborted due to cross-transaction contention. This occurs when multiple"
                " transactions attempt to access the same data, requiring Firestore to abort"
                " at least one in order to enforce serializability."
            )

    def _still(self, query: Query, seen: Sequence[Entry]) -> bool:
        present = [match.entry for match in select(query, self.view)]
        return len(present) == len(seen) and all(map(operator.is_, present, seen))

    def close(self) -> None:
        self.ended = True
        self._read.clear()
        self._asked.clear()
        if self._snapshot:
            self._snapshot.close()


class Transactions:
    """The open ones by id; callers hold the store's lock."""

    def __init__(self, store: Store, clock: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._clock = clock
        self._known: dict[bytes, Transaction] = {}

    def begin(self, *, read_only: bool) -> Transaction:
        self._sweep()
        transaction = Transaction(self._store, read_only=read_only, now=self._clock())
        self._known[transaction.id] = transaction
        return transaction

    def get(self, transaction_id: bytes) -> Transaction:
        """Raises Refusal for an id that is unknown, ended or expired."""
        self._sweep()
        transaction = self._known.get(transaction_id)
        if transaction is None or transaction.ended:
            raise invalid("The referenced transaction has expired or is no longer valid.")
        transaction.used = self._clock()
        return transaction

    def roll_back(self, transaction_id: bytes) -> None:
        """An aborted one may be rolled back too: the client does so when it gives up."""
        if transaction_id not in self._known:
            raise invalid("The referenced transaction has expired or is no longer valid.")
        self.finish(transaction_id)

    def finish(self, transaction_id: bytes) -> None:
        self._known.pop(transaction_id).close()

    def abort(self, transaction_id: bytes) -> None:
        """Ends it, but remembers the id until it would have expired."""
        self._known[transaction_id].close()

    def clear(self) -> None:
        for transaction in self._known.values():
            transaction.close()
        self._known.clear()

    def _sweep(self) -> None:
        now = self._clock()
        expired = [
            transaction.id
            for transaction in self._known.values()
            if now - transaction.began > _LIFETIME or now - transaction.used > _IDLE
        ]
        for transaction_id in expired:
            self.finish(transaction_id)
