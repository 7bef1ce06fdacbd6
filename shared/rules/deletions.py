"""When an account that its owner wants gone is removed, and what is said about it until then."""

from datetime import datetime, timedelta

from shared.models.deletions import Deletion, DeletionNotice, DeletionState
from shared.models.users import User, UserStatus

GRACE = timedelta(days=30)
NEVER_AGAIN = 2**53
"""As `tokens_valid_after`: no session can have begun so late."""


def requested(user: User, now: datetime) -> tuple[User, Deletion]:
    """The user who has asked to be deleted, and the record of it."""
    deletion = Deletion(
        user_id=user.id,
        organization_id=user.organization_id,
        state=DeletionState.REQUESTED,
        requested_at=now,
        purge_at=now + GRACE,
    )
    # Whoever is suspended stays so.
    active = user.status is UserStatus.ACTIVE
    status = UserStatus.DELETING if active else user.status
    changes = {"status": status, "deletion_requested_at": now, "updated_at": now}
    return user.model_copy(update=changes), deletion


def cancelled(user: User, now: datetime) -> User:
    waiting = user.status is UserStatus.DELETING
    status = UserStatus.ACTIVE if waiting else user.status
    changes = {"status": status, "deletion_requested_at": None, "updated_at": now}
    return user.model_copy(update=changes)


def closed(user: User) -> User:
    """The user whom nobody can act as any more."""
    ended = {"tokens_valid_after": NEVER_AGAIN, "kept_session": None, "ended_sessions": ()}
    return user.model_copy(update=ended)


def is_closed(user: User) -> bool:
    return user.tokens_valid_after >= NEVER_AGAIN


def notice(deletion: Deletion, now: datetime) -> DeletionNotice:
    days = max(0, -((now - deletion.purge_at) // timedelta(days=1)))
    day = f"{deletion.purge_at:%B} {deletion.purge_at.day}, {deletion.purge_at.year}"
    return DeletionNotice(
        requested_at=deletion.requested_at,
        deletion_date=deletion.purge_at,
        days_remaining=days,
        message=f"Your account and what you made will be deleted on {day} (UTC). Until then you "
        "can use everything, and cancel the deletion.",
    )
