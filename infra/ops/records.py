"""The whole store in memory, as the checks of verify-data look at it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from shared.models.exercises import Exercise
from shared.models.organizations import Organization
from shared.models.programs import Program
from shared.models.subscriptions import Subscription
from shared.models.users import User
from shared.storage.documents import Document, Documents
from shared.storage.exercises import stored_exercise
from shared.storage.programs import stored_program
from shared.storage.records import readable, restored

TOP = (
    "users",
    "organizations",
    "program_templates",
    "idempotency",
    "outbox",
    "failed_tasks",
    "audit",
    "config",
    "stats",
    "subscriptions",
)
BELOW = ("exercises", "programs", "catalogue", "members", "invitations", "settings")
"""Collections of organizations; exercises and catalogues have a shared one as well."""


@dataclass(frozen=True)
class Records:
    """Every document by path, and the models in them; unreadable ones are missing there."""

    documents: Mapping[str, Document]
    now: datetime

    @classmethod
    def read(cls, documents: Documents, now: datetime) -> "Records":
        """One read per document."""
        rows = [row for name in TOP for row in documents.scan(name)]
        rows += [row for name in BELOW for row in documents.scan(name, everywhere=True)]
        return cls({row.path: row for row in rows}, now)

    def of(self, collection: str) -> list[Document]:
        """Documents of every collection of that name."""
        return [row for path, row in self.documents.items() if path.split("/")[-2] == collection]

    @cached_property
    def users(self) -> dict[str, User]:
        found = [readable(row, lambda row: restored(User, row)) for row in self.of("users")]
        return {user.id: user for user in found if user}

    @cached_property
    def organizations(self) -> dict[str, Organization]:
        rows = self.of("organizations")
        found = [readable(row, lambda row: restored(Organization, row)) for row in rows]
        return {each.id: each for each in found if each}

    @cached_property
    def subscriptions(self) -> dict[str, list[Subscription]]:
        """By organization."""
        found: dict[str, list[Subscription]] = {}
        for row in self.of("subscriptions"):
            if state := readable(row, lambda row: restored(Subscription, row)):
                found.setdefault(state.organization_id, []).append(state)
        return found

    @cached_property
    def exercises(self) -> dict[str | None, dict[str, Exercise]]:
        """By organization, None for the shared catalogue, then by id."""
        found: dict[str | None, dict[str, Exercise]] = {None: {}}
        for row in self.of("exercises"):
            if exercise := readable(row, stored_exercise):
                found.setdefault(owner_of(row.path), {})[row.id] = exercise
        return found

    @cached_property
    def programs(self) -> dict[str | None, dict[str, Program]]:
        """By organization, None for the templates, then by id."""
        found: dict[str | None, dict[str, Program]] = {None: {}}
        for row in (*self.of("programs"), *self.of("program_templates")):
            if program := readable(row, stored_program):
                found.setdefault(owner_of(row.path), {})[row.id] = program
        return found


def owner_of(path: str) -> str | None:
    """The organization a document lies under."""
    parts = path.split("/")
    return parts[1] if parts[0] == "organizations" and len(parts) > 2 else None
