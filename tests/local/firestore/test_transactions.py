"""Transactions: isolation, conflicts, read-only snapshots, races."""

import threading

import pytest
from google.api_core import exceptions
from google.cloud import firestore
from google.cloud.firestore_v1._helpers import ReadAfterWriteError
from google.cloud.firestore_v1.base_query import FieldFilter


def in_threads(work, count):
    """Runs work(0), work(1), ... together; a failure in one fails the test."""
    failures = []

    def guarded(number):
        try:
            work(number)
        except Exception as failure:  # noqa: BLE001 - handed on below
            failures.append(failure)

    threads = [threading.Thread(target=guarded, args=(n,), daemon=True) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failures == []


def test_a_transaction_reads_and_writes(firestore_client):
    document = firestore_client.document("c/a")
    document.set({"n": 1})

    @firestore.transactional
    def increase(transaction):
        n = document.get(transaction=transaction).get("n")
        transaction.update(document, {"n": n + 1})
        return n + 1

    assert increase(firestore_client.transaction()) == 2
    assert document.get().get("n") == 2


def test_a_transaction_may_query(firestore_client, six):
    @firestore.transactional
    def total(transaction):
        query = six.where(filter=FieldFilter("org", "==", "A"))
        found = list(query.stream(transaction=transaction))
        transaction.set(six.document("sum"), {"k": len(found)})

    total(firestore_client.transaction())
    assert six.document("sum").get().get("k") == 3


def test_an_exception_rolls_the_transaction_back(firestore_client):
    document = firestore_client.document("c/a")
    document.set({"n": 1})

    @firestore.transactional
    def fail(transaction):
        document.get(transaction=transaction)
        transaction.update(document, {"n": 99})
        raise LookupError

    with pytest.raises(LookupError):
        fail(firestore_client.transaction())
    assert document.get().get("n") == 1


def test_a_read_after_a_write_is_refused(firestore_client):
    document = firestore_client.document("c/a")
    document.set({"n": 1})

    @firestore.transactional
    def read_late(transaction):
        transaction.update(document, {"n": 5})
        document.get(transaction=transaction)

    with pytest.raises(ReadAfterWriteError):
        read_late(firestore_client.transaction())
    assert document.get().get("n") == 1


@pytest.mark.embedded_only("the emulator's locks make this take minutes")
def test_40_increments_by_8_threads_are_all_kept(firestore_client):
    document = firestore_client.document("c/a")
    document.set({"n": 0})

    @firestore.transactional
    def increase(transaction):
        n = document.get(transaction=transaction).get("n")
        transaction.update(document, {"n": n + 1})

    def five_times(_):
        for _ in range(5):
            increase(firestore_client.transaction(max_attempts=40))

    in_threads(five_times, 8)
    assert document.get().get("n") == 40


def test_a_write_from_outside_is_never_lost(firestore_client):
    document = firestore_client.document("c/a")
    document.set({"n": 0})
    outside = threading.Thread(target=lambda: document.update({"other": 1}), daemon=True)
    tries = []

    @firestore.transactional
    def increase(transaction):
        n = document.get(transaction=transaction).get("n")
        if not tries:
            outside.start()
            # A server with locks holds the write back until this transaction is over.
            outside.join(1)
        tries.append(n)
        transaction.update(document, {"n": n + 1})

    increase(firestore_client.transaction())
    outside.join(30)
    assert document.get().to_dict() == {"n": 1, "other": 1}


def test_of_four_creators_of_one_document_exactly_one_wins(firestore_client):
    document = firestore_client.document("c/slug")
    outcomes = []

    @firestore.transactional
    def claim(transaction, number):
        if document.get(transaction=transaction).exists:
            return False
        transaction.create(document, {"by": number})
        return True

    def race(number):
        outcomes.append(claim(firestore_client.transaction(max_attempts=10), number))

    in_threads(race, 4)
    assert sorted(outcomes) == [False, False, False, True]


def test_a_read_only_transaction_reads_and_refuses_to_write(firestore_client, six):
    transaction = firestore_client.transaction(read_only=True)

    @firestore.transactional
    def read(transaction):
        return six.document("d1").get(transaction=transaction).get("i")

    assert read(transaction) == 1

    @firestore.transactional
    def write(transaction):
        transaction.set(six.document("d9"), {})

    with pytest.raises(ValueError, match="read-only"):
        write(firestore_client.transaction(read_only=True))


def test_an_unknown_transaction_is_refused(firestore_client):
    database = firestore_client._database_string
    with pytest.raises(exceptions.InvalidArgument):
        firestore_client._firestore_api.commit(
            request={"database": database, "writes": [], "transaction": b"unknown"}
        )
