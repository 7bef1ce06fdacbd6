"""Who may do what to what: the documented rights, written down apart from the code."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from tests.access.callers import Kind


@dataclass(frozen=True)
class Refusal:
    status: int
    code: str


SIGN_IN = Refusal(401, "AUTHENTICATION_REQUIRED")
BAD_TOKEN = Refusal(401, "TOKEN_INVALID")
OLD_TOKEN = Refusal(401, "TOKEN_EXPIRED")
SUSPENDED = Refusal(403, "ACCOUNT_DISABLED")
NEEDS_PRO = Refusal(403, "PRO_TIER_REQUIRED")
ADMINS_ONLY = Refusal(403, "ADMIN_REQUIRED")
NOT_YOURS = Refusal(403, "PERMISSION_DENIED")
NO_EXERCISE = Refusal(404, "EXERCISE_NOT_FOUND")
NO_PROGRAM = Refusal(404, "PROGRAM_NOT_FOUND")
NO_SESSION = Refusal(404, "SESSION_NOT_FOUND")
NO_VERSION = Refusal(404, "VERSION_NOT_FOUND")
NO_MESOCYCLE = Refusal(404, "MESOCYCLE_NOT_FOUND")
CANNOT = Refusal(400, "INVALID_OPERATION")
NOTHING = Refusal(404, "RESOURCE_NOT_FOUND")

Outcome = Refusal | None
"""None is success: the status that the route declares."""

TURNED_AWAY: Mapping[Kind, Refusal] = {
    Kind.NOBODY: SIGN_IN,
    Kind.GARBAGE: BAD_TOKEN,
    Kind.EXPIRED: OLD_TOKEN,
    Kind.TASK: BAD_TOKEN,
    Kind.LOGGED_OUT: BAD_TOKEN,
    Kind.SUSPENDED: SUSPENDED,
}
"""On every route that is not public, whatever they ask for."""

ON_PRO = {Kind.PRO, Kind.COLLEAGUE, Kind.STRANGER, Kind.ADMIN}
"""Whose organization is on Pro, and administrators, who need no plan."""


class Whose(StrEnum):
    """What the ids of a path lead to."""

    OWN = "own"
    COLLEAGUES = "a colleague's"
    OTHERS = "another organization's"
    SHARED = "of the shared catalogue"
    MISSING = "missing"
    MISSING_SHARED = "missing in the shared catalogue"
    OTHERS_CHILD = "own, with a session of another organization's program"
    SIBLINGS_CHILD = "own, with a session of another program of one's own"
    MISSING_CHILD = "own, with a missing session"


LIKE: Mapping[Whose, Whose] = {
    Whose.OTHERS: Whose.MISSING,
    Whose.OTHERS_CHILD: Whose.MISSING_CHILD,
    Whose.SIBLINGS_CHILD: Whose.MISSING_CHILD,
}
"""Where a refusal must not tell that there is something."""

Rights = Mapping[Whose, Outcome]


@dataclass(frozen=True)
class Meaning:
    """What a path's ids stand for, and what may be done to that by this route."""

    thing: str
    members: Rights
    """For everybody who is signed in."""
    administrators: Rights = field(default_factory=dict)
    """Where theirs differ."""

    def outcome(self, kind: Kind, whose: Whose) -> Outcome:
        if kind is Kind.ADMIN and whose in self.administrators:
            return self.administrators[whose]
        return self.members[whose]


def _rights(own: Outcome, colleagues: Outcome, shared: Outcome, absent: Refusal) -> Rights:
    return {
        Whose.OWN: own,
        Whose.COLLEAGUES: colleagues,
        Whose.OTHERS: absent,
        Whose.SHARED: shared,
        Whose.MISSING: absent,
        Whose.MISSING_SHARED: absent,
    }


