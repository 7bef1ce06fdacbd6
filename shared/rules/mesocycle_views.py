"""What is answered about a mesocycle: its weeks with names and dates, and what muscles get."""

from collections.abc import Iterator
from datetime import date

from shared.models.mesocycles import (
    Mesocycle,
    MesocycleView,
    MesocycleWeek,
    MesocycleWeekView,
    MuscleWeek,
    MuscleWeeks,
    WeekSession,
    WeekSessionView,
    WeekSlotView,
)
from shared.models.muscles import MuscleGroup
from shared.models.programs import Program
from shared.models.schedule import ScheduledSession, ScheduleRequest
from shared.models.sessions import Session, SessionExercise
from shared.models.structures import SplitType
from shared.models.volume import VolumeStatus
from shared.rules.counted import CountedProgram
from shared.rules.schedule import scheduled
from shared.rules.volume import Exercises, Tally, per_week, verdict
from shared.rules.yardsticks import Yardstick


def as_program(mesocycle: Mesocycle, week: MesocycleWeek) -> Program:
    """One week as a program of its own; exercises that are left out are not in it."""
    sessions = [
        Session(
            id=session.id,
            name=session.name,
            day_number=session.day_number,
            order_in_program=session.order_in_program,
            exercises=[
                SessionExercise.model_validate(dict(slot))
                for slot in session.exercises
                if slot.sets
            ],
            created_at=mesocycle.created_at,
            updated_at=mesocycle.updated_at,
        )
        for session in week.sessions
    ]
    return Program(
        id=mesocycle.program_id,
        name=mesocycle.program_name,
        split_type=SplitType.CUSTOM,
        structure_config=mesocycle.structure_config,
        sessions=sessions,
        organization_id=mesocycle.organization_id,
        created_at=mesocycle.created_at,
        updated_at=mesocycle.updated_at,
    )


def exercise_ids(mesocycle: Mesocycle) -> list[str]:
    """Each once, sorted."""
    return sorted(
        {
            slot.exercise_id
            for week in mesocycle.weeks
            for session in week.sessions
            for slot in session.exercises
        }
    )


def shown(
    mesocycle: Mesocycle, exercises: Exercises, yardstick: Yardstick, *, stored: bool
) -> MesocycleView:
    """`yardstick` is what the mesocycle aims at."""
    counted = [
        CountedProgram.of(as_program(mesocycle, week), exercises) for week in mesocycle.weeks
    ]
    tallies = [row.weekly for row in counted]
    muscles = [_muscle(muscle, tallies, yardstick) for muscle in MuscleGroup]
    dates = _dates(mesocycle, counted[0].program)
    return MesocycleView(
        id=mesocycle.id if stored else None,
        name=mesocycle.name,
        program_id=mesocycle.program_id,
        program_name=mesocycle.program_name,
        program_version=mesocycle.program_version,
        settings=mesocycle.settings,
        start_date=mesocycle.start_date,
        weeks=[
            MesocycleWeekView(
                number=week.number,
                phase=week.phase,
                rir=week.rir,
                total_sets=week.total_sets,
                sets_per_week=round(per_week(week.total_sets, row.factor), 2),
                sessions=[_session(session, exercises) for session in week.sessions],
                scheduled_sessions=dates.get(week.number, []),
            )
            for week, row in zip(mesocycle.weeks, counted, strict=True)
        ],
        muscles=muscles,
        notes=[*mesocycle.notes, *_warnings(muscles)],
        created_at=mesocycle.created_at,
        updated_at=mesocycle.updated_at,
        version=mesocycle.version,
    )


def _session(session: WeekSession, exercises: Exercises) -> WeekSessionView:
    return WeekSessionView(
        id=session.id,
        name=session.name,
        day_number=session.day_number,
        order_in_program=session.order_in_program,
        exercises=[
            WeekSlotView(
                **dict(slot),
                exercise_name=exercises[slot.exercise_id].name
                if slot.exercise_id in exercises
                else None,
            )
            for slot in session.exercises
        ],
        total_sets=sum(slot.sets for slot in session.exercises),
    )


def _muscle(muscle: MuscleGroup, tallies: list[Tally], yardstick: Yardstick) -> MuscleWeeks:
    limits, target = yardstick.limits[muscle], yardstick.targets[muscle]
    weeks = []
    for number, counted in enumerate(tallies, 1):
        fractional, direct = counted.fractional[muscle], counted.direct[muscle]
        judged = verdict(fractional, direct, limits)
        weeks.append(
            MuscleWeek(
                week=number,
                sets_per_week=round(fractional, 2),
                direct_sets_per_week=round(direct, 2),
                status=judged.status,
                zone=judged.zone,
            )
        )
    return MuscleWeeks(
        muscle=muscle,
        muscle_name=muscle.display_name,
        priority=target.priority,
        minimum_effective=list(target.low),
        maximum_recoverable=limits.maximum_recoverable,
        weeks=weeks,
    )


def _dates(mesocycle: Mesocycle, program: Program) -> dict[int, list[ScheduledSession]]:
    """By the number of the week; nothing without a first day."""
    found: dict[int, list[ScheduledSession]] = {}
    if mesocycle.start_date:
        asked = ScheduleRequest(start_date=mesocycle.start_date, weeks=len(mesocycle.weeks))
        for row in scheduled(program, asked).scheduled_sessions:
            number = _week_of(row.scheduled_date, mesocycle.start_date)
            found.setdefault(number, []).append(row)
    return found


def _week_of(day: date, first: date) -> int:
    return (day - first).days // 7 + 1


def _warnings(muscles: list[MuscleWeeks]) -> Iterator[str]:
    """Only weeks that people have edited can exceed what is recoverable."""
    for row in muscles:
        weeks = [str(week.week) for week in row.weeks if week.status is VolumeStatus.EXCESSIVE]
        if weeks:
            yield (
                f"{row.muscle_name}: more than can be recovered from in week {', '.join(weeks)}."
            )
