"""The product in this process, on one of two stacks: real clients, real servers, real tenants.

Nothing is reset between tests. Every test registers people of its own, whose organizations cannot
see each other, so tests stay apart the way customers do.

`--stack emulators` runs, over Google's emulators, every test that touches a stack.
"""

import uuid
from collections.abc import Iterator

import pytest
from firebase_admin import auth

from infra.dev.seed import SEEDER, seed
from infra.emulators.stack import EmulatorStack
from infra.local.mailbox.server import Mailbox
from infra.local.parts import BUCKET, Stack
from infra.local.stack import LocalStack
from infra.local.storage import StorageServer
from shared.gateways.cloud_storage import CloudStorage
from shared.gateways.ports import Files
from shared.models.users import Role
from shared.rules.accounts import new_account
from shared.settings import settings
from shared.wiring import Wiring, wiring
from tests.background import Background
from tests.client import Api, Functions
from tests.elsewhere import Elsewhere
from tests.people import People, Person

EMBEDDED, EMULATORS = "embedded", "emulators"
TOUCHES_A_STACK = {"stack", "firestore_address", "identity_host"}
"""Fixtures behind which there is a server that exists on both stacks."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--stack",
        choices=(EMBEDDED, EMULATORS),
        default=EMBEDDED,
        help="what the product runs on; the emulators are the reference",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Over the emulators only what touches them is worth running again."""
    if config.getoption("--stack") == EMBEDDED:
        return
    again = [
        item
        for item in items
        if TOUCHES_A_STACK & set(getattr(item, "fixturenames", ()))
        and not item.get_closest_marker("embedded_only")
    ]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(again)])
    items[:] = again


def pytest_report_header(config: pytest.Config) -> str:
    return f"stack: {config.getoption('--stack')}"


@pytest.fixture(scope="session")
def stack(pytestconfig: pytest.Config) -> Iterator[Stack]:
    """The cloud of this run; the product's environment points at it for the whole session."""
    kind = LocalStack if pytestconfig.getoption("--stack") == EMBEDDED else EmulatorStack
    with kind(data=None, storage=False) as running, pytest.MonkeyPatch.context() as patch:
        for name, value in (running.environment() | {"RATE_LIMIT_MODE": "off"}).items():
            patch.setenv(name, value)
        settings.cache_clear()
        wiring.cache_clear()
        # Tests deliver tasks themselves; see `background`.
        running.tasks.pause()
        yield running
        _hang_up(wiring())
        settings.cache_clear()
        wiring.cache_clear()


def _hang_up(parts: Wiring) -> None:
    """Close the connections that a deployed function keeps as long as it lives."""
    if "sign_in" in parts.parts:
        parts.sign_in._http.close()
    if "id_tokens" in parts.parts and (http := parts.id_tokens._certificates._http):
        http.close()
    if "invokers" in parts.parts and (http := parts.invokers._certificates._http):
        http.close()
    if "payments" in parts.parts:
        parts.payments.close()
    if "task_queue" in parts.parts:
        parts.task_queue.close()
    if "directory" in parts.parts:
        auth._get_client(parts.directory._app)._user_manager.http_client.close()


@pytest.fixture(scope="session")
def parts(stack: Stack) -> Wiring:
    """The product's own parts, joined as in production."""
    parts = wiring()
    # The last administrator cannot go, so there is one whom no test touches.
    keeper = new_account(
        user_id="keeper",
        email="keeper@example.com",
        is_verified=True,
        full_name="Kim Keeper",
        organization_name=None,
        now=parts.now(),
    )
    admin = keeper.user.model_copy(update={"role": Role.ADMIN})
    parts.account_repository.add(keeper.model_copy(update={"user": admin}))
    return parts


@pytest.fixture(scope="session")
def functions(stack: Stack) -> Functions:
    """Every function as the functions framework serves it."""
    return Functions()


@pytest.fixture
def api(functions: Functions) -> Api:
    """Calls without a sign-in."""
    return Api(functions)


@pytest.fixture(scope="session")
def people(functions: Functions, parts: Wiring) -> People:
    return People(functions, parts)


@pytest.fixture(scope="session")
def background(functions: Functions, parts: Wiring, stack: Stack) -> Background:
    """Delivers tasks and runs jobs."""
    return Background(functions, parts, stack)


@pytest.fixture(scope="session")
def mailbox(stack: Stack) -> Mailbox:
    """Every mail that left, newest first: `mailbox.messages(to=address)`."""
    return stack.mailbox


@pytest.fixture(scope="session")
def files(parts: Wiring) -> Iterator[Files]:
    """The product's store of files: a server that only those tests start which keep some."""
    server = StorageServer(bucket=BUCKET)
    server.start()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STORAGE_EMULATOR_HOST", server.url)
        store = CloudStorage(parts.settings.project, parts.settings.avatar_bucket)
    parts.parts["files"] = store
    yield store
    del parts.parts["files"]
    store.close()
    server.stop()


@pytest.fixture
def lifter(people: People) -> Person:
    """Somebody on the Free plan, alone in an organization."""
    return people.lifter()


@pytest.fixture
def pro(people: People) -> Person:
    """Somebody whose organization is on Pro."""
    return people.pro()


@pytest.fixture
def stranger(people: People) -> Person:
    """Somebody on Pro, in another organization."""
    return people.pro()


@pytest.fixture
def admin(people: People) -> Person:
    return people.admin()


@pytest.fixture(scope="session")
def catalogue(parts: Wiring) -> None:
    """The seeded exercises and templates."""
    seed(parts, SEEDER)


@pytest.fixture
def elsewhere(parts: Wiring) -> Iterator[Elsewhere]:
    """The product with a store of its own on this stack."""
    wiring = Elsewhere(parts.settings, f"demo-{uuid.uuid4().hex[:12]}")
    yield wiring
    wiring.close()
