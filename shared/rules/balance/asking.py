"""From what people ask for to the question that is solved."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from fractions import Fraction

from shared.errors import Invalid, Refused
from shared.models.analysis import AnalysisContext
from shared.models.designs import BalanceMode, BalanceRequest, DesignRequest, Limit, Wishes
from shared.models.exercises import Exercise
from shared.models.programs import Program
from shared.models.sessions import Session
from shared.models.structures import CyclicStructure, WeeklyStructure
from shared.rules.analysis import wished
from shared.rules.balance.shortlist import shortlisted
from shared.rules.balance.splits import sessions_of, usual_count
from shared.rules.balance.task import Candidate, Day, Task
from shared.rules.durations import REST_SECONDS, WORK_SECONDS, session_seconds, set_seconds
from shared.rules.equipment import available
from shared.rules.targets import targets
from shared.rules.volume import hard_sets, rotation_factor
from shared.rules.yardsticks import Yardstick

_MINUTE = 60
_USUAL_MINUTES = 60


def wanted(asked: Wishes, yardstick: Yardstick) -> Yardstick:
    """The yardstick with the priorities and the experience that were stated."""
    context = AnalysisContext(priorities=asked.priorities, experience=asked.experience)
    return wished(yardstick, context)


def session_count(asked: DesignRequest) -> int:
    return asked.sessions or usual_count(asked.split_type, _training_days(asked.structure_config))


def design_task(asked: DesignRequest, catalogue: Sequence[Exercise], yardstick: Yardstick) -> Task:
    """`catalogue` is what could be used; `yardstick` what is wanted.

    Raises Refused for exercises that are not there, or when none is left to choose from; Invalid
    for exercises to keep that cannot be done.
    """
    by_id = {exercise.id: exercise for exercise in catalogue}
    _require_known("keep", asked.keep, by_id)
    _require_known("avoid", asked.avoid, by_id)
    candidates = [_candidate(exercise, asked) for exercise in catalogue]
    _require_choice(candidates)
    _require_doable(asked, candidates)
    count = session_count(asked)
    return _task(
        asked,
        candidates,
        [
            Day(asked.session_minutes * _MINUTE, kind.muscles)
            for kind in sessions_of(asked.split_type, count)
        ],
        asked.structure_config.training_days_per_week / count,
        yardstick,
    )


def balance_task(
    asked: BalanceRequest,
    program: Program,
    catalogue: Sequence[Exercise],
    known: Mapping[str, Exercise],
    yardstick: Yardstick,
) -> Task:
    """`known` also has exercises that were withdrawn; they stay or go, and are not added.

    Raises Refused for a program without sessions, and as `design_task`.
    """
    if not program.sessions:
        raise Refused("The program has no sessions yet. Add sessions, or design a program.")
    for index, exercise_id in enumerate(asked.keep):
        if exercise_id not in program.exercise_ids:
            raise Invalid.at(("body", "keep", index), "The program does not have this exercise.")
    _require_known("avoid", asked.avoid, {*known, *program.exercise_ids})
    usable = {exercise.id for exercise in catalogue}
    repairs = asked.mode is BalanceMode.REPAIR
    candidates = [_candidate(exercise, asked) for exercise in catalogue]
    candidates += [
        _withdrawn(exercise_id, known.get(exercise_id), asked)
        for exercise_id in program.exercise_ids
        if exercise_id not in usable
    ]
    if not repairs:
        _require_choice(candidates)
        _require_known("keep", asked.keep, usable)
    _require_doable(asked, candidates)
    return _task(
        asked,
        candidates,
        [_day(session, asked) for session in program.in_order],
        rotation_factor(program),
        yardstick,
        edits=asked.max_edits if repairs else None,
    )


def _task(
    asked: Wishes,
    candidates: Iterable[Candidate],
    days: Iterable[Day],
    factor: Fraction,
    yardstick: Yardstick,
    edits: int | None = None,
) -> Task:
    days = tuple(days)
    # By id: in whatever order exercises and wishes come, the question is the same.
    in_order = sorted(candidates, key=lambda candidate: candidate.exercise_id)
    used = {exercise_id for day in days for exercise_id in day.now}
    return Task(
        candidates=tuple(shortlisted(in_order, used.union(asked.keep))),
        days=days,
        targets=yardstick.targets,
        ceilings={muscle: row.limit for muscle, row in targets(yardstick.limits).items()},
        factor=factor,
        keep=frozenset(asked.keep),
        edits=edits,
        set_seconds=WORK_SECONDS + REST_SECONDS,
        fewest_sets=asked.fewest_sets,
        most_sets=asked.most_sets,
        most_exercises=asked.most_exercises,
    )


def _candidate(exercise: Exercise, asked: Wishes) -> Candidate:
    hindrance = None
    if exercise.equipment not in available(asked.equipment):
        hindrance = Limit.EQUIPMENT
    if exercise.id in asked.avoid:
        hindrance = Limit.AVOID
    return Candidate(
        exercise.id,
        exercise.muscle_contributions,
        frozenset(exercise.direct_muscles),
        hindrance,
    )


def _withdrawn(exercise_id: str, exercise: Exercise | None, asked: Wishes) -> Candidate:
    """What is used and no longer in the catalogue; without `exercise` nothing is known of it."""
    if exercise is None:
        hindrance = Limit.AVOID if exercise_id in asked.avoid else Limit.CATALOGUE
        return Candidate(exercise_id, {}, frozenset(), hindrance)
    candidate = _candidate(exercise, asked)
    return candidate._replace(hindrance=candidate.hindrance or Limit.CATALOGUE)


def _day(session: Session, asked: BalanceRequest) -> Day:
    if asked.session_minutes is None:
        seconds = max(session_seconds(session.exercises), _USUAL_MINUTES * _MINUTE)
    else:
        seconds = asked.session_minutes * _MINUTE
    repairs = asked.mode is BalanceMode.REPAIR
    return Day(
        seconds,
        now={slot.exercise_id: slot.sets for slot in session.exercises} if repairs else {},
        set_seconds={
            slot.exercise_id: set_seconds(slot)
            for slot in session.exercises
            if slot.rest_seconds is not None
        },
        easy=frozenset(slot.exercise_id for slot in session.exercises if not hard_sets(slot)),
    )


def _training_days(structure: WeeklyStructure | CyclicStructure) -> int:
    if isinstance(structure, CyclicStructure):
        return structure.days_on
    return structure.days_per_week


def _require_known(field: str, ids: Iterable[str], known: Collection[str]) -> None:
    if missing := sorted(set(ids) - set(known)):
        raise Refused(
            f"Exercise {missing[0]} does not exist or is not available to you.",
            {"exercise_ids": missing, "loc": ["body", field]},
        )


def _require_choice(candidates: Iterable[Candidate]) -> None:
    if all(candidate.hindrance for candidate in candidates):
        raise Refused("No exercise is left to choose from. Allow more equipment, or avoid fewer.")


def _require_doable(asked: Wishes, candidates: Iterable[Candidate]) -> None:
    """Whatever is to be kept can be done with the equipment there is."""
    hindrances = {candidate.exercise_id: candidate.hindrance for candidate in candidates}
    for index, exercise_id in enumerate(asked.keep):
        if hindrances.get(exercise_id) is Limit.EQUIPMENT:
            raise Invalid.at(
                ("body", "keep", index), "This exercise needs equipment that is not at hand."
            )
