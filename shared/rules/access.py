"""Who may do what, and which sessions still count."""

from shared.errors import AccountDisabled, PlanRequired, TokenInvalid
from shared.models.users import Caller, User, UserStatus

ENDED_SESSIONS_KEPT = 50


def require_active(user: User) -> None:
    """Raises AccountDisabled for a suspended account; one that awaits deletion still works."""
    if user.status is UserStatus.SUSPENDED:
        raise AccountDisabled("This account is deactivated. Contact support.")


def session_ended(user: User, signed_in_at: int) -> bool:
    """Whether the session that began then is over: all tokens of a session carry its beginning."""
    too_old = signed_in_at < user.tokens_valid_after and signed_in_at != user.kept_session
    return too_old or signed_in_at in user.ended_sessions


def require_session(user: User, signed_in_at: int) -> None:
    if session_ended(user, signed_in_at):
        raise TokenInvalid("This session has ended. Sign in again.")


def without_session(user: User, signed_in_at: int) -> User:
    """The user with that session ended.

    Only so many ended sessions are remembered one by one; the oldest one beyond that takes every
    session before it along, so that none can come back.
    """
    ended = tuple(sorted({*user.ended_sessions, signed_in_at}))
    valid_after = user.tokens_valid_after
    if len(ended) > ENDED_SESSIONS_KEPT:
        valid_after = max(valid_after, ended[-ENDED_SESSIONS_KEPT - 1] + 1)
    return user.model_copy(
        update={
            "tokens_valid_after": valid_after,
            "ended_sessions": tuple(moment for moment in ended if moment >= valid_after),
            "kept_session": None if user.kept_session == signed_in_at else user.kept_session,
        }
    )


def without_sessions(user: User, until: int, but: int | None = None) -> User:
    """The user with every session ended that began before `until` (seconds since 1970).

    `but` is the sign-in time of the one that goes on.
    """
    valid_after = max(user.tokens_valid_after, until)
    return user.model_copy(
        update={
            "tokens_valid_after": valid_after,
            "ended_sessions": tuple(m for m in user.ended_sessions if m >= valid_after),
            "kept_session": but,
        }
    )


def require_pro(caller: Caller, upgrade_url: str) -> None:
    """Raises PlanRequired unless the caller's organization is on Pro or the caller is an admin."""
    if not (caller.has_pro or caller.is_admin):
        raise PlanRequired(
            "Creating your own exercises and programs is part of the Pro plan. Upgrade to Pro, "
            "or clone one of the templates.",
            {"upgrade_url": upgrade_url},
        )
