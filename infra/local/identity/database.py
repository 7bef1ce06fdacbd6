"""Keeps JSON records in one SQLite file, or nowhere."""

import json
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any


class Database:
    """One connection behind a lock. The file is held exclusively: a second server on the same
    data would answer from its own memory, so it is refused with sqlite3.OperationalError.
    """

    def __init__(self, path: Path | None) -> None:
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        if path is None:
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)  # it holds password hashes and refresh tokens
        connection = sqlite3.connect(path, timeout=1, check_same_thread=False, isolation_level=None)
        try:
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            connection.execute("PRAGMA journal_mode = WAL")
            # Survives the end of the process at any moment; losing the last second in a power
            # cut is acceptable on a developer's machine.
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute(
                "CREATE TABLE IF NOT EXISTS records (project TEXT, kind TEXT, id TEXT,"
                " body TEXT NOT NULL, PRIMARY KEY (project, kind, id))"
            )
        except BaseException:
            connection.close()
            raise
        self._connection = connection

    def execute(self, statement: str, *values: str) -> list[tuple[str, ...]]:
        """Without a file, and after `close`, nothing is written and nothing is found."""
        with self._lock:
            if self._connection is None:
                return []
            return self._connection.execute(statement, values).fetchall()

    def clear(self) -> None:
        self.execute("DELETE FROM records")

    def close(self) -> None:
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None


class Records:
    """The records of one kind in one project: id to JSON object."""

    def __init__(self, database: Database, project: str, kind: str) -> None:
        self._database = database
        self._project = project
        self._kind = kind

    def __iter__(self) -> Iterator[dict[str, Any]]:
        rows = self._database.execute(
            "SELECT body FROM records WHERE project = ? AND kind = ?", self._project, self._kind
        )
        for (body,) in rows:
            yield json.loads(body)

    def put(self, identifier: str, body: dict[str, Any]) -> None:
        self._database.execute(
            "INSERT OR REPLACE INTO records VALUES (?, ?, ?, ?)",
            self._project,
            self._kind,
            identifier,
            json.dumps(body),
        )

    def remove(self, identifier: str) -> None:
        self._database.execute(
            "DELETE FROM records WHERE project = ? AND kind = ? AND id = ?",
            self._project,
            self._kind,
            identifier,
        )

    def clear(self) -> None:
        self._database.execute(
            "DELETE FROM records WHERE project = ? AND kind = ?", self._project, self._kind
        )
