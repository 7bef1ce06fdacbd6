"""The one place that writes people whole, with what lists search by and who is an admin; and plans.

Beside the person's own fields `users/{uid}` holds `search` (beginnings of words of the name and
the address), `is_active`, and `subscription_tier`, a copy of the organization's.
"""

from typing import Any

from shared.models.organizations import Organization, Tier
from shared.models.users import User
from shared.rules.plans import dated
from shared.rules.search import prefixes
from shared.storage import admins
from shared.storage.documents import Documents, Transaction
from shared.storage.records import fields, restored
from shared.storage.tenancy import MOST_MEMBERS, member_collection, organization_path, user_path


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
        document |= tier_copy(organization or _organization(transaction, user.organization_id))
    transaction.put(user_path(user.id), document)
    was = before is not None and before.is_standing_admin
    if user.is_standing_admin and not was:
        admins.gain(transaction, user.id)
    elif was and not user.is_standing_admin:
        admins.lose(transaction, documents, user.id)


def query_fields(user: User) -> dict[str, Any]:
    """What follows from the person alone."""
    return {"search": prefixes(user.full_name, user.email), "is_active": user.is_active}


def put_organization(
    transaction: Transaction, documents: Documents, before: Organization, after: Organization
) -> Organization:
    """Write an organization whose plan may have changed, and return it as written.

    The dates of its plans are noted, and its members can be found by the new one.
    """
    changed = dated(before, after, after.updated_at)
    transaction.put(organization_path(changed.id), fields(changed))
    if changed.subscription_tier is not before.subscription_tier:
        members = documents.find(member_collection(changed.id), limit=MOST_MEMBERS)
        found = transaction.get_many([user_path(member.id) for member in members])
        for path, person in found.items():
            if person.data.get("organization_id") == changed.id:
                transaction.update(path, tier_copy(changed))
    return changed


def tier_copy(organization: Organization | None) -> dict[str, Any]:
    """What a member's document says of the organization."""
    tier = organization.subscription_tier if organization else Tier.FREE
    return {"subscription_tier": tier.value}


def _organization(transaction: Transaction, organization_id: str) -> Organization | None:
    stored = transaction.get(organization_path(organization_id))
    return restored(Organization, stored) if stored else None
