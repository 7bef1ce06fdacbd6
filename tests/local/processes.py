"""What became of processes."""

import os
import time
from pathlib import Path


def group_of(process_id: int) -> int:
    """Raises ProcessLookupError when there is no such process."""
    return os.getpgid(process_id)


def ended(process_id: int, seconds: float = 5) -> bool:
    """Whether it ends within this time; a dead one nobody has asked about does not run."""
    deadline = time.monotonic() + seconds
    while _runs(process_id):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def group_ended(group: int) -> bool:
    """Whether no process of this group runs."""
    return all(
        not entry.name.isdecimal() or _group(entry) != group or ended(int(entry.name))
        for entry in Path("/proc").iterdir()
    )


def _runs(process_id: int) -> bool:
    return _status(Path("/proc", str(process_id)))[:1] not in ([], ["Z"])


def _group(entry: Path) -> int:
    status = _status(entry)
    return int(status[2]) if status else 0


def _status(entry: Path) -> list[str]:
    """State, parent, group and so on; nothing for a process that is gone."""
    try:
        text = (entry / "stat").read_text(encoding="utf-8")
    except OSError:
        return []
    return text.rpartition(")")[2].split()
