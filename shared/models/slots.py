"""How a set is to be done: repetitions, effort, rest, tempo, company and load.

The plain shapes are what is stored and answered, and read leniently; the `…Input` types are what
clients may send.
"""

import re
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema, model_validator

from shared.models.base import BlankIsNone, Model, NoTruthValue, Text

_REPS = re.compile(r"\s*(\d{1,3})\s*(?:[-\u2013]\s*(\d{1,3})\s*)?")


class RepRange(Model):
    """Repetitions of a set, from the fewest to the most."""

    min: int
    max: int


_Reps = Annotated[int, Field(ge=1, le=100), NoTruthValue]


class RepRangeDraft(RepRange):
    """Repetitions of a set, from the fewest to the most."""

    min: _Reps
    max: _Reps

    @model_validator(mode="after")
    def _ascending(self) -> Self:
        if self.min > self.max:
            raise ValueError("min must not be greater than max")
        return self


def _spelled_out(value: Any) -> Any:
    """`{min, max}` for 8, "8" or "8-12"; objects, null and blank texts as they are."""
    if isinstance(value, int) and not isinstance(value, bool):
        return {"min": value, "max": value}
    if isinstance(value, str) and (written := _REPS.fullmatch(value)):
        return {"min": int(written[1]), "max": int(written[2] or written[1])}
    if isinstance(value, bool | float) or (isinstance(value, str) and value.strip()):
        raise ValueError("must be a number of repetitions, a text such as 8-12, or min and max")
    return value


RepRangeInput = Annotated[
    RepRangeDraft | None,
    BeforeValidator(_spelled_out, json_schema_input_type=RepRangeDraft | int | str | None),
    BlankIsNone,
]

RirInput = Annotated[float, Field(ge=0, le=10, multiple_of=0.5), NoTruthValue]

RestInput = Annotated[int, Field(ge=0, le=1800), NoTruthValue]

_TEMPO = r"^(\d{1,2}|[Xx])(-(\d{1,2}|[Xx])){3}$"


def _tempo(value: str) -> str:
    if not re.fullmatch(_TEMPO, value):
        raise ValueError("must be four numbers of seconds, or X, such as 3-0-1-0 or 2-1-X-0")
    return value.upper()


TempoInput = Annotated[
    Annotated[Text, AfterValidator(_tempo), WithJsonSchema({"type": "string", "pattern": _TEMPO})]
    | None,
    BlankIsNone,
]

SupersetInput = Annotated[Annotated[Text, Field(max_length=10)] | None, BlankIsNone]


class LoadUnit(StrEnum):
    KG = "KG"
    LB = "LB"
    PERCENT_1RM = "PERCENT_1RM"
    """Per cent of the heaviest load that can be lifted once."""


class Load(Model):
    """The weight on the bar, or the share of the one-repetition maximum."""

    amount: float
    unit: LoadUnit


class LoadDraft(Load):
    """The weight on the bar, or the share of the one-repetition maximum (at most 150 %)."""

    amount: Annotated[float, Field(ge=0, le=2000), NoTruthValue]
    unit: LoadUnit

    @model_validator(mode="after")
    def _liftable(self) -> Self:
        if self.unit is LoadUnit.PERCENT_1RM and self.amount > 150:
            raise ValueError("a load must be at most 150 % of the one-repetition maximum")
        return self
