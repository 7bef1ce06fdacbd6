"""Mesocycles: a program laid out over weeks, with sets that rise and easy weeks."""

from shared.errors import (
    Forbidden,
    Invalid,
    MesocycleNotFound,
    ProgramNotFound,
    QuotaReached,
    Refused,
    VersionMismatch,
)
from shared.http.context import Access, Context
from shared.http.router import Router
from shared.models.base import Id
from shared.models.mesocycles import (
    MesocycleChange,
    MesocycleDraft,
    MesocyclePage,
    MesocycleQuery,
    MesocycleView,
)
from shared.models.pages import Paging

api = Router("programs", tag="Programs")


@api.route(
    "POST",
    "/<program_id>/mesocycle",
    access=Access.MEMBER,
    limit="mesocycle_create",
    status=201,
    other_status=200,
    fails=(ProgramNotFound, Forbidden, Refused, QuotaReached),
    body_optional=True,
)
def create_mesocycle(
    context: Context, program_id: Id, query: MesocycleQuery, body: MesocycleDraft
) -> MesocycleView:
    """Lay a program out over weeks that rise from the least effective volume, with deloads.

    Week by week every exercise has its sets and its repetitions in reserve; no week exceeds the
    maximum recoverable volume of any muscle. Deload weeks have half the sets with the same load.
    With `preview=true` nothing is stored and the answer is 200. An identical request within ten
    seconds returns what the first one made.
    """
    if query.preview:
        context.status = 200
        return context.wiring.mesocycles.preview(context.caller, program_id, body)
    return context.wiring.mesocycles.create(context.caller, program_id, body)


@api.route(
    "GET",
    "/<program_id>/mesocycles",
    access=Access.MEMBER,
    limit="default",
    fails=(ProgramNotFound,),
)
def browse_mesocycles(context: Context, program_id: Id, query: Paging) -> MesocyclePage:
    """List a program's mesocycles, newest first."""
    return context.wiring.mesocycles.browse(context.caller, program_id, query)


@api.route(
    "GET",
    "/<program_id>/mesocycles/<mesocycle_id>",
    access=Access.MEMBER,
    limit="default",
    fails=(ProgramNotFound, MesocycleNotFound),
)
def get_mesocycle(context: Context, program_id: Id, mesocycle_id: Id) -> MesocycleView:
    """Read a mesocycle: its weeks, and what every muscle group gets in each."""
    return context.wiring.mesocycles.get(context.caller, program_id, mesocycle_id)


@api.route(
    "PUT",
    "/<program_id>/mesocycles/<mesocycle_id>",
    access=Access.MEMBER,
    limit="mesocycle_update",
    fails=(
        ProgramNotFound,
        MesocycleNotFound,
        Forbidden,
        Invalid,
        QuotaReached,
        VersionMismatch,
    ),
)
def change_mesocycle(
    context: Context, program_id: Id, mesocycle_id: Id, body: MesocycleChange
) -> MesocycleView:
    """Change a mesocycle's name or first day, or sets, effort and load in its weeks."""
    return context.wiring.mesocycles.change(
        context.caller, program_id, mesocycle_id, body, context.if_match
    )


@api.route(
    "DELETE",
    "/<program_id>/mesocycles/<mesocycle_id>",
    access=Access.MEMBER,
    limit="mesocycle_delete",
    status=204,
    fails=(ProgramNotFound, MesocycleNotFound, Forbidden, VersionMismatch),
)
def remove_mesocycle(context: Context, program_id: Id, mesocycle_id: Id) -> None:
    """Delete a mesocycle."""
    context.wiring.mesocycles.remove(context.caller, program_id, mesocycle_id, context.if_match)
