"""The one layer over google-cloud-firestore: every call bounded in time, counted, and atomic."""

import random
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any, Generic, Literal, TypeVar

from google.api_core import exceptions
from google.cloud.firestore import Client, DocumentReference, Increment, Query
from google.cloud.firestore_v1 import base_client
from google.cloud.firestore_v1.base_query import FieldFilter

from shared.errors import Contended
from shared.storage import tally
from shared.storage.outages import outages, patience

T = TypeVar("T")
Condition = tuple[str, str, Any]
"""Field, operator (`==`, `in`, `array_contains`, `<`, …), value."""

COUNTED_PER_READ = 1_000
"""Index entries that Firestore counts for the price of one read."""
COMMIT_ATTEMPTS = 8
COMMIT_SECONDS = 4.0
"""When a contended change stops trying: the caller still has to answer within five seconds."""

_RECONNECT = (
    ("grpc.initial_reconnect_backoff_ms", 500),
    ("grpc.max_reconnect_backoff_ms", 1_000),
    # How long one attempt to connect may take.
    ("grpc.min_reconnect_backoff_ms", 2_000),
)
# gRPC pauses up to two minutes between attempts, and keeps doing so when the store is back. The
# client has no setting for it, only these lists, for the cloud and for emulators.
base_client._DEFAULT_CHANNEL_OPTIONS.extend(_RECONNECT)  # noqa: SLF001
base_client._GRPC_MSG_SIZE_OPTIONS.extend(_RECONNECT)  # noqa: SLF001
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CONFLICTS = (
    exceptions.AlreadyExists,
    exceptions.NotFound,
    exceptions.FailedPrecondition,
    exceptions.Aborted,
)


