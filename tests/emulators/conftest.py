"""The emulators of this machine, started once where a test does not need its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.emulators.firestore import FirestoreEmulator
from infra.emulators.identity import IdentityEmulator
from infra.emulators.tools import Tools, find_tools, missing
from tests.emulators.clients import PROJECT
from tests.machine import lacks


@pytest.fixture(scope="session")
def tools() -> Tools:
    if absent := missing():
        lacks(" ".join(absent))
    return find_tools()


@pytest.fixture(scope="session")
def firestore(tools: Tools) -> Iterator[FirestoreEmulator]:
    emulator = FirestoreEmulator(PROJECT, tools.java, tools.jar)
    emulator.start()
    yield emulator
    emulator.stop()


@pytest.fixture(scope="session")
def identity(tools: Tools) -> Iterator[IdentityEmulator]:
    emulator = IdentityEmulator(PROJECT, tools.node)
    emulator.start()
    yield emulator
    emulator.stop()


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with nothing on it but Python; returns the one directory on its PATH."""
    programs = tmp_path / "bin"
    programs.mkdir()
    monkeypatch.setenv("PATH", str(programs))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for name in ("JAVA_HOME", "FIRESTORE_EMULATOR_JAR", "FIREBASE_EMULATORS_PATH"):
        monkeypatch.delenv(name, raising=False)
    return programs
