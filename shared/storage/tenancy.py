"""Where things are kept: the one place that builds the path of a tenant's document.

What people make has a random UUID as its id and lies under their organization; the shared
catalogue has readable slugs. So an id says where to look, and another organization's id leads to
a place in one's own organization where there is nothing.
"""

import uuid

EXERCISES = "exercises"
PROGRAMS = "programs"
TEMPLATES = "program_templates"
MOST_MEMBERS = 500
"""Of one organization: more than any plan has, so they are read at once."""


def is_tenant_id(identifier: str) -> bool:
    """Whether an organization made it; otherwise it belongs to the shared catalogue."""
    try:
        return str(uuid.UUID(identifier)) == identifier
    except ValueError:
        return False


def user_path(user_id: str) -> str:
    return f"users/{user_id}"


def organization_path(organization_id: str) -> str:
    return f"organizations/{organization_id}"


def member_collection(organization_id: str) -> str:
    return f"{organization_path(organization_id)}/members"


def invitation_collection(organization_id: str) -> str:
    return f"{organization_path(organization_id)}/invitations"


def exercise_path(identifier: str, organization_id: str | None) -> str:
    return f"{exercise_collection(organization_id)}/{identifier}"


def exercise_collection(organization_id: str | None) -> str:
    if organization_id is None:
        return EXERCISES
    return f"{organization_path(organization_id)}/{EXERCISES}"


def exercise_catalogue(organization_id: str | None) -> str:
    return _catalogue(organization_id, "exercises", "exercises")


def program_path(identifier: str, organization_id: str | None) -> str:
    return f"{program_collection(organization_id)}/{identifier}"


def program_collection(organization_id: str | None) -> str:
    if organization_id is None:
        return TEMPLATES
    return f"{organization_path(organization_id)}/{PROGRAMS}"


def program_catalogue(organization_id: str | None) -> str:
    return _catalogue(organization_id, "programs", "templates")


def organization_settings(organization_id: str) -> str:
    """What it set about volume."""
    return f"{organization_path(organization_id)}/settings/volume"


def personal_settings(user_id: str) -> str:
    """What somebody set about volume."""
    return f"{user_path(user_id)}/settings/volume"


def owner(identifier: str, organization_id: str) -> str | None:
    """The organization to look in for an id a member of this one sent; None: the catalogue."""
    return organization_id if is_tenant_id(identifier) else None


def _catalogue(organization_id: str | None, tenant: str, shared: str) -> str:
    if organization_id is None:
        return f"catalogue/{shared}"
    return f"{organization_path(organization_id)}/catalogue/{tenant}"
