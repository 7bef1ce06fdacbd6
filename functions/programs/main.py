"""Programs: clone a template or write your own, plan sessions, read the weekly volume."""

from flask import Request, Response

from functions.programs import mesocycles, versions
from shared.errors import (
    Conflict,
    Forbidden,
    PatchMisfit,
    ProgramNotFound,
    QuotaReached,
    Refused,
    SessionNotFound,
    VersionMismatch,
)
from shared.http.context import Access, Context
from shared.http.router import Router
from shared.models.analysis import Analysis, AnalysisRequest, RecommendationQuery
from shared.models.base import Id
from shared.models.lint import LintQuery, LintReport
from shared.models.programs import (
    CloneDraft,
    ProgramChange,
    ProgramDraft,
    ProgramFilter,
    ProgramPage,
    ProgramView,
)
from shared.models.recommendations import RecommendationChoice, RecommendationList
from shared.models.schedule import Schedule, ScheduleRequest
from shared.models.sessions import SessionChange, SessionDraft, SessionView
from shared.models.volume import ProgramStats, PublishedProfile, StatsQuery, WeeklyVolume
from shared.models.volume_settings import (
    OrganizationVolume,
    OrganizationVolumeDraft,
    PersonalVolume,
    PersonalVolumeDraft,
    VolumeProfile,
    VolumeSource,
)
from shared.rules.profiles import landmarks
from shared.rules.statistics import weekly_volume
from shared.rules.yardsticks import shown_profile

api = Router("programs", tag="Programs")

DAY = 86_400


@api.route("GET", "", access=Access.MEMBER, limit="default")
def browse(context: Context, query: ProgramFilter) -> ProgramPage:
    """List the templates and your organization's programs, newest first."""
    return context.wiring.programs.browse(context.caller, query)


@api.route("GET", "/templates", access=Access.MEMBER, limit="default")
def templates(context: Context, query: ProgramFilter) -> ProgramPage:
    """List the templates; the same as the list with `is_template=true`."""
    only = query.model_copy(update={"is_template": True})
    return context.wiring.programs.browse(context.caller, only)


@api.route(
    "POST",
    "",
    access=Access.PRO,
    limit="program_create",
    status=201,
    fails=(Refused, QuotaReached),
)
def create(context: Context, body: ProgramDraft) -> ProgramView:
    """Write a program of your own (Pro).

    An identical request within ten seconds returns the program the first one made.
    """
    return context.wiring.programs.create(context.caller, body)


@api.route(
    "POST",
    "/analyze",
    access=Access.MEMBER,
    limit="analyze",
    fails=(ProgramNotFound, Refused, Conflict, PatchMisfit),
)
def analyze(context: Context, body: AnalysisRequest) -> Analysis:
    """Look at a program without saving anything.

    Takes a program written out, or a saved one's id and edits of it as a JSON Patch, and whose it
    is to be; answers its weekly volume with verdicts, and the single edits that would bring it
    nearest to what is wanted.
    """
    return context.wiring.analysis.analyze(context.caller, body)


@api.route("GET", "/volume/sources", access=Access.MEMBER, limit="default", cache_seconds=DAY)
def sources(context: Context) -> list[VolumeSource]:  # noqa: ARG001 - needs nothing
    """List where the numbers that judge training come from, with their dates."""
    return list(landmarks().sources)


@api.route("GET", "/volume/profiles", access=Access.MEMBER, limit="default", cache_seconds=DAY)
def profiles(context: Context) -> list[VolumeProfile]:  # noqa: ARG001 - needs nothing
    """Read the published profiles: what each muscle's weekly sets are compared with."""
    return [shown_profile(name) for name in PublishedProfile]


@api.route("GET", "/volume/profiles/organization", access=Access.MEMBER, limit="default")
def organization_profile(context: Context) -> OrganizationVolume:
    """Read how your organization judges volume (`?profile=organization`)."""
    return context.wiring.volume_settings.organization(context.caller)


@api.route(
    "PUT",
    "/volume/profiles/organization",
    access=Access.MEMBER,
    limit="organization_volume",
    fails=(Forbidden,),
)
def set_organization_profile(context: Context, body: OrganizationVolumeDraft) -> OrganizationVolume:
    """Set how your organization judges volume, and which rules do not hold; for its owner.

    It takes effect within 30 seconds.
    """
    return context.wiring.volume_settings.set_organization(context.caller, body)


@api.route("GET", "/volume/profiles/me", access=Access.MEMBER, limit="default")
def own_profile(context: Context) -> PersonalVolume:
    """Read your experience and priorities (`?profile=mine`)."""
    return context.wiring.volume_settings.person(context.caller)


@api.route("PUT", "/volume/profiles/me", access=Access.MEMBER, limit="personal_volume")
def set_own_profile(context: Context, body: PersonalVolumeDraft) -> PersonalVolume:
    """Set your experience and priorities; they take effect within 30 seconds."""
    return context.wiring.volume_settings.set_person(context.caller, body)


@api.route("GET", "/<program_id>", access=Access.MEMBER, limit="default", fails=(ProgramNotFound,))
def get(context: Context, program_id: Id, query: StatsQuery) -> ProgramView:
    """Read a program with its sessions and its weekly volume."""
    return context.wiring.programs.get(context.caller, program_id, query.profile)


@api.route(
    "PUT",
    "/<program_id>",
    access=Access.MEMBER,
    limit="program_update",
    fails=(ProgramNotFound, Forbidden, QuotaReached, VersionMismatch),
)
def change(context: Context, program_id: Id, body: ProgramChange) -> ProgramView:
    """Change a program's name, description, split, structure or length."""
    return context.wiring.programs.change(context.caller, program_id, body, context.if_match)


