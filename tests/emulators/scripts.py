"""Programs that only say what they are told to."""

from pathlib import Path


def script(path: Path, *lines: str) -> Path:
    """An executable shell script."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(("#!/bin/sh", *lines)) + "\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def java(path: Path, version: str) -> Path:
    """Answers `java -version` as every Java does: on standard error."""
    return script(path, f"echo 'openjdk version \"{version}\" 2025-04-15' >&2")


def node(path: Path, version: str) -> Path:
    return script(path, f"echo v{version}")
