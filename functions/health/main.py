"""Health: whether we are alive, and whether what we depend on answers."""

from typing import TypeVar

from flask import Request, Response

from shared.http.context import Access, Context
from shared.http.router import Router
from shared.models.health import BackendHealth, Health, HealthStatus

api = Router("health", tag="Health")

Report = TypeVar("Report", Health, BackendHealth)


def _told(context: Context, report: Report) -> Report:
    """A report of trouble has a status that monitors and load balancers understand."""
    if report.status is HealthStatus.UNHEALTHY:
        context.status = 503
    return report


@api.route("GET", "", access=Access.PUBLIC, limit="public")
def overview(context: Context) -> Health:
    """Check every backend; 503 when one does not answer."""
    return _told(context, context.wiring.health.overview())


@api.route("GET", "/db", access=Access.PUBLIC, limit="public")
def database(context: Context) -> BackendHealth:
    """Check Firestore; 503 when it does not answer."""
    return _told(context, context.wiring.health.database())


@api.route("GET", "/redis", access=Access.PUBLIC, limit="public")
def counters(context: Context) -> BackendHealth:
    """Check the store of rate-limit counters, which takes Redis' place."""
    return _told(context, context.wiring.health.counters())


@api.route("GET", "/ready", access=Access.PUBLIC, limit="public")
def ready(context: Context) -> Health:
    """Check whether requests can be served; the same as the overview."""
    return overview(context)


@api.route("GET", "/live", access=Access.PUBLIC, limit="public")
def live(context: Context) -> BackendHealth:
    """Check that the process answers."""
    return context.wiring.health.live()


def handler(request: Request) -> Response:
    """Answer one request to this function."""
    return api.answer(request)
