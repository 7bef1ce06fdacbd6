"""What programs are judged by: published numbers, an organization's, a person's own."""

from collections.abc import Callable
from datetime import datetime

from shared.models.lint import RuleId
from shared.models.users import Caller
from shared.models.volume import ProfileName, PublishedProfile
from shared.models.volume_settings import (
    OrganizationVolume,
    OrganizationVolumeDraft,
    PersonalVolume,
    PersonalVolumeDraft,
)
from shared.rules.volume_settings import (
    new_organization_volume,
    new_personal_volume,
    require_owner,
)
from shared.rules.yardsticks import Yardstick, of_organization, of_person, published
from shared.storage.volume_settings import KEPT_SECONDS, VolumeSettingsRepository


class VolumeSettingsService:
    """`now` returns the current UTC time."""

    def __init__(self, settings: VolumeSettingsRepository, *, now: Callable[[], datetime]) -> None:
        self._settings = settings
        self._now = now

    def yardstick(self, caller: Caller, profile: ProfileName) -> Yardstick:
        """Costs nothing for a published profile, and otherwise at most one read in 30 seconds."""
        if profile is ProfileName.ORGANIZATION:
            return of_organization(
                self._settings.organization(caller.organization_id, max_age=KEPT_SECONDS)
            )
        if profile is ProfileName.MINE:
            return of_person(self._settings.person(caller.user_id, max_age=KEPT_SECONDS))
        return published(PublishedProfile(profile))

    def disabled_rules(self, caller: Caller) -> list[RuleId]:
        """Rules that the organization's programs are not held to."""
        organization = self._settings.organization(caller.organization_id, max_age=KEPT_SECONDS)
        return organization.disabled_rules

    def organization(self, caller: Caller) -> OrganizationVolume:
        return self._settings.organization(caller.organization_id)

    def set_organization(
        self, caller: Caller, draft: OrganizationVolumeDraft
    ) -> OrganizationVolume:
        """Raises Forbidden unless the organization's owner asks, Invalid for unsound numbers."""
        require_owner(caller)
        settings = new_organization_volume(draft, self._now())
        self._settings.put_organization(caller.organization_id, settings)
        return settings

    def person(self, caller: Caller) -> PersonalVolume:
        return self._settings.person(caller.user_id)

    def set_person(self, caller: Caller, draft: PersonalVolumeDraft) -> PersonalVolume:
        settings = new_personal_volume(draft, self._now())
        self._settings.put_person(caller.user_id, settings)
        return settings
