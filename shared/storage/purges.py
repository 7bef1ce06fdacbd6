"""Removing what only one person had: each step finds out anew what is left of its work."""

from shared.models.audit import AuditEntry
from shared.models.organizations import Organization
from shared.models.users import OrganizationRole, User
from shared.rules.deletions import is_closed
from shared.rules.members import counted
from shared.storage import audit
from shared.storage.accounts import owned_by
from shared.storage.documents import Condition, Document, Documents, Transaction
from shared.storage.records import fields, restored
from shared.storage.tenancy import (
    MOST_MEMBERS,
    member_collection,
    organization_path,
    user_path,
)
from shared.storage.users import put_user

AT_ONCE = 50
"""Documents in one batch."""
VERSIONS_AT_ONCE = 10
"""The same for versions, which can be large."""


class PurgeRepository:
    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def leave(self, organization_id: str, user_id: str, entry: AuditEntry) -> bool:
        """Take somebody out of an organization; False when it is nobody else's.

        Others have it who are in it, or own it and are elsewhere for now. An owner's place goes
        to whoever joined first of those who can act, which `entry` is about. Once somebody is
        out, this changes nothing, and nobody joins what is nobody's any more.
        """
        here = organization_path(organization_id)
        own = f"{member_collection(organization_id)}/{user_id}"

        def work(transaction: Transaction) -> bool:
            found = transaction.get_many([here, own])
            if here not in found:
                return False
            organization = restored(Organization, found[here])
            # After the organization was read: whoever joins or leaves changes it.
            rows = self._documents.find(member_collection(organization_id), limit=MOST_MEMBERS)
            others = [row for row in rows if row.id != user_id]
            owner = user_path(organization.owner_user_id)
            people = transaction.get_many([owner, *(user_path(row.id) for row in others)])
            staying = [row for row in others if _stays(people.get(user_path(row.id)), here)]
            if own in found:
                organization = counted(organization, -1, entry.created_at)
                transaction.delete(own)
            owns = organization.owner_user_id == user_id
            if owns and staying:
                heir = min(staying, key=lambda row: _turn(row, people[user_path(row.id)]))
                self._promote(transaction, heir, people[user_path(heir.id)])
                organization = organization.model_copy(update={"owner_user_id": heir.id})
                after = {"owner_user_id": heir.id}
                audit.record(transaction, entry.model_copy(update={"after": after}))
            transaction.put(here, fields(organization))
            return bool(staying) or (not owns and _is_somebody(people.get(owner)))

        return self._documents.atomically(work).result

    def owned_by(self, user_id: str) -> set[str]:
        """Organizations that are theirs, wherever they are themselves."""
        rows = owned_by(self._documents, user_id)
        user = self._documents.get(user_path(user_id), ["home_organization_id"])
        home = user.data.get("home_organization_id") if user else None
        return {row.id for row in rows} | ({home} if home else set())

    def empty(self, path: str) -> None:
        """Delete a document and everything below it, from the bottom up."""
        while paths := self._documents.below(path, limit=AT_ONCE):
            self._delete(paths)
        self._delete([path])

    def forget_tokens(self, user_id: str) -> None:
        self._forget("tokens", ("user_id", "==", user_id))

    def forget_subscriptions(self, organization_id: str) -> None:
        self._forget("subscriptions", ("organization_id", "==", organization_id))

    def forget_name(self, user_id: str) -> None:
        """What they changed in programs of others stays, and says no more who that was.

        Invitations go, wherever they invited: they name whoever did.
        """
        theirs = ("author.user_id", "==", user_id)
        while rows := self._documents.find(
            "versions", [theirs], everywhere=True, limit=VERSIONS_AT_ONCE
        ):
            self._unsign([row.path for row in rows])
        self._forget("invitations", ("invited_by_user_id", "==", user_id), everywhere=True)

    def _unsign(self, paths: list[str]) -> None:
        def work(transaction: Transaction) -> None:
            # A version may be gone with its program by now.
            for path in transaction.get_many(paths):
                transaction.update(path, {"author": None})

        self._documents.atomically(work)

    def _forget(self, collection: str, whose: Condition, *, everywhere: bool = False) -> None:
        while rows := self._documents.find(
            collection, [whose], everywhere=everywhere, limit=AT_ONCE
        ):
            self._delete([row.path for row in rows])

    def _promote(self, transaction: Transaction, heir: Document, user: Document) -> None:
        before = restored(User, user)
        owner = before.model_copy(update={"organization_role": OrganizationRole.OWNER})
        put_user(transaction, self._documents, before, owner)
        transaction.update(heir.path, {"role": OrganizationRole.OWNER.value})

    def _delete(self, paths: list[str]) -> None:
        def work(transaction: Transaction) -> None:
            for path in paths:
                transaction.delete(path)

        self._documents.atomically(work)


def _turn(row: Document, user: Document) -> tuple[bool, str, str]:
    """Sorts the members by whose turn it is to own: who can act, then who joined first."""
    return not restored(User, user).is_active, str(row.data.get("joined_at")), row.id


def _is_somebody(user: Document | None) -> bool:
    return user is not None and not is_closed(restored(User, user))


def _stays(user: Document | None, here: str) -> bool:
    """Whether the row of a member is true, and they are not on their way out themselves."""
    if user is None:
        return False
    member = restored(User, user)
    return organization_path(member.organization_id) == here and not is_closed(member)
