"""From an Authorization header to a caller."""

from flask import Request

from shared.errors import Unauthenticated
from shared.models.users import Caller
from shared.wiring import Wiring

READS = {"GET", "HEAD"}


def signed_in(request: Request, wiring: Wiring) -> Caller:
    """Who sent the request; raises Unauthenticated or one of its kinds when nobody did.

    What a caller may do is read afresh for every change, and at most 30 seconds old for reads.
    """
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthenticated
    claims = wiring.id_tokens.verify(token.strip())
    return wiring.accounts.caller(claims, fresh=request.method not in READS)
