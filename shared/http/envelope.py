"""The body of every refusal: `detail` for people, `error` for programs."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from shared.errors import AppError, Invalid
from shared.models.base import Model, Moment


class Problem(Model):
    """One place of the payload that breaks a rule."""

    loc: list[str | int]
    """Path to the value: `body`, `query` or `path`, then names and positions."""
    msg: str
    type: str
    """What kind of rule, in pydantic's words."""


class ErrorDetail(Model):
    """The refusal as facts."""

    code: str
    """Stable; branch on this."""
    message: str
    details: dict[str, Any]
    """Facts that belong to the code; `errors` lists the fields of a 422."""
    timestamp: Moment
    request_id: str
    """Quote it when asking for help; it is also the X-Request-ID header."""
    status_code: int
    path: str


class ErrorBody(Model):
    """Every answer of 400 and above."""

    detail: str | list[Problem]
    """A sentence, or for a 422 the list of what is wrong."""
    error: ErrorDetail


def envelope(error: AppError, *, request_id: str, path: str) -> ErrorBody:
    problems = error.problems if isinstance(error, Invalid) else []
    details = dict(error.details)
    if problems:
        details["errors"] = [_field(problem) for problem in problems]
    return ErrorBody(
        detail=[Problem.model_validate(problem) for problem in problems] or error.message,
        error=ErrorDetail(
            code=error.code,
            message=error.message,
            details=details,
            timestamp=datetime.now(UTC),
            request_id=request_id,
            status_code=error.status,
            path=path,
        ),
    )


def _field(problem: Mapping[str, Any]) -> dict[str, Any]:
    location: Sequence[str | int] = problem["loc"]
    return {
        "field": ".".join(map(str, location)),
        "message": problem["msg"],
        "type": problem["type"],
    }
