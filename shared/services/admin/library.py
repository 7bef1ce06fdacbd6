"""The exercises of all owners, and the shared catalogue that administrators keep."""

from shared.errors import ExerciseNotFound, Forbidden
from shared.models.exercises import Exercise, ExerciseChange, ExerciseView
from shared.models.library import LibraryFilter, LibraryPage
from shared.models.users import Caller
from shared.services.exercises import ExerciseService
from shared.storage.exercises import ExerciseRepository


class LibraryService:
    """What is made, changed and removed here is for everybody; the exercises do the work."""

    def __init__(self, exercises: ExerciseService, repository: ExerciseRepository) -> None:
        self._exercises = exercises
        self._repository = repository

    def browse(self, asked: LibraryFilter) -> LibraryPage:
        found, total = self._repository.everywhere(asked)
        return LibraryPage.of([self._exercises.view(row) for row in found], total, asked)

    def change(
        self, caller: Caller, exercise_id: str, change: ExerciseChange, if_match: str | None
    ) -> ExerciseView:
        """Raises Forbidden for an organization's own exercise, besides the usual refusals."""
        self._require_shared(exercise_id)
        return self._exercises.change(caller, exercise_id, change, if_match)

    def remove(
        self, caller: Caller, exercise_id: str, if_match: str | None, *, force: bool
    ) -> None:
        """As `change`; InUse unless it is forced."""
        self._require_shared(exercise_id)
        self._exercises.remove(caller, exercise_id, if_match, force=force)

    def _require_shared(self, exercise_id: str) -> None:
        exercise: Exercise | None = self._repository.anywhere(exercise_id)
        if exercise is None:
            raise ExerciseNotFound("There is no such exercise.")
        if not exercise.is_global:
            raise Forbidden("This exercise belongs to an organization, not to the catalogue.")
