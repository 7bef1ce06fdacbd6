"""From write messages to new versions of documents, all or nothing; the writes were checked."""

from collections.abc import Iterable

from google.protobuf.timestamp_pb2 import Timestamp

from infra.local.firestore.database import Entry
from infra.local.firestore.messages import Document, Precondition, Value, Write, WriteResult
from infra.local.firestore.paths import KEY, parse_path, put, read, remove
from infra.local.firestore.refusal import (
    already_exists,
    failed_precondition,
    not_found,
)
from infra.local.firestore.store import Store
from infra.local.firestore.transforms import transform
from infra.local.firestore.validation import check_document
from infra.local.firestore.write_checks import target_of


class Staged:
    """Writes that were checked and worked out, but are not visible yet."""

    def __init__(self, store: Store, now: Timestamp) -> None:
        self.changes: dict[str, Entry | None] = {}
        self._store = store
        self._now = now

    def add(self, write: Write) -> WriteResult:
        """Raises Refusal when the precondition fails or the result cannot be stored."""
        name = target_of(write)
        current = self._current(name)
        _check_precondition(name, current, write.current_document)
        match write.WhichOneof("operation"):
            case "delete":
                if current is not None:
                    self.changes[name] = None
                return WriteResult()
            case "transform":
                fresh = _copy(current, name)
                changes = write.transform.field_transforms
            case _:
                fresh = _updated(current, write)
                changes = write.update_transforms
        results = [transform(fresh.fields, change, self._now) for change in changes]
        return WriteResult(update_time=self._put(current, fresh), transform_results=results)

    def _current(self, name: str) -> Entry | None:
        return self.changes[name] if name in self.changes else self._store.get(name)

    def _put(self, current: Entry | None, fresh: Document) -> Timestamp:
        _floor_timestamps(fresh)
        check_document(fresh)
        if current is not None:
            if _same_fields(current.document, fresh):
                # A write that changes nothing leaves the version and its time alone.
                return _version(current)
            fresh.create_time.CopyFrom(current.document.create_time)
            stored = self._store.get(fresh.name)
            if stored is not None and _same_version(stored.document, fresh):
                # Several writes that together change nothing.
                del self.changes[fresh.name]
                return _version(stored)
        else:
            fresh.create_time.CopyFrom(self._now)
        fresh.update_time.CopyFrom(self._now)
        self.changes[fresh.name] = Entry(fresh)
        return self._now


def stage(
    store: Store, writes: Iterable[Write], now: Timestamp
) -> tuple[Staged, list[WriteResult]]:
    """Later writes see what earlier ones in the list did; all went through check_write."""
    staged = Staged(store, now)
    return staged, [staged.add(write) for write in writes]


def _updated(current: Entry | None, write: Write) -> Document:
    if not write.HasField("update_mask"):
        fresh = Document()
        fresh.CopyFrom(write.update)
        return fresh
    fresh = _copy(current, write.update.name)
    for text in write.update_mask.field_paths:
        path = parse_path(text)
        if path == KEY:
            continue
        value = read(write.update.fields, path)
        if value is None:
            remove(fresh.fields, path)
        else:
            put(fresh.fields, path, value)
    return fresh


def _copy(current: Entry | None, name: str) -> Document:
    fresh = Document()
    if current is not None:
        fresh.CopyFrom(current.document)
    fresh.name = name
    return fresh


def _check_precondition(name: str, current: Entry | None, condition: Precondition) -> None:
    match condition.WhichOneof("condition_type"):
        case "exists":
            if condition.exists and current is None:
                raise not_found(f"No document to update: {name}")
            if not condition.exists and current is not None:
                raise already_exists(f"Document already exists: {name}")
        case "update_time":
            if current is None or current.document.update_time != condition.update_time:
                raise failed_precondition(
                    f"The stored version of {name} does not match the required base version."
                )


def _version(entry: Entry) -> Timestamp:
    stamp: Timestamp = entry.document.update_time
    return stamp


def _same_version(left: Document, right: Document) -> bool:
    return bool(left.create_time == right.create_time) and _same_fields(left, right)


def _same_fields(left: Document, right: Document) -> bool:
    if len(left.fields) != len(right.fields):
        return False
    return all(
        name in right.fields
        and value.SerializeToString(deterministic=True)
        == right.fields[name].SerializeToString(deterministic=True)
        for name, value in left.fields.items()
    )


def _floor_timestamps(document: Document) -> None:
    for value in document.fields.values():
        _floor(value)


def _floor(value: Value) -> None:
    # Firestore keeps microseconds and rounds down.
    match value.WhichOneof("value_type"):
        case "timestamp_value":
            value.timestamp_value.nanos -= value.timestamp_value.nanos % 1000
        case "map_value":
            for inner in value.map_value.fields.values():
                _floor(inner)
        case "array_value":
            for inner in value.array_value.values:
                _floor(inner)
