"""Design: let the optimiser make a program, or mend one."""

from flask import Request, Response

from shared.errors import (
    Conflict,
    Forbidden,
    PatchMisfit,
    PlanRequired,
    ProgramNotFound,
    QuotaReached,
    Refused,
    VersionMismatch,
)
from shared.http.context import Access, Context
from shared.http.router import Router
from shared.models.base import Id
from shared.models.designs import Balance, BalanceRequest, Design, DesignRequest
from shared.models.programs import ProgramView
from shared.rules.access import require_pro

api = Router("programs", tag="Design", function="design")


@api.route(
    "POST",
    "/design",
    access=Access.MEMBER,
    limit="design",
    fails=(Refused, PlanRequired, QuotaReached),
)
def design(context: Context, body: DesignRequest) -> Design:
    """Have a program made for your days, time, equipment and aims.

    Exercises and sets are chosen so that as few weekly sets as possible are missing, and no limit
    is broken: session time, exercises and sets, sets of one muscle in a session, and what can be
    recovered from in a week. Where a target cannot be reached, the answer names the muscle and what
    stands in the way. Nothing is stored unless `save` is true, which is part of Pro; then the
    answer's ETag is the program's.
    """
    if body.save:
        require_pro(context.caller, context.wiring.settings.upgrade_url)
    designed = context.wiring.designs.design(context.caller, body)
    _show_version(context, designed.saved)
    return designed


@api.route(
    "POST",
    "/<program_id>/balance",
    access=Access.MEMBER,
    limit="balance",
    fails=(
        ProgramNotFound,
        Forbidden,
        Refused,
        Conflict,
        PatchMisfit,
        QuotaReached,
        VersionMismatch,
    ),
    body_optional=True,
)
def balance(context: Context, program_id: Id, body: BalanceRequest) -> Balance:
    """Have a program mended by a few edits, or its sessions filled anew.

    The answer is a JSON Patch of the program. A repair keeps to the most edits allowed; `BUILD`
    chooses all exercises anew. Limits, and what is said about missed targets, are those of
    `/programs/design`. Nothing is changed unless `save` is true; then If-Match is obeyed, and the
    answer's ETag is the program's.
    """
    balanced = context.wiring.designs.balance(context.caller, program_id, body, context.if_match)
    _show_version(context, balanced.saved)
    return balanced


def _show_version(context: Context, saved: ProgramView | None) -> None:
    if saved:
        context.headers["ETag"] = f'"{saved.version}"'


def handler(request: Request) -> Response:
    """Answer one request to this function."""
    return api.answer(request)
