"""What people do with mesocycles: lay a program out over weeks, adjust, and look up."""

from collections.abc import Callable
from datetime import datetime

from shared.models.mesocycles import (
    Mesocycle,
    MesocycleChange,
    MesocycleDraft,
    MesocyclePage,
    MesocycleView,
)
from shared.models.pages import Paging
from shared.models.users import Caller
from shared.rules.mesocycle_views import exercise_ids, shown
from shared.rules.mesocycles import aimed, apply_change, new_mesocycle
from shared.services.programs import ProgramService, shown_version
from shared.services.volume_settings import VolumeSettingsService
from shared.storage.effects import Effects
from shared.storage.exercises import ExerciseRepository
from shared.storage.mesocycles import MesocycleRepository
from shared.storage.programs import ProgramRepository
from shared.storage.repeats import Repeat


class MesocycleService:
    """Lays out and stores mesocycles on behalf of a caller.

    `now` returns the current UTC time; `new_id` a fresh id.
    """

    def __init__(
        self,
        programs: ProgramService,
        stored: ProgramRepository,
        mesocycles: MesocycleRepository,
        exercises: ExerciseRepository,
        settings: VolumeSettingsService,
        *,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
    ) -> None:
        self._programs = programs
        self._stored = stored
        self._mesocycles = mesocycles
        self._exercises = exercises
        self._settings = settings
        self._now = now
        self._new_id = new_id

    def preview(self, caller: Caller, program_id: str, draft: MesocycleDraft) -> MesocycleView:
        """Lay a program or a template out and store nothing.

        Raises ProgramNotFound, or Refused for a program without exercises.
        """
        return self._view(caller, self._new(caller, program_id, draft), stored=False)

    def create(self, caller: Caller, program_id: str, draft: MesocycleDraft) -> MesocycleView:
        """Raises ProgramNotFound, Forbidden for a template, Refused for a program without
        exercises, or QuotaReached."""
        organization_id = self._programs.editable(caller, program_id)
        repeat = Repeat.of(caller.user_id, f"mesocycle:{program_id}", draft.model_dump_json())
        new = self._new(caller, program_id, draft)
        effects = self._audited(caller, "create", new.id, organization_id)
        made = self._mesocycles.add(new, repeat, effects)
        return self._view(caller, made)

    def browse(self, caller: Caller, program_id: str, asked: Paging) -> MesocyclePage:
        """Newest first; raises ProgramNotFound."""
        rows = self._mesocycles.rows(self._stored.visible(program_id, caller.organization_id))
        page = rows[asked.offset : asked.offset + asked.limit]
        return MesocyclePage.of(page, len(rows), asked)

    def get(self, caller: Caller, program_id: str, mesocycle_id: str) -> MesocycleView:
        """Raises ProgramNotFound or MesocycleNotFound."""
        program = self._stored.visible(program_id, caller.organization_id)
        return self._view(caller, self._mesocycles.get(program, mesocycle_id))

    def change(
        self,
        caller: Caller,
        program_id: str,
        mesocycle_id: str,
        change: MesocycleChange,
        if_match: str | None,
    ) -> MesocycleView:
        """Raises ProgramNotFound, MesocycleNotFound, Forbidden, Invalid or VersionMismatch."""
        organization_id = self._programs.editable(caller, program_id)
        program = self._stored.visible(program_id, caller.organization_id)
        effects = self._audited(caller, "update", mesocycle_id, organization_id)

        def changed(mesocycle: Mesocycle) -> Mesocycle:
            return apply_change(mesocycle, change, self._now())

        made = self._mesocycles.change(program, mesocycle_id, changed, if_match, effects)
        return self._view(caller, made)

    def remove(
        self, caller: Caller, program_id: str, mesocycle_id: str, if_match: str | None
    ) -> None:
        """Raises ProgramNotFound, MesocycleNotFound, Forbidden or VersionMismatch."""
        organization_id = self._programs.editable(caller, program_id)
        program = self._stored.visible(program_id, caller.organization_id)
        effects = self._audited(caller, "delete", mesocycle_id, organization_id)
        self._mesocycles.remove(program, mesocycle_id, if_match, effects)

    def _audited(
        self, caller: Caller, verb: str, mesocycle_id: str, organization_id: str | None
    ) -> Effects | None:
        action = f"mesocycle.{verb}_template"
        return self._programs.audited(caller, action, mesocycle_id, organization_id)

    def _new(self, caller: Caller, program_id: str, draft: MesocycleDraft) -> Mesocycle:
        program = self._stored.visible(program_id, caller.organization_id)
        return new_mesocycle(
            program,
            self._exercises.names(program),
            draft,
            aimed(self._settings.yardstick(caller, draft.profile), draft),
            mesocycle_id=self._new_id(),
            user_id=caller.user_id,
            now=self._now(),
        )

    def _view(self, caller: Caller, mesocycle: Mesocycle, *, stored: bool = True) -> MesocycleView:
        settings = mesocycle.settings
        ids = exercise_ids(mesocycle)
        known = self._exercises.lending(mesocycle.organization_id, ids).known()
        used = {key: known[key] for key in ids if key in known}
        yardstick = aimed(self._settings.yardstick(caller, settings.profile), settings)
        view = shown(mesocycle, used, yardstick, stored=stored)
        if not stored:
            return view
        version = shown_version(mesocycle.version, used, yardstick.set_at)
        return view.model_copy(update={"version": version})
