"""Every route of the product: who may call it, what its ids mean, and a request that works."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from shared.http.context import Access
from shared.models.tasks import BuildExport
from shared.models.users import Caller
from shared.wiring import Wiring
from tests.access.callers import Kind
from tests.access.rights import (
    ACT_ON_PERSON,
    BAD_TOKEN,
    CLONE_TEMPLATE,
    EDIT_EXERCISE,
    EDIT_MESOCYCLE,
    EDIT_PROGRAM,
    EDIT_SESSION,
    KEEP_CATALOGUE,
    KEEP_TEMPLATES,
    NO_MEMBER,
    NOT_AWAY,
    READ_ASSET,
    READ_EXERCISE,
    READ_MESOCYCLE,
    READ_PROGRAM,
    READ_VERSION,
    REMOVE_MEMBER,
    RESTORE_PERSON,
    RESTORE_VERSION,
    RUN_AGAIN,
    SEE_ORGANIZATION,
    SEE_PERSON,
    SEE_PICTURE,
    UNSIGNED,
    UPDATE_COPY,
    USE_TOKEN,
    WITHDRAW_INVITATION,
    Meaning,
    Outcome,
)
from tests.functions.bodies import MISSING, MONDAY, a_name, a_program, a_session, an_exercise
from tests.links import a_deletion_link
from tests.people import PASSWORD, Person
from tests.pictures import picture

Body = Callable[[Person], Any]
"""Makes a valid body; given somebody who is signed in, for routes that need a password or token."""


@dataclass(frozen=True)
class Declared:
    access: Access
    meaning: Meaning | None = None
    """Needed where the path has ids."""
    body: Body | None = None
    query: str = ""
    always: Outcome = None
    """What everybody gets who may call, where success takes more than a right."""
    except_for: frozenset[Kind] = frozenset()
    """Whom that does not hold for, since they succeed."""
    of_owners: bool = False
    """For the owner of an organization alone."""
    spoils_caller: bool = False
    """A caller who succeeds is signed out by it, or somebody else afterwards."""
    prepare: Callable[[Wiring, Caller], None] | None = None
    """What must have happened before, for a caller who is to succeed."""


def _constant(**fields: Any) -> Body:
    return lambda _: fields


def _registration(_: Person) -> dict[str, str]:
    name = a_name("new").replace(" ", ".").lower()
    return {"email": f"{name}@example.com", "password": PASSWORD, "full_name": "New Lifter"}


def _mail(**fields: str) -> dict[str, str]:
    return {"user_id": "", "about": "", "cause": a_name("cause")} | fields


def _address(person: Person) -> dict[str, str]:
    return {"email": person.email}


def _credentials(person: Person) -> dict[str, str]:
    return {"email": person.email, "password": PASSWORD}


def _file(_: Person) -> bytes:
    return picture("PNG", (32, 32))


def _new_password(_: Person) -> dict[str, str]:
    return {"current_password": PASSWORD, "new_password": "four quiet lighthouses"}


def _mailed_link(person: Person) -> dict[str, str]:
    person.parts.deletions.request(person.caller)
    return {"token": a_deletion_link(person)}


def _leaving(parts: Wiring, caller: Caller) -> None:
    parts.deletions.request(caller)


def _exporting(parts: Wiring, caller: Caller) -> None:
    asked = parts.exports.request(caller)
    parts.exports.build(BuildExport(user_id=caller.user_id, export_id=asked.id))


PUBLIC, MEMBER, PRO, TASK = Access.PUBLIC, Access.MEMBER, Access.PRO, Access.TASK
ADMIN = Access.ADMIN

DECLARED: Mapping[str, Declared] = {
    "POST /auth/register": Declared(PUBLIC, body=_registration),
    "POST /auth/login": Declared(PUBLIC, body=_credentials),
    "POST /auth/login/form": Declared(PUBLIC, body=_credentials),
    "POST /auth/refresh": Declared(
        PUBLIC, body=lambda person: {"refresh_token": person.refresh_token}
    ),
    "POST /auth/password-reset/request": Declared(PUBLIC, body=_address),
    "POST /auth/password-reset/confirm": Declared(
        PUBLIC, body=_constant(token="made-up", new_password=PASSWORD), always=BAD_TOKEN
    ),
    "POST /auth/verify-email": Declared(PUBLIC, body=_constant(token="made-up"), always=BAD_TOKEN),
    "POST /auth/verify-email/<token>": Declared(PUBLIC, USE_TOKEN),
    "POST /auth/verify-email/resend": Declared(MEMBER),
    "GET /auth/action": Declared(PUBLIC),
    "GET /auth/me": Declared(MEMBER),
    "POST /auth/logout": Declared(MEMBER, body=_constant(), spoils_caller=True),
    "POST /auth/logout-all": Declared(MEMBER, spoils_caller=True),
    "GET ": Declared(PUBLIC),
    "GET /openapi.json": Declared(PUBLIC),
    "GET /docs": Declared(PUBLIC),
    "GET /redoc": Declared(PUBLIC),
    "GET /docs/assets/<name>": Declared(PUBLIC, READ_ASSET),
    "GET /health": Declared(PUBLIC),
    "GET /health/db": Declared(PUBLIC),
    "GET /health/redis": Declared(PUBLIC),
    "GET /health/ready": Declared(PUBLIC),
    "GET /health/live": Declared(PUBLIC),
    "GET /exercises": Declared(MEMBER),
    "GET /exercises/search": Declared(MEMBER, query="q=press"),
    "POST /exercises/search": Declared(MEMBER, body=_constant(query="press")),
    "GET /exercises/muscles/groups": Declared(PUBLIC),
    "GET /exercises/muscle-groups": Declared(PUBLIC),
    "GET /exercises/equipment/types": Declared(PUBLIC),
    "GET /exercises/equipment-types": Declared(PUBLIC),
    "GET /exercises/stats/overview": Declared(MEMBER),
    "POST /exercises/calculate-volume": Declared(MEMBER, body=_constant(exercises=[])),
    "POST /exercises": Declared(PRO, body=lambda _: an_exercise()),
    "GET /exercises/<exercise_id>": Declared(MEMBER, READ_EXERCISE),
    "PUT /exercises/<exercise_id>": Declared(
        MEMBER, EDIT_EXERCISE, body=lambda _: {"description": a_name("Changed")}
    ),
    "DELETE /exercises/<exercise_id>": Declared(MEMBER, EDIT_EXERCISE),
    "GET /programs": Declared(MEMBER),
    "GET /programs/templates": Declared(MEMBER),
    "POST /programs": Declared(PRO, body=lambda _: a_program(sessions=[a_session(1)])),
    "GET /programs/<program_id>": Declared(MEMBER, READ_PROGRAM),
    "PUT /programs/<program_id>": Declared(
        MEMBER, EDIT_PROGRAM, body=lambda _: {"name": a_name("Renamed")}
    ),
    "DELETE /programs/<program_id>": Declared(MEMBER, EDIT_PROGRAM),
    "POST /programs/<program_id>/clone": Declared(
        MEMBER, CLONE_TEMPLATE, body=lambda _: {"new_name": a_name("Copy")}
    ),
    "GET /programs/<program_id>/stats": Declared(MEMBER, READ_PROGRAM),
    "GET /programs/<program_id>/volume": Declared(MEMBER, READ_PROGRAM),
    "GET /programs/<program_id>/weekly-volume": Declared(MEMBER, READ_PROGRAM),
    "POST /programs/analyze": Declared(
        MEMBER, body=lambda _: {"program": a_program(sessions=[a_session(1)])}
    ),
    "GET /programs/<program_id>/recommendations": Declared(MEMBER, READ_PROGRAM),
    "POST /programs/<program_id>/recommendations/apply": Declared(
        MEMBER,
        EDIT_PROGRAM,
        body=_constant(
            recommendations=[[{"op": "replace", "path": "/sessions/0/day_number", "value": 9}]]
        ),
    ),
    "GET /programs/<program_id>/lint": Declared(MEMBER, READ_PROGRAM),
    "POST /programs/design": Declared(
        MEMBER,
        body=_constant(
            structure_config={"days_on": 3, "days_off": 1}, sessions=1, time_limit_seconds=0.5
        ),
    ),
    "POST /programs/<program_id>/balance": Declared(
        MEMBER, READ_PROGRAM, body=_constant(max_edits=0)
    ),
    "GET /programs/volume/sources": Declared(MEMBER),
    "GET /programs/volume/profiles": Declared(MEMBER),
    "GET /programs/volume/profiles/organization": Declared(MEMBER),
    "PUT /programs/volume/profiles/organization": Declared(
        MEMBER, body=_constant(), of_owners=True
    ),
    "GET /programs/volume/profiles/me": Declared(MEMBER),
    "PUT /programs/volume/profiles/me": Declared(MEMBER, body=_constant()),
    "POST /programs/<program_id>/generate-schedule": Declared(
        MEMBER, READ_PROGRAM, body=_constant(start_date=MONDAY)
    ),
    "POST /programs/<program_id>/sessions": Declared(
        MEMBER, EDIT_PROGRAM, body=lambda _: a_session(3)
    ),
    "PUT /programs/<program_id>/sessions/<session_id>": Declared(
        MEMBER, EDIT_SESSION, body=lambda _: {"name": a_name("Session")}
    ),
    "DELETE /programs/<program_id>/sessions/<session_id>": Declared(MEMBER, EDIT_SESSION),
    "GET /users/me": Declared(MEMBER),
    "PUT /users/me": Declared(MEMBER, body=_constant(full_name="Another Name")),
    "PUT /users/me/password": Declared(MEMBER, body=_new_password, spoils_caller=True),
    "POST /users/me/change-password": Declared(MEMBER, body=_new_password, spoils_caller=True),
    "PUT /users/me/image": Declared(MEMBER, body=_file),
    "POST /users/me/image": Declared(MEMBER, body=_file),
    "PUT /users/me/avatar": Declared(MEMBER, body=_file),
    "POST /users/me/avatar": Declared(MEMBER, body=_file),
    "DELETE /users/me/image": Declared(MEMBER),
    "DELETE /users/me/avatar": Declared(MEMBER),
    "GET /users/<user_id>/avatar": Declared(PUBLIC, SEE_PICTURE),
    "GET /users/me/organization": Declared(MEMBER),
    "PUT /users/me/organization": Declared(
        MEMBER, body=_constant(name="Another Gym"), of_owners=True
    ),
    "GET /users/me/programs": Declared(MEMBER),
    "GET /users/me/activity": Declared(MEMBER),
    "POST /users/me/export": Declared(MEMBER),
    "GET /users/me/export": Declared(MEMBER, prepare=_exporting),
    "GET /users/me/export/download": Declared(MEMBER, prepare=_exporting),
    "DELETE /users/me": Declared(MEMBER, spoils_caller=True),
    "POST /users/me/cancel-deletion": Declared(MEMBER, spoils_caller=True, prepare=_leaving),
    "POST /users/cancel-deletion": Declared(PUBLIC, body=_mailed_link),
    "POST /tasks/jobs/purge-accounts": Declared(TASK),
    "POST /tasks/jobs/expire-exports": Declared(TASK),
    "POST /tasks/jobs/remove-orphans": Declared(TASK),
    "POST /tasks/purge-account": Declared(TASK, body=lambda _: {"user_id": a_name("nobody")}),
    "POST /tasks/build-export": Declared(
        TASK, body=lambda _: {"user_id": a_name("nobody"), "export_id": a_name("none")}
    ),
    "POST /tasks/remove-avatar": Declared(TASK, body=lambda _: {"object": a_name("none")}),
    "POST /users/me/organization/ai-queries": Declared(MEMBER),
    "GET /users/me/organization/members": Declared(MEMBER),
    "DELETE /users/me/organization/members/<user_id>": Declared(
        MEMBER, REMOVE_MEMBER, of_owners=True
    ),
    "GET /users/me/organization/invitations": Declared(MEMBER, of_owners=True),
    "POST /users/me/organization/invitations": Declared(
        MEMBER,
        body=lambda _: {"email": f"{a_name('guest').replace(' ', '.')}@example.com"},
        of_owners=True,
    ),
    "DELETE /users/me/organization/invitations/<invitation_id>": Declared(
        MEMBER, WITHDRAW_INVITATION, of_owners=True
    ),
    "POST /users/me/organization/invitations/accept": Declared(
        MEMBER, body=_constant(token="made-up"), always=BAD_TOKEN
    ),
    "POST /users/me/organization/leave": Declared(
        MEMBER,
        always=NOT_AWAY,
        except_for=frozenset({Kind.COLLEAGUE}),
        spoils_caller=True,
    ),
    "POST /users/me/organization/owner": Declared(
        MEMBER, body=_constant(user_id=MISSING), always=NO_MEMBER, of_owners=True
    ),
    "GET /admin/dashboard": Declared(ADMIN),
    "GET /admin/stats": Declared(ADMIN),
    "GET /admin/analytics/subscriptions": Declared(ADMIN),
    "GET /admin/stats/subscriptions": Declared(ADMIN),
    "GET /admin/analytics/usage": Declared(ADMIN),
    "GET /admin/stats/users/growth": Declared(ADMIN),
    "GET /admin/audit-logs": Declared(ADMIN),
    "POST /admin/export": Declared(ADMIN, body=_constant(kind="organizations")),
    "GET /admin/failed-tasks": Declared(ADMIN),
    "POST /admin/failed-tasks/<task_id>/run": Declared(ADMIN, RUN_AGAIN),
    "GET /admin/users": Declared(ADMIN),
    "POST /admin/users/bulk-update": Declared(
        ADMIN, body=_constant(user_ids=[MISSING], action="suspend")
    ),
    "POST /admin/users/bulk-delete-inactive": Declared(ADMIN, body=_constant()),
    "GET /admin/users/<user_id>": Declared(ADMIN, SEE_PERSON),
    "PUT /admin/users/<user_id>": Declared(
        ADMIN, SEE_PERSON, body=_constant(full_name="Robin Lifter", is_verified=False)
    ),
    "PUT /admin/users/<user_id>/role": Declared(ADMIN, ACT_ON_PERSON, body=_constant(role="ADMIN")),
    "POST /admin/users/<user_id>/suspend": Declared(
        ADMIN, ACT_ON_PERSON, body=_constant(reason="Spam")
    ),
    "POST /admin/users/<user_id>/deactivate": Declared(ADMIN, ACT_ON_PERSON, body=_constant()),
    "POST /admin/users/<user_id>/unsuspend": Declared(ADMIN, RESTORE_PERSON, body=_constant()),
    "POST /admin/users/<user_id>/activate": Declared(ADMIN, RESTORE_PERSON, body=_constant()),
    "POST /admin/users/<user_id>/reset-password": Declared(ADMIN, SEE_PERSON),
    "DELETE /admin/users/<user_id>": Declared(ADMIN, ACT_ON_PERSON),
    "GET /admin/organizations": Declared(ADMIN),
    "GET /admin/organizations/<organization_id>": Declared(ADMIN, SEE_ORGANIZATION),
    "GET /admin/organizations/<organization_id>/stats": Declared(ADMIN, SEE_ORGANIZATION),
    "GET /admin/organizations/<organization_id>/users": Declared(ADMIN, SEE_ORGANIZATION),
    "PUT /admin/organizations/<organization_id>": Declared(
        ADMIN,
        SEE_ORGANIZATION,
        body=_constant(subscription_tier="PRO", subscription_status="ACTIVE"),
    ),
    "GET /admin/exercises": Declared(ADMIN),
    "POST /admin/exercises": Declared(ADMIN, body=lambda _: an_exercise()),
    "PUT /admin/exercises/<exercise_id>": Declared(
        ADMIN, KEEP_CATALOGUE, body=lambda _: {"description": a_name("Changed")}
    ),
    "DELETE /admin/exercises/<exercise_id>": Declared(ADMIN, KEEP_CATALOGUE),
    "GET /admin/programs": Declared(ADMIN),
    "GET /admin/programs/templates": Declared(ADMIN),
    "POST /admin/programs": Declared(ADMIN, body=lambda _: a_program(sessions=[a_session(1)])),
    "POST /admin/programs/templates": Declared(
        ADMIN, body=lambda _: a_program(sessions=[a_session(1)])
    ),
    "PUT /admin/programs/<program_id>": Declared(
        ADMIN, KEEP_TEMPLATES, body=lambda _: {"name": a_name("Renamed")}
    ),
    "PUT /admin/programs/templates/<program_id>": Declared(
        ADMIN, KEEP_TEMPLATES, body=lambda _: {"name": a_name("Renamed")}
    ),
    "DELETE /admin/programs/<program_id>": Declared(ADMIN, KEEP_TEMPLATES),
    "DELETE /admin/programs/templates/<program_id>": Declared(ADMIN, KEEP_TEMPLATES),
    "POST /tasks/jobs/snapshot": Declared(TASK),
    "POST /tasks/sync-identity": Declared(
        TASK, body=lambda _: {"user_id": MISSING, "cause": a_name("cause")}
    ),
    "POST /tasks/jobs/sweep-outbox": Declared(TASK),
    "POST /tasks/send-mail": Declared(
        TASK, body=lambda person: _mail(mail="welcome", user_id=person.user_id)
    ),
    "GET /billing/subscription": Declared(MEMBER),
    "POST /billing/checkout": Declared(MEMBER, body=_constant(interval="year"), of_owners=True),
    "GET /billing/portal": Declared(MEMBER, always=NOT_AWAY, of_owners=True),
    "POST /billing/webhooks/lemonsqueezy": Declared(PUBLIC, always=UNSIGNED),
    "POST /tasks/jobs/clean-up": Declared(TASK),
    "POST /tasks/request-password-reset": Declared(
        TASK, body=lambda person: _address(person) | {"cause": a_name("cause")}
    ),
    "POST /tasks/jobs/reconcile-billing": Declared(TASK),
    "POST /tasks/jobs/end-periods": Declared(TASK),
    "GET /programs/<program_id>/versions": Declared(MEMBER, READ_PROGRAM),
    "GET /programs/<program_id>/versions/<version_number>": Declared(MEMBER, READ_VERSION),
    "POST /programs/<program_id>/versions/<version_number>/restore": Declared(
        MEMBER, RESTORE_VERSION
    ),
    "GET /programs/<program_id>/diff": Declared(MEMBER, READ_PROGRAM),
    "GET /programs/<program_id>/template-update": Declared(MEMBER, READ_PROGRAM),
    "POST /programs/<program_id>/template-update": Declared(
        MEMBER, UPDATE_COPY, body=_constant(otherwise="theirs")
    ),
    "POST /programs/<program_id>/mesocycle": Declared(
        MEMBER, EDIT_PROGRAM, body=lambda _: {"name": a_name("Block")}
    ),
    "GET /programs/<program_id>/mesocycles": Declared(MEMBER, READ_PROGRAM),
    "GET /programs/<program_id>/mesocycles/<mesocycle_id>": Declared(MEMBER, READ_MESOCYCLE),
    "PUT /programs/<program_id>/mesocycles/<mesocycle_id>": Declared(
        MEMBER, EDIT_MESOCYCLE, body=lambda _: {"name": a_name("Block")}
    ),
    "DELETE /programs/<program_id>/mesocycles/<mesocycle_id>": Declared(MEMBER, EDIT_MESOCYCLE),
}
"""By method and path below /api/v1."""