READ_EXERCISE = Meaning(
    "exercise",
    _rights(own=None, colleagues=None, shared=None, absent=NO_EXERCISE),
    {Whose.OTHERS: None},
)
EDIT_EXERCISE = Meaning(
    "exercise",
    _rights(own=None, colleagues=NOT_YOURS, shared=NOT_YOURS, absent=NO_EXERCISE),
    {Whose.COLLEAGUES: None, Whose.OTHERS: None, Whose.SHARED: None},
)
READ_PROGRAM = Meaning(
    "program", _rights(own=None, colleagues=None, shared=None, absent=NO_PROGRAM)
)
EDIT_PROGRAM = Meaning(
    "program",
    _rights(own=None, colleagues=None, shared=NOT_YOURS, absent=NO_PROGRAM),
    {Whose.SHARED: None},
)
CLONE_TEMPLATE = Meaning(
    "program", _rights(own=NO_PROGRAM, colleagues=NO_PROGRAM, shared=None, absent=NO_PROGRAM)
)
EDIT_SESSION = Meaning(
    "session",
    {
        **EDIT_PROGRAM.members,
        Whose.OTHERS_CHILD: NO_SESSION,
        Whose.SIBLINGS_CHILD: NO_SESSION,
        Whose.MISSING_CHILD: NO_SESSION,
    },
    EDIT_PROGRAM.administrators,
)
SEE_PICTURE = Meaning("picture", {Whose.SHARED: None, Whose.MISSING: NOTHING})
"""Anybody sees anybody's."""
UNSIGNED = Refusal(401, "SIGNATURE_INVALID")
NOT_AWAY = Refusal(400, "INVALID_OPERATION")
NO_MEMBER = Refusal(404, "USER_NOT_FOUND")
NO_INVITATION = Refusal(404, "INVITATION_NOT_FOUND")

REMOVE_MEMBER = Meaning("member", {Whose.OTHERS: NO_MEMBER, Whose.MISSING: NO_MEMBER})
WITHDRAW_INVITATION = Meaning(
    "invitation",
    {Whose.OWN: None, Whose.OTHERS: NO_INVITATION, Whose.MISSING: NO_INVITATION},
)
NO_USER = Refusal(404, "USER_NOT_FOUND")
NO_ORGANIZATION = Refusal(404, "ORGANIZATION_NOT_FOUND")

# What only administrators may touch; nobody else gets so far as to learn whether it is there.
SEE_PERSON = Meaning("person", {Whose.OWN: None, Whose.OTHERS: None, Whose.MISSING: NO_USER})
ACT_ON_PERSON = Meaning("person", {**SEE_PERSON.members, Whose.OWN: NOT_YOURS})
RESTORE_PERSON = Meaning("suspended person", ACT_ON_PERSON.members)
SEE_ORGANIZATION = Meaning(
    "organization", {Whose.OTHERS: None, Whose.OWN: None, Whose.MISSING: NO_ORGANIZATION}
)
KEEP_CATALOGUE = Meaning(
    "exercise",
    {
        Whose.OWN: NOT_YOURS,
        Whose.SHARED: None,
        Whose.MISSING: NO_EXERCISE,
        Whose.MISSING_SHARED: NO_EXERCISE,
    },
)
KEEP_TEMPLATES = Meaning(
    "program",
    _rights(own=NOT_YOURS, colleagues=NOT_YOURS, shared=None, absent=NO_PROGRAM),
)
RUN_AGAIN = Meaning("failed task", {Whose.SHARED: None, Whose.MISSING: NOTHING})
READ_VERSION = Meaning("version", {**READ_PROGRAM.members, Whose.MISSING_CHILD: NO_VERSION})
RESTORE_VERSION = Meaning(
    "version",
    {**EDIT_PROGRAM.members, Whose.MISSING_CHILD: NO_VERSION},
    EDIT_PROGRAM.administrators,
)
READ_MESOCYCLE = Meaning(
    "mesocycle",
    {
        **READ_PROGRAM.members,
        Whose.OTHERS_CHILD: NO_MESOCYCLE,
        Whose.SIBLINGS_CHILD: NO_MESOCYCLE,
        Whose.MISSING_CHILD: NO_MESOCYCLE,
    },
)
EDIT_MESOCYCLE = Meaning(
    "mesocycle",
    {**READ_MESOCYCLE.members, Whose.SHARED: NOT_YOURS},
    EDIT_PROGRAM.administrators,
)
UPDATE_COPY = Meaning("copy", EDIT_PROGRAM.members, {Whose.SHARED: CANNOT})
"""A template is no copy of anything."""
READ_ASSET = Meaning("asset", {Whose.SHARED: None, Whose.MISSING_SHARED: NOTHING})
USE_TOKEN = Meaning("token", {Whose.MISSING: BAD_TOKEN})
