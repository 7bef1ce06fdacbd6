"""What people do with a program's history: look back, compare, and go back."""

from collections.abc import Callable
from datetime import datetime

from shared.errors import VersionNotFound
from shared.models.diffs import DiffQuery, ProgramDiff
from shared.models.pages import Paging
from shared.models.programs import Program, ProgramView
from shared.models.users import Caller
from shared.models.versions import VersionPage, VersionRow, VersionView
from shared.models.volume import ProfileName
from shared.rules.diffs import compared, muscle_differences
from shared.rules.patch_steps import diff
from shared.rules.versions import kept_numbers
from shared.services.programs import ProgramService
from shared.storage.programs import Names, ProgramRepository
from shared.storage.versions import VersionRepository


class VersionService:
    """Reads and restores versions on behalf of a caller.

    `names` finds the exercises of a program; `now` returns the current UTC time.
    """

    def __init__(
        self,
        programs: ProgramService,
        stored: ProgramRepository,
        versions: VersionRepository,
        names: Names,
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._programs = programs
        self._stored = stored
        self._versions = versions
        self._names = names
        self._now = now

    def browse(self, caller: Caller, program_id: str, asked: Paging) -> VersionPage:
        """The versions that are kept, newest first; raises ProgramNotFound."""
        program = self._stored.visible(program_id, caller.organization_id)
        numbers = kept_numbers(program.version_number)
        page = numbers[asked.offset : asked.offset + asked.limit]
        rows = [_shown(row, program, caller) for row in self._versions.rows(program, page)]
        return VersionPage.of(rows, len(numbers), asked)

    def get(
        self, caller: Caller, program_id: str, number: int, profile: ProfileName
    ) -> VersionView:
        """Raises ProgramNotFound or VersionNotFound."""
        program = self._stored.visible(program_id, caller.organization_id)
        version = self._versions.get(program, number)
        if version is None:
            raise _missing()
        row = _shown(VersionRow.model_validate(dict(version)), program, caller)
        then = version.as_program(program).model_copy(
            update={"version_number": number, "updated_at": version.created_at}
        )
        return VersionView(
            **dict(row),
            is_current=number == program.version_number,
            program=self._programs.shown(caller, then, profile),
        )

    def compare(self, caller: Caller, program_id: str, asked: DiffQuery) -> ProgramDiff:
        """Raises ProgramNotFound or VersionNotFound."""
        program = self._stored.visible(program_id, caller.organization_id)
        later = asked.to or program.version_number
        earlier = asked.from_ or max(1, later - 1)
        before, after = (self._at(program, number) for number in (earlier, later))
        return self.difference(caller, (before, earlier), (after, later), asked.profile)

    def difference(
        self,
        caller: Caller,
        earlier: tuple[Program, int],
        later: tuple[Program, int],
        profile: ProfileName,
    ) -> ProgramDiff:
        """What lies between two states of a program, each given with its number."""
        (before, from_version), (after, to_version) = earlier, later
        found = compared(before, after, {**self._names(before), **self._names(after)})
        old, new = (
            self._programs.shown(caller, program, profile).stats for program in (before, after)
        )
        return ProgramDiff(
            **dict(found),
            from_version=from_version,
            to_version=to_version,
            muscles=muscle_differences(old, new),
            patch=diff(before, after),
        )

    def restore(
        self, caller: Caller, program_id: str, number: int, if_match: str | None
    ) -> ProgramView:
        """Make an old version the newest one.

        Raises ProgramNotFound, VersionNotFound, Forbidden for a template, VersionMismatch, or
        Refused when exercises of that version are gone.
        """

        def restored(program: Program) -> Program:
            old = self._at(program, number)
            self._programs.require_exercises(program, old)
            return old.model_copy(update={"updated_at": self._now()})

        reason = f"Version {number} restored."
        return self._programs.view(
            self._programs.changed(caller, program_id, restored, if_match, reason)
        )

    def find(self, program: Program, number: int) -> Program | None:
        """The program as it was in this version, while that is kept."""
        version = self._versions.get(program, number)
        return version.as_program(program) if version else None

    def _at(self, program: Program, number: int) -> Program:
        found = self.find(program, number)
        if found is None:
            raise _missing()
        return found


def _missing() -> VersionNotFound:
    return VersionNotFound("This program has no such version, or keeps it no longer.")


def _shown(row: VersionRow, program: Program, caller: Caller) -> VersionRow:
    """Who makes templates is nobody's business but the administrators'."""
    if program.is_template and not caller.is_admin:
        return row.model_copy(update={"author": None})
    return row
