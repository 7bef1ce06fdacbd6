"""What a read sees: the present documents, or those of the moment a transaction began."""

from collections.abc import Iterator
from typing import Protocol

from infra.local.firestore.database import Collection, Entry
from infra.local.firestore.filters import Condition, Disjunct, Operator
from infra.local.firestore.names import last_segment, parent_of
from infra.local.firestore.paths import KEY
from infra.local.firestore.query import Query
from infra.local.firestore.store import Store

_MAPPED = {
    Operator.EQUAL,
    Operator.IN,
    Operator.CONTAINS,
    Operator.CONTAINS_ANY,
}


class View(Protocol):
    def get(self, name: str) -> Entry | None: ...

    def candidates(self, query: Query, alternatives: list[Disjunct]) -> Iterator[Entry]:
        """Every document in the query's collections that may match, and perhaps others."""
        ...


class Present:
    def __init__(self, store: Store) -> None:
        self._store = store

    def get(self, name: str) -> Entry | None:
        return self._store.get(name)

    def candidates(self, query: Query, alternatives: list[Disjunct]) -> Iterator[Entry]:
        mapped = [
            [condition for condition in disjunct if condition.operator in _MAPPED]
            for disjunct in alternatives
        ]
        for collection in self._store.database(query.parent).collections(
            query.parent, query.collection_id, all_descendants=query.all_descendants
        ):
            if mapped and all(mapped):
                yield from _through_maps(collection, mapped).values()
            else:
                yield from collection.entries.values()


def _through_maps(collection: Collection, mapped: list[list[Condition]]) -> dict[str, Entry]:
    found: dict[str, Entry] = {}
    for equalities in mapped:
        buckets = [_bucket(collection, condition) for condition in equalities]
        smallest = min(buckets, key=len)
        found |= smallest
    return found


def _bucket(collection: Collection, condition: Condition) -> dict[str, Entry]:
    # A document's name is its own map.
    if condition.path == KEY:
        return collection.entries
    contains = condition.operator in {Operator.CONTAINS, Operator.CONTAINS_ANY}
    look_up = collection.containing if contains else collection.equal
    if len(condition.keys) == 1:
        return look_up(condition.path, condition.keys[0])
    union: dict[str, Entry] = {}
    for key in condition.keys:
        union |= look_up(condition.path, key)
    return union


class Snapshot:
    """The documents as they were when it was taken; kept by remembering what changes later."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._present = Present(store)
        self._before: dict[str, Entry | None] = {}
        store.before_change.add(self._remember)

    def close(self) -> None:
        self._store.before_change.discard(self._remember)

    def _remember(self, name: str, entry: Entry | None) -> None:
        self._before.setdefault(name, entry)

    def get(self, name: str) -> Entry | None:
        return self._before[name] if name in self._before else self._present.get(name)

    def candidates(self, query: Query, alternatives: list[Disjunct]) -> Iterator[Entry]:
        for entry in self._present.candidates(query, alternatives):
            if entry.name not in self._before:
                yield entry
        for name, old in self._before.items():
            if old is not None and _selects(query, parent_of(name)):
                yield old


def _selects(query: Query, collection: str) -> bool:
    if not collection.startswith(query.parent + "/"):
        return False
    if query.collection_id and last_segment(collection) != query.collection_id:
        return False
    return query.all_descendants or "/" not in collection[len(query.parent) + 1 :]
