"""What people do with exercises."""

from collections.abc import Callable
from datetime import datetime

from shared.errors import ExerciseNotFound, Forbidden, InUse, Refused
from shared.models.equipment import Equipment
from shared.models.exercises import (
    Exercise,
    ExerciseChange,
    ExerciseDraft,
    ExerciseFilter,
    ExercisePage,
    ExerciseStatistics,
    ExerciseSummary,
    ExerciseView,
    VolumeAnswer,
    VolumeRequest,
)
from shared.models.muscles import MuscleGroup
from shared.models.users import Caller
from shared.rules.exercises import apply_change, new_exercise, shown_image, slug
from shared.rules.plans import included
from shared.rules.search import ranked
from shared.rules.volume import planned_volume
from shared.services.trail import told
from shared.storage.catalogues import MOST_ROWS
from shared.storage.effects import Effects
from shared.storage.exercises import ExerciseRepository
from shared.storage.programs import ProgramRepository
from shared.storage.repeats import Repeat
from shared.storage.tenancy import owner

USERS_NAMED = 5
"""How many programs a refusal names when an exercise is still in use."""


class ExerciseService:
    """Reads and changes exercises on behalf of a caller.

    `now` returns the current UTC time; `new_id` a fresh id; pictures are shown only from
    `image_hosts`.
    """

    def __init__(
        self,
        exercises: ExerciseRepository,
        programs: ProgramRepository,
        *,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
        image_hosts: tuple[str, ...],
    ) -> None:
        self._exercises = exercises
        self._programs = programs
        self._now = now
        self._new_id = new_id
        self._image_hosts = image_hosts

    def browse(self, caller: Caller, asked: ExerciseFilter) -> ExercisePage:
        """The shared catalogue first, then by name; a search puts the best match first."""
        rows = [
            row
            for row in self._exercises.library(caller.organization_id).rows()
            if asked.equipment in {None, row.equipment}
            and (asked.muscle_group is None or asked.muscle_group in row.muscle_contributions)
            and asked.is_global in {None, row.is_global}
        ]
        if asked.search:
            rows = ranked(asked.search, rows, lambda row: row.name)
        page = rows[asked.offset : asked.offset + asked.limit]
        return ExercisePage.of([self.view(row) for row in page], len(rows), asked)

    def search(self, caller: Caller, query: str, limit: int) -> list[ExerciseSummary]:
        """Best match first."""
        rows = self._exercises.library(caller.organization_id).rows()
        found = ranked(query, rows, lambda row: row.name)
        return [ExerciseSummary.of(row) for row in found[:limit]]

    def get(self, caller: Caller, exercise_id: str) -> ExerciseView:
        """Raises ExerciseNotFound, also for another organization's exercise."""
        return self.view(self._visible(caller, exercise_id))

    def create(self, caller: Caller, draft: ExerciseDraft) -> ExerciseView:
        """Add an exercise only the caller's organization sees; an administrator's is for all.

        Raises NameTaken, QuotaReached, or Invalid when no muscle group is trained fully.
        """
        shared = caller.is_admin
        exercise = new_exercise(
            draft,
            exercise_id=slug(draft.name) if shared else self._new_id(),
            organization_id=None if shared else caller.organization_id,
            user_id=None if shared else caller.user_id,
            now=self._now(),
        )
        repeat = Repeat.of(caller.user_id, "exercise", draft.model_dump_json())
        effects = self._told(caller, "create", exercise.id, exercise.organization_id)
        most = MOST_ROWS if shared else included(caller).custom_exercises
        return self.view(self._exercises.add(exercise, repeat, effects, most))

    def change(
        self, caller: Caller, exercise_id: str, change: ExerciseChange, if_match: str | None
    ) -> ExerciseView:
        """Raises ExerciseNotFound, Forbidden, NameTaken, VersionMismatch or Invalid."""

        def changed(exercise: Exercise) -> Exercise:
            _require_editor(caller, exercise)
            return apply_change(exercise, change, self._now())

        organization_id = self._owner(caller, exercise_id)
        effects = self._told(caller, "update", exercise_id, organization_id)
        return self.view(
            self._exercises.change(exercise_id, organization_id, changed, if_match, effects)
        )

    def remove(
        self, caller: Caller, exercise_id: str, if_match: str | None, *, force: bool = False
    ) -> None:
        """Raises ExerciseNotFound, Forbidden, VersionMismatch, or InUse naming the programs.

        With `force` programs that use it keep it as something withdrawn.
        """
        organization_id = self._owner(caller, exercise_id)
        effects = self._told(caller, "delete", exercise_id, organization_id)

        def allow(exercise: Exercise) -> None:
            _require_editor(caller, exercise)
            if not force:
                self._require_unused(exercise)

        self._exercises.remove(exercise_id, organization_id, allow, if_match, effects)

    def statistics(self, caller: Caller) -> ExerciseStatistics:
        rows = self._exercises.library(caller.organization_id).rows()
        shared = sum(row.is_global for row in rows)
        return ExerciseStatistics(
            total=len(rows),
            global_=shared,
            organization=len(rows) - shared,
            by_equipment={kind: sum(row.equipment is kind for row in rows) for kind in Equipment},
            by_muscle={
                muscle: sum(muscle in row.muscle_contributions for row in rows)
                for muscle in MuscleGroup
            },
        )

    def volume(self, caller: Caller, asked: VolumeRequest) -> VolumeAnswer:
        """Sets per muscle of a list of exercises; raises Refused for one the caller cannot see."""
        wanted = {planned.exercise_id for planned in asked.exercises}
        library = self._exercises.lending(caller.organization_id, wanted)
        missing = sorted(identifier for identifier in wanted if not library.usable(identifier))
        if missing:
            raise Refused(
                f"Exercise {missing[0]} does not exist or is not available to you.",
                {"exercise_ids": missing},
            )
        known = library.known()
        return planned_volume(
            asked.exercises,
            {identifier: known[identifier] for identifier in wanted},
        )

    def _told(
        self, caller: Caller, verb: str, exercise_id: str, organization_id: str | None
    ) -> Effects | None:
        """The audit row of what an administrator does outside of their own organization."""
        if organization_id == caller.organization_id:
            return None
        scope = "_global" if organization_id is None else ""
        entry = told(
            caller,
            f"exercise.{verb}{scope}",
            exercise_id,
            entry_id=self._new_id(),
            now=self._now(),
            organization_id=organization_id,
        )
        return Effects(now=entry.created_at, audit=(entry,))

    def view(self, exercise: Exercise) -> ExerciseView:
        """As the API shows it."""
        return ExerciseView.of(
            exercise, image_url=shown_image(exercise.image_url, self._image_hosts)
        )

    def _visible(self, caller: Caller, exercise_id: str) -> Exercise:
        exercise = self._exercises.get(exercise_id, caller.organization_id)
        if exercise is None and caller.is_admin:
            exercise = self._exercises.anywhere(exercise_id)
        if exercise is None:
            raise ExerciseNotFound("There is no such exercise.")
        return exercise

    def _owner(self, caller: Caller, exercise_id: str) -> str | None:
        """Whose exercise this id is: for administrators that may be any organization's."""
        if caller.is_admin:
            return self._visible(caller, exercise_id).organization_id
        return owner(exercise_id, caller.organization_id)

    def _require_unused(self, exercise: Exercise) -> None:
        users = self._programs.using(exercise.id, exercise.organization_id, limit=USERS_NAMED)
        if exercise.is_global:
            users += self._programs.using_anywhere(exercise.id, limit=USERS_NAMED)
        if users:
            named = [
                {"id": use.program_id, "name": use.program_name} for use in users[:USERS_NAMED]
            ]
            raise InUse(
                f"“{exercise.name}” is used by “{users[0].program_name}”"
                f"{' and other programs' if len(users) > 1 else ''}. Replace it there first.",
                {"programs": named},
            )


def _require_editor(caller: Caller, exercise: Exercise) -> None:
    """Raises Forbidden unless the caller made the exercise or is an administrator."""
    if caller.is_admin:
        return
    if exercise.is_global:
        raise Forbidden("Only an administrator may change the shared catalogue.")
    if exercise.created_by_user_id != caller.user_id:
        raise Forbidden("Only the person who made this exercise may change it.")
