"""Who belongs to an organization: `members/{uid}` and `invitations/{id}` below it.

The user's own document says which organization they act for; both change in one batch, and the
organization's `member_count` with them, so that a plan's places are counted exactly.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from shared.errors import InvitationNotFound
from shared.models.accounts import Account
from shared.models.members import Invitation, Member, Moved
from shared.models.organizations import Organization
from shared.models.users import OrganizationRole, User
from shared.storage.accounts import owned_by, stored_account
from shared.storage.documents import Document, Documents, Transaction
from shared.storage.effects import Effects
from shared.storage.records import fields, readable, restored
from shared.storage.tenancy import (
    MOST_MEMBERS,
    invitation_collection,
    member_collection,
    organization_path,
    user_path,
)
from shared.storage.users import put_user

SCHEMA = {"schema": 1}


class MemberRepository:
    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def of(self, organization_id: str) -> list[Member]:
        """The owner first, then by when they joined."""
        rows = self._documents.find(member_collection(organization_id), limit=MOST_MEMBERS)
        joined = {user_path(row.id): row.data.get("joined_at") for row in rows}
        people = self._documents.get_many(list(joined)) if joined else {}
        members = []
        for path, document in people.items():
            user = restored(User, document)
            # A row that the console left behind makes nobody a member.
            if user.organization_id == organization_id:
                since = joined[path]
                when = since if isinstance(since, datetime) else user.created_at
                members.append(Member.of(user, when))
        return sorted(
            members,
            key=lambda member: (member.role is not OrganizationRole.OWNER, member.joined_at),
        )

    def owned(self, user_id: str) -> list[Organization]:
        """Organizations that are theirs, wherever they are themselves."""
        rows = owned_by(self._documents, user_id)
        return [restored(Organization, row) for row in rows]

    def invitations(self, organization_id: str, *, limit: int) -> list[Invitation]:
        """Newest first, expired ones included."""
        rows = self._documents.find(invitation_collection(organization_id), limit=limit)
        found = [invitation for row in rows if (invitation := _invitation(row))]
        return sorted(found, key=lambda invitation: invitation.created_at, reverse=True)

    def invitation(self, organization_id: str, invitation_id: str) -> Invitation | None:
        return _invitation(self._documents.get(_path(organization_id, invitation_id)))

    def invite(
        self,
        organization_id: str,
        write: Callable[[Organization], Invitation],
        effects: Effects,
    ) -> Invitation:
        """Store the invitation that `write` makes, in place of an earlier one of its id."""

        def work(transaction: Transaction) -> Invitation:
            stored = transaction.get(organization_path(organization_id))
            if stored is None:
                raise LookupError(f"the organization {organization_id} is gone")
            invitation = write(restored(Organization, stored))
            row = fields(invitation) | SCHEMA | {"expire_at": invitation.expires_at}
            transaction.put(_path(organization_id, invitation.id), row)
            effects.record(transaction)
            return invitation

        return self._documents.atomically(work).result

    def withdraw(self, organization_id: str, invitation_id: str, effects: Effects) -> None:
        """Raises InvitationNotFound."""

        def work(transaction: Transaction) -> None:
            path = _path(organization_id, invitation_id)
            if transaction.get(path) is None:
                raise InvitationNotFound("There is no such invitation.")
            transaction.delete(path)
            effects.record(transaction)

        self._documents.atomically(work)

    def join(
        self,
        user_id: str,
        organization_id: str,
        invitation_id: str,
        move: Callable[[Account, Organization, Invitation | None], Moved],
        effects: Effects,
    ) -> Account:
        """Use up the invitation and move the person; `move` may refuse."""

        def work(transaction: Transaction) -> Account:
            path = _path(organization_id, invitation_id)
            found = transaction.get_many(
                [user_path(user_id), organization_path(organization_id), path]
            )
            account = _required(stored_account(transaction, user_id))
            organization = found.get(organization_path(organization_id))
            invitation = _invitation(found.get(path)) if organization else None
            target = restored(Organization, organization) if organization else account.organization
            change = move(account, target, invitation)
            transaction.delete(path)
            return self._move(transaction, account, change, effects)

        return self._documents.atomically(work).result

    def part(
        self,
        user_id: str,
        home: Callable[[Account | None, list[Organization]], Organization],
        move: Callable[[Account, Organization], Moved],
        effects: Effects,
    ) -> Account:
        """Move the person to the organization that `home` names, which is made when it is gone.

        `home` is told which ones they own. It may refuse, and so may `move`.
        """

        def work(transaction: Transaction) -> Account:
            account = stored_account(transaction, user_id)
            own = home(account, self.owned(user_id))
            kept = transaction.get(organization_path(own.id))
            own = restored(Organization, kept) if kept else own
            if own.owner_user_id != user_id:
                raise LookupError(f"{user_id} would come into the organization of somebody else")
            account = _required(account)
            return self._move(transaction, account, move(account, own), effects)

        return self._documents.atomically(work).result

    def hand_over(
        self,
        owner_id: str,
        member_id: str,
        check: Callable[[Account, Account | None], tuple[Account, Account]],
        effects: Effects,
    ) -> None:
        """Swap the roles of two members; `check` may refuse, and returns both as they become."""

        def work(transaction: Transaction) -> None:
            was = _required(stored_account(transaction, owner_id))
            member = stored_account(transaction, member_id)
            old, new = check(was, member)
            for account in (old, new):
                user = account.user
                path = f"{member_collection(user.organization_id)}/{user.id}"
                row = transaction.get(path)
                since = row.data.get("joined_at") if row else user.created_at
                before = was.user if user.id == owner_id else _required(member).user
                put_user(transaction, self._documents, before, user)
                transaction.put(path, _row(user, since))
            transaction.put(organization_path(new.organization.id), fields(new.organization))
            effects.record(transaction)

        self._documents.atomically(work)

    def _move(
        self, transaction: Transaction, was: Account, change: Moved, effects: Effects
    ) -> Account:
        user = change.user
        put_user(transaction, self._documents, was.user, user, change.joined)
        for organization in (change.left, change.joined):
            transaction.put(organization_path(organization.id), fields(organization) | SCHEMA)
        transaction.delete(f"{member_collection(change.left.id)}/{user.id}")
        joined = f"{member_collection(change.joined.id)}/{user.id}"
        transaction.put(joined, _row(user, user.updated_at))
        effects.record(transaction)
        return Account(user=user, organization=change.joined)


def _row(user: User, joined_at: datetime | None) -> dict[str, Any]:
    return {"role": user.organization_role.value, "joined_at": joined_at} | SCHEMA


def _required(account: Account | None) -> Account:
    if account is None:
        raise LookupError("whoever is signed in has no account")
    return account


def _path(organization_id: str, invitation_id: str) -> str:
    return f"{invitation_collection(organization_id)}/{invitation_id}"


def _invitation(document: Document | None) -> Invitation | None:
    return readable(document, lambda row: restored(Invitation, row))
