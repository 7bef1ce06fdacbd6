"""What a function must be installed with: its packages, theirs, and nothing else, pinned.

Versions are those of constraints.txt; what needs what is read from the packages installed here,
which were installed by the same file. Nothing is asked of a network, so the answer is the same
wherever it is computed.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from infra.deploy.manifest import ROOT

REQUIREMENTS = ROOT / "requirements.txt"
CONSTRAINTS = ROOT / "constraints.txt"


class Unresolvable(Exception):
    """The packages cannot be pinned from what is installed here."""


def target(python: str) -> dict[str, str]:
    """The machine that functions run on, in the words of environment markers."""
    return {
        "implementation_name": "cpython",
        "implementation_version": f"{python}.0",
        "os_name": "posix",
        "platform_machine": "x86_64",
        "platform_python_implementation": "CPython",
        "platform_release": "",
        "platform_system": "Linux",
        "platform_version": "",
        "python_full_version": f"{python}.0",
        "python_version": python,
        "sys_platform": "linux",
    }


def pins(names: Iterable[str], python: str) -> tuple[str, ...]:
    """`name==version` of these packages of requirements.txt and of all that they need, by name.

    Raises Unresolvable.
    """
    offered, versions, machine = _offered(), _versions(python), target(python)
    found: set[str] = set()
    seen: set[tuple[str, str]] = set()
    # Each with one of its extras, or with none.
    waiting: list[tuple[str, str]] = []
    for given in map(canonicalize_name, names):
        if given not in offered:
            raise Unresolvable(f"{given} is not in {REQUIREMENTS.name}.")
        waiting += [(given, extra) for extra in ("", *offered[given].extras)]
    while waiting:
        name, extra = waiting.pop()
        if (name, extra) in seen:
            continue
        seen.add((name, extra))
        if name not in versions:
            raise Unresolvable(f"{name} has no pin in {CONSTRAINTS.name}.")
        found.add(name)
        for need in map(Requirement, _needs(name)):
            if need.marker is None or need.marker.evaluate(machine | {"extra": extra}):
                waiting += [(canonicalize_name(need.name), more) for more in ("", *need.extras)]
    return tuple(f"{name}=={versions[name]}" for name in sorted(found))


@cache
def _offered() -> Mapping[str, Requirement]:
    return {canonicalize_name(line.name): line for line in _lines(REQUIREMENTS)}


@cache
def _versions(python: str) -> Mapping[str, str]:
    return {
        canonicalize_name(line.name): str(line.specifier).removeprefix("==")
        for line in _lines(CONSTRAINTS)
        if line.marker is None or line.marker.evaluate(target(python))
    }


def _lines(file: Path) -> list[Requirement]:
    lines = (re.sub(r"(^|\s)#.*", "", line).strip() for line in file.read_text().splitlines())
    return [Requirement(line) for line in lines if line and not line.startswith("-")]


def _needs(name: str) -> list[str]:
    try:
        return requires(name) or []
    except PackageNotFoundError:
        raise Unresolvable(
            f"{name} is not installed here, so what it needs is unknown; run: make check"
        ) from None