@api.route(
    "DELETE",
    "/<program_id>",
    access=Access.MEMBER,
    limit="program_delete",
    status=204,
    fails=(ProgramNotFound, Forbidden, VersionMismatch),
)
def remove(context: Context, program_id: Id) -> None:
    """Delete a program and its sessions."""
    context.wiring.programs.remove(context.caller, program_id, context.if_match)


@api.route(
    "POST",
    "/<program_id>/clone",
    access=Access.MEMBER,
    limit="clone",
    status=201,
    fails=(ProgramNotFound, Refused, QuotaReached),
    body_optional=True,
)
def clone(context: Context, program_id: Id, body: CloneDraft) -> ProgramView:
    """Copy a template into your organization; open to every plan.

    An identical request within ten seconds returns the copy the first one made.
    """
    return context.wiring.programs.clone(context.caller, program_id, body)


@api.route(
    "GET", "/<program_id>/stats", access=Access.MEMBER, limit="default", fails=(ProgramNotFound,)
)
def stats(context: Context, program_id: Id, query: StatsQuery) -> ProgramStats:
    """Read the weekly volume of all 18 muscle groups, and what it amounts to."""
    return context.wiring.programs.stats(context.caller, program_id, query.profile)


@api.route(
    "GET", "/<program_id>/volume", access=Access.MEMBER, limit="default", fails=(ProgramNotFound,)
)
def volume(context: Context, program_id: Id, query: StatsQuery) -> WeeklyVolume:
    """Read the statistics with the weekly sets as a map as well."""
    return weekly_volume(stats(context, program_id, query))


@api.route(
    "GET",
    "/<program_id>/weekly-volume",
    access=Access.MEMBER,
    limit="default",
    fails=(ProgramNotFound,),
)
def weekly(context: Context, program_id: Id, query: StatsQuery) -> WeeklyVolume:
    """Read the statistics with the weekly sets as a map; the same as `/volume`."""
    return volume(context, program_id, query)


@api.route(
    "GET", "/<program_id>/lint", access=Access.MEMBER, limit="default", fails=(ProgramNotFound,)
)
def lint(context: Context, program_id: Id, query: LintQuery) -> LintReport:
    """Find what could be better in a program, why, and where there is one, a safe fix."""
    return context.wiring.programs.lint(context.caller, program_id, query)


@api.route(
    "POST",
    "/<program_id>/generate-schedule",
    access=Access.MEMBER,
    limit="default",
    fails=(ProgramNotFound,),
)
def schedule(context: Context, program_id: Id, body: ScheduleRequest) -> Schedule:
    """Lay the program out on the calendar."""
    return context.wiring.programs.schedule(context.caller, program_id, body)


@api.route(
    "GET",
    "/<program_id>/recommendations",
    access=Access.MEMBER,
    limit="analyze",
    fails=(ProgramNotFound,),
)
def recommendations(
    context: Context, program_id: Id, query: RecommendationQuery
) -> RecommendationList:
    """Read which single edits would bring the program nearest to what is wanted.

    Each is measured alone and comes with a JSON Patch; `/recommendations/apply` follows them.
    """
    return context.wiring.analysis.recommendations(context.caller, program_id, query)


@api.route(
    "POST",
    "/<program_id>/recommendations/apply",
    access=Access.MEMBER,
    limit="recommendation_apply",
    fails=(
        ProgramNotFound,
        Forbidden,
        Refused,
        Conflict,
        PatchMisfit,
        QuotaReached,
        VersionMismatch,
    ),
)
def follow(context: Context, program_id: Id, body: RecommendationChoice) -> ProgramView:
    """Change a program as recommended, all of it or nothing.

    Takes ids of recommendations and JSON Patches, each made for the program as it is now. Those
    that no longer fit, or that clash with each other, are refused. An identical request within ten
    seconds changes nothing more.
    """
    return context.wiring.programs.follow(context.caller, program_id, body, context.if_match)


@api.route(
    "POST",
    "/<program_id>/sessions",
    access=Access.MEMBER,
    limit="session_add",
    status=201,
    fails=(ProgramNotFound, Forbidden, Refused, Conflict, VersionMismatch),
)
def add_session(context: Context, program_id: Id, body: SessionDraft) -> SessionView:
    """Add a session.

    A day or order of one more than the number of sessions means "append": when it is taken, the
    next free number is used. Any other number that is taken is refused.
    """
    return context.wiring.programs.add_session(context.caller, program_id, body, context.if_match)


@api.route(
    "PUT",
    "/<program_id>/sessions/<session_id>",
    access=Access.MEMBER,
    limit="session_update",
    fails=(ProgramNotFound, SessionNotFound, Forbidden, Refused, Conflict, VersionMismatch),
)
def change_session(
    context: Context, program_id: Id, session_id: Id, body: SessionChange
) -> SessionView:
    """Change a session: its name, its day, its turn, or its exercises."""
    return context.wiring.programs.change_session(
        context.caller, program_id, session_id, body, context.if_match
    )


@api.route(
    "DELETE",
    "/<program_id>/sessions/<session_id>",
    access=Access.MEMBER,
    limit="session_delete",
    status=204,
    fails=(ProgramNotFound, SessionNotFound, Forbidden, Refused, VersionMismatch),
)
def remove_session(context: Context, program_id: Id, session_id: Id) -> None:
    """Delete a session; a program keeps at least one."""
    context.wiring.programs.remove_session(context.caller, program_id, session_id, context.if_match)


api.include(versions.api)
api.include(mesocycles.api)


def handler(request: Request) -> Response:
    """Answer one request to this function."""
    return api.answer(request)
