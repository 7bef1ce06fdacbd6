"""From an Authorization header to a caller."""

from datetime import UTC, datetime

from flask import Request

from shared.errors import Unauthenticated
from shared.models.users import Caller
from shared.wiring import Wiring

READS = {"GET", "HEAD"}


def signed_in(request: Request, wiring: Wiring, *, fresh: bool) -> Caller:
    """Who sent the request; raises Unauthenticated or one of its kinds when nobody did.

    What a caller may do is read afresh for every change, and at most 30 seconds old for reads
    unless they must be `fresh`, too.
    """
    claims = wiring.id_tokens.verify(_token(request))
    return wiring.accounts.caller(claims, fresh=fresh or request.method not in READS)


def invoker(request: Request, wiring: Wiring) -> str:
    """Which of our service accounts sent the request; raises as `signed_in` does."""
    return wiring.invokers.verify(_token(request))


def attempt(request: Request) -> int:
    """How often Cloud Tasks has delivered this task, this time included."""
    retries = request.headers.get("X-CloudTasks-TaskRetryCount", "")
    return int(retries) + 1 if retries.isdecimal() and len(retries) < 6 else 1


def due(request: Request) -> datetime | None:
    """The time Cloud Scheduler calls a job for; its repeats of a call carry the same one."""
    try:
        moment = datetime.fromisoformat(request.headers.get("X-CloudScheduler-ScheduleTime", ""))
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):  # no time, or one that UTC cannot express
        return None


def _token(request: Request) -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthenticated
    return token.strip()
