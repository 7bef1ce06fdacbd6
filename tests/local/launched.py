"""A launcher that really runs, as a process, in a copy of the source of its own."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from infra.local.directory import StackDirectory

ROOT = Path(__file__).parents[2]
SECONDS = 90.0
"""How long to wait at most; a busy machine needs many times what a quiet one does."""


def copied_source(to: Path) -> Path:
    """What the launcher needs of the repository, where a test may break it."""
    for folder in ("functions", "infra", "shared"):
        shutil.copytree(ROOT / folder, to / folder, ignore=shutil.ignore_patterns("__pycache__"))
    return to


def until(met: Callable[[], bool], what: str, seconds: float = SECONDS) -> None:
    deadline = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < deadline, f"waited {seconds} s in vain: {what}"
        time.sleep(0.05)


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def clean_environment(**variables: str) -> dict[str, str]:
    """Without what this suite's own stack has put into ours."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    warnings = "ignore:You are using a Python version:FutureWarning"
    return kept | {"PYTHONWARNINGS": warnings, "PORT": "0"} | variables


class Launched:
    """`python -m infra.local.launcher` in `source`, which keeps its data in `data`."""

    def __init__(self, source: Path, data: Path, **variables: str) -> None:
        self.source = source
        self.data = data
        self._log = data.with_suffix(".log")
        with self._log.open("w") as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own module
                [sys.executable, "-m", "infra.local.launcher", "--data", str(data)],
                cwd=source,
                env=clean_environment(**variables),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def said(self) -> str:
        return self._log.read_text()

    def ready(self, directory: Path | None = None) -> "Launched":
        path = (directory or self.data) / "stack.json"
        until(lambda: path.exists() or self.process.poll() is not None, "stack.json")
        assert path.exists(), self.said
        self.stack: dict[str, Any] = json.loads(path.read_text())
        self.variables = StackDirectory(path.parent).read_variables()
        return self

    @property
    def ports(self) -> list[int]:
        """Of the API and of every part of the cloud."""
        names = ("FIRESTORE_EMULATOR_HOST", "FIREBASE_AUTH_EMULATOR_HOST", "STORAGE_EMULATOR_HOST")
        addresses = [self.stack["base_url"].removesuffix("/api/v1")]
        addresses += [self.variables[name] for name in names]
        return [int(address.rpartition(":")[2]) for address in addresses]

    def run(self, module: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Another command of ours, as it would run beside the stack."""
        return subprocess.run(  # noqa: S603 - our own module
            [sys.executable, "-m", module, *arguments],
            cwd=self.source,
            env=clean_environment(),
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Its exit code."""
        self.process.send_signal(number)
        return self.process.wait(SECONDS)
