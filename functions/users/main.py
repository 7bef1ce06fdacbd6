"""Users: your organization's members, invitations and owner."""

from flask import Request, Response

from shared.errors import (
    Conflict,
    Contended,
    Forbidden,
    InvitationNotFound,
    MemberNotFound,
    QuotaReached,
    Refused,
    TokenInvalid,
)
from shared.http.context import Access, Context
from shared.http.router import Router
from shared.models.base import Id
from shared.models.members import (
    Acceptance,
    InvitationDraft,
    InvitationList,
    InvitationView,
    MemberPage,
    Members,
    NewOwner,
)
from shared.models.users import UserView

api = Router("users", tag="Users")


@api.route("GET", "/me/organization/members", access=Access.MEMBER, limit="default")
def members(context: Context, query: Members) -> MemberPage:
    """List everybody in your organization, the owner first."""
    return context.wiring.members.browse(context.caller, query)


@api.route(
    "DELETE",
    "/me/organization/members/<user_id>",
    access=Access.MEMBER,
    limit="member_remove",
    status=204,
    fails=(Forbidden, MemberNotFound, Conflict),
)
def remove_member(context: Context, user_id: Id) -> None:
    """Remove a member (owner).

    They keep their account and go back to an organization of their own; what they made here stays.
    """
    context.wiring.members.remove(context.caller, user_id)


@api.route(
    "GET",
    "/me/organization/invitations",
    access=Access.MEMBER,
    limit="default",
    fails=(Forbidden,),
)
def invitations(context: Context) -> InvitationList:
    """List invitations that can still be accepted (owner)."""
    return context.wiring.members.invitations(context.caller)


@api.route(
    "POST",
    "/me/organization/invitations",
    access=Access.MEMBER,
    limit="invite",
    status=201,
    fails=(Forbidden, Conflict, QuotaReached),
)
def invite(context: Context, body: InvitationDraft) -> InvitationView:
    """Invite somebody by mail to become a member (owner).

    The link works once, for seven days, and for the invited address alone. Inviting the same
    address again mails a new link and lets the seven days begin anew.
    """
    return context.wiring.members.invite(context.caller, body.email)


@api.route(
    "DELETE",
    "/me/organization/invitations/<invitation_id>",
    access=Access.MEMBER,
    limit="invitation_withdraw",
    status=204,
    fails=(Forbidden, InvitationNotFound),
)
def withdraw(context: Context, invitation_id: Id) -> None:
    """Withdraw an invitation (owner); its link stops working."""
    context.wiring.members.withdraw(context.caller, invitation_id)


@api.route(
    "POST",
    "/me/organization/invitations/accept",
    access=Access.MEMBER,
    limit="invitation_accept",
    fails=(TokenInvalid, Forbidden, Conflict, QuotaReached, Contended),
)
def accept(context: Context, body: Acceptance) -> UserView:
    """Become a member of the organization that invited you.

    Your own organization waits, with everything in it, until you leave the other one.
    """
    return context.wiring.members.accept(context.caller, body.token)


@api.route(
    "POST",
    "/me/organization/leave",
    access=Access.MEMBER,
    limit="organization_leave",
    fails=(Refused, Conflict, Contended),
)
def leave(context: Context) -> UserView:
    """Leave the organization you were invited to and go back to your own."""
    return context.wiring.members.leave(context.caller)


@api.route(
    "POST",
    "/me/organization/owner",
    access=Access.MEMBER,
    limit="organization_owner",
    fails=(Forbidden, MemberNotFound, Refused, Contended),
)
def hand_over(context: Context, body: NewOwner) -> UserView:
    """Hand your organization over to another member (owner)."""
    return context.wiring.members.hand_over(context.caller, body.user_id)


def handler(request: Request) -> Response:
    """Answer one request to this function."""
    return api.answer(request)
