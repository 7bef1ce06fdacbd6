"""Node with its packages, and the official emulator, each only for the tests that need it."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.emulators.firestore import FirestoreEmulator
from infra.emulators.firestore_jar import find_jar
from infra.emulators.node import find_node
from infra.emulators.problems import Missing
from infra.emulators.tools import usable_java
from tests.machine import lacks
from tests.rules_firestore.clients import HERE, PROJECT

INSTALL_SECONDS = 300


@pytest.fixture(scope="session")
def node() -> Path:
    """The node command; the packages of the lock file are installed when they are not current."""
    try:
        found = find_node()
    except Missing as missing:
        lacks(str(missing))
    lock, installed = HERE / "package-lock.json", HERE / "node_modules" / ".package-lock.json"
    if installed.exists() and installed.stat().st_mtime >= lock.stat().st_mtime:
        return found.binary
    if not found.npm:
        lacks("npm, to install Google's library for testing security rules")
    arguments = ("ci", "--ignore-scripts", "--omit=optional", "--no-audit", "--no-fund")
    ran = subprocess.run(  # noqa: S603 - no shell
        [*found.npm, *arguments],
        cwd=HERE,
        capture_output=True,
        text=True,
        timeout=INSTALL_SECONDS,
        check=False,
    )
    if ran.returncode:
        lacks(f"the packages of {lock.name}, which npm ci could not fetch: {ran.stderr[-500:]}")
    installed.touch()
    return found.binary


@pytest.fixture(scope="session")
def emulator() -> Iterator[str]:
    """The official Firestore emulator's `host:port`."""
    try:
        running = FirestoreEmulator(PROJECT, usable_java(), find_jar())
    except Missing as missing:
        lacks(str(missing))
    running.start()
    yield running.address
    running.stop()
