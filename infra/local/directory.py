"""The directory a local stack keeps everything in, and whose turn it is to use it."""

import fcntl
import json
import os
import shlex
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

DIRECTORY = Path(".local")
MOST_STACKS = 9
"""How many may run at once from one checkout."""


class InUse(Exception):
    """Another process works with this directory; the text names it."""


class StackDirectory:
    """One process at a time uses it; everything in it is readable by its owner only.

    A first stack uses the directory itself, a second one that runs at the same time the
    directory `2` inside it, and so on.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.description = path / "stack.json"
        self.variables = path / "stack.env"
        self.passwords = path / "accounts.json"
        self._lock = path / "lock"

    @classmethod
    @contextmanager
    def claim(cls, root: Path) -> Iterator["StackDirectory"]:
        """The first directory nobody uses, ours until the end of the block; raises InUse."""
        problem = InUse("")
        for number in range(1, MOST_STACKS + 1):
            directory = cls(root if number == 1 else root / str(number))
            with ExitStack() as ours:
                try:
                    ours.enter_context(directory.locked())
                except InUse as taken:
                    problem = taken
                    continue
                yield directory
                return
        raise problem

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Raises InUse while another process holds it; a process that died holds nothing."""
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self._lock.open("a+", encoding="utf-8") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                lock.seek(0)
                holder = lock.read().strip() or "unknown"
                raise InUse(f"Process {holder} uses {self.path}/.") from None
            lock.truncate(0)
            lock.write(f"{os.getpid()}\n")
            lock.flush()
            # Left by a process that was killed.
            self.withdraw()
            yield

    def publish(self, description: Mapping[str, Any], variables: Mapping[str, str]) -> None:
        """Tell scripts that the stack answers and how to reach it, also from a shell."""
        lines = "".join(
            f"{name}={shlex.quote(value)}\n" for name, value in sorted(variables.items())
        )
        write_private(self.variables, lines)
        write_private(self.description, json.dumps(description, indent=2) + "\n")

    def withdraw(self) -> None:
        self.description.unlink(missing_ok=True)
        self.variables.unlink(missing_ok=True)

    def read_variables(self) -> dict[str, str]:
        """The product's environment on the running stack; empty when none runs."""
        if not self.variables.exists():
            return {}
        words = shlex.split(self.variables.read_text(encoding="utf-8"))
        return dict(word.split("=", 1) for word in words)

    def empty(self) -> None:
        """Delete all data; raises InUse while a stack runs on it."""
        if not self.path.exists():
            return
        with self.locked(), ExitStack() as others:
            entries = [entry for entry in self.path.iterdir() if entry != self._lock]
            for entry in entries:
                if entry.name.isdigit():
                    others.enter_context(StackDirectory(entry).locked())
            for entry in entries:
                if entry.is_dir():
                    shutil.rmtree(entry)
                else:
                    entry.unlink(missing_ok=True)


def write_private(path: Path, text: str) -> None:
    """The file appears whole or not at all, readable by its owner only."""
    # mkstemp creates with mode 0600.
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def main() -> int:
    """`make reset`; needs nothing but the standard library."""
    directory = Path(sys.argv[1]) if len(sys.argv) > 1 else DIRECTORY
    try:
        StackDirectory(directory).empty()
    except InUse as problem:
        print(f"{problem} End it first (Ctrl-C), then reset.", file=sys.stderr)
        return 1
    print(f"{directory}/ is empty: the next `make run` starts afresh.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
