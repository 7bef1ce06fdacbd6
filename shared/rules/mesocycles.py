"""Laying a program out over weeks: sets rise, effort rises, and easy weeks follow.

Sources and what is our own convention: docs/mesocycles.md.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import count
from math import ceil

from shared.errors import Invalid, QuotaReached, Refused
from shared.models.mesocycles import (
    MOST_MESOCYCLES,
    Deload,
    Mesocycle,
    MesocycleChange,
    MesocycleDraft,
    MesocycleSettings,
    MesocycleWeek,
    Phase,
    SlotChange,
    WeekSession,
    WeekSlot,
)
from shared.models.muscles import MuscleGroup
from shared.models.programs import Program
from shared.models.volume import Axis
from shared.rules.profiles import at_experience, landmarks
from shared.rules.ramps import Ramp, halvable, halved
from shared.rules.targets import targets
from shared.rules.volume import Exercises, hard_sets
from shared.rules.yardsticks import Yardstick


def aimed(yardstick: Yardstick, settings: MesocycleSettings) -> Yardstick:
    """The yardstick with the mesocycle's own experience and priorities."""
    limits = yardstick.limits
    if settings.experience:
        limits = {muscle: at_experience(limits[muscle], settings.experience) for muscle in limits}
    priorities = {
        muscle: settings.priorities.get(muscle, yardstick.targets[muscle].priority)
        for muscle in MuscleGroup
    }
    return yardstick._replace(limits=limits, targets=targets(limits, priorities))


def new_mesocycle(
    program: Program,
    exercises: Exercises,
    draft: MesocycleDraft,
    yardstick: Yardstick,
    *,
    mesocycle_id: str,
    user_id: str,
    now: datetime,
) -> Mesocycle:
    """`yardstick` is what the draft aims at. Raises Refused for a program without exercises."""
    if not program.exercise_ids:
        raise Refused("A program without exercises cannot be laid out. Add some first.")
    weeks, notes = _laid_out(program, exercises, draft, yardstick)
    settings = MesocycleSettings.model_validate(
        draft.model_dump(include=set(MesocycleSettings.model_fields))
        | {"priorities": {muscle: row.priority for muscle, row in yardstick.targets.items()}}
    )
    return Mesocycle(
        id=mesocycle_id,
        name=draft.name or program.name,
        program_id=program.id,
        program_name=program.name,
        program_version=program.version_number,
        organization_id=program.organization_id,
        structure_config=program.structure_config,
        settings=settings,
        start_date=draft.start_date,
        notes=notes,
        weeks=weeks,
        created_by_user_id=user_id,
        created_at=now,
        updated_at=now,
    )


def blocks(settings: MesocycleSettings) -> list[int]:
    """Weeks of accumulation between deloads, as even as can be."""
    if settings.deload is not Deload.EVERY:
        return [settings.weeks]
    number = ceil(settings.weeks / settings.deload_every_weeks)
    least, longer = divmod(settings.weeks, number)
    return [least + (place < longer) for place in range(number)]


def rir_targets(settings: MesocycleSettings, weeks: int) -> list[float]:
    """Repetitions in reserve for each week of a block: evenly down, in halves."""
    drop = (settings.rir_start - settings.rir_end) / max(1, weeks - 1)
    return [round(2 * (settings.rir_start - drop * week)) / 2 for week in range(weeks)]


def apply_change(mesocycle: Mesocycle, change: MesocycleChange, now: datetime) -> Mesocycle:
    """Raises Invalid for a week, session or exercise that it does not have."""
    changes: dict[str, object] = {"updated_at": now}
    if change.name is not None:
        changes["name"] = change.name
    if "start_date" in change.model_fields_set:
        changes["start_date"] = change.start_date
    if change.slots:
        changes["weeks"] = _edited(mesocycle.weeks, change.slots)
    return mesocycle.model_copy(update=changes)


def require_room(present: Mapping[str, object]) -> None:
    """Raises QuotaReached when the program has as many mesocycles as it may."""
    if len(present) >= MOST_MESOCYCLES:
        raise QuotaReached(
            f"A program has at most {MOST_MESOCYCLES} mesocycles. Delete one first.",
            {"limit": MOST_MESOCYCLES},
        )


def _laid_out(
    program: Program, exercises: Exercises, draft: MesocycleDraft, yardstick: Yardstick
) -> tuple[list[MesocycleWeek], list[str]]:
    ramp = Ramp(program, exercises, yardstick)
    overloaded = {muscle: ramp.excess(muscle) for muscle in MuscleGroup}
    ramp.lower()
    ramp.cap()
    ramp.raise_to_minimum()
    notes = [*_capped(overloaded, yardstick), *_dropped(program, ramp, exercises), *_short(ramp)]
    return list(_weeks(program, ramp, draft)), notes


