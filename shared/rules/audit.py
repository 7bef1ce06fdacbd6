"""What an audit row tells about a change: the fields that differ, and nothing else."""

from typing import Any

from pydantic import BaseModel

from shared.models.audit import AuditEntry

UNTOLD = frozenset({"updated_at", "version"})
"""They change with everything."""


def with_difference(
    entry: AuditEntry, before: BaseModel | None, after: BaseModel | None
) -> AuditEntry:
    """The entry with the fields that differ; all of them where something begins or ends."""
    old, new = _told(before), _told(after)
    if before is not None and after is not None:
        changed = {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)}
        old = {name: value for name, value in old.items() if name in changed}
        new = {name: value for name, value in new.items() if name in changed}
    return entry.model_copy(update={"before": entry.before | old, "after": entry.after | new})


def _told(side: BaseModel | None) -> dict[str, Any]:
    if side is None:
        return {}
    return {
        name: value for name, value in side.model_dump(mode="json").items() if name not in UNTOLD
    }
