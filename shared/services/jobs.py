"""Jobs: each runs once for every time it is due, whoever calls how often."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import TypeVar

from shared.errors import AppError
from shared.storage.jobs import Begun, JobRepository

T = TypeVar("T")


class JobRun:
    """One run, as the work sees it: long work says how far it is, and goes on from there."""

    def __init__(self, jobs: JobRepository, begun: Begun, now: Callable[[], datetime]) -> None:
        self._jobs = jobs
        self._begun = begun
        self._now = now

    @property
    def cursor(self) -> str:
        """What `keep` was told last by a run that died; empty at the beginning."""
        return self._begun.cursor

    def keep(self, cursor: str) -> None:
        """Raises Contended when this run took too long and another one has taken over."""
        self._jobs.keep(self._begun, cursor, self._now())


class JobService:
    """`new_id` returns an id for each run."""

    def __init__(
        self, jobs: JobRepository, *, now: Callable[[], datetime], new_id: Callable[[], str]
    ) -> None:
        self._jobs = jobs
        self._now = now
        self._new_id = new_id

    def run(self, name: str, due: datetime | None, work: Callable[[JobRun], T]) -> T | None:
        """Do the work unless it is done for `due`.

        Without a time it was asked for by hand: then it runs even if it ran before. Raises
        Contended while it is under way, so that whoever calls comes again: that run may have died.
        """
        begun = self._jobs.begin(name, due, self._new_id(), self._now())
        if begun is None:
            return None
        try:
            result = work(JobRun(self._jobs, begun, self._now))
        except BaseException:
            # Its own failure is what counts.
            with suppress(AppError):
                self._jobs.let_go(begun, self._now())
            raise
        self._jobs.finish(begun, self._now())
        return result
