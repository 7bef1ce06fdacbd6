"""People as administrators look for them: over all organizations, by what is indexed."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from shared.models.organizations import Organization, OrganizationFilter
from shared.models.pages import COUNTED
from shared.models.people import UserFilter
from shared.models.users import User, UserStatus
from shared.rules.accounts import home_organization_id
from shared.rules.search import fits, leading, needs_comparing
from shared.storage.documents import Condition, Document, Documents
from shared.storage.records import readable, restored
from shared.storage.tenancy import (
    exercise_catalogue,
    organization_path,
    program_catalogue,
    user_path,
)

COMPARED = 1_000
"""How many people a search reads when the index alone cannot tell who fits."""
NEWEST_FIRST = "-created_at"


@dataclass(frozen=True, slots=True)
class Around:
    """What stands beside a person in a list."""

    organization: Organization | None
    programs: int
    exercises: int


class PeopleRepository:
    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def page(self, asked: UserFilter) -> tuple[list[User], int]:
        """Newest first, and how many there are, up to a cap."""
        where, words = _conditions(asked)
        if words and needs_comparing(words):
            rows = self._documents.find("users", where, order=NEWEST_FIRST, limit=COMPARED)
            users = [user for user in _people(rows) if fits(words, user.full_name, user.email)]
            return users[asked.offset : asked.offset + asked.limit], len(users)
        rows = self._documents.find(
            "users", where, order=NEWEST_FIRST, offset=asked.offset, limit=asked.limit
        )
        return _people(rows), self._documents.count(
            "users", where, order=NEWEST_FIRST, up_to=COUNTED
        )

    def get(self, user_id: str) -> User | None:
        return readable(self._documents.get(user_path(user_id)), _user)

    def around(self, users: Sequence[User]) -> dict[str, Around]:
        """Organizations and what these people made, by their ids: two round trips for all.

        They made it where they are, or in their own organization before they joined this one.
        """
        ids = {user.organization_id for user in users}
        stored = self._documents.get_many([organization_path(each) for each in ids])
        owners = ids | {home_organization_id(user) for user in users}
        nouns = (program_catalogue, exercise_catalogue)
        paths = [catalogue(each) for each in owners for catalogue in nouns]
        made = self._documents.get_many(paths, fields=["creators"])

        def count(catalogue: Callable[[str], str], user: User) -> int:
            paths = {catalogue(user.organization_id), catalogue(home_organization_id(user))}
            creators = [made[path].data.get("creators") for path in paths if path in made]
            found = [each.get(user.id) for each in creators if isinstance(each, dict)]
            return sum(number for number in found if isinstance(number, int))

        return {
            user.id: Around(
                readable(stored.get(organization_path(user.organization_id)), _organization),
                count(program_catalogue, user),
                count(exercise_catalogue, user),
            )
            for user in users
        }

    def addresses(self, user_ids: Sequence[str]) -> dict[str, str]:
        """Of those who are still there, by id."""
        found = self._documents.get_many([user_path(each) for each in user_ids], fields=["email"])
        return {row.id: str(row.data.get("email", "")) for row in found.values()}

    def unseen_since(self, day: date, *, limit: int) -> list[User]:
        """Those who were last here before that day, the longest absent first."""
        rows = self._documents.find(
            "users",
            [
                ("status", "==", UserStatus.ACTIVE.value),
                ("role", "==", "USER"),
                ("last_seen_on", "<", day.isoformat()),
            ],
            order="last_seen_on",
            limit=limit,
        )
        return _people(rows)

    def everybody(self) -> Iterator[User]:
        for row in self._documents.scan("users"):
            if user := readable(row, _user):
                yield user

    def organizations(self, asked: OrganizationFilter) -> tuple[list[Organization], int]:
        """Newest first, and how many there are, up to a cap."""
        where: list[Condition] = [
            (field, "==", value.value)
            for field, value in (
                ("subscription_tier", asked.subscription_tier),
                ("subscription_status", asked.subscription_status),
            )
            if value is not None
        ]
        rows = self._documents.find(
            "organizations", where, order=NEWEST_FIRST, offset=asked.offset, limit=asked.limit
        )
        found = [readable(row, _organization) for row in rows]
        total = self._documents.count("organizations", where, order=NEWEST_FIRST, up_to=COUNTED)
        return [each for each in found if each], total

    def organization(self, organization_id: str) -> Organization | None:
        return readable(self._documents.get(organization_path(organization_id)), _organization)

    def organization_size(self, organization_id: str) -> tuple[int, int]:
        """How many exercises and programs it has."""
        paths = [exercise_catalogue(organization_id), program_catalogue(organization_id)]
        found = self._documents.get_many(paths, fields=["count"])
        exercises, programs = (
            int(found[path].data.get("count", 0)) if path in found else 0 for path in paths
        )
        return exercises, programs

    def every_organization(self) -> Iterator[Organization]:
        for row in self._documents.scan("organizations"):
            if organization := readable(row, _organization):
                yield organization


def _conditions(asked: UserFilter) -> tuple[list[Condition], str]:
    """What the index is asked for, and the words to compare afterwards."""
    where: list[Condition] = []
    address = asked.email or ""
    if "@" in address:
        where.append(("email", "==", address.lower()))
        address = ""
    words = " ".join(text for text in (asked.search, address) if text)
    if asked.organization_id:
        where.append(("organization_id", "==", asked.organization_id))
    if asked.role:
        where.append(("role", "==", asked.role.value))
    if asked.is_active is not None:
        where.append(("is_active", "==", asked.is_active))
    if asked.is_verified is not None:
        where.append(("is_verified", "==", asked.is_verified))
    if asked.subscription_tier:
        where.append(("subscription_tier", "==", asked.subscription_tier.value))
    # Half of all people share what follows the @ of an address, so it finds nobody in particular.
    if words and (token := leading(words.partition("@")[0]) or leading(words)):
        where.append(("search", "array_contains", token))
    return where, words


def _people(rows: Sequence[Document]) -> list[User]:
    return [user for row in rows if (user := readable(row, _user))]


def _user(row: Document) -> User:
    return restored(User, row)


def _organization(row: Document) -> Organization:
    return restored(Organization, row)
