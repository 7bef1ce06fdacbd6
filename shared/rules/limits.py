"""How often things may be done: the policies, and the arithmetic of counting windows.

A window is `seconds` long and aligned to the epoch, moved by a phase of the key's own so that
not every key starts anew at the same instant. A counter per key and window is raised by an
atomic increment of `amount`; the numbers `counter - amount + 1 … counter` then belong to that
one caller, and those up to the limit are its permits. Intervals of different callers never
overlap, so the limit cannot be exceeded however many instances count.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum, auto
from math import ceil, floor

_EXACT_UP_TO = 30
_ONE = re.compile(r"([0-9]{1,7})/([0-9]{1,7})")
_LONGEST_SECONDS = 31 * 86_400

MINUTE, HOUR, DAY = 60, 3_600, 86_400


class KeyKind(Enum):
    """Whose calls are counted together."""

    USER = auto()
    IP = auto()
    ADDRESS = auto()
    ADDRESS_AND_IP = auto()
    TOKEN = auto()
    GLOBAL = auto()


class OnStoreFailure(Enum):
    """What happens while the shared counters cannot be reached."""

    ALLOW = auto()
    """Go on, with the limit counted within the instance."""
    DENY = auto()
    """Refuse with 503: guessing must not get cheaper because the store is down."""


@dataclass(frozen=True, slots=True)
class Window:
    limit: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Policy:
    """Limits that apply together: a call needs a permit of every window.

    `shared` is false for what each instance counts for itself, without the store.
    `failures_only` policies are asked before and charged after an attempt that failed.
    """

    name: str
    key: KeyKind
    windows: tuple[Window, ...]
    on_store_failure: OnStoreFailure = OnStoreFailure.ALLOW
    shared: bool = True
    failures_only: bool = False

    def window_name(self, window: Window) -> str:
        """The name under which clients see one window: unique within an answer."""
        return self.name if len(self.windows) == 1 else f"{self.name}-{window.seconds}s"

    @property
    def announced(self) -> bool:
        """Whether clients may see the figures: not where strangers' calls are counted too."""
        return self.key not in {KeyKind.ADDRESS, KeyKind.GLOBAL}


def _user(name: str, limit: int, seconds: int) -> Policy:
    return Policy(name, KeyKind.USER, (Window(limit, seconds),))


def _admin(name: str, limit: int, seconds: int) -> Policy:
    return replace(_user(name, limit, seconds), on_store_failure=OnStoreFailure.DENY)


def _guarded(name: str, key: KeyKind, *windows: tuple[int, int], failures: bool = False) -> Policy:
    """What someone without a session can reach: denied while nobody can count."""
    return Policy(
        name,
        key,
        tuple(Window(limit, seconds) for limit, seconds in windows),
        OnStoreFailure.DENY,
        failures_only=failures,
    )


def _local(name: str, limit: int, seconds: int) -> Policy:
    return Policy(name, KeyKind.IP, (Window(limit, seconds),), shared=False)


POLICIES: Mapping[str, Policy] = {
    policy.name: policy
    for policy in (
        _user("default", 60, MINUTE),
        _user("exercise_create", 10, MINUTE),
        _user("exercise_update", 20, MINUTE),
        _user("exercise_delete", 10, MINUTE),
        _user("program_create", 10, MINUTE),
        _user("program_update", 30, MINUTE),
        _user("program_delete", 20, MINUTE),
        _user("session_add", 20, MINUTE),
        _user("session_update", 30, MINUTE),
        _user("session_delete", 20, MINUTE),
        _user("version_restore", 20, MINUTE),
        _user("template_update", 20, MINUTE),
        _user("mesocycle_create", 10, MINUTE),
        _user("mesocycle_update", 30, MINUTE),
        _user("mesocycle_delete", 20, MINUTE),
        _user("clone", 20, HOUR),
        _user("profile_update", 20, MINUTE),
        _user("organization_update", 10, MINUTE),
        _user("avatar_upload", 10, MINUTE),
        _user("avatar_delete", 10, MINUTE),
        _user("password_change", 10, MINUTE),
        _user("account_delete", 10, MINUTE),
        _user("export", 5, DAY),
        _user("ai_query", 30, MINUTE),
        _user("invite", 20, HOUR),
        _user("invitation_withdraw", 20, MINUTE),
        _user("invitation_accept", 10, MINUTE),
        _user("member_remove", 20, MINUTE),
        _user("organization_leave", 10, HOUR),
        _user("organization_owner", 10, HOUR),
        _user("checkout", 10, HOUR),
        _user("analyze", 60, MINUTE),
        _user("recommendation_apply", 30, MINUTE),
        _user("design", 10, MINUTE),
        _user("balance", 10, MINUTE),
        _user("organization_volume", 20, MINUTE),
        _user("personal_volume", 20, MINUTE),
        _user("admin", 30, MINUTE),
        _admin("admin_role", 10, HOUR),
        _admin("admin_suspend", 20, HOUR),
        _admin("admin_delete_user", 5, HOUR),
        _admin("admin_create", 20, HOUR),
        _admin("admin_update", 30, MINUTE),
        _admin("admin_delete", 10, HOUR),
        _admin("admin_user_update", 30, MINUTE),
        _admin("admin_organization", 30, MINUTE),
        _admin("admin_template_create", 10, HOUR),
        _admin("admin_template_update", 30, MINUTE),
        _admin("admin_template_delete", 5, HOUR),
        _admin("admin_bulk", 10, HOUR),
        _admin("admin_export", 10, HOUR),
        # Minute windows alone would allow twice the limit across a boundary: hence the second.
        _guarded("register", KeyKind.IP, (3, 5 * MINUTE), (20, DAY)),
        _guarded("login", KeyKind.IP, (10, MINUTE), (50, HOUR)),
        _guarded("login_pair", KeyKind.ADDRESS_AND_IP, (10, 15 * MINUTE), failures=True),
        _guarded("login_address", KeyKind.ADDRESS, (100, HOUR), failures=True),
        _guarded("login_global", KeyKind.GLOBAL, (1000, 5 * MINUTE)),
        _guarded("refresh", KeyKind.IP, (30, MINUTE)),
        _guarded("refresh_token", KeyKind.TOKEN, (30, MINUTE)),
        _guarded("reset_request", KeyKind.IP, (5, MINUTE)),
        _guarded("reset_address", KeyKind.ADDRESS, (5, DAY)),
        _guarded("reset_confirm", KeyKind.IP, (10, MINUTE)),
        _guarded("verify", KeyKind.IP, (10, MINUTE)),
        _guarded("verify_resend", KeyKind.USER, (5, DAY)),
        # Whoever found a session open may not find out the password with it.
        _guarded("password_check", KeyKind.USER, (5, 15 * MINUTE), (20, DAY), failures=True),
        _guarded("deletion_token", KeyKind.IP, (10, MINUTE)),
        # A refused event may be lost for good, and its signature is checked anyway: allow.
        Policy("webhook", KeyKind.IP, (Window(600, MINUTE),)),
        # Our own queues and schedule, which have rates of their own.
        Policy("task", KeyKind.USER, (Window(6_000, MINUTE),), shared=False),
        # Reference data, documents, health; and calls that prove no identity at all.
        _local("public", 300, MINUTE),
        _local("anonymous", 300, MINUTE),
    )
}


