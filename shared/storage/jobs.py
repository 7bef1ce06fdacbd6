"""Runs of jobs at rest: `jobs/{name}-{time it was due}`.

Cloud Scheduler calls at least once; whoever writes the document first does the work. A run that
died is taken over once its lease is over, from where it last said it was.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from shared.errors import Contended
from shared.storage.documents import Documents, Transaction

LEASE = timedelta(minutes=10)
"""Longer than a call may take."""
KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Begun:
    """A run that is ours until its lease is over."""

    path: str
    holder: str
    cursor: str
    """Where a run that died had got to; empty at the beginning."""


class JobRepository:
    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def begin(self, name: str, due: datetime | None, holder: str, now: datetime) -> Begun | None:
        """None when the run is done; one without a time never is.

        Raises Contended while it is somebody else's, who may have died.
        """
        period = f"{due:%Y-%m-%dT%H:%M}" if due else "by-hand"
        path = f"jobs/{name}-{period}"

        def work(transaction: Transaction) -> Begun | None:
            row = transaction.get(path)
            known: dict[str, Any] = row.data if row else {}
            if due and known.get("done_at"):
                return None
            if known.get("lease_until", now) > now:
                raise Contended("Another run of this job is under way.")
            cursor = "" if known.get("done_at") else str(known.get("cursor", ""))
            transaction.put(
                path,
                {
                    "schema": 1,
                    "holder": holder,
                    "cursor": cursor,
                    "started_at": known.get("started_at", now),
                    "done_at": None,
                    "lease_until": now + LEASE,
                    "expire_at": now + KEPT,
                },
            )
            return Begun(path, holder, cursor)

        return self._documents.atomically(work).result

    def keep(self, run: Begun, cursor: str, now: datetime) -> None:
        """Say how far it is and keep it. Raises Contended when somebody else has taken it over."""
        self._write(run, {"cursor": cursor, "lease_until": now + LEASE})

    def finish(self, run: Begun, now: datetime) -> None:
        """Raises Contended as above."""
        self._write(run, {"done_at": now, "lease_until": now})

    def let_go(self, run: Begun, now: datetime) -> None:
        """It failed, and may be tried again at once. Raises Contended as above."""
        self._write(run, {"lease_until": now})

    def _write(self, run: Begun, changes: dict[str, Any]) -> None:
        def work(transaction: Transaction) -> None:
            row = transaction.get(run.path)
            if row is None or row.data.get("holder") != run.holder:
                raise Contended("Another run of this job has taken over.")
            transaction.update(run.path, changes)

        self._documents.atomically(work)
