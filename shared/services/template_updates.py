"""What people do when the template that their program was copied from has changed."""

from collections.abc import Callable
from datetime import datetime

from shared.errors import ProgramNotFound, Refused, Undecided, VersionMismatch
from shared.models.merges import TemplateUpdate, TemplateUpdateDraft
from shared.models.programs import Program, ProgramView
from shared.models.users import Caller
from shared.models.volume import ProfileName
from shared.rules.merges import Merge
from shared.services.programs import ProgramService
from shared.services.versions import VersionService
from shared.storage.programs import Names, ProgramRepository


class TemplateUpdateService:
    """Offers and takes over a template's changes on behalf of a caller.

    `names` finds the exercises of a program; `now` returns the current UTC time, `new_id` a
    fresh id.
    """

    def __init__(
        self,
        programs: ProgramService,
        stored: ProgramRepository,
        versions: VersionService,
        names: Names,
        *,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
    ) -> None:
        self._programs = programs
        self._stored = stored
        self._versions = versions
        self._names = names
        self._now = now
        self._new_id = new_id

    def offer(self, caller: Caller, program_id: str, profile: ProfileName) -> TemplateUpdate:
        """Raises ProgramNotFound, or Refused when a merge would be too large for a program."""
        program = self._stored.visible(program_id, caller.organization_id)
        template, note = self._offered(caller, program)
        found = TemplateUpdate(
            is_available=False,
            note=note,
            template_id=program.cloned_from,
            template_name=template.name if template else None,
            taken_version=program.cloned_from_version,
            newest_version=template.version_number if template else None,
            base_is_kept=template is not None
            and template.version_number == program.cloned_from_version,
            conflicts=[],
            changes=None,
            merged=None,
        )
        if template is None or note:
            return found
        base = self._base(program, template)
        merged = self._merge(caller, TemplateUpdateDraft(), program, template).run(
            base, program, template
        )
        number = program.version_number
        offered = {
            "is_available": True,
            "note": "The template has changed since you copied it or took it over last.",
            "base_is_kept": base is not None,
            "conflicts": merged.conflicts,
            "changes": self._versions.difference(
                caller, (program, number), (merged.program, number + 1), profile
            ),
            "merged": self._programs.shown(caller, merged.program, profile),
        }
        return found.model_copy(update=offered)

    def take(
        self, caller: Caller, program_id: str, draft: TemplateUpdateDraft, if_match: str | None
    ) -> ProgramView:
        """Take over what the template has changed.

        Raises ProgramNotFound, Forbidden for a template, VersionMismatch for the program's or the
        template's version, Undecided, Invalid for a decision about nothing, or Refused.
        """

        def merged(program: Program) -> Program:
            template, note = self._offered(caller, program)
            if template is None or note:
                raise Refused(note)
            if draft.template_version not in {None, template.version_number}:
                raise VersionMismatch(
                    f"The template's newest version is {template.version_number}, and not the "
                    "one you name. Look at it again."
                )
            merge = self._merge(caller, draft, program, template)
            outcome = merge.run(self._base(program, template), program, template).program
            merge.require_known_decisions()
            if undecided := merge.undecided():
                raise Undecided(
                    f"{undecided[0].sentence} Decide for yours or the template's.",
                    {"conflicts": [conflict.id for conflict in undecided]},
                )
            return outcome

        reason = "Changes of the template taken over."
        return self._programs.view(
            self._programs.changed(caller, program_id, merged, if_match, reason)
        )

    def _offered(self, caller: Caller, program: Program) -> tuple[Program | None, str]:
        """The template if it still exists, and a sentence when there is nothing to take over."""
        if program.cloned_from is None:
            return None, "This program is not a copy of a template."
        try:
            template = self._stored.visible(program.cloned_from, caller.organization_id)
        except ProgramNotFound:
            return None, "The template this program was copied from no longer exists."
        newest = max(1, template.version_number)
        if program.cloned_from_version == newest and not _made_again(program, template):
            return template, "The program has everything that the template has."
        return template, ""

    def _base(self, program: Program, template: Program) -> Program | None:
        """The template as the program took it over last, while that is kept."""
        if program.cloned_from_version is None or _made_again(program, template):
            return None
        return self._versions.find(template, program.cloned_from_version)

    def _merge(
        self, caller: Caller, draft: TemplateUpdateDraft, program: Program, template: Program
    ) -> Merge:
        return Merge(
            draft,
            {**self._names(template), **self._names(program)},
            new_id=self._new_id,
            user_id=caller.user_id,
            now=self._now(),
        )


def _made_again(program: Program, template: Program) -> bool:
    """Whether the template was deleted and made again since the program took it over.

    That is another one, whatever its versions' numbers.
    """
    return template.created_at > (program.cloned_from_at or program.created_at)
