"""The shared catalogue and the templates: `make seed`, for the running stack or a named one.

What is there already stays as it is, so seeding again adds only what is new.
"""

import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter

from infra.local.directory import DIRECTORY, StackDirectory
from shared.errors import NameTaken
from shared.models.exercises import ExerciseDraft, ExerciseFilter
from shared.models.pages import Page
from shared.models.programs import ProgramDraft, ProgramFilter
from shared.models.users import Caller, OrganizationRole, Role
from shared.rules.exercises import slug
from shared.settings import Settings
from shared.wiring import Wiring

SEEDS = Path(__file__).parents[1] / "seeds"
PAGE = 100

SEEDER = Caller(
    user_id="seed",
    organization_id="seed",
    role=Role.ADMIN,
    organization_role=OrganizationRole.OWNER,
    has_pro=True,
    signed_in_at=0,
)
"""Whoever may run this already has the project's own credentials; nothing is stored under it."""

Draft = TypeVar("Draft", ExerciseDraft, ProgramDraft)


@dataclass(frozen=True, slots=True)
class Counts:
    added: int
    present: int
    """Were there before."""


@dataclass(frozen=True, slots=True)
class Seeded:
    exercises: Counts
    templates: Counts

    def __str__(self) -> str:
        return (
            f"{self.exercises.added} exercises and {self.templates.added} templates added "
            f"to {self.exercises.present} and {self.templates.present}"
        )


def seed(parts: Wiring, caller: Caller) -> Seeded:
    """Add what is missing, on behalf of an administrator."""
    # Templates use exercises, so these come first.
    exercises = _exercises(parts, caller)
    return Seeded(exercises, _templates(parts, caller))


def _exercises(parts: Wiring, caller: Caller) -> Counts:
    def page(skip: int) -> Page[Any]:
        asked = ExerciseFilter(is_global=True, skip=skip, limit=PAGE)
        return parts.exercises.browse(caller, asked)

    drafts = TypeAdapter(list[ExerciseDraft]).validate_json(_file("exercises.json"))
    return _add(drafts, _ids(page), lambda draft: parts.exercises.create(caller, draft))


def _templates(parts: Wiring, caller: Caller) -> Counts:
    def page(skip: int) -> Page[Any]:
        asked = ProgramFilter(is_template=True, skip=skip, limit=PAGE)
        return parts.programs.browse(caller, asked)

    drafts = TypeAdapter(list[ProgramDraft]).validate_json(_file("programs.json"))
    return _add(drafts, _ids(page), lambda draft: parts.programs.create_template(caller, draft))


def _file(name: str) -> bytes:
    return (SEEDS / name).read_bytes()


def _ids(page: Callable[[int], Page[Any]]) -> set[str]:
    def rows() -> Iterator[Any]:
        skip = 0
        while True:
            found = page(skip)
            yield from found.items
            if not found.has_more:
                return
            skip += PAGE

    return {row.id for row in rows()}


def _add(drafts: Iterable[Draft], present: set[str], create: Callable[[Draft], object]) -> Counts:
    added = kept = 0
    for draft in drafts:
        if slug(draft.name) in present:
            kept += 1
            continue
        try:
            create(draft)
            added += 1
        except NameTaken:
            # Under another id: somebody renamed one of theirs to this, and that is theirs to do.
            kept += 1
    return Counts(added, kept)


def main() -> int:
    variables = StackDirectory(DIRECTORY).read_variables()
    if "HYPERTROQ_STACK" not in os.environ:
        if not variables:
            print(
                "No stack runs here. Start one with `make run`, "
                "or name another with HYPERTROQ_STACK and the project's variables.",
                file=sys.stderr,
            )
            return 1
        # Google's clients look into the environment themselves.
        os.environ.update(variables)
    started = time.monotonic()
    settings = Settings.from_environment()
    seeded = seed(Wiring(settings), SEEDER)
    print(f"{settings.project}: {seeded} ({time.monotonic() - started:.1f} s).")
    return 0


if __name__ == "__main__":
    sys.exit(main())
