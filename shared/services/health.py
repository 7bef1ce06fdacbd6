"""Whether what we depend on answers, found out by asking it."""

from collections.abc import Callable
from datetime import datetime, timedelta

from shared.logging import log
from shared.models.health import BackendHealth, Health, HealthStatus
from shared.storage.counters import CounterRepository
from shared.storage.documents import Documents
from shared.version import VERSION

CHECK_SECONDS = 1.0
FRESH = timedelta(seconds=1)
"""How long a finding stands: anybody may ask, and each check costs a read and a write."""


class HealthService:
    """`now` returns the current UTC time; backends are built only when a check needs them."""

    def __init__(
        self,
        documents: Callable[[], Documents],
        counters: Callable[[], CounterRepository],
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._documents = documents
        self._counters = counters
        self._now = now
        self._found: dict[str, BackendHealth] = {}

    def overview(self) -> Health:
        """Every backend; unhealthy when one does not answer."""
        database, counters = self.database().status, self.counters().status
        both = {database, counters} == {HealthStatus.HEALTHY}
        return Health(
            status=HealthStatus.HEALTHY if both else HealthStatus.UNHEALTHY,
            database=database,
            redis=counters,
            version=VERSION,
            service="hypertroq",
            timestamp=self._now(),
        )

    def database(self) -> BackendHealth:
        return self._checked("firestore", lambda: self._documents().ping(CHECK_SECONDS))

    def counters(self) -> BackendHealth:
        """The store of rate-limit counters, which takes the place Redis had."""
        return self._checked("firestore-rate-limits", self._count)

    def live(self) -> BackendHealth:
        """The process answers; nothing else is asked."""
        return self._report("process", HealthStatus.HEALTHY)

    def _count(self) -> None:
        now = self._now()
        minute = int(now.timestamp() // 60)
        self._counters().add("health", minute, 1, now + timedelta(hours=1), CHECK_SECONDS)

    def _checked(self, service: str, ask: Callable[[], None]) -> BackendHealth:
        found = self._found.get(service)
        if found is None or self._now() - found.timestamp >= FRESH:
            found = self._found[service] = self._asked(service, ask)
        return found

    def _asked(self, service: str, ask: Callable[[], None]) -> BackendHealth:
        try:
            ask()
        except Exception:  # noqa: BLE001 - whatever is wrong, saying so is the answer
            log.exception("health check failed", extra={"fields": {"backend": service}})
            return self._report(service, HealthStatus.UNHEALTHY, "The backend does not answer.")
        return self._report(service, HealthStatus.HEALTHY)

    def _report(
        self, service: str, status: HealthStatus, error: str | None = None
    ) -> BackendHealth:
        return BackendHealth(status=status, service=service, timestamp=self._now(), error=error)
