"""The callers and the things of the access matrix, made once."""

import pytest

from infra.local.stack import LocalStack
from shared.gateways.ports import Files
from shared.wiring import Wiring
from tests.access.callers import Callers
from tests.access.calls import Calls
from tests.access.things import Things
from tests.client import Functions
from tests.people import People


@pytest.fixture(scope="session")
def callers(people: People, parts: Wiring, stack: LocalStack) -> Callers:
    # It stands in for Google's keys, whichever of Google's services would use them.
    return Callers(people, parts, stack.signer)


@pytest.fixture(scope="session")
def calls(
    functions: Functions,
    people: People,
    parts: Wiring,
    callers: Callers,
    catalogue: None,
    files: Files,
) -> Calls:
    return Calls(functions, parts, callers, Things(parts, callers), people.lifter())
