"""What a route function is given besides its own arguments."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from shared.http.rate_limit import Identity, RateLimiter
from shared.models.users import Caller
from shared.wiring import Wiring

if TYPE_CHECKING:  # a function pays at cold start only for what its requests touch
    from shared.services.jobs import JobRun


class Access(StrEnum):
    """Who may call a route. Every route names one; there is no default."""

    PUBLIC = "public"
    MEMBER = "member"
    """Anyone signed in."""
    PRO = "pro"
    """Members of an organization on Pro, and administrators."""
    ADMIN = "admin"
    TASK = "task"
    """Our own Cloud Tasks and Cloud Scheduler."""


@dataclass(slots=True, kw_only=True)
class Context:
    """One request, as far as route functions may know it."""

    request_id: str
    wiring: Wiring
    limiter: RateLimiter
    identity: Identity
    """Whom rate limits count: the caller, or the network address of an unknown one."""
    signed_in: Caller | None = None
    if_match: str | None = None
    """The version a change insists on, from If-Match."""
    request_headers: Mapping[str, str] = field(default_factory=dict)
    """By their names in capitals and small letters, such as `X-Signature`."""
    attempt: int = 1
    """Of a task: how often it has been delivered, this time included."""
    due: datetime | None = None
    """Of a job: the time Cloud Scheduler calls it for; none when somebody calls it by hand."""
    run_of_job: "JobRun | None" = None
    status: int | None = None
    """Set it to answer with another status than the route's."""
    headers: dict[str, str] = field(default_factory=dict)
    """Added to the answer."""

    @property
    def run(self) -> "JobRun":
        """How far the job is that this request runs; only jobs may ask."""
        if self.run_of_job is None:
            raise LookupError("what is no job asked how far it is")
        return self.run_of_job

    @property
    def caller(self) -> Caller:
        """Who is signed in; only routes that are not public may ask."""
        if self.signed_in is None:
            raise LookupError("a public route asked who is signed in")
        return self.signed_in
