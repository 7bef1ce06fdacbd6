"""What the emulators need of a machine: Java, the Firestore emulator, Node, firebase-tools."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from infra.emulators.firebase_tools import require_firebase_tools
from infra.emulators.firestore_jar import find_jar, needed_java
from infra.emulators.java import OLDEST, find_java
from infra.emulators.node import find_node
from infra.emulators.problems import Missing


@dataclass(frozen=True, slots=True)
class Tools:
    java: Path
    jar: Path
    node: Path


def find_tools() -> Tools:
    """Looks only, installs nothing; raises Missing with a line for each part that is missing."""
    if lacking := missing():
        raise Missing("\n".join(lacking))
    return Tools(java=usable_java(), jar=find_jar(), node=find_node().binary)


def missing() -> list[str]:
    """A sentence for each part this machine lacks, which says how to get it."""
    checks: tuple[Callable[[], object], ...] = (
        usable_java,
        find_jar,
        find_node,
        require_firebase_tools,
    )
    sentences = []
    for check in checks:
        try:
            check()
        except Missing as lack:
            sentences.append(str(lack))
    return sentences


def usable_java() -> Path:
    """New enough for the jar, and one that was tried; raises Missing."""
    try:
        oldest = max(OLDEST, needed_java(find_jar()))
    except Missing:
        oldest = OLDEST
    return find_java(oldest)
