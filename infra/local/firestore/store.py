"""All databases of all projects, one clock, and who wants to hear of changes."""

import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from google.protobuf.timestamp_pb2 import Timestamp

from infra.local.firestore.database import Database, Entry
from infra.local.firestore.disk import Disk
from infra.local.firestore.names import database_of

_MICROS = 1_000_000

Changes = Mapping[str, Entry | None]
"""New versions by document name; None for a deleted document."""


class Store:
    """Every method expects the caller to hold `lock`."""

    def __init__(self, file: Path | None = None) -> None:
        self.lock = threading.RLock()
        self.observers: set[Callable[[], None]] = set()
        self.before_change: set[Callable[[str, Entry | None], None]] = set()
        self._databases: dict[str, Database] = {}
        self._last_stamp = 0
        self._disk = Disk(file) if file else None
        if self._disk:
            for document in self._disk.load():
                self.database(document.name).put(document.name, Entry(document))
                self._last_stamp = max(self._last_stamp, _micros(document.update_time))

    def database(self, name: str) -> Database:
        """The database that holds a resource of this name; made when first named."""
        path = database_of(name)
        found = self._databases.get(path)
        if found is None:
            found = self._databases[path] = Database()
        return found

    def get(self, name: str) -> Entry | None:
        return self.database(name).get(name)

    def stamp(self) -> Timestamp:
        """The present time, later than every earlier answer by at least a microsecond."""
        self._last_stamp = max(time.time_ns() // 1000, self._last_stamp + 1)
        seconds, micros = divmod(self._last_stamp, _MICROS)
        return Timestamp(seconds=seconds, nanos=micros * 1000)

    def apply(self, changes: Changes) -> None:
        """Makes the changes visible together, on disk first."""
        if not changes:
            return
        if self._disk:
            self._disk.save({n: e.document if e else None for n, e in changes.items()})
        for name, entry in changes.items():
            database = self.database(name)
            for told in self.before_change:
                told(name, database.get(name))
            database.put(name, entry)
        self._tell()

    def reset(self) -> None:
        """Drops every document of every database, also on disk."""
        if self._disk:
            self._disk.clear()
        self._databases.clear()
        self._tell()

    def close(self) -> None:
        if self._disk:
            self._disk.close()

    def _tell(self) -> None:
        for observer in list(self.observers):
            observer()


def _micros(stamp: Timestamp) -> int:
    return stamp.seconds * _MICROS + stamp.nanos // 1000
