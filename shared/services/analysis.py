"""Looking at programs without changing them: what they amount to, and what would improve them."""

import hashlib
from collections.abc import Callable
from datetime import datetime

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
from shared.storage.exercises import ExerciseRepository, Library
from shared.storage.programs import ProgramRepository


class AnalysisService:
    """Stores nothing. `now` returns the current UTC time."""

    def __init__(
        self,
        programs: ProgramRepository,
        exercises: ExerciseRepository,
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._programs = programs
        self._exercises = exercises
        self._now = now

    def analyze(self, caller: Caller, asked: AnalysisRequest) -> Analysis:
        """Raises ProgramNotFound, Refused for an exercise the caller cannot see, PatchMisfit,
        Conflict or Invalid."""
        if asked.program is not None:
            nothing = self._unsaved(caller, asked.program.model_copy(update={"sessions": []}))
            program = self._unsaved(caller, asked.program)
        else:
            nothing = program = self._programs.visible(
                asked.program_id or "", caller.organization_id
            )
        edited = apply_patch(
            program, asked.patch, new_id=str, user_id=caller.user_id, now=self._now()
        )
        library = self._exercises.offered(program.organization_id, edited.exercise_ids)
        added = new_slots(nothing, edited)
        require_known_exercises(
            added, {row.exercise_id for row in added if library.usable(row.exercise_id)}
        )
        return _looked_at(edited, library, asked.context)

    def recommendations(
        self, caller: Caller, program_id: str, asked: RecommendationQuery
    ) -> RecommendationList:
        """Raises ProgramNotFound, also for another organization's program."""
        program = self._programs.visible(program_id, caller.organization_id)
        library = self._exercises.offered(program.organization_id, program.exercise_ids)
        context = AnalysisContext(**dict(asked))
        answer = RecommendationList(
            program_id=program.id,
            recommendations=_looked_at(program, library, context).recommendations,
        )
        # It changes with the catalogue, too: what is answered is the only sure sign of news.
        digest = hashlib.blake2b(answer.model_dump_json().encode(), digest_size=6).hexdigest()
        return answer.model_copy(update={"version": f"{program.version}.{digest}"})

    def _unsaved(self, caller: Caller, draft: ProgramDraft) -> Program:
        """Nothing of it has an id."""
        return new_program(
            draft,
            program_id="",
            new_id=str,
            organization_id=caller.organization_id,
            user_id=caller.user_id,
            now=self._now(),
        )


def _looked_at(program: Program, library: Library, context: AnalysisContext) -> Analysis:
    known = library.known()
    used = {key: known[key] for key in program.exercise_ids if key in known}
    withdrawn = [key for key in used if not library.usable(key)]
    return analysis(program, used, library.rows(), context, withdrawn)
