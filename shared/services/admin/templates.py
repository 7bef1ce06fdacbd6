"""Program templates, which administrators keep for everybody."""

from shared.errors import Forbidden
from shared.models.programs import (
    ProgramChange,
    ProgramDraft,
    ProgramFilter,
    ProgramPage,
    ProgramView,
)
from shared.models.users import Caller
from shared.services.programs import ProgramService
from shared.storage.tenancy import is_tenant_id


class TemplateService:
    """The programs do the work; here nothing but templates is touched."""

    def __init__(self, programs: ProgramService) -> None:
        self._programs = programs

    def browse(self, caller: Caller, asked: ProgramFilter) -> ProgramPage:
        return self._programs.browse(caller, asked.model_copy(update={"is_template": True}))

    def create(self, caller: Caller, draft: ProgramDraft) -> ProgramView:
        """Raises NameTaken, Refused for an exercise outside of the catalogue, or QuotaReached."""
        return self._programs.create_template(caller, draft)

    def change(
        self, caller: Caller, program_id: str, change: ProgramChange, if_match: str | None
    ) -> ProgramView:
        """Raises ProgramNotFound, Forbidden for what is no template, or VersionMismatch."""
        self._require_template(caller, program_id)
        return self._programs.change(caller, program_id, change, if_match)

    def remove(self, caller: Caller, program_id: str, if_match: str | None) -> None:
        """As `change`; copies stay what they are."""
        self._require_template(caller, program_id)
        self._programs.remove(caller, program_id, if_match)

    def _require_template(self, caller: Caller, program_id: str) -> None:
        if is_tenant_id(program_id):
            self._programs.get(caller, program_id)
            raise Forbidden("This program is not a template.")
