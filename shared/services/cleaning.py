"""Removes what has served its time."""

from collections.abc import Callable
from datetime import datetime

from shared.services.jobs import JobRun
from shared.storage.expired import EXPIRING, ExpiredRepository


class CleaningService:
    def __init__(self, expired: ExpiredRepository, *, now: Callable[[], datetime]) -> None:
        self._expired = expired
        self._now = now

    def clean(self, run: JobRun) -> int:
        """Remove expired documents, one collection after another; how many."""
        removed, now = 0, self._now()
        for collection in EXPIRING:
            if collection < run.cursor:
                continue
            while some := self._expired.remove(collection, now):
                removed += some
                run.keep(collection)
        return removed
