"""The history of a program: what is kept of each change, and what is answered about it."""

from typing import Self

from shared.models.base import Model, Moment
from shared.models.pages import Page
from shared.models.programs import Program, ProgramView
from shared.models.sessions import Session
from shared.models.structures import SplitType, Structure


class Author(Model):
    """Who made a change."""

    user_id: str

    name: str
    """As they called themselves at the time."""


class Edit(Model):
    """Who changes a program, and why."""

    author: Author | None = None

    reason: str | None = None
    """A sentence; without one the change is described from what differs."""


class ProgramVersion(Model):
    """As stored: all of a program that a change can change."""

    number: int
    created_at: Moment
    author: Author | None = None
    reason: str
    name: str
    description: str
    split_type: SplitType
    structure_config: Structure
    duration_weeks: int | None = None
    cloned_from_version: int | None = None
    cloned_from_at: Moment | None = None
    sessions: list[Session]

    @classmethod
    def of(cls, program: Program, author: Author | None, reason: str) -> Self:
        """The version that the program now is."""
        return cls(
            number=program.version_number,
            created_at=program.updated_at,
            author=author,
            reason=reason,
            **{field: getattr(program, field) for field in CONTENT},
        )

    def as_program(self, program: Program) -> Program:
        """The program as it was then."""
        return program.model_copy(update={field: getattr(self, field) for field in CONTENT})


CONTENT = (
    "name",
    "description",
    "split_type",
    "structure_config",
    "duration_weeks",
    "cloned_from_version",
    "cloned_from_at",
    "sessions",
)
"""The fields of a program that versions keep."""


class VersionRow(Model):
    """A version in a list."""

    number: int
    """Counted from 1, which is the program as it was made."""

    created_at: Moment

    author: Author | None = None
    """Null where nobody is known, and for templates, whose makers only administrators see."""

    reason: str
    """What was done, such as `Session “Push” added.`"""


class VersionPage(Page[VersionRow]):
    """The versions that are kept, newest first: the last 50."""


class VersionView(VersionRow):
    """A version with all of the program as it was then."""

    is_current: bool
    """Whether the program is still in this version."""

    program: ProgramView
    """The program in this version; its volume is counted with today's exercises."""
