"""One instance of the product, with a clock of its own and nothing remembered yet."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from shared.models.exercises import ExerciseDraft
from shared.models.programs import ProgramDraft
from shared.models.sessions import SessionDraft
from shared.services.analysis import AnalysisService
from shared.services.exercises import ExerciseService
from shared.services.mesocycles import MesocycleService
from shared.services.programs import ProgramService
from shared.services.template_updates import TemplateUpdateService
from shared.services.versions import VersionService
from shared.services.volume_settings import VolumeSettingsService
from shared.storage.exercises import ExerciseRepository
from shared.storage.mesocycles import MesocycleRepository
from shared.storage.programs import ProgramRepository
from shared.storage.tally import counting
from shared.storage.versions import VersionRepository
from shared.storage.volume_settings import VolumeSettingsRepository
from shared.wiring import Wiring
from tests.functions.bodies import a_program, a_session, an_exercise, work


class Clock:
    """Stands still until it is told to go on."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> datetime:
        return datetime(2026, 3, 2, 12, 0, tzinfo=UTC) + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds


@dataclass
class Instance:
    """Shares the store with every other instance, and nothing else."""

    parts: Wiring
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        exercises = ExerciseRepository(self.parts.documents, self.clock.monotonic)
        programs = ProgramRepository(self.parts.documents, self.clock.monotonic, exercises.names)
        self.exercises = ExerciseService(
            exercises, programs, now=self.clock.now, new_id=self.parts.new_id, image_hosts=()
        )
        settings = VolumeSettingsRepository(self.parts.documents, self.clock.monotonic)
        self.volume_settings = VolumeSettingsService(settings, now=self.clock.now)
        self.programs = ProgramService(
            programs,
            exercises,
            self.volume_settings,
            now=self.clock.now,
            new_id=self.parts.new_id,
        )
        self.versions = VersionService(
            self.programs,
            programs,
            VersionRepository(self.parts.documents),
            exercises.names,
            now=self.clock.now,
        )
        self.mesocycles = MesocycleService(
            self.programs,
            programs,
            MesocycleRepository(self.parts.documents, self.clock.monotonic),
            exercises,
            self.volume_settings,
            now=self.clock.now,
            new_id=self.parts.new_id,
        )
        self.template_updates = TemplateUpdateService(
            self.programs,
            programs,
            self.versions,
            exercises.names,
            now=self.clock.now,
            new_id=self.parts.new_id,
        )
        self.analysis = AnalysisService(
            programs, exercises, self.volume_settings, now=self.clock.now
        )


def cost(call: Any) -> tuple[int, int]:
    """Documents read and written by a call."""
    with counting() as tally:
        call()
    return tally.reads, tally.writes


def exercise_draft(**fields: Any) -> ExerciseDraft:
    return ExerciseDraft.model_validate(an_exercise(**fields))


def program_draft(*exercise_ids: str, **fields: Any) -> ProgramDraft:
    """One session of these exercises."""
    rows = [work(identifier, order=place) for place, identifier in enumerate(exercise_ids, 1)]
    return ProgramDraft.model_validate(a_program(sessions=[a_session(1, rows)], **fields))


def session_draft(number: int, *exercise_ids: str) -> SessionDraft:
    rows = [work(identifier, order=place) for place, identifier in enumerate(exercise_ids, 1)]
    return SessionDraft.model_validate(a_session(number, rows))
