"""What administrators may do to people."""

from datetime import datetime

from shared.errors import Forbidden, Refused
from shared.models.users import Caller, User, UserStatus
from shared.rules.access import without_sessions


def require_somebody_else(caller: Caller, user_id: str) -> None:
    """Raises Forbidden: nobody demotes, suspends or deletes themselves by mistake."""
    if caller.user_id == user_id:
        raise Forbidden("Administrators cannot do this to their own account.")


def suspended(user: User, now: datetime) -> User:
    """Signed out everywhere, and in nowhere. Raises Refused for somebody who already is."""
    if not user.is_active:
        raise Refused("This account is already suspended.")
    ended = without_sessions(user, int(now.timestamp()) + 1)
    return ended.model_copy(update={"status": UserStatus.SUSPENDED})


def restored(user: User) -> User:
    """Whoever had asked for deletion waits for it again. Raises Refused for the not suspended."""
    if user.is_active:
        raise Refused("This account is not suspended.")
    waiting = user.deletion_requested_at is not None
    status = UserStatus.DELETING if waiting else UserStatus.ACTIVE
    return user.model_copy(update={"status": status})
