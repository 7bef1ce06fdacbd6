"""Removes files that nobody's document refers to: an upload or an export that came to nothing."""

from collections.abc import Callable
from datetime import datetime, timedelta

from shared.gateways.ports import Files
from shared.rules.files import owner
from shared.storage.references import ReferenceRepository

GRACE = timedelta(days=1)
"""A file is stored before the document that refers to it."""
AT_ONCE = 200
MOST_PAGES = 50
"""In one run; the next one goes on from there."""


class OrphanService:
    """`files` returns what is loaded only when it is needed."""

    def __init__(
        self,
        references: ReferenceRepository,
        files: Callable[[], Files],
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._references = references
        self._files = files
        self._now = now

    def remove(self) -> int:
        """Look through some of the files; how many were removed."""
        removed, place = 0, self._references.place()
        for _ in range(MOST_PAGES):
            removed_here, place = self._page(place)
            removed += removed_here
            self._references.keep_place(place)
            if not place:
                break
        return removed

    def _page(self, after: str) -> tuple[int, str]:
        """How many were removed, and where the next page begins; empty after the last one."""
        files = self._files()
        found = files.listed(after, AT_ONCE)
        oldest = self._now() - GRACE
        ours = {file.name for file in found if owner(file.name) and file.created_at <= oldest}
        orphans = ours - self._references.kept(ours)
        for name in sorted(orphans):
            files.delete(name)
        return len(orphans), found[-1].name if len(found) == AT_ONCE else ""
