"""Who may be invited, join, leave, be removed and take over an organization."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from shared.errors import Conflict, Forbidden, QuotaReached, Refused, TokenInvalid, UserNotFound
from shared.models.accounts import Account
from shared.models.members import Invitation, Moved
from shared.models.organizations import Organization
from shared.models.users import Caller, OrganizationRole, User
from shared.rules.accounts import LONGEST_NAME, home_organization_id, next_home_organization_id
from shared.rules.plans import plan

INVITATION_DAYS = 7
MOST_INVITATIONS = 50
"""Of one organization at a time."""

_INVITATIONS = uuid.UUID("0b1f6a3e-2f0d-5c38-8a4e-7d8c1e9b6f52")


def require_owner(caller: Caller | User) -> None:
    if caller.organization_role is not OrganizationRole.OWNER:
        raise Forbidden("Only the organization's owner may do this.")


def invitation_id(organization_id: str, email: str) -> str:
    """Follows from both, so that one address has one invitation at a time."""
    return str(uuid.uuid5(_INVITATIONS, f"{organization_id} {email}"))


def new_invitation(
    organization: Organization, inviter: User, email: str, now: datetime
) -> Invitation:
    """Raises QuotaReached when the plan has no place left for one more member."""
    require_place(organization, now)
    return Invitation(
        id=invitation_id(organization.id, email),
        organization_id=organization.id,
        organization_name=organization.name,
        email=email,
        invited_by_user_id=inviter.id,
        invited_by_name=inviter.full_name,
        created_at=now,
        expires_at=now + timedelta(days=INVITATION_DAYS),
    )


def require_place(organization: Organization, now: datetime) -> None:
    most = plan(organization, now).members
    if organization.member_count >= most:
        raise QuotaReached(f"The organization's plan has room for {most} members.", {"limit": most})


def require_may_join(
    account: Account, organization: Organization, invitation: Invitation | None, now: datetime
) -> None:
    """Raises TokenInvalid, Forbidden, Conflict or QuotaReached."""
    # One that nobody is in waits for its owner to come back, or is being removed.
    if invitation is None or invitation.expires_at <= now or organization.member_count < 1:
        raise TokenInvalid("This invitation is no longer valid. Ask for a new one.")
    if account.user.email != invitation.email:
        raise Forbidden("This invitation is for another address. Sign in with that one.")
    if account.organization.id == organization.id:
        raise Conflict("You are a member of this organization already.")
    if account.organization.member_count > 1 and is_owner(account):
        raise Conflict("Your organization has other members: hand it over to one of them first.")
    require_place(organization, now)


def own_organization_id(user: User) -> str:
    """The organization they own: the one they are in, or the one that waits for them."""
    owns = user.organization_role is OrganizationRole.OWNER
    return user.organization_id if owns else home_organization_id(user)


def is_owner(account: Account) -> bool:
    return account.user.organization_role is OrganizationRole.OWNER


def require_may_leave(account: Account | None, own: Sequence[Organization]) -> Account:
    """`own` are the organizations they own. Raises Refused or Conflict."""
    if account is None:
        raise LookupError("whoever is signed in has no account")
    if is_owner(account) and all(each.id == account.organization.id for each in own):
        raise Refused("This organization is your own: there is no other one to go back to.")
    if is_owner(account) and account.organization.member_count > 1:
        raise Conflict("You own this organization: hand it over to another member first.")
    return account


def require_removable(account: Account | None, organization_id: str) -> Account:
    """The member's account. Raises UserNotFound for anybody else, Conflict for the owner."""
    if account is None or account.organization.id != organization_id:
        raise UserNotFound("There is no such member.")
    if is_owner(account):
        raise Conflict("The owner cannot be removed: hand the organization over first.")
    return account


def handed_over(owner: Account, member: Account | None, now: datetime) -> tuple[Account, Account]:
    """Both with their roles swapped. Raises Forbidden, UserNotFound or Refused."""
    if not is_owner(owner):
        raise Forbidden("Only the organization's owner may do this.")
    if member is None or member.organization.id != owner.organization.id:
        raise UserNotFound("There is no such member.")
    if member.user.id == owner.user.id:
        raise Refused("You own this organization already.")
    organization = owner.organization.model_copy(
        update={"owner_user_id": member.user.id, "updated_at": now}
    )
    home = home_organization_id(owner.user)
    if home == organization.id:
        home = next_home_organization_id(owner.user, now)
    old = {
        "organization_role": OrganizationRole.MEMBER,
        "home_organization_id": home,
        "updated_at": now,
    }
    new = {"organization_role": OrganizationRole.OWNER, "updated_at": now}
    return (
        Account(user=owner.user.model_copy(update=old), organization=organization),
        Account(user=member.user.model_copy(update=new), organization=organization),
    )


def home(user: User, own: Sequence[Organization], now: datetime) -> Organization:
    """Where somebody goes who leaves: back to the one of their `own` that they came from.

    Whoever leaves one of their own comes to all the others in turn. Who has none gets one, which
    is empty until they are in it.
    """
    here, came_from = user.organization_id, home_organization_id(user)
    others = [each for each in own if each.id != here]
    if others and user.organization_role is OrganizationRole.OWNER:
        return min(others, key=lambda each: (each.id < here, each.id))
    if others:
        return min(others, key=lambda each: (each.id != came_from, each.id))
    name = f"{user.full_name}'s gym"[:LONGEST_NAME]
    return Organization(
        id=came_from,
        name=name,
        owner_user_id=user.id,
        member_count=0,
        created_at=now,
        updated_at=now,
    )


def moved(
    account: Account, organization: Organization, role: OrganizationRole, now: datetime
) -> Moved:
    """The person in the other organization, and both counts right.

    What they leave as its owner waits for them.
    """
    waiting = account.organization.id if is_owner(account) else account.user.home_organization_id
    return Moved(
        user=account.user.model_copy(
            update={
                "organization_id": organization.id,
                "organization_role": role,
                "home_organization_id": waiting,
                "updated_at": now,
            }
        ),
        left=counted(account.organization, -1, now),
        joined=counted(organization, 1, now),
    )


def counted(organization: Organization, change: int, now: datetime) -> Organization:
    """The organization with so many members more, or fewer."""
    count = max(0, organization.member_count + change)
    return organization.model_copy(update={"member_count": count, "updated_at": now})
