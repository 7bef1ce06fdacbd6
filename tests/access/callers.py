"""Everybody who may call, from nobody at all to an administrator."""

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import jwt

from infra.local.parts import INVOKER
from infra.local.signer import Signer
from shared.models.organizations import SubscriptionStatus, Tier
from shared.models.users import Caller, OrganizationRole, Role, UserStatus
from shared.wiring import Wiring
from tests.people import People, Person

HOUR = 3_600


class Kind(StrEnum):
    NOBODY = "nobody"
    GARBAGE = "a token of garbage"
    EXPIRED = "a token from yesterday"
    TASK = "the identity of a task"
    LOGGED_OUT = "a session that was logged out"
    SUSPENDED = "suspended, though an administrator on Pro"
    DELETING = "waiting for deletion"
    UNVERIFIED = "with an unconfirmed address"
    FREE = "on Free"
    PRO = "on Pro"
    COLLEAGUE = "colleague of the one on Pro"
    STRANGER = "on Pro in another organization"
    ADMIN = "administrator"


@dataclass(frozen=True)
class Known:
    """A caller with a token or without, and whose side of the tenants' walls they are on."""

    token: str | None
    user_id: str
    organization_id: str

    def maker(self, user_id: str | None = None) -> Caller:
        """Somebody of this organization who may make what the tests need there."""
        return Caller(
            user_id=user_id or self.user_id,
            organization_id=self.organization_id,
            role=Role.USER,
            organization_role=OrganizationRole.OWNER,
            has_pro=True,
            signed_in_at=0,
        )


class Callers:
    """Registers each kind once; `fresh` registers another one, to be spoilt."""

    def __init__(self, people: People, parts: Wiring, signer: Signer) -> None:
        self._people = people
        self._parts = parts
        self._signer = signer
        self._pro = people.pro()
        self._kept = {Kind.PRO: _known(self._pro)}

    def get(self, kind: Kind) -> Known:
        if kind not in self._kept:
            self._kept[kind] = self.fresh(kind)
        return self._kept[kind]

    def fresh(self, kind: Kind) -> Known:
        make: dict[Kind, Callable[[], Person]] = {
            Kind.LOGGED_OUT: self._logged_out,
            Kind.SUSPENDED: self._suspended,
            Kind.DELETING: lambda: self._changed(self._people.lifter(), status=UserStatus.DELETING),
            Kind.UNVERIFIED: self._people.lifter,
            Kind.FREE: lambda: self._changed(self._people.lifter(), is_verified=True),
            Kind.PRO: self._people.pro,
            Kind.COLLEAGUE: self._colleague,
            Kind.STRANGER: self._people.pro,
            Kind.ADMIN: self._people.admin,
        }
        if kind in make:
            return _known(make[kind]())
        return Known(self._token(kind), self._pro.user_id, self._pro.organization_id)

    def _token(self, kind: Kind) -> str | None:
        if kind is Kind.GARBAGE:
            return "garbage.garbage.garbage"
        if kind is Kind.EXPIRED:
            yesterday = int(time.time()) - 24 * HOUR
            times = {"iat": yesterday, "auth_time": yesterday, "exp": yesterday + HOUR}
            return self._resigned(self._pro.token, times)
        if kind is Kind.TASK:
            now = int(time.time())
            return self._signer.jwt(
                {
                    "iss": "https://accounts.google.com",
                    "aud": self._parts.settings.tasks_url,
                    "sub": "104215612345678901234",
                    "email": INVOKER,
                    "email_verified": True,
                    "iat": now,
                    "exp": now + HOUR,
                }
            )
        return None

    def _resigned(self, token: str, changes: dict[str, int]) -> str:
        """The token with other claims, as genuine as it was."""
        claims: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
        if jwt.get_unverified_header(token)["alg"] == "none":
            # Google's Auth emulator signs nothing.
            return jwt.encode(claims | changes, "", algorithm="none")
        return self._signer.jwt(claims | changes)

    def _logged_out(self) -> Person:
        person = self._people.pro()
        assert person.api.post("/auth/logout").status_code == 200
        return person

    def _colleague(self) -> Person:
        colleague = self._people.colleague(self._pro)
        return replace(colleague, organization_id=self._pro.organization_id)

    def _suspended(self) -> Person:
        """With every right there is: suspension must outweigh them."""
        person = self._people.admin()
        self._parts.accounts.subscribe(person.organization_id, Tier.PRO, SubscriptionStatus.ACTIVE)
        return self._changed(person, status=UserStatus.SUSPENDED)

    def _changed(self, person: Person, **fields: Any) -> Person:
        self._parts.accounts.change(person.user_id, lambda user: user.model_copy(update=fields))
        return person


def _known(person: Person) -> Known:
    return Known(person.token, person.user_id, person.organization_id)


def somebody_else() -> str:
    """The id of a colleague who need not have an account to have made things."""
    return str(uuid.uuid4())
