"""Fields that clients must not decide, put wherever a body could carry them."""

import uuid
from typing import Any

OTHER_ORGANIZATION = str(uuid.uuid4())
SOMEBODY = str(uuid.uuid4())
CHOSEN_ID = str(uuid.uuid4())
PLANTED = (OTHER_ORGANIZATION, SOMEBODY, CHOSEN_ID)
"""Found anywhere in an answer or a document, one of these had an effect."""

FIELDS: dict[str, Any] = {
    "id": CHOSEN_ID,
    "uid": SOMEBODY,
    "user_id": SOMEBODY,
    "created_by": SOMEBODY,
    "created_by_user_id": SOMEBODY,
    "owner_user_id": SOMEBODY,
    "organization_id": OTHER_ORGANIZATION,
    "organization": {"id": OTHER_ORGANIZATION, "subscription_tier": "PRO"},
    "org": OTHER_ORGANIZATION,
    "organization_role": "OWNER",
    "role": "ADMIN",
    "is_admin": True,
    "admin": True,
    "tier": "PRO",
    "subscription_tier": "PRO",
    "subscription_status": "ACTIVE",
    "has_pro": True,
    "status": "deleting",
    "is_active": False,
    "is_verified": True,
    "is_global": True,
    "is_template": True,
    "cloned_from": CHOSEN_ID,
    "created_at": "1999-01-01T00:00:00Z",
    "version": "1",
    "schema": 99,
}
MAPS = {"muscle_contributions"}
"""Objects whose names are data: anything else in them is a mistake, not a field."""


def injected(body: Any) -> Any:
    """The body with every planted field in every object of it, but for those it names itself."""
    if isinstance(body, list):
        return [injected(row) for row in body]
    if not isinstance(body, dict):
        return body
    kept = {name: row if name in MAPS else injected(row) for name, row in body.items()}
    return FIELDS | kept
