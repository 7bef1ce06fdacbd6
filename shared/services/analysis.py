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
from shared.models.exercises import Exercise
from shared.models.programs import Program, ProgramDraft
from shared.models.recommendations import RecommendationList
from shared.models.users import Caller
from shared.rules.analysis import analysis, wished
from shared.rules.counted import CountedProgram
from shared.rules.patches import apply_patch, new_slots
from shared.rules.programs import new_program
from shared.rules.recommendations import recommendations
from shared.rules.sessions import require_known_exercises
from shared.services.volume_settings import VolumeSettingsService
from shared.storage.exercises import ExerciseRepository, Library
from shared.storage.programs import ProgramRepository

UNSAVED = "unsaved-{}"
"""The ids of what is not stored; sessions by their turn, counted from 1."""


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
        if asked.program is None:
            known = program = self._programs.visible(asked.program_id or "", caller.organization_id)
        else:
            program = self._unsaved(caller, asked.program)
            known = program.model_copy(update={"sessions": []})
        new_ids = map(UNSAVED.format, count(len(program.sessions) + 1))
        edited = apply_patch(
            program, asked.patch, new_id=new_ids.__next__, user_id=caller.user_id, now=self._now()
        )
        library = self._exercises.offered(program.organization_id, edited.exercise_ids)
        added = new_slots(known, edited)
        require_known_exercises(
            added, {row.exercise_id for row in added if library.usable(row.exercise_id)}
        )
        used = _used(edited, library)
        disabled = [*asked.context.disabled_rules, *self._settings.disabled_rules(caller)]
        return analysis(
            CountedProgram.of(edited, used),
            library.rows(),
            self._settings.yardstick(caller, asked.context.profile),
            asked.context.model_copy(update={"disabled_rules": disabled}),
            withdrawn=[key for key in used if not library.usable(key)],
        )

    def recommendations(
        self, caller: Caller, program_id: str, asked: RecommendationQuery
    ) -> RecommendationList:
        """Raises ProgramNotFound, also for another organization's program."""
        program = self._programs.visible(program_id, caller.organization_id)
        library = self._exercises.offered(program.organization_id, program.exercise_ids)
        context = AnalysisContext(**dict(asked))
        yardstick = wished(self._settings.yardstick(caller, context.profile), context)
        answer = RecommendationList(
            program_id=program.id,
            recommendations=recommendations(
                CountedProgram.of(program, _used(program, library)),
                library.rows(),
                yardstick,
                context,
            ),
        )
        # It changes with the catalogue, too: what is answered is the only sure sign of news.
        digest = hashlib.blake2b(answer.model_dump_json().encode(), digest_size=6).hexdigest()
        return answer.model_copy(update={"version": f"{program.version}.{digest}"})

    def _unsaved(self, caller: Caller, draft: ProgramDraft) -> Program:
        program = new_program(
            draft,
            program_id=UNSAVED.format(0),
            new_id=str,
            organization_id=caller.organization_id,
            user_id=caller.user_id,
            now=self._now(),
            location=("body", "program"),
        )
        sessions = [
            session.model_copy(update={"id": UNSAVED.format(place)})
            for place, session in enumerate(program.in_order, 1)
        ]
        return program.model_copy(update={"sessions": sessions})


def _used(program: Program, library: Library) -> dict[str, Exercise]:
    """The program's exercises by id, those that were removed since included."""
    known = library.known()
    return {key: known[key] for key in program.exercise_ids if key in known}
