"""What administrators do with organizations."""

from collections.abc import Callable
from datetime import datetime

from shared.errors import OrganizationNotFound, Refused
from shared.models.organizations import (
    AdminOrganization,
    AdminOrganizationDetail,
    AdminOrganizationPage,
    Organization,
    OrganizationFilter,
    PlanChange,
)
from shared.models.users import Caller
from shared.services.accounts import AccountService
from shared.services.trail import told
from shared.storage.effects import Effects
from shared.storage.people import PeopleRepository


class OrganizationAdminService:
    def __init__(
        self,
        people: PeopleRepository,
        accounts: AccountService,
        *,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
    ) -> None:
        self._people = people
        self._accounts = accounts
        self._now = now
        self._new_id = new_id

    def browse(self, asked: OrganizationFilter) -> AdminOrganizationPage:
        found, total = self._people.organizations(asked)
        return AdminOrganizationPage.of(
            [AdminOrganization.seen(row) for row in found], total, asked
        )

    def get(self, organization_id: str) -> AdminOrganizationDetail:
        """Raises OrganizationNotFound."""
        return self._detail(self._required(self._people.organization(organization_id)))

    def set_plan(
        self, caller: Caller, organization_id: str, change: PlanChange
    ) -> AdminOrganizationDetail:
        """Counts for every change at once, and for reads within half a minute.

        Raises OrganizationNotFound, or Refused when nothing is to change.
        """
        if change.subscription_tier is None and change.subscription_status is None:
            raise Refused("Say which subscription_tier or subscription_status to set.")
        self._required(self._people.organization(organization_id))
        entry = told(
            caller,
            "organization.set_plan",
            organization_id,
            entry_id=self._new_id(),
            now=self._now(),
            organization_id=organization_id,
            reason=change.reason,
        )
        changed = self._accounts.subscribe(
            organization_id,
            change.subscription_tier,
            change.subscription_status,
            Effects(now=entry.created_at, audit=(entry,)),
        )
        return self._detail(self._required(changed))

    def _detail(self, organization: Organization) -> AdminOrganizationDetail:
        exercises, programs = self._people.organization_size(organization.id)
        return AdminOrganizationDetail(
            **dict(AdminOrganization.seen(organization)),
            user_count=organization.member_count,
            exercise_count=exercises,
            program_count=programs,
        )

    @staticmethod
    def _required(organization: Organization | None) -> Organization:
        if organization is None:
            raise OrganizationNotFound("There is no such organization.")
        return organization
