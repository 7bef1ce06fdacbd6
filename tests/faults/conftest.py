"""The product with a misbehaving line between it and its store."""

from collections.abc import Iterator

import pytest
from google.cloud.firestore import Client

from infra.local.parts import PROJECT
from infra.local.stack import LocalStack
from shared.settings import Settings
from shared.storage.documents import Documents
from shared.wiring import Wiring
from tests.client import Functions
from tests.faults.proxy import FaultProxy


@pytest.fixture(scope="package")
def store(stack: LocalStack) -> str:
    """The address of a healthy Firestore."""
    return stack.environment()["FIRESTORE_EMULATOR_HOST"]


@pytest.fixture
def proxy(store: str) -> Iterator[FaultProxy]:
    with FaultProxy(store) as running:
        yield running


@pytest.fixture
def documents(proxy: FaultProxy) -> Documents:
    """Firestore through the proxy."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("FIRESTORE_EMULATOR_HOST", proxy.address)
        return Documents(Client(project=PROJECT))


@pytest.fixture
def faulty(parts: Wiring, proxy: FaultProxy) -> Wiring:
    """The parts of the product over a store behind the proxy, with the limits in force."""
    # Only while they are built: everybody else's must go on without a detour, or a limit.
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("FIRESTORE_EMULATOR_HOST", proxy.address)
        environment.setenv("RATE_LIMIT_MODE", "enforce")
        wiring = Wiring(Settings.from_environment())
        wiring.documents.ping(10)
    # Identity is well, and its connections are closed by whoever opened them.
    wiring.parts |= {name: getattr(parts, name) for name in ("id_tokens", "sign_in", "directory")}
    return wiring


@pytest.fixture
def faulty_functions(faulty: Wiring, monkeypatch: pytest.MonkeyPatch) -> Functions:
    """The functions over that store, for the test alone: some share modules with everybody's."""
    functions = Functions()
    for module in functions.modules.values():
        monkeypatch.setattr(module.api, "wiring", faulty)
    return functions
