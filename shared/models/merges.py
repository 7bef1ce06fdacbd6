"""Taking a template's newer version over into a program that was made from an older one."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from shared.models.base import Model
from shared.models.diffs import ProgramDiff, Value, VersionNumber
from shared.models.programs import ProgramView


class Side(StrEnum):
    """Whose state counts where both changed the same thing."""

    OURS = "ours"
    """The program's."""

    THEIRS = "theirs"
    """The template's."""


class MergeConflict(Model):
    """Something that the program and the template both changed, each in another way."""

    id: str
    """What a decision about it is filed under."""

    sentence: str
    """The conflict for people."""

    ours: Value
    """What the program has; null where it has nothing."""

    theirs: Value
    """What the template has; null where it has nothing."""


class TemplateUpdate(Model):
    """What a template offers to a program that was copied from it."""

    is_available: bool
    """Whether the template has a newer version than the program took over last."""

    note: str
    """The state of things in a sentence."""

    template_id: str | None
    """Null for a program that is no copy."""

    template_name: str | None
    """Null for a template that no longer exists."""

    taken_version: int | None
    """The template's version that the program took over last."""

    newest_version: int | None
    """The template's version now."""

    base_is_kept: bool
    """Whether the version that was taken over is still known. Without it nobody can tell who
    changed what, and there is one choice: the program as it is, or the template as it is."""

    conflicts: list[MergeConflict]
    """What the program and the template both changed."""

    changes: ProgramDiff | None
    """What the merge would do to the program by itself, with all conflicts decided for `ours`."""

    merged: ProgramView | None
    """The program that would make; null when there is nothing to take over."""


ConflictId = Annotated[str, Field(max_length=400)]


class TemplateUpdateDraft(Model):
    """How conflicts are decided. All of them must be."""

    decisions: Annotated[dict[ConflictId, Side], Field(max_length=500)] = Field(default={})
    """By the id of the conflict."""

    otherwise: Side | None = None
    """For conflicts that `decisions` does not name."""

    template_version: VersionNumber | None = None
    """The template's version you looked at; refused with 412 when there is a newer one."""
