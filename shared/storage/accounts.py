"""People and organizations at rest: `users/{uid}`, `organizations/{id}` and its `members/{uid}`."""

from collections.abc import Callable
from datetime import date, datetime

from shared.errors import TokenInvalid
from shared.models.accounts import Account
from shared.models.deletions import Deletion
from shared.models.organizations import Organization
from shared.models.tasks import RemoveAvatar
from shared.models.users import User
from shared.rules.accounts import personal_organization_id
from shared.rules.deletions import is_closed
from shared.storage.deletions import deletion_path
from shared.storage.documents import Condition, Document, Documents, Transaction
from shared.storage.effects import Effects
from shared.storage.outbox import OutboxRepository
from shared.storage.records import fields, restored
from shared.storage.tenancy import member_collection, organization_path, user_path
from shared.storage.users import put_organization, put_user

SCHEMA = {"schema": 1}
MOST_OWNED = 100
"""Organizations of one person; hardly anybody has two."""


class AccountRepository:
    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def load(self, user_id: str) -> Account | None:
        """The person and their organization: one call, a second one for who has moved."""
        return stored_account(self._documents, user_id)

    def user(self, user_id: str) -> User | None:
        """The person alone, wherever they belong; nobody once they are being removed."""
        stored = self._documents.get(user_path(user_id))
        user = restored(User, stored) if stored else None
        return user if user and not is_closed(user) else None

    def add(self, account: Account, effects: Effects | None = None) -> Account:
        """Store a new account whole, or return the one that is already there.

        Raises TokenInvalid for somebody who was removed: tokens may outlive an account by an hour.
        """
        user, organization = account.user, account.organization

        def work(transaction: Transaction) -> Account:
            if stored := stored_account(transaction, user.id):
                return stored
            deletion = transaction.get(deletion_path(user.id))
            if deletion and restored(Deletion, deletion).closed:
                raise TokenInvalid("This account was deleted.")
            put_user(transaction, self._documents, None, user, organization)
            transaction.put(organization_path(organization.id), fields(organization) | SCHEMA)
            transaction.put(
                f"{member_collection(organization.id)}/{user.id}",
                {"role": user.organization_role.value, "joined_at": user.created_at} | SCHEMA,
            )
            if effects:
                effects.record(transaction)
            return account

        return self._documents.atomically(work).result

    def by_email(self, email: str) -> User | None:
        """Whoever has this address, in lower case."""
        rows = self._documents.find("users", [("email", "==", email)], limit=1)
        return restored(User, rows[0]) if rows and email else None

    def change_account(
        self, user_id: str, change: Callable[[User], User], effects: Effects | None = None
    ) -> Account | None:
        """As `change_user`, and shows the organization as well."""

        def work(transaction: Transaction) -> Account | None:
            stored = stored_account(transaction, user_id)
            if stored is None:
                return None
            changed = change(stored.user)
            put_user(transaction, self._documents, stored.user, changed)
            if effects:
                effects.record(transaction, stored.user, changed)
            return stored.model_copy(update={"user": changed})

        return self._documents.atomically(work).result

    def change_user(
        self, user_id: str, change: Callable[[User], User], effects: Effects | None = None
    ) -> User | None:
        """Replace the person by what `change` makes of them; None when there is nobody."""

        def work(transaction: Transaction) -> User | None:
            stored = transaction.get(user_path(user_id))
            if stored is None:
                return None
            user = restored(User, stored)
            changed = change(user)
            put_user(transaction, self._documents, user, changed)
            if effects:
                effects.record(transaction, user, changed)
            return changed

        return self._documents.atomically(work).result

    def change_organization(
        self,
        organization_id: str,
        change: Callable[[Organization], Organization],
        effects: Effects | None = None,
    ) -> Organization | None:
        """As `change_user`; one that `change` returns as it is stays so, and nothing is told."""

        def work(transaction: Transaction) -> Organization | None:
            stored = transaction.get(organization_path(organization_id))
            if stored is None:
                return None
            organization = restored(Organization, stored)
            wanted = change(organization)
            if wanted is organization:
                return organization
            changed = put_organization(transaction, self._documents, organization, wanted)
            if effects:
                effects.record(transaction, organization, changed)
            return changed

        return self._documents.atomically(work).result

    def organization(self, organization_id: str) -> Organization | None:
        stored = self._documents.get(organization_path(organization_id))
        return restored(Organization, stored) if stored else None

    def avatar(self, user_id: str) -> str | None:
        """The object of somebody's picture."""
        stored = self._documents.get(user_path(user_id), ["avatar"])
        return stored.data.get("avatar") if stored else None

    def set_avatar(self, user_id: str, name: str | None, now: datetime) -> str | None:
        """Show another picture, or none; returns the old one, whose removal is stored with it.

        Raises TokenInvalid when the person is gone.
        """

        def work(transaction: Transaction) -> str | None:
            stored = transaction.get(user_path(user_id))
            if stored is None:
                raise TokenInvalid("This account was deleted.")
            user = restored(User, stored)
            if user.avatar == name:
                return None
            changed = user.model_copy(update={"avatar": name, "updated_at": now})
            put_user(transaction, self._documents, user, changed)
            if user.avatar:
                OutboxRepository.record(transaction, RemoveAvatar(object=user.avatar), now)
            return user.avatar

        return self._documents.atomically(work).result

    def saw(self, user_id: str, day: date) -> None:
        """Note that somebody was here; asked for at most once a day.

        Without a look at the document: a page's first calls of the day come together, and none
        of them may have to wait for another.
        """

        def work(transaction: Transaction) -> None:
            transaction.update(user_path(user_id), {"last_seen_on": day.isoformat()})

        self._documents.atomically(work)


def stored_account(source: Documents | Transaction, user_id: str) -> Account | None:
    """The person and their organization, as the transaction or the store has them.

    Somebody who is being removed is nobody any more: part of theirs may be gone already. Raises
    LookupError for anybody else without an organization: making the account anew would undo a
    suspension.
    """
    own = organization_path(personal_organization_id(user_id))
    found = source.get_many([user_path(user_id), own])
    stored = found.get(user_path(user_id))
    if stored is None:
        return None
    user = restored(User, stored)
    if is_closed(user):
        return None
    current = organization_path(user.organization_id)
    organization = found.get(own) if current == own else source.get(current)
    if organization is None:
        raise LookupError(f"the organization of {user_id} is gone")
    return Account(user=user, organization=restored(Organization, organization))


def owned_by(documents: Documents, user_id: str) -> list[Document]:
    """The organizations that are somebody's, wherever they are themselves."""
    theirs: Condition = ("owner_user_id", "==", user_id)
    return documents.find("organizations", [theirs], limit=MOST_OWNED)
