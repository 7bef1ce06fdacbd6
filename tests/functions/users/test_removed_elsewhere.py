"""Somebody whom one function remembers for half a minute, and another one has removed."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from shared.gateways.ports import Files
from shared.models.tasks import PurgeAccount
from shared.settings import Settings
from shared.wiring import Wiring
from tests.functions.refusals import refused
from tests.people import Person

ORGANIZATION = "/users/me/organization"
PATHS = [
    "/auth/me",
    "/users/me",
    "/users/me/activity",
    ORGANIZATION,
    "/billing/subscription",
    "/billing/portal",
]


@pytest.fixture
def another(parts: Wiring, files: Files) -> Iterator[Wiring]:
    """Another function, or another instance of one: it shares the store, and no memory."""
    wiring = Wiring(Settings.from_environment())
    wiring.parts["files"] = files
    with closing(wiring.documents._client):
        yield wiring


@pytest.mark.parametrize("purged", [False, True], ids=["door closed", "purged"])
@pytest.mark.parametrize("path", PATHS)
def test_they_are_signed_out_and_see_no_fault_of_ours(
    lifter: Person, admin: Person, another: Wiring, path: str, *, purged: bool
) -> None:
    assert lifter.api.get("/users/me").status_code == 200
    assert another.deletions.begin_now(lifter.user_id, by=admin.caller)
    if purged:
        another.purges.purge(PurgeAccount(user_id=lifter.user_id))
    answer = lifter.api.get(path)
    if path == ORGANIZATION and not purged:
        # It is there still, and is theirs as far as this function knows.
        assert answer.status_code == 200
    else:
        refused(answer, 401, "TOKEN_INVALID")
