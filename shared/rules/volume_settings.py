"""What organizations and people may set about volume."""

from datetime import datetime

from shared.errors import Forbidden, Invalid
from shared.models.users import Caller, OrganizationRole
from shared.models.volume_settings import (
    OrganizationVolume,
    OrganizationVolumeDraft,
    PersonalVolume,
    PersonalVolumeDraft,
)
from shared.rules.yardsticks import of_organization


def require_owner(caller: Caller) -> None:
    if caller.organization_role is not OrganizationRole.OWNER:
        raise Forbidden("Only the organization's owner may change how it judges volume.")


def new_organization_volume(draft: OrganizationVolumeDraft, now: datetime) -> OrganizationVolume:
    """Raises Invalid for numbers that do not rise, together with the published ones beside them."""
    settings = OrganizationVolume.model_validate({**draft.model_dump(), "updated_at": now})
    for index, own in enumerate(settings.thresholds):
        here = ("body", "thresholds", index)
        limits = of_organization(settings.model_copy(update={"thresholds": [own]})).limits
        edges = limits[own.muscle].on(own.axis)
        if edges is None:
            raise Invalid.at(
                here,
                f"{own.muscle.display_name} has no published direct sets: name all three numbers.",
            )
        values = [edge.value for edge in edges]
        if not values[0] < values[1] < values[2]:
            raise Invalid.at(
                here,
                "minimum_effective, maximum_adaptive and maximum_recoverable must rise; together "
                f"with the published numbers they are {', '.join(f'{sets:g}' for sets in values)}.",
            )
    return settings


def new_personal_volume(draft: PersonalVolumeDraft, now: datetime) -> PersonalVolume:
    return PersonalVolume.model_validate({**draft.model_dump(), "updated_at": now})
