"""Which versions of a program are kept, and when a change makes one."""

from typing import Any

from shared.models.programs import Program
from shared.models.versions import CONTENT

KEPT = 50
"""The newest versions of a program; older ones are deleted."""

_BOOKKEEPING = {"created_at", "updated_at", "created_by_user_id", "asked_day", "asked_order"}
"""What a session holds besides training."""


def content(program: Program) -> dict[str, Any]:
    """What a version keeps, as JSON, without who touched a session when."""
    kept: dict[str, Any] = program.model_dump(
        mode="json",
        include=set(CONTENT),
        exclude={"sessions": {"__all__": _BOOKKEEPING}},
    )
    return kept


def differs(before: Program, after: Program) -> bool:
    """Whether a change makes a version: saving the same thing again does not."""
    return content(before) != content(after)


def kept_numbers(current: int) -> range:
    """The numbers of the versions that are kept when the newest is `current`, newest first."""
    return range(current, max(0, current - KEPT), -1)
