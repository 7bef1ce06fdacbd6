"""Admin: organizations."""

from functions.admin.table import api
from shared.errors import OrganizationNotFound, Refused
from shared.http.context import Access, Context
from shared.models.base import Id
from shared.models.organizations import (
    AdminOrganizationDetail,
    AdminOrganizationPage,
    OrganizationFilter,
    PlanChange,
)
from shared.models.people import AdminUserPage, UserFilter


@api.route("GET", "/organizations", access=Access.ADMIN, limit="admin")
def organizations(context: Context, query: OrganizationFilter) -> AdminOrganizationPage:
    """List organizations, newest first."""
    return context.wiring.admin.organizations.browse(query)


@api.route(
    "GET",
    "/organizations/<organization_id>/stats",
    access=Access.ADMIN,
    limit="admin",
    fails=(OrganizationNotFound,),
)
@api.route(
    "GET",
    "/organizations/<organization_id>",
    access=Access.ADMIN,
    limit="admin",
    fails=(OrganizationNotFound,),
)
def organization(context: Context, organization_id: Id) -> AdminOrganizationDetail:
    """Read one organization with how much it has."""
    return context.wiring.admin.organizations.get(organization_id)


@api.route(
    "PUT",
    "/organizations/<organization_id>",
    access=Access.ADMIN,
    limit="admin_organization",
    fails=(OrganizationNotFound, Refused),
)
def set_plan(context: Context, organization_id: Id, body: PlanChange) -> AdminOrganizationDetail:
    """Give an organization another plan, or another state of its plan.

    It counts at once for every change its members try, and within half a minute for what they
    read. A tier without a status begins as active.
    """
    return context.wiring.admin.organizations.set_plan(context.caller, organization_id, body)


@api.route(
    "GET",
    "/organizations/<organization_id>/users",
    access=Access.ADMIN,
    limit="admin",
    fails=(OrganizationNotFound,),
)
def organization_users(context: Context, organization_id: Id, query: UserFilter) -> AdminUserPage:
    """List an organization's members, newest first."""
    context.wiring.admin.organizations.get(organization_id)
    only = query.model_copy(update={"organization_id": organization_id})
    return context.wiring.admin.users.browse(only)
