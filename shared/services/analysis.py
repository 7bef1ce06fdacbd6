"""Looking at programs without changing them: what they amount to, and what would improve them."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from itertools import count

from shared.models.analysis import (
    Analysis,
    AnalysisContext,
    AnalysisRequest,
    RecommendationQuery,
)
from shared.models.programs import Program, ProgramDraft
from shared.models.recommendations import RecommendationList
from shared.models.users import Caller
from shared.rules.analysis import analysis
from shared.rules.patches import apply_patch, new_slots
from shared.rules.programs import new_program
from shared.rules.sessions import require_known_exercises
from shared.services.volume_settings import VolumeSettingsService
from shared.storage.exercises import ExerciseRepository, Library
from shared.storage.programs import ProgramRepository


class AnalysisService:
    """Stores nothing. `now` returns the current UTC time."""

    def __init__(
        self,
        programs: ProgramRepository,
        exercises: ExerciseRepository,
        settings: VolumeSettingsService,
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._programs = programs
        self._exercises = exercises
        self._settings = settings
        self._now = now

    def analyze(self, caller: Caller, asked: AnalysisRequest) -> Analysis:
        """Raises ProgramNotFound, Refused for an exercise the caller cannot see, PatchMisfit,
        Conflict or Invalid."""
        ids = map("unsaved-{}".format, count(1))
        if asked.program is None:
            known = program = self._programs.visible(asked.program_id or "", caller.organization_id)
        else:
            program = self._unsaved(caller, asked.program, ids.__next__)
            known = program.model_copy(update={"sessions": []})
        edited = apply_patch(
            program, asked.patch, new_id=ids.__next__, user_id=caller.user_id, now=self._now()
        )
        library = self._exercises.offered(program.organization_id, edited.exercise_ids)
        added = new_slots(known, edited)
        require_known_exercises(
            added, {row.exercise_id for row in added if library.usable(row.exercise_id)}
        )
        return self._looked_at(caller, edited, library, asked.context)

    def recommendations(
        self, caller: Caller, program_id: str, asked: RecommendationQuery
    ) -> RecommendationList:
        """Raises ProgramNotFound, also for another organization's program."""
        program = self._programs.visible(program_id, caller.organization_id)
        library = self._exercises.offered(program.organization_id, program.exercise_ids)
        found = self._looked_at(caller, program, library, AnalysisContext(**dict(asked)))
        answer = RecommendationList(program_id=program.id, recommendations=found.recommendations)
        # It changes with the catalogue, too: what is answered is the only sure sign of news.
        digest = hashlib.blake2b(answer.model_dump_json().encode(), digest_size=6).hexdigest()
        return answer.model_copy(update={"version": f"{program.version}.{digest}"})

    def _unsaved(self, caller: Caller, draft: ProgramDraft, new_id: Callable[[], str]) -> Program:
        in_order = sorted(draft.sessions, key=lambda session: session.order_in_program)
        return new_program(
            draft.model_copy(update={"sessions": in_order}),
            program_id="unsaved",
            new_id=new_id,
            organization_id=caller.organization_id,
            user_id=caller.user_id,
            now=self._now(),
        )

    def _looked_at(
        self, caller: Caller, program: Program, library: Library, context: AnalysisContext
    ) -> Analysis:
        known = library.known()
        used = {key: known[key] for key in program.exercise_ids if key in known}
        disabled = [*context.disabled_rules, *self._settings.disabled_rules(caller)]
        return analysis(
            program,
            used,
            library.rows(),
            self._settings.yardstick(caller, context.profile),
            context.model_copy(update={"disabled_rules": disabled}),
            withdrawn=[key for key in used if not library.usable(key)],
        )