def with_overrides(
    policies: Mapping[str, Policy], overrides: Mapping[str, str]
) -> dict[str, Policy]:
    """The policies with other figures, written `limit/seconds`, several parted by commas.

    Raises ValueError for an unknown policy or an unusable figure.
    """
    changed = dict(policies)
    for name, text in overrides.items():
        if name not in policies:
            raise ValueError(
                f"there is no rate limit named {name!r}; there are: {', '.join(sorted(policies))}"
            )
        changed[name] = replace(policies[name], windows=_windows(name, text))
    return changed


def _windows(name: str, text: str) -> tuple[Window, ...]:
    windows = tuple(_window(name, part.strip()) for part in text.split(","))
    if len({window.seconds for window in windows}) < len(windows):
        raise ValueError(f"the rate limit {name!r} has two windows of one length: {text!r}")
    return windows


def _window(name: str, text: str) -> Window:
    match = _ONE.fullmatch(text)
    if match is None:
        raise ValueError(
            f"the rate limit {name!r} must look like '10/60' (ten a minute) "
            f"or '10/60,50/3600', not {text!r}"
        )
    window = Window(int(match[1]), int(match[2]))
    if window.limit < 1 or not 1 <= window.seconds <= _LONGEST_SECONDS:
        raise ValueError(
            f"the rate limit {name!r} needs at least 1 call in 1 to {_LONGEST_SECONDS} seconds, "
            f"not {text!r}"
        )
    return window


def phase(digest: str, seconds: int) -> int:
    """Whole seconds by which a key's windows are early; `digest` is hexadecimal."""
    return int(digest[:12], 16) % seconds


def window_number(now: float, seconds: int, early: int) -> int:
    """Which window of a key with that phase `now` (epoch seconds) lies in."""
    return floor((now + early) / seconds)


def window_end(number: int, seconds: int, early: int) -> int:
    """The first epoch second that is no longer in the window."""
    return (number + 1) * seconds - early


def seconds_until(end: int, now: float) -> int:
    """Whole seconds to wait, never too few: whoever waits that long is past `end`."""
    return max(1, ceil(end - now))


def exact(limit: int) -> bool:
    """Whether a limit is so small that permits must not lie unused in an instance."""
    return limit <= _EXACT_UP_TO


def lease_cap(limit: int) -> int:
    """The most permits one write may fetch.

    A small limit takes one at a time, so no instance holds permits that another lacks; the
    larger the limit, the less a few stranded permits matter and the more writes are saved.
    """
    if exact(limit):
        return 1
    return 8 if limit <= 300 else 32


def lease(used: int, limit: int, refills: int, cap: int) -> int:
    """How many permits to ask for, when the counter last stood at `used`.

    Doubles with every refill: an instance never asks for more than it has used, plus one, so at
    least half the limit stays within reach of the others. Shrinks as the limit comes near.
    """
    rest = max(0, limit - used)
    return max(1, min(1 << min(refills, 30), cap, ceil(rest / 8), limit))


def granted(counter: int, amount: int, limit: int) -> int:
    """How many of the `amount` numbers up to `counter` are permits."""
    return max(0, min(amount, limit - (counter - amount)))
