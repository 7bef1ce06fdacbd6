"""Who is calling: what is remembered, for how long, and what it costs."""

import threading
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.errors import AccountDisabled, TokenInvalid
from shared.models.organizations import SubscriptionStatus, Tier
from shared.models.users import Role, User, UserStatus
from shared.services import accounts
from shared.services.accounts import AccountService
from shared.storage.tally import counting
from shared.wiring import Wiring

TODAY = datetime(2026, 3, 4, 12, tzinfo=UTC)
BEGAN = int(TODAY.timestamp()) - 60


@dataclass
class Someone:
    """What a verified token says."""

    uid: str = field(default_factory=lambda: uuid.uuid4().hex)
    email: str | None = "robin@example.com"
    email_verified: bool = True
    name: str | None = "Robin"
    auth_time: int = BEGAN


class Clock:
    def __init__(self) -> None:
        self.time = TODAY

    def __call__(self) -> datetime:
        return self.time

    def advance(self, **by: float) -> None:
        self.time += timedelta(**by)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def service(parts: Wiring, clock: Clock) -> AccountService:
    """An instance of its own, which has seen nobody yet."""
    return AccountService(parts.account_repository, now=clock)


def cost(call: Any) -> tuple[int, int]:
    with counting() as tally:
        call()
    return tally.reads, tally.writes


def suspended(user: User) -> User:
    return user.model_copy(update={"status": UserStatus.SUSPENDED})


def test_the_first_call_stores_what_the_token_says(service: AccountService):
    """Decision 7."""
    someone = Someone()
    caller = service.caller(someone, fresh=False)
    shown = service.show(caller)
    assert (shown.id, shown.email, shown.full_name) == (someone.uid, someone.email, "Robin")
    assert shown.is_verified
    assert (caller.role, caller.has_pro, caller.signed_in_at) == (Role.USER, False, BEGAN)


def test_a_token_without_address_and_name_will_do(service: AccountService):
    caller = service.caller(Someone(email=None, name=None, email_verified=False), fresh=False)
    assert service.show(caller).full_name == "Lifter"


def test_reads_know_the_caller_for_half_a_minute(service: AccountService, clock: Clock):
    someone = Someone()
    # Person and organization, both again before they are stored, and whether they were removed.
    assert cost(lambda: service.caller(someone, fresh=False)) == (2 + 2 + 1, 3)
    assert cost(lambda: service.caller(someone, fresh=False)) == (0, 0)
    clock.advance(seconds=29.9)
    assert cost(lambda: service.caller(someone, fresh=False)) == (0, 0)
    clock.advance(seconds=0.2)
    assert cost(lambda: service.caller(someone, fresh=False)) == (2, 0)


def test_changes_always_look_afresh(service: AccountService):
    someone = Someone()
    service.caller(someone, fresh=True)
    assert cost(lambda: service.caller(someone, fresh=True)) == (2, 0)


def test_another_instances_suspension_stops_changes_now_and_reads_soon(
    service: AccountService, parts: Wiring, clock: Clock
):
    someone = Someone()
    service.caller(someone, fresh=False)
    AccountService(parts.account_repository, now=clock).change(someone.uid, suspended)
    service.caller(someone, fresh=False)
    clock.advance(seconds=31)
    with pytest.raises(AccountDisabled):
        service.caller(someone, fresh=False)
    with pytest.raises(AccountDisabled):
        service.caller(someone, fresh=True)


def test_this_instances_changes_count_at_once(service: AccountService):
    someone = Someone()
    service.caller(someone, fresh=False)
    service.grant_role(someone.uid, Role.ADMIN)
    assert service.caller(someone, fresh=False).is_admin
    service.change(someone.uid, suspended)
    with pytest.raises(AccountDisabled):
        service.caller(someone, fresh=False)


def test_a_plan_bought_here_counts_at_once(service: AccountService):
    someone = Someone()
    caller = service.caller(someone, fresh=False)
    service.subscribe(caller.organization_id, Tier.PRO, SubscriptionStatus.ACTIVE)
    assert service.caller(someone, fresh=False).has_pro


def test_presence_is_written_once_a_day(service: AccountService, parts: Wiring, clock: Clock):
    someone = Someone()
    service.caller(someone, fresh=True)
    clock.advance(days=1)
    assert cost(lambda: service.caller(someone, fresh=True)) == (2, 1)
    assert cost(lambda: service.caller(someone, fresh=True)) == (2, 0)
    clock.advance(hours=12, seconds=-10)
    assert cost(lambda: service.caller(someone, fresh=False)) == (2, 0)
    clock.advance(seconds=20)
    assert cost(lambda: service.caller(someone, fresh=False)) == (0, 1), "past midnight"
    assert cost(lambda: service.caller(someone, fresh=False)) == (0, 0)
    account = parts.account_repository.load(someone.uid)
    assert account is not None
    assert account.user.last_seen_on == clock.time.date()


