"""A program laid out on the calendar."""

from datetime import date
from typing import Annotated

from pydantic import Field

from shared.models.base import Model
from shared.models.structures import Weekday


class ScheduleRequest(Model):
    start_date: Annotated[date, Field(ge=date(1970, 1, 1), le=date(2199, 12, 31))]
    """The first day of the schedule; a cycle begins on it."""

    weeks: Annotated[int, Field(ge=1, le=52)] | None = None
    """How many weeks; by default the program's own duration, or 4."""


class ScheduledSession(Model):
    session_id: str

    session_name: str

    scheduled_date: date

    day_of_week: Weekday | None
    """The weekday, for programs on fixed weekdays."""

    cycle_day: int | None
    """The day within the cycle, counted from 1, for cyclic programs."""


class Schedule(Model):
    program_id: str

    program_name: str

    start_date: date

    end_date: date
    """The last day of the schedule, itself included."""

    weeks: int

    scheduled_sessions: list[ScheduledSession]
    """By date; empty when the program has no sessions."""
