"""From a solved question to what people get: a program, changed sessions, sentences."""

from collections.abc import Mapping, Sequence

from shared.models.designs import DesignRequest, Hindrance, Limit, Obstacle
from shared.models.exercises import Exercise
from shared.models.programs import Program, ProgramDraft
from shared.models.sessions import (
    MAX_POSITION,
    Session,
    SessionDraft,
    SessionExercise,
    SessionExerciseDraft,
)
from shared.models.structures import CyclicStructure, Weekday, WeeklyStructure
from shared.rules.balance import obstacles
from shared.rules.balance.formulation import Tag
from shared.rules.balance.splits import sessions_of
from shared.rules.balance.task import Plan
from shared.rules.sessions import in_place_order
from shared.rules.words import so_many

_WEEK = list(Weekday)

_WHY = {
    Limit.EQUIPMENT: "the equipment there is",
    Limit.AVOID: "the exercises to avoid",
    Limit.CATALOGUE: "the catalogue, which has no exercise for it",
    Limit.SPLIT: "the split",
    Limit.EDITS: "the number of edits",
    Limit.MINUTES: "the time for",
    Limit.EXERCISES: "the number of exercises in",
    Limit.SETS: "the sets an exercise may have",
    Limit.SESSION_CAP: "the sets of a session worth doing for",
    Limit.WEEKLY_LIMIT: "the weekly sets that can be recovered from by",
    Limit.KEEP: "the exercises to keep",
    Limit.TRADE_OFF: "what it would cost others",
}


def designed(
    asked: DesignRequest, plan: Plan, exercises: Mapping[str, Exercise], count: int
) -> ProgramDraft:
    """Exercises that train most come first."""
    names = [kind.name for kind in sessions_of(asked.split_type, count)]
    days = _day_numbers(asked.structure_config, count)
    return ProgramDraft(
        name=asked.name or _name(asked),
        split_type=asked.split_type,
        structure_type=asked.structure_config.structure_type,
        structure_config=asked.structure_config,
        duration_weeks=asked.duration_weeks,
        sessions=[
            SessionDraft(
                name=names[day],
                day_number=days[day],
                order_in_program=day + 1,
                exercises=[
                    SessionExerciseDraft(
                        exercise_id=exercise_id,
                        sets=plan[day, exercise_id],
                        order_in_session=place,
                    )
                    for place, exercise_id in enumerate(_chosen(plan, day, exercises), 1)
                ],
            )
            for day in range(count)
        ],
    )


def balanced(program: Program, plan: Plan, exercises: Mapping[str, Exercise]) -> Program:
    """The program with the sessions' exercises as planned; what stays keeps its place and texts."""
    sessions = {
        session.id: _balanced(session, day, plan, exercises)
        for day, session in enumerate(program.in_order)
    }
    return program.model_copy(
        update={"sessions": [sessions[session.id] for session in program.sessions]}
    )


def changed_slots(before: Program, after: Program) -> int:
    """How many exercises of sessions were added, removed, or given another number of sets."""
    was, now = (
        {
            (session.id, slot.exercise_id): slot.sets
            for session in program.sessions
            for slot in session.exercises
        }
        for program in (before, after)
    )
    return sum(was.get(key) != now.get(key) for key in was.keys() | now.keys())


def shown(found: Sequence[obstacles.Obstacle], session_names: Sequence[str]) -> list[Obstacle]:
    """For people: sessions by their names, and a sentence for each muscle."""
    return [
        Obstacle(
            muscle=row.muscle,
            muscle_name=row.muscle.display_name,
            missing_sets=round(row.missing, 2),
            hindrances=_hindrances(row.tags, session_names),
            together=row.together,
            message=f"{row.muscle.display_name} lacks {so_many(row.missing, 'weekly set')} "
            f"because of {_reasons(row.tags, session_names, together=row.together)}.",
        )
        for row in found
    ]


def impossible(
    tags: Sequence[Tag], session_names: Sequence[str], *, together: bool
) -> list[Obstacle]:
    """Why nothing keeps all the limits."""
    muscles = {tag.muscle for tag in tags if tag.muscle}
    [muscle] = muscles if len(muscles) == 1 else [None]
    return [
        Obstacle(
            muscle=muscle,
            muscle_name=muscle.display_name if muscle else None,
            missing_sets=None,
            hindrances=_hindrances(tags, session_names),
            together=together,
            message="No program keeps all the limits because of "
            f"{_reasons(tags, session_names, together=together)}.",
        )
    ]


def _name(asked: DesignRequest) -> str:
    split = asked.split_type.replace("_", " ").title()
    days = float(asked.structure_config.training_days_per_week)
    return f"{split}, {days:.3g} days a week"


def _day_numbers(structure: WeeklyStructure | CyclicStructure, count: int) -> list[int]:
    """The weekdays where each session has one of its own, else the days of the cycle."""
    if isinstance(structure, WeeklyStructure) and count == structure.days_per_week:
        return sorted(_WEEK.index(day) + 1 for day in structure.selected_days)
    return list(range(1, count + 1))


def _chosen(plan: Plan, day: int, exercises: Mapping[str, Exercise]) -> list[str]:
    """Of exercises that are not known nothing is known, so they come last."""

    def place(exercise_id: str) -> tuple[float, str]:
        exercise = exercises.get(exercise_id)
        return (-exercise.total_contribution if exercise else 0.0, exercise_id)

    return sorted((exercise_id for here, exercise_id in plan if here == day), key=place)


def _balanced(session: Session, day: int, plan: Plan, exercises: Mapping[str, Exercise]) -> Session:
    slots = in_place_order(session.exercises)
    stay = [
        slot.model_copy(update={"sets": plan[day, slot.exercise_id]})
        for slot in slots
        if (day, slot.exercise_id) in plan
    ]
    there = {slot.exercise_id for slot in stay}
    last = max((slot.order_in_session for slot in slots), default=0)
    added = [name for name in _chosen(plan, day, exercises) if name not in there]
    if last + len(added) > MAX_POSITION:
        stay = [row.model_copy(update={"order_in_session": at}) for at, row in enumerate(stay, 1)]
        last = len(stay)
    return session.model_copy(
        update={
            "exercises": stay
            + [
                SessionExercise(
                    exercise_id=exercise_id,
                    sets=plan[day, exercise_id],
                    order_in_session=last + place,
                )
                for place, exercise_id in enumerate(added, 1)
            ]
        }
    )


def _hindrances(tags: Sequence[Tag], session_names: Sequence[str]) -> list[Hindrance]:
    return [
        Hindrance(
            limit=tag.limit,
            session_name=None if tag.session is None else session_names[tag.session],
            muscle=tag.muscle,
        )
        for tag in tags
    ]


def _reasons(tags: Sequence[Tag], session_names: Sequence[str], *, together: bool) -> str:
    """Limits of one kind are named once, with all their sessions or muscles."""
    by_kind: dict[Limit, list[str]] = {}
    for tag in tags:
        where = by_kind.setdefault(tag.limit, [])
        name = _of(tag, session_names)
        if name and name not in where:
            where.append(name)
    parts = [f"{_WHY[kind]} {', '.join(names)}".strip() for kind, names in by_kind.items()]
    return (" and " if together else ", or ").join(parts)


def _of(tag: Tag, session_names: Sequence[str]) -> str:
    if tag.muscle:
        return tag.muscle.display_name
    return "" if tag.session is None else session_names[tag.session]
