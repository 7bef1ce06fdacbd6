"""Tasks: what Cloud Tasks and Cloud Scheduler call, and nobody else."""

from flask import Request, Response

from shared.http.context import Access, Context
from shared.http.router import Router
from shared.models.billing_events import Ended, Reconciled
from shared.models.tasks import Swept

api = Router("tasks", tag="Tasks")


@api.route("POST", "/jobs/sweep-outbox", access=Access.TASK, limit="task")
def sweep_outbox(context: Context) -> Swept:
    """Queue again what should have been done by now."""
    return Swept(tasks=context.wiring.background.sweep())


@api.route("POST", "/jobs/reconcile-billing", access=Access.TASK, limit="task")
def reconcile_billing(context: Context) -> Reconciled:
    """Compare subscriptions with the payment service's own list and repair what was missed."""
    return context.wiring.billing.reconcile()


@api.route("POST", "/jobs/end-periods", access=Access.TASK, limit="task")
def end_periods(context: Context) -> Ended:
    """Put organizations on Free whose cancelled plan has come to its end."""
    return Ended(organizations=context.wiring.billing.end_periods())


def handler(request: Request) -> Response:
    """Answer one request to this function."""
    return api.answer(request)