def test_presence_is_no_change_of_the_profile(service: AccountService, clock: Clock):
    """C8."""
    someone = Someone()
    before = service.show(service.caller(someone, fresh=True))
    clock.advance(days=1)
    assert service.show(service.caller(someone, fresh=True)) == before


def test_first_calls_of_a_day_do_not_wait_for_each_other(
    service: AccountService, parts: Wiring, clock: Clock
):
    """A page sends its requests together, and they may reach as many instances."""
    someone = Someone()
    service.caller(someone, fresh=True)
    clock.advance(days=1)
    gate, writes = threading.Barrier(6), []

    def call() -> None:
        instance = AccountService(parts.account_repository, now=clock)
        gate.wait()
        writes.append(cost(lambda: instance.caller(someone, fresh=False)))

    threads = [threading.Thread(target=call) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(writes) == 6
    assert set(writes) <= {(2, 1), (2, 0)}, "nobody had to try again"


def test_a_sign_in_is_counted_and_shows_the_account(service: AccountService, clock: Clock):
    someone = Someone()
    assert service.begin_session(someone).user.login_count == 1
    assert cost(lambda: service.begin_session(someone)) == (2, 1)
    clock.advance(days=1)
    account = service.begin_session(someone)
    assert (account.user.login_count, account.user.last_seen_on) == (3, clock.time.date())
    assert account.user.updated_at == TODAY
    assert cost(lambda: service.caller(someone, fresh=False)) == (0, 0)


def test_a_refused_sign_in_is_not_counted(service: AccountService, parts: Wiring):
    someone = Someone()
    service.begin_session(someone)
    service.note(
        someone.uid, lambda user: user.model_copy(update={"tokens_valid_after": BEGAN + 1})
    )
    with pytest.raises(TokenInvalid):
        service.begin_session(someone)
    service.change(someone.uid, suspended)
    with pytest.raises(AccountDisabled):
        service.begin_session(someone)
    account = parts.account_repository.load(someone.uid)
    assert account is not None
    assert account.user.login_count == 1


def test_a_change_dates_the_profile_and_a_note_does_not(service: AccountService, clock: Clock):
    someone = Someone()
    service.caller(someone, fresh=True)
    clock.advance(hours=1)
    noted = service.note(someone.uid, lambda user: user)
    assert noted is not None
    assert noted.updated_at == TODAY
    changed = service.change(someone.uid, lambda user: user)
    assert changed is not None
    assert changed.updated_at == TODAY + timedelta(hours=1)


def test_nobody_can_be_changed_who_does_not_exist(service: AccountService):
    assert service.change("nobody", suspended) is None
    assert service.subscribe("nowhere", Tier.PRO, SubscriptionStatus.ACTIVE) is None


def test_only_so_many_callers_are_remembered(
    service: AccountService, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(accounts, "SNAPSHOTS_KEPT", 2)
    people = [Someone() for _ in range(3)]
    for someone in people:
        service.caller(someone, fresh=False)
    assert cost(lambda: service.caller(people[2], fresh=False)) == (0, 0)
    assert cost(lambda: service.caller(people[0], fresh=False)) == (2, 0)


def test_a_member_of_another_organization_belongs_there(service: AccountService):
    """Whoever moved keeps the organization they began with, but calls for the new one."""
    host, guest = Someone(), Someone()
    home = service.caller(host, fresh=True).organization_id
    service.caller(guest, fresh=True)
    service.change(guest.uid, lambda user: user.model_copy(update={"organization_id": home}))
    service.subscribe(home, Tier.PRO, SubscriptionStatus.ACTIVE)
    caller = service.caller(guest, fresh=True)
    assert (caller.organization_id, caller.has_pro) == (home, True)
    assert cost(lambda: service.caller(guest, fresh=True)) == (3, 0)


def test_who_was_removed_before_their_first_call_of_the_day_is_signed_out(
    service: AccountService, clock: Clock, parts: Wiring
):
    someone = Someone()
    clock.advance(hours=12, seconds=-10)
    service.caller(someone, fresh=False)
    parts.documents.atomically(lambda transaction: transaction.delete(f"users/{someone.uid}"))
    clock.advance(seconds=20)
    with pytest.raises(TokenInvalid):
        service.caller(someone, fresh=False)
