"""The one place that writes `users/{uid}`: the person, what lists search by, and who is an admin.

Beside the person's own fields the document holds `search` (beginnings of words of the name and
the address), `is_active`, and `subscription_tier`, a copy of the organization's.
"""

from typing import Any

from shared.models.organizations import Organization, Tier
from shared.models.users import User
from shared.rules.search import prefixes
from shared.storage import admins
from shared.storage.documents import Documents, Transaction
from shared.storage.records import fields, restored

MOST_MEMBERS = 200
"""Of one organization, whose copies of its plan are written with it."""


def put_user(
    transaction: Transaction,
    documents: Documents,
    before: User | None,
    user: User,
    organization: Organization | None = None,
) -> None:
    """Write a person with whatever else the transaction writes.

    `organization` saves reading it. Raises LastAdmin when nobody would be left to administer.
    """
    document = fields(user) | query_fields(user) | {"schema": 1}
    if before is None or before.organization_id != user.organization_id:
        document["subscription_tier"] = _tier(transaction, user, organization)
    transaction.put(f"users/{user.id}", document)
    was = before is not None and before.is_standing_admin
    if user.is_standing_admin and not was:
        admins.gain(transaction, user.id)
    elif was and not user.is_standing_admin:
        admins.lose(transaction, documents, user.id)


def query_fields(user: User) -> dict[str, Any]:
    """What follows from the person alone."""
    return {"search": prefixes(user.full_name, user.email), "is_active": user.is_active}


def copy_tier(transaction: Transaction, documents: Documents, organization: Organization) -> None:
    """Let the organization's members be found by its plan."""
    members = documents.find(f"organizations/{organization.id}/members", limit=MOST_MEMBERS)
    found = transaction.get_many([f"users/{member.id}" for member in members])
    for path, person in found.items():
        if person.data.get("organization_id") == organization.id:
            transaction.update(path, {"subscription_tier": organization.subscription_tier.value})


def _tier(transaction: Transaction, user: User, organization: Organization | None) -> str:
    if organization is None:
        stored = transaction.get(f"organizations/{user.organization_id}")
        if stored is None:
            return Tier.FREE.value
        organization = restored(Organization, stored)
    return organization.subscription_tier.value
