"""Users: your profile, picture, password, organization and data; and how to leave."""

from flask import Request, Response

from shared.errors import (
    AiQueriesUsedUp,
    Conflict,
    Contended,
    Forbidden,
    InvitationNotFound,
    LastAdmin,
    NotFound,
    PasswordWeak,
    PasswordWrong,
    PictureInvalid,
    QuotaReached,
    Refused,
    TokenInvalid,
    UserNotFound,
)
from shared.http.answers import Content
from shared.http.context import Access, Context
from shared.http.parsing import MULTIPART, UPLOAD_BYTES
from shared.http.router import Router
from shared.models.accounts import Message
from shared.models.avatars import MEDIA_TYPE as JPEG
from shared.models.avatars import PictureUpload
from shared.models.base import Id
from shared.models.deletions import DeletionNotice, DeletionToken
from shared.models.exports import MEDIA_TYPE as ZIP
from shared.models.exports import ExportView
from shared.models.members import (
    Acceptance,
    InvitationDraft,
    InvitationList,
    InvitationView,
    MemberPage,
    Members,
    NewOwner,
)
from shared.models.pages import Paging
from shared.models.profiles import (
    Activity,
    OrganizationChange,
    OrganizationDetails,
    OwnPrograms,
    PasswordChange,
    PasswordChanged,
    ProfileChange,
)
from shared.models.quotas import Quota
from shared.models.users import UserView

api = Router("users", tag="Users")

CHECKS = ("password_check",)
"""Limits that only a wrong current password counts towards."""


@api.route("GET", "/me", access=Access.MEMBER, limit="default")
def me(context: Context) -> UserView:
    """Read your own profile."""
    return context.wiring.accounts.show(context.caller)


@api.route("PUT", "/me", access=Access.MEMBER, limit="profile_update")
def change(context: Context, body: ProfileChange) -> UserView:
    """Change your name; an `email` in the body has no effect."""
    return context.wiring.profiles.change(context.caller, body)


@api.route(
    "POST",
    "/me/change-password",
    access=Access.MEMBER,
    limit="password_change",
    fails=(PasswordWrong, PasswordWeak, Contended),
)
@api.route(
    "PUT",
    "/me/password",
    access=Access.MEMBER,
    limit="password_change",
    fails=(PasswordWrong, PasswordWeak),
)
def change_password(context: Context, body: PasswordChange) -> PasswordChanged:
    """Change your password, and sign out everywhere else.

    The access token of this session works on until it expires. Its refresh token ends with the
    old password: use the one in the answer. A wrong current password is a 400, never a 401.
    """
    context.limiter.check(CHECKS, context.identity).require()
    try:
        return context.wiring.passwords.change(context.caller, body)
    except PasswordWrong:
        context.limiter.spend(CHECKS, context.identity)
        raise


UPLOAD = {
    "access": Access.MEMBER,
    "limit": "avatar_upload",
    "fails": (PictureInvalid, Contended),
    "accepts": (MULTIPART,),
    "most_bytes": UPLOAD_BYTES,
}


@api.route("PUT", "/me/avatar", **UPLOAD)
@api.route("POST", "/me/avatar", **UPLOAD)
@api.route("POST", "/me/image", **UPLOAD)
@api.route("PUT", "/me/image", **UPLOAD)
def upload_picture(context: Context, body: PictureUpload) -> UserView:
    """Replace your picture.

    It is turned upright, scaled to at most 800 pixels a side and stored as a JPEG on white,
    without its metadata; of an animation the first frame is kept.
    """
    return context.wiring.avatars.put(context.caller, body)


@api.route("DELETE", "/me/image", access=Access.MEMBER, limit="avatar_delete", status=204)
@api.route("DELETE", "/me/avatar", access=Access.MEMBER, limit="avatar_delete", status=204)
def remove_picture(context: Context) -> None:
    """Take your picture away."""
    context.wiring.avatars.remove(context.caller)


@api.route("GET", "/me/organization", access=Access.MEMBER, limit="default")
def organization(context: Context) -> OrganizationDetails:
    """Read your organization, and what its plan includes."""
    return context.wiring.profiles.organization(context.caller)


