"""Who is calling: the account behind a token, stored on its first call and kept at hand."""

import threading
import uuid
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime

from shared.errors import Contended, TokenInvalid
from shared.gateways.ports import Claims
from shared.models.accounts import Account
from shared.models.mails import MailKind
from shared.models.organizations import Organization, SubscriptionStatus, Tier
from shared.models.tasks import SendMail
from shared.models.users import Caller, Role, User, UserView
from shared.rules.access import require_active, require_session
from shared.rules.accounts import new_account
from shared.rules.plans import plan, planned
from shared.services.trail import told
from shared.storage.accounts import AccountRepository
from shared.storage.effects import Effects

SNAPSHOT_SECONDS = 30.0
"""How old a caller's rights may be for a read; changes always look afresh."""
SNAPSHOTS_KEPT = 5_000


class AccountService:
    """Reads accounts on behalf of whoever calls; `now` returns the current UTC time."""

    def __init__(self, accounts: AccountRepository, *, now: Callable[[], datetime]) -> None:
        self._accounts = accounts
        self._now = now
        self._snapshots: OrderedDict[str, tuple[float, Account]] = OrderedDict()
        self._lock = threading.Lock()

    def caller(self, claims: Claims, *, fresh: bool) -> Caller:
        """The caller a verified token belongs to; somebody new is given an account.

        Raises TokenInvalid when the session was ended or the account is gone, AccountDisabled
        when suspended.
        """
        account = self.account(claims, fresh=fresh)
        user = account.user
        require_active(user)
        require_session(user, claims.auth_time)
        self._note_presence(user)
        return Caller(
            user_id=user.id,
            organization_id=user.organization_id,
            role=user.role,
            organization_role=user.organization_role,
            has_pro=plan(account.organization, self._now()).writes_programs,
            signed_in_at=claims.auth_time,
            full_name=user.full_name,
        )

    def account(self, claims: Claims, *, fresh: bool) -> Account:
        """The stored account, made now for somebody who signed in with the Firebase SDK."""
        kept = None if fresh else self._kept(claims.uid)
        if kept:
            return kept
        account = self._accounts.load(claims.uid) or self._accounts.add(self._new(claims))
        return self._keep(self._in_step(account, claims))

    def introduce(self, user_id: str, email: str) -> bool:
        """Whether somebody known to Firebase has an account; it is made as by their first call.

        `email` is their address there now, and so is it here from now on. False for who is being
        removed.
        """
        try:
            new = new_account(user_id=user_id, email=email, now=self._now())
            user = self._accounts.add(new).user
        except TokenInvalid:
            return False
        if user.email != email:
            changed = {"email": email, "is_verified": False}
            self.change(user_id, lambda user: user.model_copy(update=changed))
        return True

    def begin_session(self, claims: Claims) -> Account:
        """Count a sign-in with a password; somebody new is given an account.

        Raises AccountDisabled, or TokenInvalid when sessions of that second were ended.
        """

        def counted(user: User) -> User:
            require_active(user)
            require_session(user, claims.auth_time)
            seen = {
                "login_count": user.login_count + 1,
                "last_login_at": self._now(),
                "last_seen_on": self._now().date(),
            }
            if claims.email and claims.email != user.email:
                # Changed at Firebase, whose word it is: the token was made just now.
                seen |= {"email": claims.email, "is_verified": claims.email_verified}
            return user.model_copy(update=seen)

        account = self._accounts.change_account(claims.uid, counted)
        if account is None:
            new = self._new(claims)
            account = self._accounts.add(new.model_copy(update={"user": counted(new.user)}))
        return self._keep(self._in_step(account, claims))

    def show(self, caller: Caller) -> UserView:
        """The caller's own profile, as it is now."""
        account = self.own(caller)
        return UserView.of(account.user, account.organization)

    def own(self, caller: Caller) -> Account:
        """The caller's account, as it is now."""
        return self._keep(self.required(caller.user_id))

    def find(self, user_id: str) -> Account | None:
        """Somebody's account, as it is now."""
        return self._accounts.load(user_id)

    def required(self, user_id: str) -> Account:
        """The same for whoever is signed in.

        Raises TokenInvalid when it was removed since: other functions, and other instances of
        this one, learn of that only when what they hold has aged.
        """
        account = self.find(user_id)
        if account is None:
            self.forget(user_id)
            raise TokenInvalid("This account was deleted.")
        return account

    def change(
        self, user_id: str, change: Callable[[User], User], effects: Effects | None = None
    ) -> User | None:
        """Change a person; this instance sees it at once, others within the snapshot's age."""
        return self.note(
            user_id,
            lambda user: change(user).model_copy(update={"updated_at": self._now()}),
            effects,
        )

    def note(
        self, user_id: str, change: Callable[[User], User], effects: Effects | None = None
    ) -> User | None:
        """The same for what is not part of the profile, such as which sessions have ended."""
        changed = self._accounts.change_user(user_id, change, effects)
        self.forget(user_id)
        return changed

    def grant_role(self, user_id: str, role: Role) -> User | None:
        """On nobody's behalf, but told of all the same."""
        now = self._now()
        entry = told(None, "user.role_update", user_id, entry_id=str(uuid.uuid4()), now=now)
        return self.change(
            user_id,
            lambda user: user.model_copy(update={"role": role}),
            Effects(now=now, audit=(entry,)),
        )

    def subscribe(
        self,
        organization_id: str,
        tier: Tier | None,
        status: SubscriptionStatus | None,
        effects: Effects | None = None,
    ) -> Organization | None:
        """Set what an organization may use; None leaves the plan, or takes its usual status."""

        def change(organization: Organization) -> Organization:
            return planned(organization, tier, status, self._now())

        return self.change_organization(organization_id, change, effects)

    def change_organization(
        self,
        organization_id: str,
        change: Callable[[Organization], Organization],
        effects: Effects | None = None,
    ) -> Organization | None:
        """As `change`, for an organization and so for all its members."""
        changed = self._accounts.change_organization(organization_id, change, effects)
        self.forget_everybody()
        return changed

    def forget_everybody(self) -> None:
        """An organization has changed, and with it what its members may do."""
        with self._lock:
            self._snapshots.clear()

    def forget(self, user_id: str) -> None:
        with self._lock:
            self._snapshots.pop(user_id, None)

    def _in_step(self, account: Account, claims: Claims) -> Account:
        """Also confirmed here, if the address was confirmed through Firebase's own mail."""
        user = account.user
        if user.is_verified or not claims.email_verified or claims.email != user.email:
            return account
        # Nobody waits for the mail, so the sweep may send it.
        welcome = SendMail(mail=MailKind.WELCOME, user_id=user.id, cause="verified")
        changed = self.change(
            user.id,
            lambda user: user.model_copy(update={"is_verified": True}),
            Effects(now=self._now(), tasks=(welcome,)),
        )
        return account.model_copy(update={"user": changed}) if changed else account

    def _new(self, claims: Claims) -> Account:
        return new_account(
            user_id=claims.uid,
            email=claims.email or "",
            is_verified=claims.email_verified,
            full_name=claims.name or "",
            now=self._now(),
        )

    def _kept(self, user_id: str) -> Account | None:
        with self._lock:
            until, account = self._snapshots.get(user_id, (0.0, None))
            return account if self._now().timestamp() < until else None

    def _keep(self, account: Account) -> Account:
        with self._lock:
            self._snapshots[account.user.id] = (
                self._now().timestamp() + SNAPSHOT_SECONDS,
                account,
            )
            self._snapshots.move_to_end(account.user.id)
            if len(self._snapshots) > SNAPSHOTS_KEPT:
                self._snapshots.popitem(last=False)
        return account

    def _note_presence(self, user: User) -> None:
        today = self._now().date()
        if user.last_seen_on == today:
            return
        try:
            self._accounts.saw(user.id, today)
        except Contended:
            # It insists on nothing but that they are there.
            self.required(user.id)
            raise
        seen = user.model_copy(update={"last_seen_on": today})
        with self._lock:
            if user.id in self._snapshots:
                until, account = self._snapshots[user.id]
                if account.user == user:
                    kept = account.model_copy(update={"user": seen})
                    self._snapshots[user.id] = (until, kept)
