"""Which session falls on which date."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import cycle

from shared.models.programs import Program
from shared.models.schedule import Schedule, ScheduledSession, ScheduleRequest
from shared.models.structures import CyclicStructure, Weekday

DEFAULT_WEEKS = 4
"""For programs without a duration of their own."""

_WEEKDAYS = list(Weekday)


def scheduled(program: Program, request: ScheduleRequest) -> Schedule:
    """Sessions take turns on the training days, in their order; without sessions, no dates."""
    weeks = request.weeks or program.duration_weeks or DEFAULT_WEEKS
    days = _training_days(program, request.start_date, weeks * 7)
    return Schedule(
        program_id=program.id,
        program_name=program.name,
        start_date=request.start_date,
        end_date=request.start_date + timedelta(days=weeks * 7 - 1),
        weeks=weeks,
        scheduled_sessions=[
            ScheduledSession(
                session_id=session.id,
                session_name=session.name,
                scheduled_date=day,
                day_of_week=weekday,
                cycle_day=cycle_day,
            )
            for (day, weekday, cycle_day), session in zip(
                days, cycle(program.in_order), strict=False
            )
        ],
    )


def _training_days(
    program: Program, start: date, length: int
) -> Iterator[tuple[date, Weekday | None, int | None]]:
    """The date, with the weekday for weekly programs and the cycle's day for cyclic ones."""
    structure = program.structure_config
    for index in range(length):
        day = start + timedelta(days=index)
        if isinstance(structure, CyclicStructure):
            cycle_day = index % structure.length + 1
            if cycle_day <= structure.days_on:
                yield day, None, cycle_day
        elif (weekday := _WEEKDAYS[day.weekday()]) in structure.selected_days:
            yield day, weekday, None