def _weeks(program: Program, ramp: Ramp, draft: MesocycleDraft) -> Iterator[MesocycleWeek]:
    numbers = count(1)
    easiest = landmarks().limits.hard_set_rir.value
    for length in blocks(draft):
        sets = ramp.weeks(length)
        if draft.deload is not Deload.NONE:
            sets = halvable(sets)
        for week, rir in zip(sets, rir_targets(draft, length), strict=True):
            yield _week(program, ramp, next(numbers), Phase.ACCUMULATION, week, rir)
        if draft.deload is not Deload.NONE:
            rest = halved(ramp.slots, sets[-1])
            rir = min(easiest, draft.rir_start + 1)
            yield _week(program, ramp, next(numbers), Phase.DELOAD, rest, rir)


def _week(
    program: Program, ramp: Ramp, number: int, phase: Phase, sets: list[int], rir: float
) -> MesocycleWeek:
    placed = list(zip(ramp.slots, sets, strict=True))
    return MesocycleWeek(
        number=number,
        phase=phase,
        rir=rir,
        sessions=[
            WeekSession(
                id=session.id,
                name=session.name,
                day_number=session.day_number,
                order_in_program=session.order_in_program,
                exercises=[
                    WeekSlot(
                        exercise_id=slot.row.exercise_id,
                        order_in_session=slot.row.order_in_session,
                        sets=planned,
                        rir=rir if hard_sets(slot.row) else slot.row.rir,
                        target_reps=slot.row.target_reps,
                        load=slot.row.load,
                    )
                    for slot, planned in placed
                    if slot.session == place
                ],
            )
            for place, session in enumerate(program.in_order)
        ],
    )


def _capped(overloaded: Mapping[MuscleGroup, list[Axis]], yardstick: Yardstick) -> Iterator[str]:
    for muscle, axes in overloaded.items():
        for limit in yardstick.limits[muscle].maximum_recoverable:
            if limit.axis in axes:
                yield (
                    f"{muscle.display_name}: the program has more {limit.axis} sets a week than "
                    f"can be recovered from; no week here has more than {limit.value:g}."
                )


def _dropped(program: Program, ramp: Ramp, exercises: Exercises) -> Iterator[str]:
    for slot, sets in zip(ramp.slots, ramp.sets, strict=True):
        if sets == 0:
            known = exercises.get(slot.row.exercise_id)
            name = known.name if known else slot.row.exercise_id
            session = program.in_order[slot.session].name
            yield f"{name} in “{session}” is left out, so that its muscles can recover."


def _short(ramp: Ramp) -> Iterator[str]:
    short = [muscle for muscle in MuscleGroup if ramp.missing(muscle)]
    untrained = [muscle.display_name for muscle in short if not ramp.trained_directly(muscle)]
    if untrained:
        yield (
            "Below the minimum effective volume, because no hard sets train them directly: "
            f"{', '.join(untrained)}."
        )
    held = [muscle.display_name for muscle in short if ramp.trained_directly(muscle)]
    if held:
        yield (
            "Below the minimum effective volume in the first week, because exercises, sessions or "
            f"other muscles would get too much: {', '.join(held)}."
        )


def _edited(weeks: list[MesocycleWeek], edits: list[SlotChange]) -> list[MesocycleWeek]:
    pending: dict[tuple[int, str, str], list[SlotChange]] = {}
    known = {
        (week.number, session.id, slot.exercise_id)
        for week in weeks
        for session in week.sessions
        for slot in session.exercises
    }
    for place, edit in enumerate(edits):
        where = (edit.week, edit.session_id, edit.exercise_id)
        pending.setdefault(where, []).append(edit)
        if where not in known:
            raise Invalid.at(
                ("body", "slots", place),
                f"Week {edit.week} has no such exercise in such a session.",
            )

    def slot(week: MesocycleWeek, session: WeekSession, row: WeekSlot) -> WeekSlot:
        for edit in pending.get((week.number, session.id, row.exercise_id), ()):
            row = _edited_slot(row, edit)
        return row

    return [
        week.model_copy(
            update={
                "sessions": [
                    session.model_copy(
                        update={
                            "exercises": [slot(week, session, row) for row in session.exercises]
                        }
                    )
                    for session in week.sessions
                ]
            }
        )
        for week in weeks
    ]


def _edited_slot(row: WeekSlot, edit: SlotChange) -> WeekSlot:
    changes: dict[str, object] = {
        name: getattr(edit, name) for name in ("rir", "load") if name in edit.model_fields_set
    }
    if edit.sets is not None:
        changes["sets"] = edit.sets
    return row.model_copy(update=changes)
