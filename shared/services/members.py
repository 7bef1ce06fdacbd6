"""What people do with the members of their organization: invite, join, leave, hand over."""

from collections.abc import Callable, Sequence
from datetime import datetime

from shared.errors import Conflict, TokenInvalid
from shared.models.accounts import Account
from shared.models.audit import AuditEntry
from shared.models.mails import MailKind
from shared.models.members import (
    Invitation,
    InvitationList,
    InvitationView,
    MemberPage,
    Members,
    Moved,
)
from shared.models.organizations import Organization
from shared.models.tasks import SendMail, SyncIdentity
from shared.models.tokens import Purpose
from shared.models.users import Caller, OrganizationRole, UserView
from shared.rules.members import (
    MOST_INVITATIONS,
    handed_over,
    home,
    invitation_id,
    moved,
    new_invitation,
    require_may_join,
    require_may_leave,
    require_owner,
    require_removable,
)
from shared.services.accounts import AccountService
from shared.services.background import BackgroundService
from shared.services.trail import told
from shared.storage.effects import Effects
from shared.storage.members import MemberRepository
from shared.storage.tokens import TokenRepository


class MemberService:
    """`now` returns the current UTC time; `new_id` a fresh id."""

    def __init__(
        self,
        members: MemberRepository,
        accounts: AccountService,
        tokens: TokenRepository,
        background: BackgroundService,
        *,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
    ) -> None:
        self._members = members
        self._accounts = accounts
        self._tokens = tokens
        self._background = background
        self._now = now
        self._new_id = new_id

    def browse(self, caller: Caller, asked: Members) -> MemberPage:
        """Everybody in the caller's organization, the owner first."""
        members = self._members.of(caller.organization_id)
        page = members[asked.offset : asked.offset + asked.limit]
        return MemberPage.of(page, len(members), asked)

    def invitations(self, caller: Caller) -> InvitationList:
        """Those that can still be accepted. Raises Forbidden unless the caller is the owner."""
        require_owner(caller)
        found = self._open(caller.organization_id)
        return InvitationList(items=[InvitationView.of(each) for each in found], total=len(found))

    def invite(self, caller: Caller, email: str) -> InvitationView:
        """Mail an invitation; one to the same address takes the place of the one before.

        Raises Forbidden, Conflict for somebody who is a member already, or QuotaReached.
        """
        require_owner(caller)
        self._require_new(caller, email)
        now = self._now()
        inviter = self._accounts.required(caller.user_id).user
        identifier = invitation_id(caller.organization_id, email)
        mail = SendMail(
            mail=MailKind.INVITATION,
            about=f"{caller.organization_id}/{identifier}",
            cause=now.isoformat(),
        )
        invitation = self._members.invite(
            caller.organization_id,
            lambda organization: new_invitation(organization, inviter, email, now),
            Effects(
                now=now,
                tasks=(mail,),
                audit=(self._entry(caller, "invitation.create", identifier),),
            ),
        )
        self._background.push(mail)
        return InvitationView.of(invitation)

    def withdraw(self, caller: Caller, identifier: str) -> None:
        """Raises Forbidden or InvitationNotFound."""
        require_owner(caller)
        entry = self._entry(caller, "invitation.withdraw", identifier)
        self._members.withdraw(
            caller.organization_id, identifier, Effects(now=self._now(), audit=(entry,))
        )

    def accept(self, caller: Caller, token: str) -> UserView:
        """Move the caller into the organization that invited them.

        Raises TokenInvalid, Forbidden for another address, Conflict or QuotaReached.
        """
        now = self._now()
        found = self._tokens.find(token, Purpose.INVITATION, now)
        organization_id, _, identifier = (found.about if found else "").partition("/")
        if not identifier:
            raise TokenInvalid("This invitation is no longer valid. Ask for a new one.")

        def move(
            account: Account, organization: Organization, invitation: Invitation | None
        ) -> Moved:
            require_may_join(account, organization, invitation, now)
            joined = moved(account, organization, OrganizationRole.MEMBER, now)
            # The link came by mail: the address is theirs.
            verified = joined.user.model_copy(update={"is_verified": True})
            return joined.model_copy(update={"user": verified})

        entry = self._entry(caller, "member.join", caller.user_id, organization_id)
        sync = SyncIdentity(user_id=caller.user_id, cause=entry.id)
        effects = Effects(now=now, tasks=(sync,), audit=(entry,))
        account = self._members.join(caller.user_id, organization_id, identifier, move, effects)
        self._background.push(sync)
        return self._shown(account)

    def remove(self, caller: Caller, user_id: str) -> None:
        """Send a member back to their own organization; what they made stays.

        Raises Forbidden, UserNotFound, or Conflict for the owner.
        """
        require_owner(caller)
        self._part(
            caller,
            user_id,
            lambda account, _: require_removable(account, caller.organization_id),
            "member.remove",
        )

    def leave(self, caller: Caller) -> UserView:
        """Go back to one's own organization, or on to the next one. Raises Refused or Conflict."""
        return self._shown(self._part(caller, caller.user_id, require_may_leave, "member.leave"))

    def hand_over(self, caller: Caller, user_id: str) -> UserView:
        """Make another member the owner. Raises Forbidden, UserNotFound or Refused."""
        require_owner(caller)
        now = self._now()
        entry = self._entry(caller, "organization.hand_over", user_id)
        self._members.hand_over(
            caller.user_id,
            user_id,
            lambda owner, member: handed_over(owner, member, now),
            Effects(now=now, audit=(entry,)),
        )
        self._accounts.forget(user_id)
        self._accounts.forget(caller.user_id)
        return self._accounts.show(caller)

    def _part(
        self,
        caller: Caller,
        user_id: str,
        require: Callable[[Account | None, Sequence[Organization]], Account],
        action: str,
    ) -> Account:
        now = self._now()
        entry = self._entry(caller, action, user_id)
        sync = SyncIdentity(user_id=user_id, cause=entry.id)
        account = self._members.part(
            user_id,
            lambda account, own: home(require(account, own).user, own, now),
            lambda account, own: moved(account, own, OrganizationRole.OWNER, now),
            Effects(now=now, tasks=(sync,), audit=(entry,)),
        )
        self._background.push(sync)
        self._accounts.forget(user_id)
        return account

    def _open(self, organization_id: str) -> list[Invitation]:
        found = self._members.invitations(organization_id, limit=2 * MOST_INVITATIONS)
        return [invitation for invitation in found if invitation.expires_at > self._now()]

    def _require_new(self, caller: Caller, email: str) -> None:
        if any(member.email == email for member in self._members.of(caller.organization_id)):
            raise Conflict("This person is a member already.")
        others = [each for each in self._open(caller.organization_id) if each.email != email]
        if len(others) >= MOST_INVITATIONS:
            raise Conflict("Too many invitations are open: withdraw some of them first.")

    def _entry(
        self, caller: Caller, action: str, target_id: str, organization_id: str | None = None
    ) -> AuditEntry:
        return told(
            caller,
            action,
            target_id,
            entry_id=self._new_id(),
            now=self._now(),
            organization_id=organization_id or caller.organization_id,
        )

    def _shown(self, account: Account) -> UserView:
        self._accounts.forget(account.user.id)
        return UserView.of(account.user, account.organization)
