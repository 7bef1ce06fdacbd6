"""Exercises: browse the catalogue, keep your own."""

from flask import Request, Response

from shared.errors import (
    ExerciseNotFound,
    Forbidden,
    InUse,
    NameTaken,
    QuotaReached,
    Refused,
    VersionMismatch,
)
from shared.http.context import Access, Context
from shared.http.router import Router
from shared.models.base import Id
from shared.models.equipment import Equipment, EquipmentInfo
from shared.models.exercises import (
    ExerciseChange,
    ExerciseDraft,
    ExerciseFilter,
    ExercisePage,
    ExerciseStatistics,
    ExerciseSummary,
    ExerciseView,
    SearchQuery,
    SearchRequest,
    VolumeAnswer,
    VolumeRequest,
)
from shared.models.muscles import MuscleGroup, MuscleGroupInfo

api = Router("exercises", tag="Exercises")

DAY = 86_400


@api.route("GET", "", access=Access.MEMBER, limit="default")
def browse(context: Context, query: ExerciseFilter) -> ExercisePage:
    """List the shared catalogue and your organization's exercises.

    The shared catalogue comes first, then by name; a search puts the best match first.
    """
    return context.wiring.exercises.browse(context.caller, query)


@api.route("GET", "/search", access=Access.MEMBER, limit="default")
def search(context: Context, query: SearchQuery) -> list[ExerciseSummary]:
    """Find exercises by the beginnings of words, best match first."""
    return context.wiring.exercises.search(context.caller, query.q, query.limit)


@api.route("POST", "/search", access=Access.MEMBER, limit="default")
def find(context: Context, body: SearchRequest) -> list[ExerciseSummary]:
    """Find exercises by the beginnings of words, best match first."""
    return context.wiring.exercises.search(context.caller, body.query, body.limit)


@api.route("GET", "/muscles/groups", access=Access.PUBLIC, limit="public", cache_seconds=DAY)
def muscles(context: Context) -> list[MuscleGroupInfo]:  # noqa: ARG001 - needs nothing
    """List the 18 muscle groups."""
    return [MuscleGroupInfo.of(muscle) for muscle in MuscleGroup]


@api.route("GET", "/muscle-groups", access=Access.PUBLIC, limit="public", cache_seconds=DAY)
def muscle_groups(context: Context) -> list[MuscleGroupInfo]:
    """List the 18 muscle groups; the same as `/muscles/groups`."""
    return muscles(context)


@api.route("GET", "/equipment/types", access=Access.PUBLIC, limit="public", cache_seconds=DAY)
def equipment(context: Context) -> list[EquipmentInfo]:  # noqa: ARG001 - needs nothing
    """List the nine kinds of equipment."""
    return [EquipmentInfo.of(kind) for kind in Equipment]


@api.route("GET", "/equipment-types", access=Access.PUBLIC, limit="public", cache_seconds=DAY)
def equipment_types(context: Context) -> list[EquipmentInfo]:
    """List the nine kinds of equipment; the same as `/equipment/types`."""
    return equipment(context)


@api.route("GET", "/stats/overview", access=Access.MEMBER, limit="default")
def statistics(context: Context) -> ExerciseStatistics:
    """Count the exercises you can use, by equipment and by muscle."""
    return context.wiring.exercises.statistics(context.caller)


@api.route("POST", "/calculate-volume", access=Access.MEMBER, limit="default", fails=(Refused,))
def calculate_volume(context: Context, body: VolumeRequest) -> VolumeAnswer:
    """Add up the sets each muscle gets from a list of exercises."""
    return context.wiring.exercises.volume(context.caller, body)


@api.route(
    "POST",
    "",
    access=Access.PRO,
    limit="exercise_create",
    status=201,
    fails=(NameTaken, QuotaReached),
)
def create(context: Context, body: ExerciseDraft) -> ExerciseView:
    """Add an exercise only your organization sees (Pro).

    An administrator's goes into the shared catalogue. An identical request within ten seconds
    returns the exercise the first one made.
    """
    return context.wiring.exercises.create(context.caller, body)


@api.route(
    "GET", "/<exercise_id>", access=Access.MEMBER, limit="default", fails=(ExerciseNotFound,)
)
def get(context: Context, exercise_id: Id) -> ExerciseView:
    """Read one exercise."""
    return context.wiring.exercises.get(context.caller, exercise_id)


@api.route(
    "PUT",
    "/<exercise_id>",
    access=Access.MEMBER,
    limit="exercise_update",
    fails=(ExerciseNotFound, Forbidden, NameTaken, QuotaReached, VersionMismatch),
)
def change(context: Context, exercise_id: Id, body: ExerciseChange) -> ExerciseView:
    """Change an exercise you made."""
    return context.wiring.exercises.change(context.caller, exercise_id, body, context.if_match)


@api.route(
    "DELETE",
    "/<exercise_id>",
    access=Access.MEMBER,
    limit="exercise_delete",
    status=204,
    fails=(ExerciseNotFound, Forbidden, InUse, VersionMismatch),
)
def remove(context: Context, exercise_id: Id) -> None:
    """Delete an exercise you made, unless a program uses it."""
    context.wiring.exercises.remove(context.caller, exercise_id, context.if_match)


def handler(request: Request) -> Response:
    """Answer one request to this function."""
    return api.answer(request)
