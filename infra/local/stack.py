"""The embedded cloud: Firestore, identity, tasks and storage, started together."""

from contextlib import ExitStack
from pathlib import Path

from infra.local.firestore.server import FirestoreServer
from infra.local.identity.server import IdentityServer
from infra.local.parts import PROJECT, Part, Stack

INDEXES = Path(__file__).parents[1] / "firestore.indexes.json"


class LocalStack(Stack):
    """Servers of ours in this process; storage alone has one of its own."""

    name = "embedded"

    def __init__(self, data: Path | None = None, *, storage: bool = True) -> None:
        super().__init__(data, storage=storage)
        self.firestore = FirestoreServer(self.file("firestore.sqlite3"), INDEXES)
        self.identity = IdentityServer(PROJECT, self.signer, self.file("identity.sqlite3"))

    def start(self, started: ExitStack) -> None:
        parts: list[Part] = [self.firestore, self.identity, *self.own_parts()]
        for part in parts:
            part.start()
            started.callback(part.stop)

    def addresses(self) -> dict[str, str]:
        return {
            "FIRESTORE_EMULATOR_HOST": self.firestore.address,
            "FIREBASE_AUTH_EMULATOR_HOST": self.identity.address,
            "LOCAL_CERTIFICATES_URL": self.identity.certificates_url,
        }

    def forget(self) -> None:
        self.firestore.reset()
        self.identity.reset()
