"""Which session falls on which date."""

from datetime import date

import pytest

from shared.models.programs import Program
from shared.models.schedule import ScheduleRequest
from shared.models.structures import Weekday
from shared.rules.schedule import scheduled
from tests.rules.build import a_program, a_session, cyclic, seed_templates, weekly

MONDAY = date(2026, 3, 2)


def days(program: Program, start: date = MONDAY, weeks: int | None = 1) -> list[tuple[int, str]]:
    """(days after the start, session name)."""
    plan = scheduled(program, ScheduleRequest(start_date=start, weeks=weeks))
    return [
        ((row.scheduled_date - start).days, row.session_name) for row in plan.scheduled_sessions
    ]


def three(structure) -> Program:
    sessions = [a_session(n, name=name) for n, name in ((2, "B"), (1, "A"), (3, "C"))]
    return a_program(sessions, structure_config=structure)


def test_weekly_sessions_take_turns_on_the_selected_weekdays() -> None:
    # Monday, Tuesday, Wednesday, Thursday are selected.
    assert days(three(weekly(4)), weeks=2) == [
        (0, "A"),
        (1, "B"),
        (2, "C"),
        (3, "A"),
        (7, "B"),
        (8, "C"),
        (9, "A"),
        (10, "B"),
    ]


def test_a_schedule_may_begin_in_the_middle_of_the_week() -> None:
    wednesday = date(2026, 3, 4)
    # Monday to Wednesday are selected: Wednesday, then Monday and Tuesday of the next week.
    assert days(three(weekly(3)), start=wednesday) == [(0, "A"), (5, "B"), (6, "C")]


def test_a_cycle_begins_on_the_first_day_and_ignores_weekdays() -> None:
    assert days(three(cyclic(2, 1))) == [(0, "A"), (1, "B"), (3, "C"), (4, "A"), (6, "B")]


def test_the_push_pull_legs_template_trains_each_session_twice_a_week() -> None:
    names = [name for _, name in days(seed_templates()["push-pull-legs-6-day-split"])]
    assert names == ["Push Day", "Pull Day", "Legs Day"] * 2


def test_weekly_dates_name_their_weekday_and_cyclic_ones_the_day_of_the_cycle() -> None:
    request = ScheduleRequest(start_date=MONDAY, weeks=1)
    by_week = scheduled(three(weekly(3)), request).scheduled_sessions
    assert [(row.day_of_week, row.cycle_day) for row in by_week] == [
        (Weekday.MON, None),
        (Weekday.TUE, None),
        (Weekday.WED, None),
    ]
    by_cycle = scheduled(three(cyclic(2, 1)), request).scheduled_sessions
    assert [(row.day_of_week, row.cycle_day) for row in by_cycle] == [
        (None, 1),
        (None, 2),
        (None, 1),
        (None, 2),
        (None, 1),
    ]


@pytest.mark.parametrize(("asked", "own", "weeks"), [(2, 8, 2), (None, 8, 8), (None, None, 4)])
def test_the_length_is_what_is_asked_or_the_programs_own_or_four_weeks(
    asked: int | None, own: int | None, weeks: int
) -> None:
    program = a_program([a_session(1)], duration_weeks=own)
    plan = scheduled(program, ScheduleRequest(start_date=MONDAY, weeks=asked))
    assert plan.weeks == weeks
    assert (plan.end_date - plan.start_date).days == weeks * 7 - 1
    assert len(plan.scheduled_sessions) == weeks * 3


def test_a_program_without_sessions_has_an_empty_schedule() -> None:
    assert days(a_program([])) == []


def test_the_longest_schedule_of_the_latest_start_ends_within_the_calendar() -> None:
    assert len(days(three(weekly(7)), start=date(2199, 12, 31), weeks=52)) == 364
