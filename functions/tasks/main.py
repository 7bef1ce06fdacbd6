"""Tasks: what Cloud Tasks and Cloud Scheduler call, and nobody else."""

from flask import Request, Response

from shared.http.context import Access, Context
from shared.http.router import Router
from shared.models.billing_events import Ended, Reconciled
from shared.models.tasks import Acknowledged, RequestPasswordReset, SendMail, Swept

api = Router("tasks", tag="Tasks")


@api.route("POST", "/send-mail", access=Access.TASK, limit="task")
def send_mail(context: Context, body: SendMail) -> Acknowledged:
    """Send one mail."""
    context.wiring.background.run(body, context.wiring.mails.deliver, context.attempt)
    return Acknowledged(task=body.id)


@api.route("POST", "/request-password-reset", access=Access.TASK, limit="task")
def request_password_reset(context: Context, body: RequestPasswordReset) -> Acknowledged:
    """Mail a link to a new password, if the address has an account."""
    context.wiring.background.run(body, context.wiring.password_resets.look_up, context.attempt)
    return Acknowledged(task=body.id)


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
