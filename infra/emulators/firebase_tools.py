"""Google's firebase-tools, exactly as package-lock.json pins it: whether and how to install it."""

import fcntl
import hashlib
import json
import os
import subprocess
import time
from pathlib import Path

from infra.emulators.node import Node
from infra.emulators.problems import Missing

FOLDER = Path(__file__).parent
LOCK = FOLDER / "package-lock.json"
MODULES = FOLDER / "node_modules"
LAUNCHER = FOLDER / "auth_emulator.js"
CLI = MODULES / "firebase-tools" / "lib" / "bin" / "firebase.js"
# Scripts and optional packages would compile for minutes what the Auth emulator never loads.
_FLAGS = ("--ignore-scripts", "--omit=optional", "--prefer-offline", "--no-audit", "--no-fund")
_STAMP = MODULES / ".package-lock.sha256"
REPORT_SECONDS = 10.0


def version() -> str:
    packages = json.loads(LOCK.read_text(encoding="utf-8"))["packages"]
    found: str = packages["node_modules/firebase-tools"]["version"]
    return found


def installed() -> bool:
    """Whether everything is there as the lock file says."""
    return _STAMP.is_file() and _STAMP.read_text(encoding="utf-8") == _digest()


def require_firebase_tools() -> None:
    """Raises Missing unless it is installed."""
    if not installed():
        raise Missing(f"firebase-tools {version()}: run `python -m infra.emulators.install`.")


def install(node: Node) -> None:
    """Does nothing when it is installed; one process at a time, others wait. Raises Missing."""
    # The lock file is always there, so it can carry the lock between processes as well.
    with LOCK.open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if installed():
            return
        if not node.npm:
            raise Missing("npm, to install firebase-tools with: it is a part of Node.")
        _install(node)
        _STAMP.write_text(_digest(), encoding="utf-8")


def _install(node: Node) -> None:
    count = len(json.loads(LOCK.read_text(encoding="utf-8"))["packages"])
    print(f"Installing firebase-tools {version()} from npm: {count} packages …", flush=True)
    # npm's own scripts look for `node` on the PATH.
    path = os.pathsep.join((str(node.binary.parent), os.environ.get("PATH", "")))
    started = time.monotonic()
    process = subprocess.Popen(  # noqa: S603 - no shell
        [*node.npm, "ci", *_FLAGS], cwd=FOLDER, env={**os.environ, "PATH": path}
    )
    try:
        while True:
            try:
                code = process.wait(REPORT_SECONDS)
                break
            except subprocess.TimeoutExpired:
                print(f"… {time.monotonic() - started:.0f} s", flush=True)
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()
    if code != 0:
        raise Missing(f"firebase-tools {version()}: npm could not install it (see above).")


def _digest() -> str:
    return hashlib.sha256(LOCK.read_bytes()).hexdigest()
