"""People for tests, registered as anybody registers."""

import uuid
from dataclasses import dataclass, replace
from datetime import timedelta

from shared.models.organizations import SubscriptionStatus, Tier
from shared.models.tokens import Purpose, Token
from shared.models.users import Caller, Role
from shared.wiring import Wiring
from tests.client import Api, Functions

PASSWORD = "a quiet barbell morning"
INVITATIONS = "/users/me/organization/invitations"


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

    def invite(self, email: str) -> str:
        """Invite the address to the organization; the invitation's id."""
        answer = self.api.post(INVITATIONS, json={"email": email})
        assert answer.status_code == 201, answer.text
        return answer.json["id"]

    def invitation(self, email: str) -> str:
        """Invite the address; the token of the link that the mail carries."""
        now = self.parts.now()
        return self.parts.tokens.issue(
            Token(
                purpose=Purpose.INVITATION,
                email=email,
                about=f"{self.organization_id}/{self.invite(email)}",
                created_at=now,
                expires_at=now + timedelta(days=7),
            )
        )

    def join(self, owner: "Person") -> None:
        """Follow an invitation of theirs."""
        token = owner.invitation(self.email)
        answer = self.api.post(f"{INVITATIONS}/accept", json={"token": token})
        assert answer.status_code == 200, answer.text


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
        """Somebody else in the organization that this person owns."""
        person = self.lifter()
        person.join(of)
        return replace(person, organization_id=of.organization_id)
