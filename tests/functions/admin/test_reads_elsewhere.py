"""An administrator whom one function remembers for half a minute, and another one has demoted."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from shared.models.users import Role
from shared.settings import Settings
from shared.wiring import Wiring
from tests.functions.refusals import refused
from tests.people import Person


@pytest.fixture
def another(parts: Wiring) -> Iterator[Wiring]:
    """Another function, or another instance of one: it shares the store, and no memory."""
    wiring = Wiring(Settings.from_environment())
    with closing(wiring.documents._client):
        yield wiring


@pytest.mark.parametrize("path", ["/admin/users", "/admin/audit-logs", "/admin/organizations"])
def test_what_administrators_read_is_closed_to_them_at_once(
    admin: Person, another: Wiring, path: str
) -> None:
    assert admin.api.get(path).status_code == 200
    another.accounts.grant_role(admin.user_id, Role.USER)
    refused(admin.api.get(path), 403, "ADMIN_REQUIRED")
