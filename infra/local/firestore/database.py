"""The documents of one database in memory, and the ways to find them."""

from collections.abc import Iterator
from typing import Any

from infra.local.firestore.messages import Document
from infra.local.firestore.names import NameKey, last_segment, name_key, parent_of
from infra.local.firestore.paths import KEY, FieldPath, read
from infra.local.firestore.values import NULL, Key, array_elements, key_of


class Entry:
    """One stored version of a document; replaced by a write, never changed.

    Answers are serialised outside the lock, so a stored message must stay as it is. Two
    entries are the same version exactly when they are the same object.
    """

    __slots__ = ("_keys", "document", "name", "name_key")

    def __init__(self, document: Document) -> None:
        self.document = document
        self.name: str = document.name
        self.name_key: NameKey = name_key(document.name)
        self._keys: dict[FieldPath, Key | None] = {KEY: (6, self.name_key)}

    def key(self, path: FieldPath) -> Key | None:
        """The sort key of a field, kept for the next query; None when it is missing."""
        try:
            return self._keys[path]
        except KeyError:
            value = read(self.document.fields, path)
            key = None if value is None else key_of(value)
            self._keys[path] = key
            return key


class Collection:
    """Documents that share a parent, with equality maps for the fields queries asked for."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.entries: dict[str, Entry] = {}
        self._equal: dict[FieldPath, dict[Key, dict[str, Entry]]] = {}
        self._containing: dict[FieldPath, dict[Key, dict[str, Entry]]] = {}

    def put(self, name: str, entry: Entry | None) -> None:
        old = self.entries.pop(name, None)
        for path, buckets in self._equal.items():
            if old is not None and (key := old.key(path)) is not None:
                _take(buckets, key, name)
            if entry is not None and (key := entry.key(path)) is not None:
                buckets.setdefault(key, {})[name] = entry
        for path, buckets in self._containing.items():
            for key in _elements(old, path):
                _take(buckets, key, name)
            if entry is not None:
                for key in _elements(entry, path):
                    buckets.setdefault(key, {})[name] = entry
        if entry is not None:
            self.entries[name] = entry

    def equal(self, path: FieldPath, key: Key) -> dict[str, Entry]:
        """The documents whose field equals the key; the map is built at the first question."""
        buckets = self._equal.get(path)
        if buckets is None:
            buckets = self._equal[path] = {}
            for name, entry in self.entries.items():
                if (own := entry.key(path)) is not None:
                    buckets.setdefault(own, {})[name] = entry
        return buckets.get(key, {})

    def containing(self, path: FieldPath, key: Key) -> dict[str, Entry]:
        """The documents whose array field has the key among its elements."""
        buckets = self._containing.get(path)
        if buckets is None:
            buckets = self._containing[path] = {}
            for name, entry in self.entries.items():
                for own in _elements(entry, path):
                    buckets.setdefault(own, {})[name] = entry
        return buckets.get(key, {})


def _elements(entry: Entry | None, path: FieldPath) -> frozenset[Key]:
    return frozenset(array_elements((entry and entry.key(path)) or NULL))


def _take(buckets: dict[Key, dict[str, Entry]], key: Key, name: str) -> None:
    bucket = buckets[key]
    del bucket[name]
    if not bucket:
        del buckets[key]


class Database:
    """Every document of projects/P/databases/D, grouped by collection."""

    def __init__(self) -> None:
        self.entries: dict[str, Entry] = {}
        self._collections: dict[str, Collection] = {}
        self._groups: dict[str, dict[str, Collection]] = {}

    def get(self, name: str) -> Entry | None:
        return self.entries.get(name)

    def put(self, name: str, entry: Entry | None) -> None:
        """Stores a version, or forgets the document when there is none."""
        path = parent_of(name)
        collection = self._collections.get(path)
        if collection is None:
            if entry is None:
                return
            collection = self._collections[path] = Collection(path)
            self._groups.setdefault(last_segment(path), {})[path] = collection
        collection.put(name, entry)
        if entry is not None:
            self.entries[name] = entry
            return
        self.entries.pop(name, None)
        if not collection.entries:
            del self._collections[path]
            del self._groups[last_segment(path)][path]

    def collections(
        self, parent: str, collection_id: str, *, all_descendants: bool
    ) -> Iterator[Collection]:
        """The collections a query selects; an empty id selects every one below the parent."""
        if collection_id and not all_descendants:
            found = self._collections.get(f"{parent}/{collection_id}")
            if found is not None:
                yield found
            return
        pool: dict[str, Any] = (
            self._groups.get(collection_id, {}) if collection_id else self._collections
        )
        for path, collection in pool.items():
            if path.startswith(parent + "/") and (
                all_descendants or "/" not in path[len(parent) + 1 :]
            ):
                yield collection
