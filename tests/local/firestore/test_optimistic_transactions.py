"""What the embedded server does instead of locking: snapshots, conflicts, expiry."""

import pytest
from google.api_core import exceptions
from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter

from infra.local.firestore.refusal import Refusal
from infra.local.firestore.store import Store
from infra.local.firestore.transactions import Transactions


@pytest.fixture
def client(start_server, connect):
    return connect(address=start_server().address)


def begun(client, *, read_only=False):
    transaction = client.transaction(read_only=read_only)
    transaction._begin()
    return transaction


def test_a_commit_is_aborted_when_a_document_it_read_has_changed(client):
    document = client.document("c/a")
    document.set({"n": 0})
    transaction = begun(client)
    document.get(transaction=transaction)
    document.update({"n": 7})
    transaction.set(document, {"n": 1})
    with pytest.raises(exceptions.Aborted):
        transaction._commit()
    assert document.get().to_dict() == {"n": 7}


def test_a_commit_is_aborted_when_a_missing_document_it_read_was_created(client):
    document = client.document("c/a")
    transaction = begun(client)
    assert not document.get(transaction=transaction).exists
    document.set({"n": 7})
    transaction.set(document, {"n": 1})
    with pytest.raises(exceptions.Aborted):
        transaction._commit()


def test_a_commit_is_aborted_when_a_query_it_ran_would_answer_otherwise(client):
    collection = client.collection("c")
    query = collection.where(filter=FieldFilter("n", ">", 1))
    transaction = begun(client)
    assert list(query.stream(transaction=transaction)) == []
    collection.document("new").set({"n": 2})
    transaction.set(collection.document("sum"), {"n": 0})
    with pytest.raises(exceptions.Aborted):
        transaction._commit()


def test_changes_elsewhere_do_not_abort(client):
    collection = client.collection("c")
    collection.document("a").set({"n": 0})
    query = collection.where(filter=FieldFilter("n", ">", 1))
    transaction = begun(client)
    list(query.stream(transaction=transaction))
    collection.document("a").update({"n": 1})
    transaction.set(collection.document("sum"), {"n": 0})
    transaction._commit()
    assert collection.document("sum").get().exists


def test_an_aborted_transaction_cannot_be_committed_again_but_rolled_back(client):
    document = client.document("c/a")
    transaction = begun(client)
    document.get(transaction=transaction)
    document.set({"n": 7})
    transaction.set(document, {"n": 1})
    with pytest.raises(exceptions.Aborted):
        transaction._commit()
    with pytest.raises(exceptions.InvalidArgument, match="no longer valid"):
        transaction._commit()
    transaction._rollback()


def test_a_client_that_gives_up_raises_its_own_error(client):
    document = client.document("c/a")
    document.set({"n": 0})

    @firestore.transactional
    def interrupted(transaction):
        n = document.get(transaction=transaction).get("n")
        document.update({"n": n + 1})
        transaction.update(document, {"n": -1})

    with pytest.raises(ValueError, match="3 attempts"):
        interrupted(client.transaction(max_attempts=3))
    assert document.get().get("n") == 3


def test_a_read_only_transaction_sees_the_moment_it_began(client):
    collection = client.collection("c")
    for name in ("changed", "deleted", "kept"):
        collection.document(name).set({"n": 0})
    transaction = begun(client, read_only=True)
    collection.document("changed").set({"n": 1})
    collection.document("deleted").delete()
    collection.document("added").set({"n": 0})
    query = collection.where(filter=FieldFilter("n", "==", 0))
    seen = [s.id for s in query.stream(transaction=transaction)]
    assert seen == ["changed", "deleted", "kept"]
    assert collection.document("changed").get(transaction=transaction).get("n") == 0
    assert not collection.document("added").get(transaction=transaction).exists
    transaction._commit()
    assert [s.id for s in query.stream()] == ["added", "kept"]


def test_reading_at_a_past_time_is_refused(client):
    snapshot = client.document("c/a").set({"n": 0})
    with pytest.raises(exceptions.FailedPrecondition, match="read_time"):
        client.document("c/a").get(read_time=snapshot.update_time)


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


def test_a_transaction_expires_after_a_minute_without_requests():
    clock = Clock()
    transactions = Transactions(Store(), clock)
    transaction = transactions.begin(read_only=False)
    clock.now += 60
    assert transactions.get(transaction.id) is transaction
    clock.now += 60.5
    with pytest.raises(Refusal, match="no longer valid"):
        transactions.get(transaction.id)


def test_a_transaction_expires_after_270_seconds_in_all():
    clock = Clock()
    transactions = Transactions(Store(), clock)
    transaction = transactions.begin(read_only=False)
    for _ in range(5):
        clock.now += 54
        transactions.get(transaction.id)  # the last one at 270 s
    clock.now += 0.5
    with pytest.raises(Refusal, match="no longer valid"):
        transactions.get(transaction.id)


def test_abandoned_transactions_do_not_pile_up():
    clock = Clock()
    store = Store()
    transactions = Transactions(store, clock)
    for _ in range(1000):
        transactions.begin(read_only=True)
        clock.now += 1
    # Each lives 60 s: those begun in the last 60 seconds and the newest.
    assert len(store.before_change) <= 61
