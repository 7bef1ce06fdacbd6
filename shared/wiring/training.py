"""What people train by: exercises, programs, volume."""

import time
from typing import TYPE_CHECKING

from shared.wiring.built import built_once
from shared.wiring.outside import Outside

if TYPE_CHECKING:
    from shared.services.analysis import AnalysisService
    from shared.services.designs import DesignService
    from shared.services.exercises import ExerciseService
    from shared.services.mesocycles import MesocycleService
    from shared.services.programs import ProgramService
    from shared.services.template_updates import TemplateUpdateService
    from shared.services.versions import VersionService
    from shared.services.volume_settings import VolumeSettingsService


class Training(Outside):
    """What people train by: exercises, programs, volume."""

    @built_once
    def volume_settings(self) -> "VolumeSettingsService":
        from shared.services.volume_settings import VolumeSettingsService

        return VolumeSettingsService(self.volume_settings_repository, now=self.now)

    @built_once
    def exercises(self) -> "ExerciseService":
        from shared.services.exercises import ExerciseService

        return ExerciseService(
            self.exercise_repository,
            self.program_repository,
            now=self.now,
            new_id=self.new_id,
            image_hosts=self.settings.image_hosts,
        )

    @built_once
    def programs(self) -> "ProgramService":
        from shared.services.programs import ProgramService

        return ProgramService(
            self.program_repository,
            self.exercise_repository,
            self.volume_settings,
            now=self.now,
            new_id=self.new_id,
        )

    @built_once
    def versions(self) -> "VersionService":
        from shared.services.versions import VersionService
        from shared.storage.versions import VersionRepository

        return VersionService(
            self.programs,
            self.program_repository,
            VersionRepository(self.documents),
            self.exercise_repository.names,
            now=self.now,
        )

    @built_once
    def template_updates(self) -> "TemplateUpdateService":
        from shared.services.template_updates import TemplateUpdateService

        return TemplateUpdateService(
            self.programs,
            self.program_repository,
            self.versions,
            self.exercise_repository.names,
            now=self.now,
            new_id=self.new_id,
        )

    @built_once
    def mesocycles(self) -> "MesocycleService":
        from shared.services.mesocycles import MesocycleService
        from shared.storage.mesocycles import MesocycleRepository

        return MesocycleService(
            self.programs,
            self.program_repository,
            MesocycleRepository(self.documents, time.monotonic),
            self.exercise_repository,
            self.volume_settings,
            now=self.now,
            new_id=self.new_id,
        )

    @built_once
    def analysis(self) -> "AnalysisService":
        from shared.services.analysis import AnalysisService

        return AnalysisService(
            self.program_repository,
            self.exercise_repository,
            self.volume_settings,
            now=self.now,
        )

    @built_once
    def designs(self) -> "DesignService":
        from shared.services.designs import DesignService

        return DesignService(
            self.program_repository,
            self.exercise_repository,
            self.programs,
            self.volume_settings,
            solver=lambda: self.solver,
            now=self.now,
        )
