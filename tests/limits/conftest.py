"""One store and one fleet for all trials: starting them takes longer than some trials."""

from collections.abc import Iterator

import pytest

from tests.limits.fleet import Fleet
from tests.limits.store import any_store


@pytest.fixture(scope="package")
def store() -> Iterator[str]:
    with any_store() as address:
        yield address


@pytest.fixture(scope="package")
def fleet(store: str) -> Iterator[Fleet]:
    with Fleet(store, processes=8) as running:
        yield running
