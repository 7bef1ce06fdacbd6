"""Admin: people, organizations, the shared catalogue, analytics, the audit log, and operations."""

from functions.admin.table import api
from shared.errors import NotFound
from shared.http.answers import Content
from shared.http.context import Access, Context
from shared.models.accounts import Message
from shared.models.analytics import Dashboard, SubscriptionAnalytics, UsageAnalytics, UserGrowth
from shared.models.audit import AuditFilter, AuditPage
from shared.models.base import Id
from shared.models.failures import FailedTaskPage
from shared.models.pages import FarPaging
from shared.models.people import ExportRequest

CSV = "text/csv"


@api.route("GET", "/stats", access=Access.ADMIN, limit="admin")
@api.route("GET", "/dashboard", access=Access.ADMIN, limit="admin")
def dashboard(context: Context) -> Dashboard:
    """Read the whole at a glance, at most a minute old."""
    return context.wiring.admin.analytics.dashboard()


@api.route("GET", "/stats/subscriptions", access=Access.ADMIN, limit="admin")
@api.route("GET", "/analytics/subscriptions", access=Access.ADMIN, limit="admin")
def subscriptions(context: Context) -> SubscriptionAnalytics:
    """Read revenue, subscribers and churn, with twelve months of history.

    Amounts are US dollars. A month without a daily snapshot is absent, and what cannot be told is
    null.
    """
    return context.wiring.admin.analytics.subscriptions()


@api.route("GET", "/analytics/usage", access=Access.ADMIN, limit="admin")
def usage(context: Context) -> UsageAnalytics:
    """Read who is active, what is made, and which exercises and templates are used most."""
    return context.wiring.admin.analytics.usage()


@api.route("GET", "/stats/users/growth", access=Access.ADMIN, limit="admin")
def user_growth(context: Context) -> UserGrowth:
    """Read how many people and organizations there were, month by month."""
    return context.wiring.admin.analytics.growth()


@api.route("GET", "/audit-logs", access=Access.ADMIN, limit="admin")
def audit_logs(context: Context, query: AuditFilter) -> AuditPage:
    """List what administrators and operators changed, newest first.

    Names and addresses inside changes are redacted.
    """
    return context.wiring.admin.audit.browse(query)


@api.route(
    "POST",
    "/export",
    access=Access.ADMIN,
    limit="admin_export",
    body_optional=True,
    media_type=CSV,
)
def export(context: Context, body: ExportRequest) -> Content:
    """Download all people or all organizations as CSV.

    Lines are sent while they are read, so the answer has no length; a cell that a spreadsheet
    would run as a formula begins with an apostrophe. The audit log tells who took it.
    """
    rows = context.wiring.admin.exports.rows(context.caller, body.kind)
    return Content(body=rows, media_type=CSV, file_name=f"{body.kind.value}.csv")


@api.route("GET", "/failed-tasks", access=Access.ADMIN, limit="admin")
def failed_tasks(context: Context, query: FarPaging) -> FailedTaskPage:
    """List background tasks that were given up, newest first."""
    return context.wiring.background.failure_page(query)


@api.route(
    "POST", "/failed-tasks/<task_id>/run", access=Access.ADMIN, limit="admin", fails=(NotFound,)
)
def run_failed_task(context: Context, task_id: Id) -> Message:
    """Queue a background task that was given up again."""
    context.wiring.background.run_again(task_id, context.caller)
    return Message(message="The task is queued again.")
