"""Policies and the arithmetic of counting windows, against figures worked out by hand."""

import pytest

from shared.rules import limits
from shared.rules.limits import POLICIES, KeyKind, OnStoreFailure, Policy, Window

FIGURES = {
    "default": "USER 60/60",
    "exercise_create": "USER 10/60",
    "exercise_update": "USER 20/60",
    "exercise_delete": "USER 10/60",
    "program_create": "USER 10/60",
    "program_update": "USER 30/60",
    "program_delete": "USER 20/60",
    "session_add": "USER 20/60",
    "session_update": "USER 30/60",
    "session_delete": "USER 20/60",
    "version_restore": "USER 20/60",
    "template_update": "USER 20/60",
    "mesocycle_create": "USER 10/60",
    "mesocycle_update": "USER 30/60",
    "mesocycle_delete": "USER 20/60",
    "clone": "USER 20/3600",
    "analyze": "USER 60/60",
    "recommendation_apply": "USER 30/60",
    "design": "USER 10/60",
    "balance": "USER 10/60",
    "organization_volume": "USER 20/60",
    "personal_volume": "USER 20/60",
    "profile_update": "USER 20/60",
    "organization_update": "USER 10/60",
    "avatar_upload": "USER 10/60",
    "avatar_delete": "USER 10/60",
    "password_change": "USER 10/60",
    "account_delete": "USER 10/60",
    "export": "USER 5/86400",
    "ai_query": "USER 30/60",
    "invite": "USER 20/3600",
    "invitation_withdraw": "USER 20/60",
    "invitation_accept": "USER 10/60",
    "member_remove": "USER 20/60",
    "organization_leave": "USER 10/3600",
    "organization_owner": "USER 10/3600",
    "checkout": "USER 10/3600",
    "admin": "USER 30/60",
    "admin_role": "USER 10/3600",
    "admin_suspend": "USER 20/3600",
    "admin_delete_user": "USER 5/3600",
    "admin_create": "USER 20/3600",
    "admin_update": "USER 30/60",
    "admin_delete": "USER 10/3600",
    "admin_user_update": "USER 30/60",
    "admin_organization": "USER 30/60",
    "admin_template_create": "USER 10/3600",
    "admin_template_update": "USER 30/60",
    "admin_template_delete": "USER 5/3600",
    "admin_bulk": "USER 10/3600",
    "admin_export": "USER 10/3600",
    "register": "IP 3/300,20/86400",
    "login": "IP 10/60,50/3600",
    "login_pair": "ADDRESS_AND_IP 10/900",
    "login_address": "ADDRESS 100/3600",
    "login_global": "GLOBAL 1000/300",
    "refresh": "IP 30/60",
    "refresh_token": "TOKEN 30/60",
    "reset_request": "IP 5/60",
    "reset_address": "ADDRESS 5/86400",
    "reset_confirm": "IP 10/60",
    "verify": "IP 10/60",
    "verify_resend": "USER 5/86400",
    "password_check": "USER 5/900,20/86400",
    "deletion_token": "IP 10/60",
    "webhook": "IP 600/60",
    "task": "USER 6000/60",
    "public": "IP 300/60",
    "anonymous": "IP 300/60",
}


def described(policy: Policy) -> str:
    windows = ",".join(f"{window.limit}/{window.seconds}" for window in policy.windows)
    return f"{policy.key.name} {windows}"


def test_every_policy_has_the_figures_that_were_promised():
    assert {name: described(policy) for name, policy in POLICIES.items()} == FIGURES


def test_what_a_guesser_could_use_is_denied_while_nobody_can_count():
    denied = {
        name for name, each in POLICIES.items() if each.on_store_failure is OnStoreFailure.DENY
    }
    assert denied == {
        *("admin_role", "admin_suspend", "admin_delete_user", "admin_create", "admin_update"),
        *("admin_user_update", "admin_organization", "admin_bulk", "admin_export"),
        *("admin_template_create", "admin_template_update", "admin_template_delete"),
        *("admin_delete", "register", "login", "login_pair", "login_address", "login_global"),
        *("refresh", "refresh_token", "reset_request", "reset_address", "reset_confirm"),
        *("verify", "verify_resend", "password_check", "deletion_token"),
    }


def test_only_public_data_anonymous_calls_and_our_own_queues_do_without_the_store():
    local = {name for name, each in POLICIES.items() if not each.shared}
    assert local == {"public", "anonymous", "task"}


def test_only_guessed_passwords_count_as_failures():
    counted = {name for name, each in POLICIES.items() if each.failures_only}
    assert counted == {"login_pair", "login_address", "password_check"}


def test_figures_that_tell_of_strangers_are_not_announced():
    hidden = {name for name, each in POLICIES.items() if not each.announced}
    assert hidden == {"login_address", "login_global", "reset_address"}


def test_windows_of_one_policy_have_names_of_their_own():
    login, clone = POLICIES["login"], POLICIES["clone"]
    assert [login.window_name(window) for window in login.windows] == ["login-60s", "login-3600s"]
    assert clone.window_name(clone.windows[0]) == "clone"


@pytest.mark.parametrize(
    ("limit", "cap"), [(1, 1), (30, 1), (31, 8), (60, 8), (300, 8), (301, 32), (1000, 32)]
)
def test_the_most_permits_per_write_grow_with_the_limit(limit: int, cap: int):
    assert limits.lease_cap(limit) == cap


