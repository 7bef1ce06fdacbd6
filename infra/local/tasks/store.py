"""The SQLite file that keeps queues, pending tasks and finished names over a restart."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from infra.local.tasks.messages import Queue as QueueProto
from infra.local.tasks.messages import QueueMessage
from infra.local.tasks.messages import Task as TaskProto
from infra.local.tasks.names import parent
from infra.local.tasks.queues import PendingTask

SCHEMA = """
CREATE TABLE IF NOT EXISTS queues (name TEXT PRIMARY KEY, message BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS tasks (
    name TEXT PRIMARY KEY, queue TEXT NOT NULL, message BLOB NOT NULL,
    executions INTEGER NOT NULL, previous_status INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS tombstones (
    name TEXT PRIMARY KEY, queue TEXT NOT NULL, ends_at REAL NOT NULL);
"""


class Store:
    """In memory without a path. One caller at a time, from any thread."""

    def __init__(self, path: Path | None) -> None:
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
        self._database = sqlite3.connect(
            path or ":memory:", check_same_thread=False, isolation_level=None
        )
        # A crash of the machine may lose the last writes, a crash of the process none.
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("PRAGMA synchronous = NORMAL")
        self._database.executescript(SCHEMA)

    def close(self) -> None:
        self._database.close()

    def queues(self) -> Iterator[QueueMessage]:
        for (message,) in self._database.execute("SELECT message FROM queues"):
            yield QueueProto.FromString(message)

    def tasks(self) -> Iterator[PendingTask]:
        """In the order of their creation."""
        rows = self._database.execute(
            "SELECT message, executions, previous_status FROM tasks ORDER BY rowid"
        )
        for message, executions, previous_status in rows:
            yield PendingTask(TaskProto.FromString(message), executions, previous_status)

    def tombstones(self, now: float) -> Iterator[tuple[str, float]]:
        """Task names still taken, each with the time it becomes free, in the order of those."""
        self._database.execute("DELETE FROM tombstones WHERE ends_at <= ?", (now,))
        yield from self._database.execute("SELECT name, ends_at FROM tombstones ORDER BY ends_at")

    def put_queue(self, message: QueueMessage) -> None:
        self._database.execute(
            "INSERT OR REPLACE INTO queues VALUES (?, ?)",
            (message.name, message.SerializeToString()),
        )

    def delete_queue(self, name: str) -> None:
        self.clear_queue(name)
        self._database.execute("DELETE FROM queues WHERE name = ?", (name,))

    def clear_queue(self, name: str) -> None:
        """Delete the queue's tasks and the names it remembers."""
        self._database.execute("DELETE FROM tasks WHERE queue = ?", (name,))
        self._database.execute("DELETE FROM tombstones WHERE queue = ?", (name,))

    def put_task(self, task: PendingTask) -> None:
        name = task.message.name
        self._database.execute(
            "INSERT INTO tasks VALUES (?, ?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET"
            " message = excluded.message, executions = excluded.executions,"
            " previous_status = excluded.previous_status",
            (
                name,
                parent(name),
                task.message.SerializeToString(),
                task.executions,
                task.previous_status,
            ),
        )

    def bury_task(self, name: str, ends_at: float) -> None:
        """Replace the task by a tombstone."""
        self._database.execute("DELETE FROM tasks WHERE name = ?", (name,))
        self._database.execute(
            "INSERT OR REPLACE INTO tombstones VALUES (?, ?, ?)", (name, parent(name), ends_at)
        )