@api.route(
    "PUT",
    "/me/organization",
    access=Access.MEMBER,
    limit="organization_update",
    fails=(Forbidden,),
)
def rename_organization(context: Context, body: OrganizationChange) -> OrganizationDetails:
    """Rename your organization; only its owner may."""
    return context.wiring.profiles.rename(context.caller, body)


@api.route(
    "POST",
    "/me/organization/ai-queries",
    access=Access.MEMBER,
    limit="ai_query",
    fails=(AiQueriesUsedUp, Contended),
)
def use_ai_query(context: Context) -> Quota:
    """Count one AI query against this month's quota, before making it.

    Refused when the plan's queries of the month are used up; `resets_at` says until when.
    """
    return context.wiring.quotas.use_ai_query(context.caller)


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
    fails=(Forbidden, UserNotFound, Conflict),
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
    fails=(Forbidden, UserNotFound, Refused, Contended),
)
def hand_over(context: Context, body: NewOwner) -> UserView:
    """Hand your organization over to another member (owner)."""
    return context.wiring.members.hand_over(context.caller, body.user_id)


@api.route("GET", "/me/programs", access=Access.MEMBER, limit="default")
def programs(context: Context, query: Paging) -> OwnPrograms:
    """List the programs you made, newest first."""
    return context.wiring.profiles.programs(context.caller, query)


@api.route("GET", "/me/activity", access=Access.MEMBER, limit="default")
def activity(context: Context) -> Activity:
    """Count what you made."""
    return context.wiring.profiles.activity(context.caller)


@api.route(
    "POST",
    "/me/export",
    access=Access.MEMBER,
    limit="export",
    status=202,
    fails=(Contended,),
)
def request_export(context: Context) -> ExportView:
    """Ask for an archive of everything you own; a mail says when it is ready.

    While one is being made the answer is that one. A finished one is replaced. It is kept for
    seven days.
    """
    return context.wiring.exports.request(context.caller)


@api.route("GET", "/me/export", access=Access.MEMBER, limit="default", fails=(NotFound,))
def export(context: Context) -> ExportView:
    """See how far your export is, and where to fetch it."""
    return context.wiring.exports.show(context.caller)


@api.route(
    "GET",
    "/me/export/download",
    access=Access.MEMBER,
    limit="default",
    fails=(NotFound,),
    media_type=ZIP,
)
def download_export(context: Context) -> Content:
    """Fetch your export: a ZIP archive of JSON files."""
    archive, name = context.wiring.exports.download(context.caller)
    context.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return Content(body=archive, media_type=ZIP)


@api.route("DELETE", "/me", access=Access.MEMBER, limit="account_delete", fails=(LastAdmin,))
def request_deletion(context: Context) -> DeletionNotice:
    """Ask for your account to be deleted in 30 days; asking again changes nothing.

    Until then it works as before, and the deletion can be cancelled.
    """
    return context.wiring.deletions.request(context.caller)


@api.route(
    "POST",
    "/me/cancel-deletion",
    access=Access.MEMBER,
    limit="default",
    fails=(Refused, Contended),
)
def cancel_deletion(context: Context) -> Message:
    """Keep your account after all."""
    context.wiring.deletions.cancel(context.caller)
    return CANCELLED


@api.route(
    "POST",
    "/cancel-deletion",
    access=Access.PUBLIC,
    limit="deletion_token",
    fails=(Refused, TokenInvalid, Contended),
)
def cancel_deletion_by_link(context: Context, body: DeletionToken) -> Message:
    """Keep the account after all, with the token of the link in the mail."""
    context.wiring.deletions.cancel_by_token(body.token)
    return CANCELLED


CANCELLED = Message(message="The deletion is cancelled. Your account and your data stay.")


@api.route(
    "GET",
    "/<user_id>/avatar",
    access=Access.PUBLIC,
    limit="public",
    fails=(NotFound,),
    media_type=JPEG,
    cache_seconds=300,
)
def picture(context: Context, user_id: Id) -> Content:
    """Fetch somebody's picture; what a client appends as a query makes no difference."""
    body, version = context.wiring.avatars.find(user_id)
    return Content(body=body, media_type=JPEG, version=version)


def handler(request: Request) -> Response:
    """Answer one request to this function."""
    return api.answer(request)
