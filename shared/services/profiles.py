"""What people see and change of themselves and of their organization."""

from collections.abc import Callable
from datetime import datetime

from shared.errors import Forbidden
from shared.models.organizations import Organization
from shared.models.pages import Paging
from shared.models.profiles import (
    Activity,
    OrganizationChange,
    OrganizationDetails,
    OwnPrograms,
    ProfileChange,
)
from shared.models.programs import ProgramRow
from shared.models.users import Caller, UserView
from shared.rules.plans import plan
from shared.services.accounts import AccountService
from shared.services.quotas import QuotaService
from shared.storage.accounts import AccountRepository
from shared.storage.exercises import ExerciseRepository
from shared.storage.programs import ProgramRepository


class ProfileService:
    """`now` returns the current UTC time."""

    def __init__(
        self,
        accounts: AccountService,
        repository: AccountRepository,
        programs: ProgramRepository,
        exercises: ExerciseRepository,
        quotas: QuotaService,
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._accounts = accounts
        self._repository = repository
        self._programs = programs
        self._exercises = exercises
        self._quotas = quotas
        self._now = now

    def change(self, caller: Caller, change: ProfileChange) -> UserView:
        if change.full_name is not None:
            changes = {"full_name": change.full_name}
            self._accounts.change(caller.user_id, lambda user: user.model_copy(update=changes))
        return self._accounts.show(caller)

    def organization(self, caller: Caller) -> OrganizationDetails:
        organization = (
            self._repository.organization(caller.organization_id)
            # Theirs was removed within the last seconds, with them or after they had left it.
            or self._accounts.own(caller).organization
        )
        return self._details(caller, organization)

    def rename(self, caller: Caller, change: OrganizationChange) -> OrganizationDetails:
        """Raises Forbidden unless the caller owns the organization."""

        def renamed(organization: Organization) -> Organization:
            if organization.owner_user_id != caller.user_id:
                raise Forbidden("Only the organization's owner may rename it.")
            changes = {"name": change.name, "updated_at": self._now()}
            return organization.model_copy(update=changes)

        organization = self._accounts.change_organization(caller.organization_id, renamed)
        if organization is None:
            raise LookupError(f"the organization of {caller.user_id} is gone")
        return self._details(caller, organization)

    def programs(self, caller: Caller, paging: Paging) -> OwnPrograms:
        rows = self._own_programs(caller)
        page = rows[paging.offset : paging.offset + paging.limit]
        return OwnPrograms.of(page, len(rows), paging)

    def activity(self, caller: Caller) -> Activity:
        programs = self._own_programs(caller)
        exercises = self._exercises.library(caller.organization_id).own.rows.values()
        user = self._accounts.own(caller).user
        return Activity(
            programs_created=len(programs),
            sessions_created=sum(row.session_count for row in programs),
            exercises_created=sum(row.created_by_user_id == caller.user_id for row in exercises),
            last_active=user.last_seen_on,
            account_age_days=(self._now() - user.created_at).days,
        )

    def _own_programs(self, caller: Caller) -> list[ProgramRow]:
        rows = self._programs.rows(caller.organization_id)
        return [row for row in rows if row.created_by_user_id == caller.user_id]

    def _details(self, caller: Caller, organization: Organization) -> OrganizationDetails:
        return OrganizationDetails.with_plan(
            organization,
            self._quotas.of(organization),
            writes_programs=plan(organization, self._now()).writes_programs,
            is_owner=organization.owner_user_id == caller.user_id,
        )
