"""Making programs and mending them with the optimiser."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from itertools import count
from typing import Any, NamedTuple

from shared.errors import Unavailable
from shared.gateways.ports import Solver
from shared.models.designs import (
    Balance,
    BalanceRequest,
    Design,
    DesignedProgram,
    DesignRequest,
    Ending,
    Obstacle,
    Wishes,
)
from shared.models.programs import Program
from shared.models.recommendations import RecommendationChoice
from shared.models.users import Caller
from shared.rules.analysis import session_lengths
from shared.rules.balance.asking import balance_task, design_task, session_count, wanted
from shared.rules.balance.conflicts import conflict
from shared.rules.balance.formulation import formulate
from shared.rules.balance.linear import LinearProgram
from shared.rules.balance.obstacles import obstacles
from shared.rules.balance.outcome import (
    balanced,
    changed_slots,
    designed,
    impossible,
    shown,
)
from shared.rules.balance.splits import sessions_of
from shared.rules.balance.task import Plan, Task
from shared.rules.balance.weighing import cost, gap
from shared.rules.counted import CountedProgram
from shared.rules.patch_steps import diff
from shared.rules.programs import new_program
from shared.rules.statistics import stats
from shared.rules.targets import weighted_deficit
from shared.rules.volume import Exercises
from shared.rules.yardsticks import Yardstick
from shared.services.programs import ProgramService
from shared.services.volume_settings import VolumeSettingsService
from shared.storage.exercises import ExerciseRepository
from shared.storage.programs import ProgramRepository
from shared.storage.tally import pausing

_CHECK_SECONDS = 1.0
"""Of work for each look whether anything at all is possible."""


class _Found(NamedTuple):
    """What the solver made of a question."""

    plan: Plan | None
    ending: Ending
    gap: float | None
    obstacles: list[Obstacle]


class DesignService:
    """`solver` returns the solver, which is not loaded before it is needed; `now` the UTC time."""

    def __init__(
        self,
        repository: ProgramRepository,
        exercises: ExerciseRepository,
        programs: ProgramService,
        settings: VolumeSettingsService,
        *,
        solver: Callable[[], Solver],
        now: Callable[[], datetime],
    ) -> None:
        self._repository = repository
        self._exercises = exercises
        self._programs = programs
        self._settings = settings
        self._solver = solver
        self._now = now

    def design(self, caller: Caller, asked: DesignRequest) -> Design:
        """Raises Refused, Invalid, Unavailable, or QuotaReached when it is to be stored."""
        library = self._exercises.offered(caller.organization_id, [*asked.keep, *asked.avoid])
        catalogue = library.rows()
        yardstick = wanted(asked, self._settings.yardstick(caller, asked.profile))
        task = design_task(asked, catalogue, yardstick)
        sessions = session_count(asked)
        names = [kind.name for kind in sessions_of(asked.split_type, sessions)]
        with pausing():
            found = self._search(task, asked, names)
        if found.plan is None:
            return Design(**_nothing(found), program=None, saved=None)
        known = {exercise.id: exercise for exercise in catalogue}
        draft = designed(asked, found.plan, known, sessions)
        ids = map("unsaved-{}".format, count(1))
        program = new_program(
            draft,
            program_id="unsaved",
            new_id=ids.__next__,
            organization_id=caller.organization_id,
            user_id=caller.user_id,
            now=self._now(),
        )
        return Design(
            **_outcome(found, program, known, yardstick),
            program=DesignedProgram.of(draft, {key: row.name for key, row in known.items()}),
            saved=self._programs.create(caller, draft) if asked.save else None,
        )

    def balance(
        self, caller: Caller, program_id: str, asked: BalanceRequest, if_match: str | None
    ) -> Balance:
        """Raises ProgramNotFound, Refused, Invalid, Unavailable; and when it is to be stored,
        Forbidden for a template, VersionMismatch, PatchMisfit or Conflict."""
        program = self._repository.visible(program_id, caller.organization_id)
        if asked.save:
            self._programs.editable(caller, program_id)
        library = self._exercises.offered(
            program.organization_id, [*program.exercise_ids, *asked.avoid]
        )
        known = library.known()
        yardstick = wanted(asked, self._settings.yardstick(caller, asked.profile))
        task = balance_task(asked, program, library.rows(), known, yardstick)
        names = [session.name for session in program.in_order]
        with pausing():
            found = self._search(task, asked, names)
        withdrawn = [key for key in known if not library.usable(key)]
        after = program if found.plan is None else balanced(program, found.plan, known)
        patch = diff(program, after)
        saved = None
        if asked.save and found.plan is not None:
            choice = RecommendationChoice(recommendations=[patch])
            saved = self._programs.follow(caller, program_id, choice, if_match)
        return Balance(
            **_nothing(found)
            if found.plan is None
            else _outcome(found, after, known, yardstick, withdrawn),
            missing_sets_before=_missing(CountedProgram.of(program, known), yardstick),
            edits=changed_slots(program, after),
            patch=patch,
            saved=saved,
        )

    def _search(self, task: Task, asked: Wishes, names: Sequence[str]) -> _Found:
        made = formulate(task)
        solver = self._solver()
        solved = solver.solve(made.linear, asked.time_limit_seconds, made.start)
        if solved.ending is not Ending.INFEASIBLE:
            plan = made.plan(solved.values)
            missing = gap(task, cost(task, plan), solved.bound)
            return _Found(plan, solved.ending, missing, shown(obstacles(task, plan), names))

        def possible(linear: LinearProgram) -> bool:
            try:
                return solver.solve(linear, _CHECK_SECONDS).ending is not Ending.INFEASIBLE
            except Unavailable:
                return False

        blame = conflict(made, possible)
        why = impossible(blame.tags, names, together=blame.together)
        return _Found(None, Ending.INFEASIBLE, None, why)


def _nothing(found: _Found) -> dict[str, Any]:
    """The fields of a search that found nothing."""
    return {
        "feasible": False,
        "ending": found.ending,
        "quality_gap": None,
        "missing_sets": None,
        "stats": None,
        "session_lengths": [],
        "obstacles": found.obstacles,
    }


def _outcome(
    found: _Found,
    program: Program,
    exercises: Exercises,
    yardstick: Yardstick,
    withdrawn: Collection[str] = (),
) -> dict[str, Any]:
    """The fields of a search that found this program; `exercises` by id."""
    used = {key: exercises[key] for key in program.exercise_ids if key in exercises}
    counted = CountedProgram.of(program, used)
    return {
        "feasible": True,
        "ending": found.ending,
        "quality_gap": None if found.gap is None else round(found.gap, 4),
        "missing_sets": _missing(counted, yardstick),
        "stats": stats(counted, yardstick, withdrawn),
        "session_lengths": session_lengths(counted),
        "obstacles": found.obstacles,
    }


def _missing(counted: CountedProgram, yardstick: Yardstick) -> float:
    weekly = counted.weekly
    return round(weighted_deficit(yardstick.targets, weekly.fractional, weekly.direct), 2)
