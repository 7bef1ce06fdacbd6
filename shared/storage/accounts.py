"""People and organizations at rest: `users/{uid}`, `organizations/{id}` and its `members/{uid}`."""

from collections.abc import Callable
from datetime import date

from shared.models.accounts import Account
from shared.models.organizations import Organization
from shared.models.users import User
from shared.rules.accounts import personal_organization_id
from shared.storage.documents import Document, Documents, Transaction
from shared.storage.records import fields, restored

SCHEMA = {"schema": 1}


class AccountRepository:
    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def load(self, user_id: str) -> Account | None:
        """The person and their organization: one call, a second one for who has moved."""
        own = _organization(personal_organization_id(user_id))
        found = self._documents.get_many([_user(user_id), own])
        stored = found.get(_user(user_id))
        if stored is None:
            return None
        user = restored(User, stored)
        organization = found.get(own)
        if user.organization_id != personal_organization_id(user_id):
            organization = self._documents.get(_organization(user.organization_id))
        if organization is None:
            return None
        return Account(user=user, organization=restored(Organization, organization))

    def add(self, account: Account) -> Account:
        """Store a new account whole, or return the one that is already there."""
        user, organization = account.user, account.organization

        def work(transaction: Transaction) -> Account:
            found = transaction.get_many([_user(user.id), _organization(organization.id)])
            if stored := _account(found, user.id, organization.id):
                return stored
            transaction.put(_user(user.id), fields(user) | SCHEMA)
            transaction.put(_organization(organization.id), fields(organization) | SCHEMA)
            transaction.put(
                f"{_organization(organization.id)}/members/{user.id}",
                {"role": user.organization_role.value, "joined_at": user.created_at} | SCHEMA,
            )
            return account

        return self._documents.atomically(work).result

    def change_user(self, user_id: str, change: Callable[[User], User]) -> User | None:
        """Replace the person by what `change` makes of them; None when there is nobody."""

        def work(transaction: Transaction) -> User | None:
            stored = transaction.get(_user(user_id))
            if stored is None:
                return None
            changed = change(restored(User, stored))
            transaction.put(_user(user_id), fields(changed))
            return changed

        return self._documents.atomically(work).result

    def change_organization(
        self, organization_id: str, change: Callable[[Organization], Organization]
    ) -> Organization | None:
        def work(transaction: Transaction) -> Organization | None:
            stored = transaction.get(_organization(organization_id))
            if stored is None:
                return None
            changed = change(restored(Organization, stored))
            transaction.put(_organization(organization_id), fields(changed))
            return changed

        return self._documents.atomically(work).result

    def saw(self, user_id: str, day: date) -> None:
        """Note that somebody was here; asked for at most once a day."""

        def work(transaction: Transaction) -> None:
            if transaction.get(_user(user_id)):
                transaction.update(_user(user_id), {"last_seen_on": day.isoformat()})

        self._documents.atomically(work)


def _user(user_id: str) -> str:
    return f"users/{user_id}"


def _organization(organization_id: str) -> str:
    return f"organizations/{organization_id}"


def _account(found: dict[str, Document], user_id: str, organization_id: str) -> Account | None:
    user, organization = found.get(_user(user_id)), found.get(_organization(organization_id))
    if user is None or organization is None:
        return None
    return Account(user=restored(User, user), organization=restored(Organization, organization))
