"""The reference stack: Google's emulators, and our own parts where Google ships none."""

import secrets
import shutil
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self
from urllib.parse import urlsplit

from infra.emulators.certificates import CertificatesServer
from infra.emulators.firestore import FirestoreEmulator
from infra.emulators.identity import IdentityEmulator
from infra.emulators.tools import find_tools
from infra.local.signer import Signer
from infra.local.stack import PROJECT, WEB_CLIENT
from infra.local.storage import StorageServer
from infra.local.tasks.server import TasksServer


class Part(Protocol):
    def start(self) -> None: ...
    def stop(self) -> None: ...


class EmulatorStack:
    """A context manager with LocalStack's interface; every part listens on a free loopback port.

    `data` is the directory that keeps everything across restarts; without it all state is in
    memory. Without `storage` there is no Cloud Storage. Raises Missing when this machine lacks a
    part.
    """

    def __init__(self, data: Path | None = None, *, storage: bool = True) -> None:
        tools = find_tools()
        # The embedded stack may keep its own data beside these: neither could read the other's.
        self._data = data / "emulators" if data else None
        self.signer = Signer.create(self._file("signer.pem"))
        self.firestore = FirestoreEmulator(PROJECT, tools.java, tools.jar, self._file("firestore"))
        self.identity = IdentityEmulator(PROJECT, tools.node, self._file("accounts.json"))
        self.certificates = CertificatesServer(self.signer)
        self.tasks = TasksServer(self.signer, self._file("tasks.sqlite3"))
        self.storage = StorageServer(self._file("storage")) if storage else None
        # New with every start: it only keys counters.
        self._hash_secret = secrets.token_hex(16)
        self._running = ExitStack()

    def __enter__(self) -> Self:
        parts: list[Part] = [self.firestore, self.identity, self.certificates, self.tasks]
        if self.storage:
            parts.append(self.storage)
        with ExitStack() as started:

            def begin(part: Part) -> None:
                part.start()
                started.callback(part.stop)

            with ThreadPoolExecutor(len(parts), thread_name_prefix="start") as threads:
                starts = [threads.submit(begin, part) for part in parts]
            for start in starts:
                start.result()
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
            "HYPERTROQ_STACK": "emulators",
            "GOOGLE_CLOUD_PROJECT": PROJECT,
            "FIRESTORE_EMULATOR_HOST": self.firestore.address,
            "FIREBASE_AUTH_EMULATOR_HOST": self.identity.address,
            "CLOUD_TASKS_EMULATOR_HOST": self.tasks.address,
            "LOCAL_CERTIFICATES_URL": self.certificates.url,
            "FIREBASE_API_KEY": "local-api-key",
            "HASH_SECRET": self._hash_secret,
            "CORS_ORIGINS": ",".join((WEB_CLIENT, *origins)),
            "TRUSTED_HOPS": "0",
        }
        if self.storage:
            variables["STORAGE_EMULATOR_HOST"] = self.storage.url
        return variables

    def reset(self) -> None:
        """Forget the project's data, on disk as well; addresses stay the same."""
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
