"""Both Firestore servers, started and stopped together."""

from collections.abc import Iterator
from contextlib import contextmanager

from infra.emulators.firestore import FirestoreEmulator
from infra.emulators.firestore_jar import find_jar
from infra.emulators.tools import usable_java
from infra.local.firestore.server import FirestoreServer
from tests.differential import names
from tests.differential.comparison import Pair
from tests.differential.target import Target


@contextmanager
def both() -> Iterator[Pair]:
    """Raises Missing when this machine cannot run the emulator.

    Ours enforces no indexes: the emulator never does.
    """
    emulator = FirestoreEmulator(names.PROJECT, usable_java(), find_jar())
    ours = FirestoreServer()
    emulator.start()
    try:
        ours.start()
        try:
            pair = Pair(Target("emulator", emulator.address), Target("ours", ours.address))
            yield pair
            pair.close()
        finally:
            ours.stop()
    finally:
        emulator.stop()
