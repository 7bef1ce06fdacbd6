"""Which sessions still count, and who may do what."""

from datetime import UTC, datetime

import pytest

from shared.errors import AccountDisabled, PlanRequired, TokenInvalid
from shared.models.users import Caller, OrganizationRole, Role, User, UserStatus
from shared.rules.access import (
    ENDED_SESSIONS_KEPT,
    require_active,
    require_pro,
    require_session,
    session_ended,
    without_session,
    without_sessions,
)

NOW = datetime(2026, 3, 4, tzinfo=UTC)


def a_user(**fields: object) -> User:
    given = {
        "id": "robin",
        "email": "robin@example.com",
        "full_name": "Robin",
        "organization_id": "gym",
        "created_at": NOW,
        "updated_at": NOW,
    }
    return User.model_validate(given | fields)


def a_caller(**fields: object) -> Caller:
    given = {
        "user_id": "robin",
        "organization_id": "gym",
        "role": Role.USER,
        "organization_role": OrganizationRole.OWNER,
        "has_pro": False,
        "signed_in_at": 100,
    }
    return Caller.model_validate(given | fields)


def test_only_a_suspension_shuts_somebody_out():
    """Decision 10: whoever awaits deletion still works."""
    require_active(a_user(status=UserStatus.ACTIVE))
    require_active(a_user(status=UserStatus.DELETING))
    with pytest.raises(AccountDisabled, match="deactivated"):
        require_active(a_user(status=UserStatus.SUSPENDED))


@pytest.mark.parametrize(
    ("signed_in_at", "over"), [(98, True), (99, True), (100, False), (101, True), (102, False)]
)
def test_a_session_is_over_when_it_began_too_early_or_was_ended(signed_in_at: int, over: bool):
    user = a_user(tokens_valid_after=100, ended_sessions=(101,))
    assert session_ended(user, signed_in_at) is over
    if over:
        with pytest.raises(TokenInvalid):
            require_session(user, signed_in_at)
    else:
        require_session(user, signed_in_at)


def test_ending_a_session_ends_no_other():
    user = without_session(without_session(a_user(), 105), 103)
    assert user.ended_sessions == (103, 105)
    assert [session_ended(user, moment) for moment in (102, 103, 104, 105)] == [
        False,
        True,
        False,
        True,
    ]


def test_ending_a_session_twice_changes_nothing():
    once = without_session(a_user(), 103)
    assert without_session(once, 103) == once


def test_no_ended_session_comes_back_however_many_there_are():
    """Beyond those remembered one by one, the oldest takes all before it along."""
    user = a_user()
    moments = range(1_000, 1_000 + 3 * (ENDED_SESSIONS_KEPT + 20), 3)
    for moment in moments:
        user = without_session(user, moment)
    assert all(session_ended(user, moment) for moment in moments)
    assert len(user.ended_sessions) == ENDED_SESSIONS_KEPT
    # 70 were ended, 50 are kept: the 20th, begun at 1000 + 19 * 3, is the last that is not.
    assert user.tokens_valid_after == 1_000 + 19 * 3 + 1
    assert not session_ended(user, moments[-1] + 1)


def test_ending_an_old_session_late_forgets_none():
    """A device that was offline for long logs out after fifty others did."""
    user = a_user()
    for moment in range(1_000, 1_000 + ENDED_SESSIONS_KEPT):
        user = without_session(user, moment)
    user = without_session(user, 500)
    assert session_ended(user, 500)
    assert not session_ended(user, 999)


def test_ending_all_sessions_ends_those_before_that_moment():
    user = without_sessions(a_user(ended_sessions=(90, 120)), 100)
    assert (user.tokens_valid_after, user.ended_sessions) == (100, (120,))
    assert session_ended(user, 99)
    assert not session_ended(user, 100)


def test_ending_all_sessions_never_revives_one():
    """A clock that is behind must not move the line back."""
    assert without_sessions(a_user(tokens_valid_after=200), 100).tokens_valid_after == 200


def test_pro_is_for_pro_and_administrators():
    """Decision 4, S2."""
    require_pro(a_caller(has_pro=True), "https://example.com/pricing")
    require_pro(a_caller(role=Role.ADMIN), "https://example.com/pricing")
    with pytest.raises(PlanRequired) as refused:
        require_pro(a_caller(), "https://example.com/pricing")
    assert refused.value.details == {"upgrade_url": "https://example.com/pricing"}
    assert (refused.value.status, refused.value.code) == (403, "PRO_TIER_REQUIRED")


def test_one_session_may_outlive_the_others():
    """The one in which the password was changed, at 100, having begun at 40."""
    user = without_sessions(a_user(ended_sessions=(90,)), 101, but=40)
    assert not session_ended(user, 40)
    assert [moment for moment in (39, 41, 90, 100) if not session_ended(user, moment)] == []
    assert not session_ended(user, 101)


def test_the_one_that_outlived_the_others_ends_like_any():
    user = without_sessions(a_user(), 101, but=40)
    assert session_ended(without_session(user, 40), 40)
    assert session_ended(without_sessions(user, 101), 40)
    assert not session_ended(without_session(user, 120), 40)
    assert session_ended(without_sessions(user, 200, but=120), 40)
