"""People and organizations at rest: `users/{uid}`, `organizations/{id}` and its `members/{uid}`."""

from collections.abc import Callable
from datetime import date

from shared.models.accounts import Account
from shared.models.organizations import Organization
from shared.models.users import User
from shared.rules.accounts import personal_organization_id
from shared.storage.documents import Documents, Transaction
from shared.storage.effects import Effects
from shared.storage.records import fields, restored
from shared.storage.tenancy import member_collection, organization_path, user_path

SCHEMA = {"schema": 1}


class AccountRepository:
    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def load(self, user_id: str) -> Account | None:
        """The person and their organization: one call, a second one for who has moved."""
        return stored_account(self._documents, user_id)

    def add(self, account: Account) -> Account:
        """Store a new account whole, or return the one that is already there."""
        user, organization = account.user, account.organization

        def work(transaction: Transaction) -> Account:
            if stored := stored_account(transaction, user.id):
                return stored
            transaction.put(user_path(user.id), fields(user) | SCHEMA)
            transaction.put(organization_path(organization.id), fields(organization) | SCHEMA)
            transaction.put(
                f"{member_collection(organization.id)}/{user.id}",
                {"role": user.organization_role.value, "joined_at": user.created_at} | SCHEMA,
            )
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
            transaction.put(user_path(user_id), fields(changed))
            if effects:
                effects.record(transaction)
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
            changed = change(restored(User, stored))
            transaction.put(user_path(user_id), fields(changed))
            if effects:
                effects.record(transaction)
            return changed

        return self._documents.atomically(work).result

    def change_organization(
        self,
        organization_id: str,
        change: Callable[[Organization], Organization],
        effects: Effects | None = None,
    ) -> Organization | None:
        def work(transaction: Transaction) -> Organization | None:
            stored = transaction.get(organization_path(organization_id))
            if stored is None:
                return None
            changed = change(restored(Organization, stored))
            transaction.put(organization_path(organization_id), fields(changed))
            if effects:
                effects.record(transaction)
            return changed

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

    Raises LookupError for somebody without an organization: making the account anew would
    undo a suspension.
    """
    own = organization_path(personal_organization_id(user_id))
    found = source.get_many([user_path(user_id), own])
    stored = found.get(user_path(user_id))
    if stored is None:
        return None
    user = restored(User, stored)
    current = organization_path(user.organization_id)
    organization = found.get(own) if current == own else source.get(current)
    if organization is None:
        raise LookupError(f"the organization of {user_id} is gone")
    return Account(user=user, organization=restored(Organization, organization))
