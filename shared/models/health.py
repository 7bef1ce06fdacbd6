"""What health checks answer."""

from enum import StrEnum

from shared.models.base import Model, Moment


class HealthStatus(StrEnum):
    HEALTHY = "healthy"
    UNHEALTHY = "unhealthy"


class Health(Model):
    """All backends at a glance."""

    status: HealthStatus
    database: HealthStatus
    """Firestore."""
    redis: HealthStatus
    """The store of rate-limit counters, which takes Redis' place."""
    version: str
    service: str
    timestamp: Moment


class BackendHealth(Model):
    """One backend."""

    status: HealthStatus
    service: str
    """Which backend was asked."""
    timestamp: Moment
    error: str | None = None
    """Why it counts as unhealthy."""
