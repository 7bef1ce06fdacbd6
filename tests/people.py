"""People for tests, registered as anybody registers."""

import uuid
from dataclasses import dataclass, replace

from shared.models.organizations import SubscriptionStatus, Tier
from shared.models.users import Caller, OrganizationRole, Role
from shared.wiring import Wiring
from tests.client import Api, Functions

PASSWORD = "a quiet barbell morning"


@dataclass(frozen=True)
class Person:
    """Somebody signed in; `api` calls with their token."""

    user_id: str
    organization_id: str
    email: str
    full_name: str
    token: str
    refresh_token: str
    api: Api
    parts: Wiring

    @property
    def caller(self) -> Caller:
        """Who they are to the services, as the stored documents say now."""
        return self.parts.accounts.caller(self.parts.id_tokens.verify(self.token), fresh=True)


class People:
    def __init__(self, functions: Functions, parts: Wiring) -> None:
        self._functions = functions
        self._parts = parts

    def lifter(self, full_name: str = "Robin Lifter") -> Person:
        email = f"{uuid.uuid4().hex[:12]}@example.com"
        answer = Api(self._functions).post(
            "/auth/register", json={"email": email, "password": PASSWORD, "full_name": full_name}
        )
        assert answer.status_code == 201, answer.text
        body = answer.json
        assert body is not None
        return Person(
            user_id=body["id"],
            organization_id=body["organization_id"],
            email=email,
            full_name=full_name,
            token=body["access_token"],
            refresh_token=body["refresh_token"],
            api=Api(self._functions, body["access_token"]),
            parts=self._parts,
        )

    def pro(self) -> Person:
        person = self.lifter()
        self._parts.accounts.subscribe(person.organization_id, Tier.PRO, SubscriptionStatus.ACTIVE)
        return person

    def admin(self) -> Person:
        person = self.lifter()
        self._parts.accounts.grant_role(person.user_id, Role.ADMIN)
        return person

    def colleague(self, of: Person) -> Person:
        """Somebody else in the same organization."""
        person = self.lifter()
        self._parts.accounts.change(
            person.user_id,
            lambda user: user.model_copy(
                update={
                    "organization_id": of.organization_id,
                    "organization_role": OrganizationRole.MEMBER,
                }
            ),
        )
        return replace(person, organization_id=of.organization_id)
