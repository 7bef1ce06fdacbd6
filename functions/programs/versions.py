"""A program's history: look back, compare, go back, and take over what a template has changed."""

from shared.errors import (
    Contended,
    Forbidden,
    Invalid,
    ProgramNotFound,
    QuotaReached,
    Refused,
    Undecided,
    VersionMismatch,
    VersionNotFound,
)
from shared.http.context import Access, Context
from shared.http.router import Router
from shared.models.base import Id
from shared.models.diffs import DiffQuery, ProgramDiff, VersionNumber
from shared.models.merges import TemplateUpdate, TemplateUpdateDraft
from shared.models.pages import Paging
from shared.models.programs import ProgramView
from shared.models.versions import VersionPage, VersionView
from shared.models.volume import StatsQuery

api = Router("programs", tag="Programs")


@api.route(
    "GET", "/<program_id>/versions", access=Access.MEMBER, limit="default", fails=(ProgramNotFound,)
)
def browse_versions(context: Context, program_id: Id, query: Paging) -> VersionPage:
    """List the versions of a program, newest first.

    Every change of content makes one; the newest 50 are kept.
    """
    return context.wiring.versions.browse(context.caller, program_id, query)


@api.route(
    "GET",
    "/<program_id>/versions/<version_number>",
    access=Access.MEMBER,
    limit="default",
    fails=(ProgramNotFound, VersionNotFound),
)
def get_version(
    context: Context, program_id: Id, version_number: VersionNumber, query: StatsQuery
) -> VersionView:
    """Read a program as it was in one version."""
    return context.wiring.versions.get(context.caller, program_id, version_number, query.profile)


@api.route(
    "GET",
    "/<program_id>/diff",
    access=Access.MEMBER,
    limit="default",
    fails=(ProgramNotFound, VersionNotFound),
)
def compare_versions(context: Context, program_id: Id, query: DiffQuery) -> ProgramDiff:
    """Compare two versions: weekly sets per muscle, exercises, sets, sessions, structure."""
    return context.wiring.versions.compare(context.caller, program_id, query)


@api.route(
    "POST",
    "/<program_id>/versions/<version_number>/restore",
    access=Access.MEMBER,
    limit="version_restore",
    fails=(
        ProgramNotFound,
        VersionNotFound,
        Forbidden,
        Refused,
        QuotaReached,
        Contended,
        VersionMismatch,
    ),
)
def restore_version(context: Context, program_id: Id, version_number: VersionNumber) -> ProgramView:
    """Go back to a version: its content becomes a new version.

    Refused, naming them, when it needs exercises that no longer exist.
    """
    return context.wiring.versions.restore(
        context.caller, program_id, version_number, context.if_match
    )


@api.route(
    "GET",
    "/<program_id>/template-update",
    access=Access.MEMBER,
    limit="default",
    fails=(ProgramNotFound, Refused),
)
def offer_template_update(context: Context, program_id: Id, query: StatsQuery) -> TemplateUpdate:
    """See whether the template of a copy has changed, and what taking that over would do.

    Nothing is stored. Refused when both together would be too large for a program.
    """
    return context.wiring.template_updates.offer(context.caller, program_id, query.profile)


@api.route(
    "POST",
    "/<program_id>/template-update",
    access=Access.MEMBER,
    limit="template_update",
    fails=(
        ProgramNotFound,
        Forbidden,
        Invalid,
        Refused,
        QuotaReached,
        Contended,
        Undecided,
        VersionMismatch,
    ),
    body_optional=True,
)
def take_template_update(
    context: Context, program_id: Id, body: TemplateUpdateDraft
) -> ProgramView:
    """Take over what the template has changed, keeping what only you changed.

    What both changed must be decided, one by one or by `otherwise`; otherwise 409.
    """
    return context.wiring.template_updates.take(context.caller, program_id, body, context.if_match)
