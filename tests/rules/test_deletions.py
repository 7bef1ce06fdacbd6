"""When an account goes, and what is said and kept of it until then."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.models.deletions import Deletion, DeletionState
from shared.models.users import User, UserStatus
from shared.rules.access import session_ended
from shared.rules.deletions import cancelled, closed, is_closed, notice, requested

NOW = datetime(2026, 11, 22, 20, 17, tzinfo=UTC)


def user(**fields: object) -> User:
    given = {
        "id": "u",
        "email": "a@example.com",
        "full_name": "A",
        "organization_id": "o",
        "created_at": NOW - timedelta(days=9),
        "updated_at": NOW - timedelta(days=9),
    }
    return User.model_validate(given | fields)


def test_a_request_is_due_thirty_days_later() -> None:
    """November has 30 days: the 22nd of December, at the same minute."""
    asked, deletion = requested(user(), NOW)
    assert (asked.status, asked.deletion_requested_at) == (UserStatus.DELETING, NOW)
    assert deletion.purge_at == datetime(2026, 12, 22, 20, 17, tzinfo=UTC)
    assert (deletion.user_id, deletion.organization_id) == ("u", "o")


def test_cancelling_undoes_it() -> None:
    asked, _ = requested(user(), NOW)
    kept = cancelled(asked, NOW + timedelta(days=3))
    assert (kept.status, kept.deletion_requested_at) == (UserStatus.ACTIVE, None)


def test_neither_lifts_a_suspension() -> None:
    suspended = user(status=UserStatus.SUSPENDED)
    asked, _ = requested(suspended, NOW)
    assert asked.status is UserStatus.SUSPENDED
    assert cancelled(asked, NOW).status is UserStatus.SUSPENDED


@pytest.mark.parametrize(
    ("later", "days"),
    [
        (timedelta(0), 30),
        (timedelta(seconds=1), 30),
        (timedelta(days=1), 29),
        (timedelta(days=29, hours=23), 1),
        (timedelta(days=30), 0),
        (timedelta(days=31), 0),
    ],
)
def test_days_are_counted_up_to_whole_ones(later: timedelta, days: int) -> None:
    _, deletion = requested(user(), NOW)
    said = notice(deletion, NOW + later)
    assert said.days_remaining == days
    assert "December 22, 2026" in said.message


def test_behind_a_closed_door_no_session_counts() -> None:
    shut = closed(user(kept_session=5, ended_sessions=(7,)))
    assert is_closed(shut)
    assert all(session_ended(shut, moment) for moment in (0, 5, 7, 2**40))
    assert not is_closed(user(tokens_valid_after=int(NOW.timestamp())))


@pytest.mark.parametrize(
    ("state", "shut"),
    [
        (DeletionState.REQUESTED, False),
        (DeletionState.CANCELLED, False),
        (DeletionState.PURGING, True),
        (DeletionState.DONE, True),
    ],
)
def test_the_door_is_closed_once_removal_has_begun(state: DeletionState, shut: bool) -> None:
    deletion = Deletion(
        user_id="u", organization_id="o", state=state, requested_at=NOW, purge_at=NOW
    )
    assert deletion.closed is shut
