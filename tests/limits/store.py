"""The store all instances of a trial share."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.limits.fleet import ROOT

NAMED = os.environ.get("FIRESTORE_EMULATOR_HOST")
"""As it was before tests pointed the product elsewhere."""


@contextmanager
def any_store() -> Iterator[str]:
    """The address of the Firestore the environment names, or of an embedded one.

    The latter is a process of its own: in ours it would share a processor with whoever measures.
    """
    if NAMED:
        yield NAMED
        return
    with subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "infra.local.firestore", "0"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdout is not None
        try:
            yield server.stdout.readline().split()[-1]
        finally:
            server.terminate()
