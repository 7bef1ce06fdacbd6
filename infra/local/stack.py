"""The embedded cloud: Firestore, identity, tasks and storage, started together."""

import secrets
import shutil
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from infra.local.firestore.server import FirestoreServer
from infra.local.identity.server import IdentityServer
from infra.local.signer import Signer
from infra.local.storage import StorageServer
from infra.local.tasks.server import TasksServer

PROJECT = "demo-hypertroq"
INDEXES = Path(__file__).parents[1] / "firestore.indexes.json"
WEB_CLIENT = "http://localhost:3000"
"""Where the web client's own development server listens."""


class LocalStack:
    """A context manager; every part listens on a free loopback port.

    `data` is the directory that keeps everything across restarts; without it all state is in
    memory. Without `storage` there is no Cloud Storage, which is the one part that needs a
    process of its own.
    """

    def __init__(self, data: Path | None = None, *, storage: bool = True) -> None:
        self._data = data
        self.signer = Signer.create(self._file("signer.pem"))
        self.firestore = FirestoreServer(self._file("firestore.sqlite3"), INDEXES)
        self.identity = IdentityServer(PROJECT, self.signer, self._file("identity.sqlite3"))
        self.tasks = TasksServer(self.signer, self._file("tasks.sqlite3"))
        self.storage = StorageServer(self._file("storage")) if storage else None
        # New with every start: it only keys counters, and a start forgets their counts.
        self._hash_secret = secrets.token_hex(16)
        self._running = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as started:
            for part in (self.firestore, self.identity, self.tasks, self.storage):
                if part is not None:
                    part.start()
                    started.callback(part.stop)
            self._running = started.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._running.close()

    def environment(self, *origins: str) -> dict[str, str]:
        """The variables that point the product here; `origins` may call it from a browser.

        Whether and how often calls are limited stays with whoever runs the product.
        """
        variables = {
            "HYPERTROQ_STACK": "embedded",
            "GOOGLE_CLOUD_PROJECT": PROJECT,
            "FIRESTORE_EMULATOR_HOST": self.firestore.address,
            "FIREBASE_AUTH_EMULATOR_HOST": self.identity.address,
            "CLOUD_TASKS_EMULATOR_HOST": self.tasks.address,
            "LOCAL_CERTIFICATES_URL": self.identity.certificates_url,
            "FIREBASE_API_KEY": "local-api-key",
            "HASH_SECRET": self._hash_secret,
            "CORS_ORIGINS": ",".join((WEB_CLIENT, *origins)),
            "TRUSTED_HOPS": "0",
        }
        if self.storage:
            variables["STORAGE_EMULATOR_HOST"] = self.storage.url
        return variables

    def reset(self) -> None:
        """Forget all data, on disk as well; addresses stay the same."""
        self.firestore.reset()
        self.identity.reset()
        self.tasks.reset()
        if self.storage:
            self._restart_storage(self.storage)

    def _restart_storage(self, storage: StorageServer) -> None:
        # fake-gcs-server cannot forget: an empty one takes its place, on the same port.
        storage.stop()
        kept = self._file("storage")
        if kept:
            shutil.rmtree(kept, ignore_errors=True)
        self.storage = StorageServer(kept, port=urlsplit(storage.url).port or 0)
        self._running.callback(self.storage.stop)
        self.storage.start()

    def _file(self, name: str) -> Path | None:
        return self._data / name if self._data else None
