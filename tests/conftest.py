"""The product on the embedded stack, in this process: real clients, real servers, real tenants.

Nothing is reset between tests. Every test registers people of its own, whose organizations cannot
see each other, so tests stay apart the way customers do.
"""

import os
from collections.abc import Iterator

import pytest
from firebase_admin import auth

from infra.dev.seed import SEEDER, seed
from infra.local.stack import LocalStack
from shared.settings import settings
from shared.wiring import Wiring, wiring
from tests.client import Api, Functions
from tests.people import People, Person


@pytest.fixture(scope="session")
def stack() -> Iterator[LocalStack]:
    """The embedded cloud; the product's environment points at it for the whole session."""
    with LocalStack(data=None, storage=False) as running, pytest.MonkeyPatch.context() as patch:
        for name, value in (running.environment() | {"RATE_LIMIT_MODE": "off"}).items():
            patch.setenv(name, value)
        settings.cache_clear()
        wiring.cache_clear()
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
    if "directory" in parts.parts:
        auth._get_client(parts.directory._app)._user_manager.http_client.close()


@pytest.fixture(scope="session")
def parts(stack: LocalStack) -> Wiring:
    """The product's own parts, joined as in production."""
    return wiring()


@pytest.fixture(scope="session")
def functions(stack: LocalStack) -> Functions:
    """Every function as the functions framework serves it."""
    return Functions()


@pytest.fixture
def api(functions: Functions) -> Api:
    """Calls without a sign-in."""
    return Api(functions)


@pytest.fixture(scope="session")
def people(functions: Functions, parts: Wiring) -> People:
    return People(functions, parts)


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


def pytest_report_header() -> str:
    return f"stack: {os.environ.get('HYPERTROQ_STACK', 'embedded')}"
