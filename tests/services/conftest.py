"""Services over the stack's own store, as one instance of the functions has them."""

import pytest

from shared.models.users import Caller
from shared.wiring import Wiring
from tests.people import Person
from tests.services.instance import Instance


@pytest.fixture
def here(parts: Wiring) -> Instance:
    return Instance(parts)


@pytest.fixture
def caller(pro: Person) -> Caller:
    return pro.caller
