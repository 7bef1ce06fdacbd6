"""People, organizations and who administers them: invariants 4, 5, 6, 8 and 10."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from infra.ops.invariants import Problem
from infra.ops.records import Records, owner_of
from shared.models.organizations import Organization, SubscriptionStatus, Tier
from shared.models.users import Role
from shared.rules.subscriptions import current, expired, with_plan
from shared.storage.admins import NAMED, PATH
from shared.storage.audit import KEPT_DAYS
from shared.storage.tenancy import member_collection, organization_path, user_path


def everybody_belongs(records: Records) -> Iterator[Problem]:
    """4: a person is a member of their organization, which counts its members and has its owner."""
    for user in records.users.values():
        place = organization_path(user.organization_id)
        if place not in records.documents:
            yield Problem(user_path(user.id), f"its organization {user.organization_id} is missing")
        elif f"{member_collection(user.organization_id)}/{user.id}" not in records.documents:
            yield Problem(place, f"{user.id} is not among its members")
    for organization in records.organizations.values():
        owner = records.users.get(organization.owner_user_id)
        if owner is None:
            text = f"its owner {organization.owner_user_id} is missing"
            yield Problem(organization_path(organization.id), text)
    yield from members_are_counted(records)


def members_are_counted(records: Records) -> Iterator[Problem]:
    """The places of a plan are what an organization counts."""
    members = Counter(
        user.organization_id
        for user in records.users.values()
        if f"{member_collection(user.organization_id)}/{user.id}" in records.documents
    )
    for organization in records.organizations.values():
        counted, there = organization.member_count, members[organization.id]
        if counted != there:
            text = f"counts {counted} members, and has {there}"
            yield Problem(organization_path(organization.id), text)


def plans_are_paid_for(records: Records) -> Iterator[Problem]:
    """5: a plan is what the organization's subscriptions amount to.

    But for one that an administrator set after the newest of them had changed.
    """
    decided = {
        str(row.data.get("target_id")): row.data["created_at"]
        for row in sorted(records.of("audit"), key=lambda row: str(row.data.get("created_at")))
        if row.data.get("action") == "organization.set_plan"
    }
    for organization in records.organizations.values():
        path = organization_path(organization.id)
        is_pro = organization.subscription_tier is Tier.PRO
        if is_pro and organization.subscription_status is SubscriptionStatus.EXPIRED:
            yield Problem(path, "is on Pro and expired at once")
        states = records.subscriptions.get(organization.id, [])
        newest = max((state.updated_at for state in states), default=None)
        by_hand = decided.get(organization.id)
        if newest is None or (by_hand is not None and by_hand > newest):
            continue
        paid = with_plan(organization, current(states), records.now)
        if _plan(organization) not in {_plan(paid), _plan(expired(paid, records.now))}:
            text = f"is {' '.join(_plan(organization))}, its subscriptions say"
            yield Problem(path, f"{text} {' '.join(_plan(paid))}")


def _plan(organization: Organization) -> tuple[str, str]:
    return organization.subscription_tier.value, organization.subscription_status.value


def nothing_is_orphaned(records: Records) -> Iterator[Problem]:
    """6: nothing lies under an organization that is gone."""
    for path in records.documents:
        owner = owner_of(path)
        if owner and organization_path(owner) not in records.documents:
            yield Problem(path, f"its organization {owner} is missing")


def changes_are_told(records: Records) -> Iterator[Problem]:
    """8: what only administrators can do has its row in the audit log, and one only.

    A role that was set in the console shows here: it counts, and nobody is known to have set it.
    """
    rows = records.of("audit")
    told = {(row.data.get("target_id"), str(row.data.get("action"))) for row in rows}
    kept = records.now - timedelta(days=KEPT_DAYS)
    for user in records.users.values():
        if user.updated_at < kept:
            continue
        if user.role is Role.ADMIN and (user.id, "user.role_update") not in told:
            yield Problem(user_path(user.id), "became an administrator without an audit row")
        suspended = {"user.suspend", "user.delete", "user.close"}
        if not user.is_active and not any((user.id, action) in told for action in suspended):
            yield Problem(user_path(user.id), "was suspended without an audit row")
    seen = Counter(
        (row.data.get("request_id"), row.data.get("action"), row.data.get("target_id"))
        for row in rows
        if row.data.get("request_id") and row.data.get("actor_user_id") != "system"
    )
    for (request, action, target), count in seen.items():
        if count > 1:
            yield Problem(f"audit ({request})", f"{action} of {target} is told {count} times")


def somebody_administers(records: Records) -> Iterator[Problem]:
    """10: there is an administrator who can act, and `config/admins` names such people only."""
    standing = {user.id for user in records.users.values() if user.is_standing_admin}
    if records.users and not standing:
        yield Problem("users", "nobody is an administrator who can act")
    config = records.documents.get(PATH)
    uids = config.data.get("uids") if config else []
    named = set(uids) if isinstance(uids, list) else set()
    for user_id in sorted(named - standing):
        yield Problem(PATH, f"names {user_id}, who is no administrator who can act")
    if len(standing) <= NAMED:
        for user_id in sorted(standing - named):
            yield Problem(PATH, f"does not name the administrator {user_id}")
