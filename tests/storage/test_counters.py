"""Counters: every increment counts once, and tells its caller alone where it stands."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime

import pytest
from google.cloud.firestore import Client

from infra.local.firestore.server import FirestoreServer
from shared.errors import Unavailable
from shared.storage.counters import CounterRepository
from shared.storage.documents import Documents
from shared.storage.tally import counting

LATER = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.fixture(scope="module")
def server() -> Iterator[FirestoreServer]:
    server = FirestoreServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def documents(server: FirestoreServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Documents]:
    server.reset()
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", server.address)
    with closing(Client(project="demo-counters")) as client:
        yield Documents(client)


@pytest.fixture
def counters(documents: Documents) -> CounterRepository:
    return CounterRepository(documents)


def test_a_counter_begins_at_nothing_and_adds_up(counters: CounterRepository):
    # 0 + 1 = 1, + 8 = 9, + 0 = 9, - 4 = 5
    found = [counters.add("ab12", 7, amount, LATER, 2.0) for amount in (1, 8, 0, -4)]
    assert found == [1, 9, 9, 5]


def test_keys_and_windows_are_counted_apart(counters: CounterRepository):
    assert counters.add("ab12", 7, 3, LATER, 2.0) == 3
    assert counters.add("ab12", 8, 1, LATER, 2.0) == 1
    assert counters.add("cd34", 7, 1, LATER, 2.0) == 1


def test_a_counter_holds_its_count_and_when_it_may_go(
    counters: CounterRepository, documents: Documents
):
    counters.add("ab12", 7, 3, datetime(2029, 1, 1, tzinfo=UTC), 2.0)
    counters.add("ab12", 7, 1, LATER, 2.0)
    stored = documents.get("rate_limits/ab12.7")
    assert stored is not None
    assert stored.data == {"n": 4, "expire_at": LATER}


def test_counting_is_one_write_and_no_read(counters: CounterRepository):
    with counting() as tally:
        counters.add("ab12", 7, 1, LATER, 2.0)
    assert (tally.reads, tally.writes, tally.calls) == (0, 1, 1)


def test_concurrent_increments_get_intervals_that_do_not_overlap(counters: CounterRepository):
    amounts = [1, 2, 3, 4] * 25
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda amount: counters.add("ab12", 7, amount, LATER, 5.0), amounts))
    owned = [
        number
        for counter, amount in zip(found, amounts, strict=True)
        for number in range(counter - amount + 1, counter + 1)
    ]
    # 25 * (1 + 2 + 3 + 4) = 250
    assert sorted(owned) == list(range(1, 251))


def test_a_store_that_is_gone_is_unavailable(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", "127.0.0.1:1")
    with closing(Client(project="demo-counters")) as client, pytest.raises(Unavailable):
        CounterRepository(Documents(client)).add("ab12", 7, 1, LATER, 0.25)
