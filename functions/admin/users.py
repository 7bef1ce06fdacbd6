"""Admin: people."""

from functions.admin.table import api
from shared.errors import Forbidden, LastAdmin, Refused, UserNotFound
from shared.http.context import Access, Context
from shared.models.base import Id
from shared.models.people import (
    AdminUserDetail,
    AdminUserPage,
    BulkDeletion,
    BulkResult,
    BulkUpdate,
    PasswordResetAsked,
    ReasonGiven,
    ReasonQuery,
    RoleChange,
    RoleChanged,
    Suspension,
    UserActed,
    UserAction,
    UserChange,
    UserFilter,
)

SUSPENDING = (UserNotFound, Forbidden, LastAdmin, Refused)


@api.route("GET", "/users", access=Access.ADMIN, limit="admin")
def users(context: Context, query: UserFilter) -> AdminUserPage:
    """List people, newest first.

    Any mix of filters; up to 1,000 can be skipped, and totals are exact up to 10,000.
    """
    return context.wiring.admin.users.browse(query)


@api.route("POST", "/users/bulk-update", access=Access.ADMIN, limit="admin_bulk")
def bulk_update(context: Context, body: BulkUpdate) -> BulkResult:
    """Suspend several people, or lift their suspensions.

    Each one succeeds or fails alone, as the answer tells.
    """
    return context.wiring.admin.bulk.update(context.caller, body)


@api.route(
    "POST",
    "/users/bulk-delete-inactive",
    access=Access.ADMIN,
    limit="admin_bulk",
    body_optional=True,
)
def bulk_delete_inactive(context: Context, body: BulkDeletion) -> BulkResult:
    """Delete the accounts of people who were not here for long.

    A dry run unless `dry_run` is false. Administrators are never among them.
    """
    return context.wiring.admin.bulk.delete_inactive(context.caller, body)


@api.route("GET", "/users/<user_id>", access=Access.ADMIN, limit="admin", fails=(UserNotFound,))
def user(context: Context, user_id: Id) -> AdminUserDetail:
    """Read one person with their organization and what was last done to them."""
    return context.wiring.admin.users.get(user_id)


@api.route(
    "PUT",
    "/users/<user_id>",
    access=Access.ADMIN,
    limit="admin_user_update",
    fails=(UserNotFound,),
)
def change_user(context: Context, user_id: Id, body: UserChange) -> AdminUserDetail:
    """Correct a person's name, or whether their address counts as confirmed."""
    return context.wiring.admin.users.change(context.caller, user_id, body)


@api.route(
    "PUT",
    "/users/<user_id>/role",
    access=Access.ADMIN,
    limit="admin_role",
    fails=(UserNotFound, Forbidden, LastAdmin),
)
def change_role(context: Context, user_id: Id, body: RoleChange) -> RoleChanged:
    """Make somebody an administrator, or no longer.

    It counts at once for every change they try, and within half a minute for what they read.
    """
    return context.wiring.admin.users.set_role(context.caller, user_id, body)


@api.route(
    "POST",
    "/users/<user_id>/deactivate",
    access=Access.ADMIN,
    limit="admin_suspend",
    fails=SUSPENDING,
    body_optional=True,
)
@api.route(
    "POST",
    "/users/<user_id>/suspend",
    access=Access.ADMIN,
    limit="admin_suspend",
    fails=SUSPENDING,
    body_optional=True,
)
def suspend(context: Context, user_id: Id, query: ReasonQuery, body: Suspension) -> UserActed:
    """Suspend somebody and sign them out everywhere, or lift the suspension."""
    action = UserAction.SUSPEND if body.suspended else UserAction.UNSUSPEND
    reason = body.reason or query.reason
    return context.wiring.admin.users.act(context.caller, user_id, action, reason)


@api.route(
    "POST",
    "/users/<user_id>/activate",
    access=Access.ADMIN,
    limit="admin_suspend",
    fails=SUSPENDING,
    body_optional=True,
)
@api.route(
    "POST",
    "/users/<user_id>/unsuspend",
    access=Access.ADMIN,
    limit="admin_suspend",
    fails=SUSPENDING,
    body_optional=True,
)
def unsuspend(context: Context, user_id: Id, query: ReasonQuery, body: ReasonGiven) -> UserActed:
    """Lift somebody's suspension."""
    reason = body.reason or query.reason
    return context.wiring.admin.users.act(context.caller, user_id, UserAction.UNSUSPEND, reason)


@api.route(
    "POST",
    "/users/<user_id>/reset-password",
    access=Access.ADMIN,
    limit="admin",
    fails=(UserNotFound,),
)
def reset_password(context: Context, user_id: Id) -> PasswordResetAsked:
    """Send somebody the mail with which they choose a new password."""
    return context.wiring.admin.users.reset_password(context.caller, user_id)


@api.route(
    "DELETE",
    "/users/<user_id>",
    access=Access.ADMIN,
    limit="admin_delete_user",
    status=204,
    fails=(UserNotFound, Forbidden, LastAdmin),
)
def delete_user(context: Context, user_id: Id, query: ReasonQuery) -> None:
    """Shut somebody out now, and remove what only they had within minutes.

    Unlike what people ask for themselves, this cannot be taken back.
    """
    context.wiring.admin.users.delete(context.caller, user_id, query.reason)
