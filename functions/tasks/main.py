"""Tasks: what Cloud Tasks and Cloud Scheduler call, and nobody else."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flask import Request, Response

from shared.errors import Contended
from shared.http.context import Access, Context
from shared.http.router import Router
from shared.models.analytics import Snapshot
from shared.models.base import Model
from shared.models.billing_events import Ended, Reconciled
from shared.models.jobs import Cleaned, Skipped, Tidied
from shared.models.tasks import (
    Acknowledged,
    BuildExport,
    PurgeAccount,
    RemoveAvatar,
    RequestPasswordReset,
    SendMail,
    Started,
    Swept,
    SyncIdentity,
)

if TYPE_CHECKING:  # loaded when first needed
    from shared.services.jobs import JobRun

api = Router("tasks", tag="Tasks")

Work = Callable[[Context], Model]


def job(name: str) -> Callable[[Work], Work]:
    """Register a job of infra/schedule.toml: it runs once for each time it is due.

    It gets the same context, with `context.run` for work that goes on where an earlier run died.
    """

    def register(work: Work) -> Work:
        def route(context: Context) -> Any:
            def begun(run: "JobRun") -> Model:
                context.run_of_job = run
                return work(context)

            done = context.wiring.jobs.run(name, context.due, begun)
            return done or Skipped(skipped=name)

        route.__name__, route.__doc__ = work.__name__, work.__doc__
        api.route("POST", f"/jobs/{name}", access=Access.TASK, limit="task", fails=(Contended,))(
            route
        )
        return work

    return register


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


@api.route("POST", "/jobs/sweep-outbox", access=Access.TASK, limit="task")
def sweep_outbox(context: Context) -> Swept:
    """Queue again what should have been done by now.

    The one job without a record of its runs: it comes every minute, and every row it touches is
    guarded by itself.
    """
    return Swept(tasks=context.wiring.background.sweep())


@job("clean-up")
def clean_up(context: Context) -> Cleaned:
    """Remove what has expired."""
    return Cleaned(documents=context.wiring.cleaning.clean(context.run))


@job("reconcile-billing")
def reconcile_billing(context: Context) -> Reconciled:
    """Compare subscriptions with the payment service's own list and repair what was missed."""
    return context.wiring.billing.reconcile()


@job("end-periods")
def end_periods(context: Context) -> Ended:
    """Put organizations on Free whose cancelled plan has come to its end."""
    return Ended(organizations=context.wiring.billing.end_periods())


@job("purge-accounts")
def purge_accounts(context: Context) -> Started:
    """Begin the removal of accounts whose days of grace are over."""
    return Started(tasks=context.wiring.deletions.begin_due())


@job("expire-exports")
def expire_exports(context: Context) -> Started:
    """Remove the data exports whose week is over."""
    return Started(tasks=context.wiring.exports.remove_expired())


@job("remove-orphans")
def remove_orphans(context: Context) -> Tidied:
    """Remove files that no document refers to and that are older than a day."""
    return Tidied(files=context.wiring.orphans.remove())


@job("snapshot")
def snapshot(context: Context) -> Snapshot:
    """Keep today's figures for the administrators' history; taken again, they are replaced."""
    return context.wiring.admin.analytics.take_snapshot()


@api.route("POST", "/sync-identity", access=Access.TASK, limit="task")
def sync_identity(context: Context, body: SyncIdentity) -> Acknowledged:
    """Tell Firebase a person's role and whether they may sign in."""
    context.wiring.background.run(body, context.wiring.identities.sync, context.attempt)
    return Acknowledged(task=body.id)


def handler(request: Request) -> Response:
    """Answer one request to this function."""
    return api.answer(request)
