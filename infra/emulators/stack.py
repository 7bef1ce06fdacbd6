"""The reference stack: Google's emulators, and our own parts where Google ships none."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from infra.emulators.certificates import CertificatesServer
from infra.emulators.firestore import FirestoreEmulator
from infra.emulators.identity import IdentityEmulator
from infra.emulators.tools import find_tools
from infra.local.parts import PROJECT, Part, Stack


class EmulatorStack(Stack):
    """Raises Missing when this machine lacks a part of the emulators."""

    name = "emulators"

    def __init__(self, data: Path | None = None, *, storage: bool = True) -> None:
        tools = find_tools()
        # The embedded stack may keep its own data beside these: neither could read the other's.
        super().__init__(data / "emulators" if data else None, storage=storage)
        self.firestore = FirestoreEmulator(PROJECT, tools.java, tools.jar, self.file("firestore"))
        self.identity = IdentityEmulator(PROJECT, tools.node, self.file("accounts.json"))
        self.certificates = CertificatesServer(self.signer)

    def start(self, started: ExitStack) -> None:
        def begin(part: Part) -> None:
            part.start()
            started.callback(part.stop)

        parts: list[Part] = [self.firestore, self.identity, self.certificates, *self.own_parts()]
        with ThreadPoolExecutor(len(parts), thread_name_prefix="start") as threads:
            starts = [threads.submit(begin, part) for part in parts]
        for start in starts:
            start.result()

    def addresses(self) -> dict[str, str]:
        return {
            "FIRESTORE_EMULATOR_HOST": self.firestore.address,
            "FIREBASE_AUTH_EMULATOR_HOST": self.identity.address,
            "LOCAL_CERTIFICATES_URL": self.certificates.url,
        }

    def forget(self) -> None:
        self.firestore.reset()
        self.identity.reset()
