"""What every shape shares: strict texts, UTC times, identifiers, paging."""

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
)


class Model(BaseModel):
    """Immutable; unknown fields are ignored, NaN and infinity are refused."""

    model_config = ConfigDict(
        frozen=True,
        extra="ignore",
        allow_inf_nan=False,
        use_attribute_docstrings=True,
        # A stored value that fails validation must not reach the log by way of the error's text.
        hide_input_in_errors=True,
    )


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def blank_to_none(value: Any) -> Any:
    """`None` for a text of nothing but white space; clients send `?search=` to mean no search."""
    return None if isinstance(value, str) and not value.strip() else value


Text = Annotated[
    str,
    StringConstraints(strip_whitespace=True, pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"),
]
"""Trimmed text without control characters (line breaks and tabs are kept)."""

BlankIsNone = BeforeValidator(blank_to_none)

Reason = Annotated[Annotated[Text, Field(max_length=200)] | None, BlankIsNone]
"""Why something is changed, in the words of whoever changes it."""


def _not_a_truth_value(value: Any) -> Any:
    if isinstance(value, bool):
        raise ValueError("must be a number")  # noqa: TRY004 - pydantic turns only ValueError into 422
    return value


NoTruthValue = BeforeValidator(_not_a_truth_value)
"""For numbers: pydantic would read `true` as 1."""

Moment = Annotated[
    datetime,
    AfterValidator(_utc),
    PlainSerializer(_iso, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
"""A UTC time; in JSON ISO 8601 with `Z`."""

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$")]
"""An identifier: UUID text for what people make, a readable slug for the global catalogue."""
