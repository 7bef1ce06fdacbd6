"""Admin: the exercises of all owners, the shared catalogue, and the templates."""

from functions.admin.table import api
from shared.errors import (
    ExerciseNotFound,
    Forbidden,
    InUse,
    NameTaken,
    ProgramNotFound,
    QuotaReached,
    Refused,
    VersionMismatch,
)
from shared.http.context import Access, Context
from shared.models.base import Id
from shared.models.exercises import ExerciseChange, ExerciseDraft, ExerciseView
from shared.models.library import LibraryFilter, LibraryPage, Removal
from shared.models.programs import (
    ProgramChange,
    ProgramDraft,
    ProgramFilter,
    ProgramPage,
    ProgramView,
)

MAKING = (NameTaken, Refused, QuotaReached)
CHANGING = (ProgramNotFound, Forbidden, QuotaReached, VersionMismatch)
REMOVING = (ProgramNotFound, Forbidden, VersionMismatch)


@api.route("GET", "/exercises", access=Access.ADMIN, limit="admin")
def exercises(context: Context, query: LibraryFilter) -> LibraryPage:
    """List the exercises of all organizations and of the shared catalogue, newest first."""
    return context.wiring.admin.library.browse(query)


@api.route(
    "POST",
    "/exercises",
    access=Access.ADMIN,
    limit="admin_create",
    status=201,
    fails=(NameTaken, QuotaReached),
)
def create_exercise(context: Context, body: ExerciseDraft) -> ExerciseView:
    """Add an exercise to the shared catalogue.

    An identical request within ten seconds returns the exercise the first one made.
    """
    return context.wiring.exercises.create(context.caller, body)


@api.route(
    "PUT",
    "/exercises/<exercise_id>",
    access=Access.ADMIN,
    limit="admin_update",
    fails=(ExerciseNotFound, Forbidden, NameTaken, QuotaReached, VersionMismatch),
)
def change_exercise(context: Context, exercise_id: Id, body: ExerciseChange) -> ExerciseView:
    """Change an exercise of the shared catalogue.

    An organization's own is refused here; `/exercises/{id}` lets administrators change it.
    """
    return context.wiring.admin.library.change(context.caller, exercise_id, body, context.if_match)


@api.route(
    "DELETE",
    "/exercises/<exercise_id>",
    access=Access.ADMIN,
    limit="admin_delete",
    status=204,
    fails=(ExerciseNotFound, Forbidden, InUse, VersionMismatch),
)
def remove_exercise(context: Context, exercise_id: Id, query: Removal) -> None:
    """Delete an exercise of the shared catalogue, unless a program uses it.

    With `force=true` programs that use it go on showing it, as withdrawn.
    """
    context.wiring.admin.library.remove(
        context.caller, exercise_id, context.if_match, force=query.force
    )


@api.route("GET", "/programs/templates", access=Access.ADMIN, limit="admin")
@api.route("GET", "/programs", access=Access.ADMIN, limit="admin")
def templates(context: Context, query: ProgramFilter) -> ProgramPage:
    """List the templates, newest first."""
    return context.wiring.admin.templates.browse(context.caller, query)


@api.route(
    "POST",
    "/programs/templates",
    access=Access.ADMIN,
    limit="admin_template_create",
    status=201,
    fails=MAKING,
)
@api.route(
    "POST",
    "/programs",
    access=Access.ADMIN,
    limit="admin_template_create",
    status=201,
    fails=MAKING,
)
def create_template(context: Context, body: ProgramDraft) -> ProgramView:
    """Add a template that everybody may clone, from exercises of the shared catalogue.

    An identical request within ten seconds returns the template the first one made.
    """
    return context.wiring.admin.templates.create(context.caller, body)


@api.route(
    "PUT",
    "/programs/templates/<program_id>",
    access=Access.ADMIN,
    limit="admin_template_update",
    fails=CHANGING,
)
@api.route(
    "PUT",
    "/programs/<program_id>",
    access=Access.ADMIN,
    limit="admin_template_update",
    fails=CHANGING,
)
def change_template(context: Context, program_id: Id, body: ProgramChange) -> ProgramView:
    """Change a template; `/programs/{id}/sessions` lets administrators change its sessions."""
    return context.wiring.admin.templates.change(context.caller, program_id, body, context.if_match)


@api.route(
    "DELETE",
    "/programs/templates/<program_id>",
    access=Access.ADMIN,
    limit="admin_template_delete",
    status=204,
    fails=REMOVING,
)
@api.route(
    "DELETE",
    "/programs/<program_id>",
    access=Access.ADMIN,
    limit="admin_template_delete",
    status=204,
    fails=REMOVING,
)
def remove_template(context: Context, program_id: Id) -> None:
    """Delete a template; copies of it stay what they are."""
    context.wiring.admin.templates.remove(context.caller, program_id, context.if_match)
