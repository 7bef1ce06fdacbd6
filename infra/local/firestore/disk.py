"""The SQLite file that lets documents survive a restart."""

import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path

from infra.local.firestore.messages import Document


class Disk:
    """One row per document of all projects and databases; callers hold the store's lock."""

    def __init__(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = WAL")
        # A power cut may lose the last commits of a development database; a crash of the
        # process may not.
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._connection.execute(
            "CREATE TABLE IF NOT EXISTS documents"
            " (name TEXT PRIMARY KEY, body BLOB NOT NULL) WITHOUT ROWID"
        )

    def load(self) -> Iterator[Document]:
        for (body,) in self._connection.execute("SELECT body FROM documents"):
            yield Document.FromString(body)

    def save(self, changes: Mapping[str, Document | None]) -> None:
        """All or nothing; None deletes."""
        kept = [(n, d.SerializeToString()) for n, d in changes.items() if d is not None]
        gone = [(n,) for n, d in changes.items() if d is None]
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            self._connection.executemany("INSERT OR REPLACE INTO documents VALUES (?, ?)", kept)
            self._connection.executemany("DELETE FROM documents WHERE name = ?", gone)
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def clear(self) -> None:
        self._connection.execute("DELETE FROM documents")

    def close(self) -> None:
        self._connection.close()
