"""Whether what we depend on answers, found out by asking it."""

from collections.abc import Callable
from datetime import datetime, timedelta

from shared.logging import log
from shared.models.health import BackendHealth, Health, HealthStatus
from shared.storage.counters import CounterRepository
from shared.storage.documents import Documents
from shared.version import VERSION

CHECK_SECONDS = 1.0


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

    def overview(self) -> Health:
        """Every backend, checked now; unhealthy when one does not answer."""
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
        return self._checked("process", lambda: None)

    def _count(self) -> None:
        now = self._now()
        minute = int(now.timestamp() // 60)
        self._counters().add("health", minute, 1, now + timedelta(hours=1), CHECK_SECONDS)

    def _checked(self, service: str, ask: Callable[[], None]) -> BackendHealth:
        try:
            ask()
        except Exception:  # noqa: BLE001 - whatever is wrong, saying so is the answer
            log.exception("health check failed", extra={"fields": {"backend": service}})
            return BackendHealth(
                status=HealthStatus.UNHEALTHY,
                service=service,
                timestamp=self._now(),
                error="The backend does not answer.",
            )
        return BackendHealth(status=HealthStatus.HEALTHY, service=service, timestamp=self._now())
