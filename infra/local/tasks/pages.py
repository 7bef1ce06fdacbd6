"""Pages of a list of names, in name order, so that a token outlives additions and removals."""

import base64
import binascii
from collections.abc import Iterable

from infra.local.tasks.refusals import invalid


def page(names: Iterable[str], *, size: int, token: str, most: int) -> tuple[list[str], str]:
    """The names after ``token``, and the token of the next page ("" on the last).

    ``size`` of 0 means ``most``; a larger size is cut to ``most``.
    """
    if size < 0:
        raise invalid("page_size must not be negative.")
    after = _decode(token)
    rest = sorted(name for name in names if name > after)
    chosen = rest[: min(size or most, most)]
    return chosen, _encode(chosen[-1]) if len(chosen) < len(rest) else ""


def _encode(name: str) -> str:
    return base64.urlsafe_b64encode(name.encode()).decode()


def _decode(token: str) -> str:
    try:
        return base64.b64decode(token, altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError) as error:
        raise invalid("page_token is not one of ours.") from error
