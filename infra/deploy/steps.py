"""What one part of the cloud lacks, and the commands that would mend it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Protocol

from infra.deploy.gcloud import Command, ask


class Stage(IntEnum):
    """Parts of one stage do not need each other; each stage needs those before it."""

    SERVICES = 1
    GROUND = 2
    RIGHTS = 3
    CODE = 4
    CALLERS = 5
    JOBS = 6
    EDGE = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Nothing is to be done when there are no changes."""

    title: str
    stage: Stage
    changes: tuple[str, ...] = ()
    """What differs, a phrase each; `new` alone when it does not exist."""
    commands: tuple[Command, ...] = ()
    """In this order; they may be repeated."""
    blocked: str = ""
    """What a person must do first, as a sentence; nothing of a later stage can be done before."""
    note: str = ""
    """What differs on purpose, as after a rollback."""


class Part(Protocol):
    """A part of the cloud as it should be."""

    @property
    def stage(self) -> Stage: ...

    @property
    def title(self) -> str: ...

    def look(self) -> Step:
        """Compare with what is there; raises gcloud's Failed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A part that one command describes, one makes and one changes."""

    title: str
    stage: Stage
    describe: Command
    wanted: Mapping[str, str]
    read: Callable[[Any], Mapping[str, str]]
    """A description's values, under the names of `wanted`."""
    make: Command
    mend: Command = ()

    def look(self) -> Step:
        found = ask(self.describe)
        if found is None:
            return Step(title=self.title, stage=self.stage, changes=("new",), commands=(self.make,))
        changes = differences(self.read(found), self.wanted)
        commands = (self.mend,) if changes and self.mend else ()
        return Step(title=self.title, stage=self.stage, changes=changes, commands=commands)


def differences(found: Mapping[str, str], wanted: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(
        f"{name} {found.get(name) or 'unset'} → {value or 'unset'}"
        for name, value in wanted.items()
        if found.get(name, "") != value
    )
