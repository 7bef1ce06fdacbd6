"""Where this repository's identity server answers otherwise than Google's emulator, and why."""

from typing import NamedTuple

_ENDED = "sign-ins are documented to end with a revocation and a change of password or address"
_GONE = "documented for a token whose account is gone"
_GRANT = "the emulator does not look at the grant"


class Difference(NamedTuple):
    """Each side as status and code; the emulator's first."""

    reference: tuple[str, str]
    ours: tuple[str, str]
    reason: str


DIFFERENCES = {
    "create: without a bearer": Difference(
        ("403", "The request is missing a valid API key"),
        ("401", "Request is missing required authentication credential"),
        "Google's APIs answer 401 to a call without credentials",
    ),
    "sign in: no address": Difference(
        ("400", "INVALID_EMAIL"), ("400", "MISSING_EMAIL"), "an empty address counts as none"
    ),
    "refresh: other grant": Difference(
        ("400", "INVALID_REFRESH_TOKEN"), ("400", "INVALID_GRANT_TYPE"), _GRANT
    ),
    "refresh: no grant": Difference(
        ("400", "INVALID_REFRESH_TOKEN"), ("400", "MISSING_GRANT_TYPE"), _GRANT
    ),
    "revoked: refresh": Difference(("200", ""), ("400", "TOKEN_EXPIRED"), _ENDED),
    "password: refresh": Difference(("200", ""), ("400", "TOKEN_EXPIRED"), _ENDED),
    "address: refresh": Difference(("200", ""), ("400", "TOKEN_EXPIRED"), _ENDED),
    "sign up: anonymously": Difference(
        ("200", ""),
        ("400", "ADMIN_ONLY_OPERATION"),
        "anonymous sign-up is off in a project until somebody turns it on",
    ),
    "own deletion: refresh": Difference(
        ("400", "INVALID_REFRESH_TOKEN"), ("400", "USER_NOT_FOUND"), _GONE
    ),
    "deleted: refresh": Difference(
        ("400", "INVALID_REFRESH_TOKEN"), ("400", "USER_NOT_FOUND"), _GONE
    ),
    "created again: refresh of the deleted": Difference(
        ("200", ""), ("400", "TOKEN_EXPIRED"), "another account's sign-in, whatever its id"
    ),
}
