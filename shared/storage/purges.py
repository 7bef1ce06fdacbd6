"""Removing what only one person had: each step finds out anew what is left of its work."""

from shared.models.audit import AuditEntry
from shared.models.organizations import Organization
from shared.models.users import OrganizationRole, User
from shared.rules.deletions import is_closed
from shared.rules.members import counted
from shared.storage import audit
from shared.storage.documents import Condition, Document, Documents, Transaction
from shared.storage.records import fields, restored
from shared.storage.tenancy import MOST_MEMBERS, member_collection, organization_path, user_path
from shared.storage.users import put_user

AT_ONCE = 50
"""Documents in one batch."""


class PurgeRepository:
    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def leave(self, organization_id: str, user_id: str, entry: AuditEntry) -> bool:
        """Take somebody out of an organization that others stay in; False when nobody else does.

        An owner's place goes to whoever joined first, which `entry` is about. Once somebody is
        out, this changes nothing.
        """
        here = organization_path(organization_id)
        own = f"{member_collection(organization_id)}/{user_id}"
        rows = self._documents.find(member_collection(organization_id), limit=MOST_MEMBERS)
        others = [row for row in rows if row.id != user_id]

        def work(transaction: Transaction) -> bool:
            paths = [here, own, *(user_path(row.id) for row in others)]
            found = transaction.get_many(paths)
            staying = [row for row in others if _stays(found.get(user_path(row.id)), here)]
            if here not in found or not staying:
                return False
            organization = restored(Organization, found[here])
            if own in found:
                organization = counted(organization, -1, entry.created_at)
                transaction.delete(own)
            if organization.owner_user_id == user_id:
                heir = min(staying, key=lambda row: (str(row.data.get("joined_at")), row.id))
                self._promote(transaction, heir, found[user_path(heir.id)])
                organization = organization.model_copy(update={"owner_user_id": heir.id})
                after = {"owner_user_id": heir.id}
                audit.record(transaction, entry.model_copy(update={"after": after}))
            transaction.put(here, fields(organization))
            return True

        return self._documents.atomically(work).result

    def empty(self, path: str) -> None:
        """Delete a document and everything below it, from the bottom up."""
        while paths := self._documents.below(path, limit=AT_ONCE):
            self._delete(paths)
        self._delete([path])

    def forget_tokens(self, user_id: str) -> None:
        self._forget("tokens", ("user_id", "==", user_id))

    def forget_subscriptions(self, organization_id: str) -> None:
        self._forget("subscriptions", ("organization_id", "==", organization_id))

    def _forget(self, collection: str, whose: Condition) -> None:
        while rows := self._documents.find(collection, [whose], limit=AT_ONCE):
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


def _stays(user: Document | None, here: str) -> bool:
    """Whether the row of a member is true, and they are not on their way out themselves."""
    if user is None:
        return False
    member = restored(User, user)
    return organization_path(member.organization_id) == here and not is_closed(member)
