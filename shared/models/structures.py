"""How training days repeat: on fixed weekdays, or in a cycle of days on and days off."""

from collections.abc import Mapping
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, Any, Self

from pydantic import Discriminator, Field, Tag, model_validator

from shared.models.base import Model


class SplitType(StrEnum):
    """How the muscles are divided among the sessions."""

    UPPER_LOWER = "UPPER_LOWER"
    PUSH_PULL_LEGS = "PUSH_PULL_LEGS"
    FULL_BODY = "FULL_BODY"
    BRO_SPLIT = "BRO_SPLIT"
    ARNOLD_SPLIT = "ARNOLD_SPLIT"
    ANTERIOR_POSTERIOR = "ANTERIOR_POSTERIOR"
    CUSTOM = "CUSTOM"


class StructureType(StrEnum):
    WEEKLY = "WEEKLY"
    CYCLIC = "CYCLIC"


class Weekday(StrEnum):
    MON = "MON"
    TUE = "TUE"
    WED = "WED"
    THU = "THU"
    FRI = "FRI"
    SAT = "SAT"
    SUN = "SUN"


class WeeklyStructure(Model):
    """Training on the same weekdays each week."""

    days_per_week: Annotated[int, Field(ge=3, le=7)]
    """How many days are trained each week."""

    selected_days: Annotated[list[Weekday], Field(min_length=3, max_length=7)]
    """Those days, each once."""

    @model_validator(mode="after")
    def _names_each_day_once(self) -> Self:
        if len(set(self.selected_days)) != len(self.selected_days):
            raise ValueError("selected_days must not name a day twice")
        if len(self.selected_days) != self.days_per_week:
            raise ValueError("selected_days must name as many days as days_per_week says")
        return self

    @property
    def structure_type(self) -> StructureType:
        return StructureType.WEEKLY

    @property
    def training_days_per_week(self) -> Fraction:
        return Fraction(self.days_per_week)


class CyclicStructure(Model):
    """Some days of training, then some of rest, whatever the weekday."""

    days_on: Annotated[int, Field(ge=1, le=6)]
    """Training days in a row."""

    days_off: Annotated[int, Field(ge=1, le=3)]
    """Rest days after them. Together they must give at least 3 training days in 7."""

    @model_validator(mode="after")
    def _trains_often_enough(self) -> Self:
        if self.training_days_per_week < 3:
            raise ValueError("the cycle must give at least 3 training days in 7")
        return self

    @property
    def structure_type(self) -> StructureType:
        return StructureType.CYCLIC

    @property
    def length(self) -> int:
        """Days until the cycle repeats."""
        return self.days_on + self.days_off

    @property
    def training_days_per_week(self) -> Fraction:
        """Exact, since 7 x 3 / 4 divided among 3 sessions is not a binary fraction."""
        return Fraction(7 * self.days_on, self.length)


def _kind(value: Any) -> str:
    if isinstance(value, CyclicStructure):
        return StructureType.CYCLIC
    if isinstance(value, Mapping) and {"days_on", "days_off"} & value.keys():
        return StructureType.CYCLIC
    return StructureType.WEEKLY


Structure = Annotated[
    Annotated[WeeklyStructure, Tag("WEEKLY")] | Annotated[CyclicStructure, Tag("CYCLIC")],
    Discriminator(_kind),
]
"""Told apart by their fields: `days_on` or `days_off` makes it cyclic."""

DEFAULT_STRUCTURES: Mapping[StructureType, WeeklyStructure | CyclicStructure] = {
    StructureType.WEEKLY: WeeklyStructure(
        days_per_week=4, selected_days=[Weekday.MON, Weekday.TUE, Weekday.THU, Weekday.FRI]
    ),
    StructureType.CYCLIC: CyclicStructure(days_on=3, days_off=1),
}
"""What a program gets whose author names only the type."""
