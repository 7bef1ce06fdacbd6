"""Tasks: what Cloud Tasks and Cloud Scheduler call, and nobody else."""

from flask import Request, Response

from shared.http.context import Access, Context
from shared.http.router import Router
from shared.models.tasks import (
    Acknowledged,
    BuildExport,
    PurgeAccount,
    RemoveAvatar,
    SendMail,
    Started,
    Swept,
)

api = Router("tasks", tag="Tasks")


@api.route("POST", "/send-mail", access=Access.TASK, limit="task")
def send_mail(context: Context, body: SendMail) -> Acknowledged:
    """Send one mail."""
    context.wiring.background.run(body, context.wiring.mails.deliver, context.attempt)
    return Acknowledged(task=body.id)


@api.route("POST", "/jobs/sweep-outbox", access=Access.TASK, limit="task")
def sweep_outbox(context: Context) -> Swept:
    """Queue again what should have been done by now."""
    return Swept(tasks=context.wiring.background.sweep())


@api.route("POST", "/jobs/purge-accounts", access=Access.TASK, limit="task")
def purge_accounts(context: Context) -> Started:
    """Begin the removal of accounts whose days of grace are over."""
    return Started(tasks=context.wiring.deletions.begin_due())


@api.route("POST", "/jobs/expire-exports", access=Access.TASK, limit="task")
def expire_exports(context: Context) -> Started:
    """Remove the data exports whose week is over."""
    return Started(tasks=context.wiring.exports.remove_expired())


@api.route("POST", "/purge-account", access=Access.TASK, limit="task")
def purge_account(context: Context, body: PurgeAccount) -> Acknowledged:
    """Remove an account and everything only its owner had."""
    context.wiring.background.run(body, context.wiring.purges.purge, context.attempt)
    return Acknowledged(task=body.id)


@api.route("POST", "/build-export", access=Access.TASK, limit="task")
def build_export(context: Context, body: BuildExport) -> Acknowledged:
    """Pack everything a person owns."""
    context.wiring.background.run(body, context.wiring.exports.build, context.attempt)
    return Acknowledged(task=body.id)


@api.route("POST", "/remove-avatar", access=Access.TASK, limit="task")
def remove_avatar(context: Context, body: RemoveAvatar) -> Acknowledged:
    """Delete a picture that is no longer shown."""
    context.wiring.background.run(body, context.wiring.avatars.discard, context.attempt)
    return Acknowledged(task=body.id)


def handler(request: Request) -> Response:
    """Answer one request to this function."""
    return api.answer(request)