def version(updated_at: datetime) -> str:
    """Changes with every write; what an ETag carries. Microseconds since 1970."""
    return str((updated_at - _EPOCH) // timedelta(microseconds=1))


@dataclass(frozen=True, slots=True)
class Document:
    """One stored document as it was at `updated_at`."""

    path: str
    data: dict[str, Any]
    updated_at: datetime

    @property
    def id(self) -> str:
        return self.path.rpartition("/")[2]

    @property
    def version(self) -> str:
        return version(self.updated_at)


@dataclass(frozen=True, slots=True)
class Committed(Generic[T]):
    """What an atomic change made, and the versions of the documents it wrote, by path."""

    result: T
    versions: dict[str, str]


class Transaction:
    """Reads, decides, then commits all its writes at once or none.

    A write to a document that was read here only succeeds while that document is unchanged (or
    still missing). A document that was only read is not guarded: write it too if it matters.
    """

    def __init__(self, documents: "Documents") -> None:
        self._documents = documents
        self._seen: dict[str, Document | None] = {}
        self._writes: dict[str, tuple[Literal["create", "set", "update", "delete"], Any]] = {}
        self._unanswered: list[Exception] = []

    def get(self, path: str) -> Document | None:
        return self.get_many([path]).get(path)

    def get_many(self, paths: Sequence[str]) -> dict[str, Document]:
        """The documents that exist, by path; asks for all that are still unknown in one call."""
        unknown = [path for path in dict.fromkeys(paths) if path not in self._seen]
        if unknown:
            found = self._documents.get_many(unknown)
            self._seen |= {path: found.get(path) for path in unknown}
        return {path: known for path in paths if (known := self._seen[path]) is not None}

    def create(self, path: str, data: Mapping[str, Any]) -> None:
        """Store a document that must not exist yet."""
        self._writes[path] = ("create", dict(data))

    def put(self, path: str, data: Mapping[str, Any]) -> None:
        """Store a whole document, new or not."""
        self._writes[path] = ("set", dict(data))

    def update(self, path: str, fields: Mapping[str, Any]) -> None:
        """Change some fields (dotted paths reach into maps) of a document that must exist."""
        self._writes[path] = ("update", dict(fields))

    def delete(self, path: str) -> None:
        self._writes[path] = ("delete", None)

    def commit(self, client: Client) -> dict[str, str]:
        """Write everything at once; returns the new version of each document written."""
        if not self._writes:
            return {}
        batch = client.batch()
        for path, (kind, data) in self._writes.items():
            reference = client.document(path)
            seen = self._seen.get(path)
            guard = client.write_option(last_update_time=seen.updated_at) if seen else None
            if kind == "create" or (kind == "set" and path in self._seen and seen is None):
                batch.create(reference, data)
            elif kind == "delete":
                batch.delete(reference, option=guard)
            elif kind == "update" or guard is not None:
                # `set` takes no precondition, so a guarded replacement is an update of every
                # field; fields somebody added in the console stay.
                batch.update(reference, data, option=guard)
            else:
                batch.set(reference, data)
        tally.count(writes=len(self._writes))
        results = batch.commit(**patience(self._unanswered.append))
        return {
            path: version(result.update_time)
            for path, result in zip(self._writes, results, strict=True)
            if result.update_time
        }

    def landed(self) -> dict[str, str] | None:
        """What `commit` returns, when only its answer was lost and its repeat met its own work."""
        if not self._unanswered:
            return None
        found = self._documents.get_many(list(self._writes))
        if not all(_is_done(found.get(path), *write) for path, write in self._writes.items()):
            return None
        return {path: document.version for path, document in found.items()}


class Documents:
    """Firestore as the repositories see it: paths, plain data, and refusals of ours.

    Every method raises Unavailable when Firestore does not answer in time.
    """

    def __init__(self, client: Client, *, pause: Callable[[float], None] = time.sleep) -> None:
        self._client = client
        self._pause = pause

    def get(self, path: str, fields: Sequence[str] | None = None) -> Document | None:
        return self.get_many([path], fields).get(path)

    def get_many(
        self, paths: Sequence[str], fields: Sequence[str] | None = None
    ) -> dict[str, Document]:
        """The documents that exist, by path, in one round trip; `fields` reads only those."""
        references = [self._client.document(path) for path in paths]
        tally.count(reads=len(paths))
        with outages():
            snapshots = list(self._client.get_all(references, field_paths=fields, **patience()))
        return {
            snapshot.reference.path: Document(
                snapshot.reference.path, snapshot.to_dict() or {}, snapshot.update_time
            )
            for snapshot in snapshots
            if snapshot.exists
        }

    def find(
        self,
        collection: str,
        where: Iterable[Condition] = (),
        *,
        everywhere: bool = False,
        order: str = "",
        offset: int = 0,
        limit: int,
    ) -> list[Document]:
        """Up to `limit` documents of a collection that meet every condition.

        `everywhere` searches all collections of that name, whoever owns them; only what
        administrators and background tasks do may ask for it. `order` names a field, with a
        minus for the largest first. What `offset` leaves out is read and billed all the same.
        """
        query = _ordered(self._query(collection, where, everywhere=everywhere), order).limit(limit)
        if offset:
            query = query.offset(offset)
        return self._found(query, skipped=offset)

    def scan(
        self,
        collection: str,
        where: Iterable[Condition] = (),
        *,
        everywhere: bool = False,
        along: str = "",
        fields: Sequence[str] | None = None,
        page: int = 500,
    ) -> Iterator[Document]:
        """Every document that meets the conditions, by path; read in pages while it is asked for.

        `along` names the field of a condition that is not an equality, which Firestore sorts by.
        For jobs, exports and operators: as many reads as there are documents.
        """
        query = self._query(collection, where, everywhere=everywhere)
        if along:
            query = query.order_by(along)
        query = query.order_by("__name__")
        if fields is not None:
            query = query.select([*fields, *([along] if along else [])])
        found: list[Document] = []
        while not found or len(found) == page:
            last: dict[str, Any] = {}
            if found:
                last = {along: found[-1].data[along]} if along else {}
                last["__name__"] = self._client.document(found[-1].path)
            found = self._found((query.start_after(last) if last else query).limit(page))
            yield from found
            if not found:
                return

    def count(
        self,
        collection: str,
        where: Iterable[Condition] = (),
        *,
        everywhere: bool = False,
        order: str = "",
        up_to: int | None = None,
    ) -> int:
        """How many documents meet every condition: one read per thousand of them.

        With the `order` of a list it is counted along the index that serves the list.
        """
        query = _ordered(self._query(collection, where, everywhere=everywhere), order)
        if up_to is not None:
            query = query.limit(up_to)
        with outages():
            answer: Any = query.count().get(**patience())
        number = int(answer[0][0].value)
        tally.count(reads=max(1, -(-number // COUNTED_PER_READ)))
        return number

    def _query(self, collection: str, where: Iterable[Condition], *, everywhere: bool) -> Query:
        query: Query = (
            self._client.collection_group(collection)
            if everywhere
            else Query(self._client.collection(collection))
        )
        for field, operator, value in where:
            query = query.where(filter=FieldFilter(field, operator, value))
        return query

    def _found(self, query: Query, skipped: int = 0) -> list[Document]:
        with outages():
            snapshots = list(query.stream(**patience()))
        tally.count(reads=max(1, skipped + len(snapshots)))
        return [
            Document(
                snapshot.reference.path, snapshot.to_dict() or {}, _moment(snapshot.update_time)
            )
            for snapshot in snapshots
        ]

    def below(self, path: str, *, limit: int) -> list[str]:
        """The paths of some documents under this one, at any depth, children before parents.

        For removals: nothing is left once there are none.
        """
        with outages():
            return list(islice(self._walk(self._client.document(path), limit), limit))

    def _walk(self, document: DocumentReference, page: int) -> Iterator[str]:
        tally.count(reads=1)
        for collection in document.collections(**patience()):
            for child in collection.list_documents(page_size=page, **patience()):
                yield from self._walk(child, page)
                yield child.path

    def atomically(self, work: Callable[[Transaction], T]) -> Committed[T]:
        """Run `work` and commit what it wrote; run it again when somebody else was faster.

        `work` may run several times and must do nothing but read, decide and write through the
        transaction. Raises Contended when others keep winning.
        """
        started = time.monotonic()
        for attempt in range(COMMIT_ATTEMPTS):
            transaction = Transaction(self)
            result = work(transaction)
            try:
                with outages():
                    versions = transaction.commit(self._client)
            except _CONFLICTS:
                landed = transaction.landed()
                if landed is not None:
                    return Committed(result, landed)
                if time.monotonic() - started > COMMIT_SECONDS:
                    break
                self._pause(random.uniform(0, 0.02 * 2 ** min(attempt, 4)))  # noqa: S311 - jitter, not a secret
            else:
                return Committed(result, versions)
        raise Contended("Others are changing the same data. Try again.")

    def increment(
        self,
        path: str,
        field: str,
        amount: int,
        also: Mapping[str, Any],
        timeout_seconds: float,
    ) -> int:
        """Add to a counter without reading it and return the new value; never tried twice.

        A counter whose reply was lost may have been added to: callers must be able to bear that.
        """
        tally.count(writes=1)
        with outages():
            result = self._client.document(path).set(
                {field: Increment(amount), **also},
                merge=True,
                retry=None,
                timeout=timeout_seconds,
            )
        return int(result.transform_results[0].integer_value)

    def ping(self, timeout_seconds: float) -> None:
        """Ask Firestore for a document that need not exist."""
        tally.count(reads=1)
        with outages():
            self._client.document("health/ping").get(retry=None, timeout=timeout_seconds)


def _ordered(query: Query, order: str) -> Query:
    if not order:
        return query
    direction = Query.DESCENDING if order.startswith("-") else Query.ASCENDING
    return query.order_by(order.lstrip("-"), direction=direction)


def _moment(update_time: Any) -> datetime:
    """Searches of all collections hand the time on as the protobuf message it came in."""
    return update_time if isinstance(update_time, datetime) else update_time.ToDatetime(tzinfo=UTC)


def _is_done(document: Document | None, kind: str, data: Mapping[str, Any] | None) -> bool:
    """Whether a document is as a write would have left it: times and ids in it tell whose."""
    if kind == "delete" or data is None:
        return document is None
    return document is not None and all(
        _inside(document.data, name) == value for name, value in data.items()
    )


def _inside(data: Any, name: str) -> Any:
    """The value under a dotted path."""
    for part in name.split("."):
        data = data.get(part) if isinstance(data, dict) else None
    return data