@pytest.mark.parametrize(
    ("used", "limit", "refills", "cap", "amount"),
    [
        (0, 60, 0, 8, 1),  # 2^0
        (1, 60, 1, 8, 2),  # 2^1 = 2 < ceil(59 / 8) = 8
        (3, 60, 2, 8, 4),  # 2^2 = 4 < ceil(57 / 8) = 8
        (7, 60, 3, 8, 7),  # 2^3 = 8, but ceil(53 / 8) = 7
        (40, 60, 6, 8, 3),  # ceil(20 / 8) = 3
        (59, 60, 9, 8, 1),  # ceil(1 / 8) = 1
        (60, 60, 9, 8, 1),  # nothing left: 1, to find out that it is refused
        (75, 60, 9, 8, 1),  # over by others' vain tries
        (0, 1000, 5, 32, 32),  # 2^5 = 32 < ceil(1000 / 8) = 125
        (0, 1000, 400, 32, 32),  # many refills overflow nothing
        (0, 10, 5, 1, 1),  # exact policies go one by one
        (0, 1, 0, 8, 1),
    ],
)
def test_a_lease_doubles_until_the_cap_or_an_eighth_of_the_rest(
    used: int, limit: int, refills: int, cap: int, amount: int
):
    assert limits.lease(used, limit, refills, cap) == amount


@pytest.mark.parametrize(
    ("counter", "amount", "permits"),
    [
        (1, 1, 1),  # owns 1
        (8, 8, 8),  # owns 1..8
        (60, 8, 8),  # owns 53..60
        (63, 8, 5),  # owns 56..63, of which 56..60 count
        (68, 8, 0),  # owns 61..68
        (500, 1, 0),
    ],
)
def test_only_numbers_up_to_the_limit_are_permits(counter: int, amount: int, permits: int):
    assert limits.granted(counter, amount, 60) == permits


def test_alternating_instances_share_out_exactly_the_limit():
    """Three instances refill in turn until nothing is left: the permits add up to the limit."""
    counter, permits = 0, 0
    known, refills = [0, 0, 0], [0, 0, 0]
    for step in range(200):
        instance = step % 3
        amount = limits.lease(known[instance], 60, refills[instance], 8)
        counter += amount
        known[instance], refills[instance] = counter, refills[instance] + 1
        permits += limits.granted(counter, amount, 60)
    assert permits == 60


@pytest.mark.parametrize(
    ("now", "seconds", "early", "number", "end"),
    [
        (0.0, 60, 0, 0, 60),
        (59.999, 60, 0, 0, 60),
        (60.0, 60, 0, 1, 120),
        (59.0, 60, 1, 1, 119),  # a second early: window 1 runs from 59 to 119
        (58.999, 60, 1, 0, 59),
        (1_700_000_000.5, 3600, 100, 472_222, 1_700_002_700),
        # (1700000000.5 + 100) / 3600 = 472222.25; 472223 * 3600 - 100 = 1700002700
    ],
)
def test_windows_are_aligned_to_the_epoch_and_moved_by_the_phase(
    now: float, seconds: int, early: int, number: int, end: int
):
    assert limits.window_number(now, seconds, early) == number
    assert limits.window_end(number, seconds, early) == end
    assert limits.window_number(end, seconds, early) == number + 1
    assert limits.window_number(end - 0.001, seconds, early) == number


def test_a_phase_is_within_the_window_and_belongs_to_the_key():
    assert limits.phase("00000000003d" + "ff" * 14, 60) == 1  # 0x3d = 61 = 60 + 1
    assert limits.phase("ffffffffffff", 1) == 0
    assert limits.phase("ffffffffffff", 3600) == 281_474_976_710_655 % 3600


@pytest.mark.parametrize(
    ("end", "now", "wait"), [(60, 0.0, 60), (60, 0.1, 60), (60, 59.9, 1), (60, 60.0, 1), (9, 60, 1)]
)
def test_nobody_who_waits_as_told_comes_too_early(end: int, now: float, wait: int):
    assert limits.seconds_until(end, now) == wait


def test_an_override_changes_the_figures_and_nothing_else():
    changed = limits.with_overrides(POLICIES, {"clone": "5/60", "login": "100/60, 500/3600"})
    assert changed["clone"].windows == (Window(5, 60),)
    assert changed["login"].windows == (Window(100, 60), Window(500, 3600))
    assert changed["login"].key is KeyKind.IP
    assert changed["login"].on_store_failure is OnStoreFailure.DENY
    assert changed["default"] is POLICIES["default"]
    assert POLICIES["clone"].windows == (Window(20, 3600),)


def test_an_override_of_an_unknown_policy_names_those_that_exist():
    with pytest.raises(
        ValueError, match=r"no rate limit named 'clones'; there are: account_delete, admin, .*clone"
    ):
        limits.with_overrides(POLICIES, {"clones": "5/60"})


@pytest.mark.parametrize(
    "text",
    [
        *("", "10", "10/", "/60", "10 per minute", "10/60;1", "1.5/60", "\u0661/60"),
        *("-1/60", "0/60", "10/0", "99999999/60", "10/2678401"),
        *("10/60,", "10/60,20/60"),
    ],
)
def test_an_unusable_override_is_refused_by_its_name(text: str):
    with pytest.raises(ValueError, match=r"the rate limit 'clone' "):
        limits.with_overrides(POLICIES, {"clone": text})
