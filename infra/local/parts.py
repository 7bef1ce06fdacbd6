"""What both local stacks are made of: a directory, a signer, our own parts, an environment."""

import json
import secrets
from abc import ABC, abstractmethod
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from infra.local.mailbox.server import Mailbox
from infra.local.payments.server import KEY, STORE, PaymentsServer
from infra.local.signer import Signer
from infra.local.storage import StorageServer
from infra.local.tasks.server import TasksServer
from infra.local.tasks.standing import queue_messages

PROJECT = "demo-hypertroq"
LOCATION = "us-central1"
BUCKET = f"{PROJECT}-media"
INVOKER = f"invoker@{PROJECT}.iam.gserviceaccount.com"
"""Whose name local tasks and jobs are signed with."""
WEB_CLIENT = "http://localhost:3000"
"""Where the web client's own development server listens."""


OFFERS = json.dumps(
    [
        {"variant_id": "101", "interval": "month", "price_cents": 3_000},
        {"variant_id": "102", "interval": "year", "price_cents": 30_000},
    ]
)
"""Of the local shop."""
NOWHERE = "http://127.0.0.1:9"
"""Where the functions are while nothing serves them."""


class Part(Protocol):
    def start(self) -> None: ...
    def stop(self) -> None: ...


class Stack(ABC):
    """A context manager; every part listens on a free loopback port.

    `data` is the directory that keeps everything across restarts; without it all state is in
    memory. Without `storage` there is no Cloud Storage, which needs a process of its own.
    """

    name: str
    """The value of HYPERTROQ_STACK."""

    def __init__(self, data: Path | None, *, storage: bool) -> None:
        self._data = data
        self.signer = Signer.create(self.file("signer.pem"))
        self.tasks = TasksServer(self.signer, self.file("tasks.sqlite3"))
        self.mailbox = Mailbox(self.file("mailbox.sqlite3"))
        self.payments = PaymentsServer()
        self.storage = StorageServer(self.file("storage"), bucket=BUCKET) if storage else None
        # New with every start: it only keys counters.
        self._hash_secret = secrets.token_hex(16)
        self._webhook_secret = secrets.token_hex(16)
        self._running = ExitStack()

    @abstractmethod
    def start(self, started: ExitStack) -> None:
        """Start every part and tell `started` how each is stopped."""

    @abstractmethod
    def addresses(self) -> dict[str, str]:
        """The variables that name Firestore, Firebase Auth and the signer's certificates."""

    @abstractmethod
    def forget(self) -> None:
        """Empty Firestore and Firebase Auth."""

    def file(self, name: str) -> Path | None:
        """Where a part keeps its state; None for in memory."""
        return self._data / name if self._data else None

    def own_parts(self) -> list[Part]:
        """The parts that every stack has."""
        own: list[Part] = [self.tasks, self.payments, self.mailbox]
        return [*own, *([self.storage] if self.storage else [])]

    def environment(self, *origins: str) -> dict[str, str]:
        """The variables that point the product here; it is served at the first of `origins`.

        All of them may call it from a browser.

        Whether and how often calls are limited stays with whoever runs the product.
        """
        variables = {
            "HYPERTROQ_STACK": self.name,
            "GOOGLE_CLOUD_PROJECT": PROJECT,
            "CLOUD_TASKS_EMULATOR_HOST": self.tasks.address,
            "FIREBASE_API_KEY": "local-api-key",
            "HASH_SECRET": self._hash_secret,
            "CORS_ORIGINS": ",".join((WEB_CLIENT, *origins)),
            "TRUSTED_HOPS": "0",
            "FUNCTIONS_LOCATION": LOCATION,
            "TASKS_URL": f"{(origins or (NOWHERE,))[0]}/{PROJECT}/{LOCATION}/tasks",
            "INVOKERS": INVOKER,
            "AVATAR_BUCKET": BUCKET,
            "PUBLIC_URL": (origins or (NOWHERE,))[0],
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": str(self.mailbox.smtp_port),
            "SMTP_SECURITY": "none",
            "LEMONSQUEEZY_URL": self.payments.url,
            "LEMONSQUEEZY_API_KEY": KEY,
            "LEMONSQUEEZY_STORE_ID": STORE,
            "LEMONSQUEEZY_WEBHOOK_SECRETS": self._webhook_secret,
            "BILLING_TEST_MODE": "1",
            "BILLING_OFFERS": OFFERS,
            **self.addresses(),
        }
        if self.storage:
            variables["STORAGE_EMULATOR_HOST"] = self.storage.url
        return variables

    def reset(self) -> None:
        """Forget all data, on disk as well; addresses stay the same."""
        self.forget()
        self.tasks.reset()
        self.mailbox.reset()
        self.payments.reset()
        if self.storage:
            self.storage.reset()

    def __enter__(self) -> Self:
        with ExitStack() as started:
            self.start(started)
            for message in queue_messages(f"projects/{PROJECT}/locations/{LOCATION}"):
                self.tasks.keep_queue(message)
            self._running = started.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._running.close()
