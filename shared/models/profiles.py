"""What people see and change of themselves and of their organization."""

from datetime import date
from typing import Self

from shared.models.accounts import FullName, Message, OrganizationName, Password
from shared.models.base import Model
from shared.models.organizations import Organization, OrganizationView
from shared.models.pages import Page, Paging
from shared.models.programs import ProgramRow
from shared.models.quotas import Quotas


class ProfileChange(Model):
    """What to change of oneself; what is absent or null stays. The address cannot be changed."""

    full_name: FullName | None = None


class PasswordChange(Model):
    current_password: Password
    new_password: Password
    """8 to 128 characters, not among the most common, without the address or the name in it."""


class PasswordChanged(Message):
    """The session that asked stays signed in until its access token ends.

    Its refresh token ends with the old password; these tokens belong to a new session instead.
    They are null when signing in did not work just then: sign in with the new password.
    """

    access_token: str | None = None
    refresh_token: str | None = None
    token_type: str = "bearer"  # noqa: S105 - the scheme's name
    expires_in: int | None = None
    """Seconds until the access token ends."""


class OrganizationChange(Model):
    """What its owner may change of an organization."""

    name: OrganizationName


class OrganizationDetails(OrganizationView):
    """An organization as its members see it, with what its plan includes."""

    user_count: int
    """How many people belong to it."""
    can_create_custom_exercises: bool
    can_create_programs: bool
    has_unlimited_ai_queries: bool
    quotas: Quotas
    """How much of the plan is used."""

    @classmethod
    def with_plan(
        cls, organization: Organization, quotas: Quotas, *, writes_programs: bool, is_owner: bool
    ) -> Self:
        view = OrganizationView.of(organization, shows_payment_ids=is_owner)
        return cls(
            **dict(view),
            user_count=quotas.members.used,
            can_create_custom_exercises=quotas.custom_exercises.limit != 0,
            can_create_programs=writes_programs,
            has_unlimited_ai_queries=quotas.ai_queries.limit is None,
            quotas=quotas,
        )


class OwnProgramsMeta(Model):
    total: int
    skip: int
    limit: int
    page: int
    has_more: bool


class OwnPrograms(Page[ProgramRow]):
    """The programs a person made, newest first; `data` and `items` are the same."""

    data: list[ProgramRow]
    meta: OwnProgramsMeta

    @classmethod
    def of(cls, items: list[ProgramRow], total: int, paging: Paging) -> Self:
        page = Page[ProgramRow].of(items, total, paging)
        meta = OwnProgramsMeta(
            total=total,
            skip=paging.offset,
            limit=paging.limit,
            page=page.page,
            has_more=page.has_more,
        )
        return cls(**dict(page), data=items, meta=meta)


class Activity(Model):
    """What a person has made and still has."""

    programs_created: int
    """Programs, clones included."""
    sessions_created: int
    """Training sessions in these programs."""
    exercises_created: int
    """Exercises of their own."""
    last_active: date | None
    """The last day, in UTC, on which they used the API; today, for whoever asks."""
    account_age_days: int
    """Whole days since the account was made."""
