"""Several writes at once: atomic batches and independent bulk writes."""

import pytest
from google.api_core import exceptions


def test_a_batch_writes_everything(firestore_client):
    collection = firestore_client.collection("c")
    batch = firestore_client.batch()
    batch.set(collection.document("a"), {"x": 1})
    batch.create(collection.document("b"), {"x": 2})
    results = batch.commit()
    assert len(results) == 2
    assert {s.id: s.to_dict() for s in collection.stream()} == {"a": {"x": 1}, "b": {"x": 2}}


def test_a_batch_with_one_failing_write_writes_nothing(firestore_client):
    collection = firestore_client.collection("c")
    collection.document("there").set({"x": 0})
    batch = firestore_client.batch()
    batch.set(collection.document("z"), {"x": 1})
    batch.delete(collection.document("there"))
    batch.update(collection.document("missing"), {"x": 1})
    with pytest.raises(exceptions.NotFound):
        batch.commit()
    assert [s.id for s in collection.stream()] == ["there"]


def test_later_writes_of_a_batch_see_the_earlier_ones(firestore_client):
    document = firestore_client.document("c/a")
    batch = firestore_client.batch()
    batch.create(document, {"x": 1})
    batch.update(document, {"y": 2})
    batch.commit()
    assert document.get().to_dict() == {"x": 1, "y": 2}


def test_all_documents_of_a_batch_get_the_same_update_time(firestore_client):
    collection = firestore_client.collection("c")
    batch = firestore_client.batch()
    for name in "ab":
        batch.set(collection.document(name), {})
    batch.commit()
    assert len({snapshot.update_time for snapshot in collection.stream()}) == 1


def test_600_writes_fit_into_one_batch(firestore_client):
    collection = firestore_client.collection("c")
    batch = firestore_client.batch()
    for i in range(600):
        batch.set(collection.document(f"d{i}"), {"i": i})
    batch.commit()
    assert collection.count(alias="n").get()[0][0].value == 600


def test_a_bulk_writer_writes_everything(firestore_client):
    collection = firestore_client.collection("c")
    writer = firestore_client.bulk_writer()
    for i in range(50):
        writer.set(collection.document(f"d{i}"), {"i": i})
    writer.close()
    assert collection.count(alias="n").get()[0][0].value == 50


def test_writes_of_a_bulk_request_succeed_and_fail_by_themselves(firestore_client):
    database = firestore_client._database_string
    name = f"{database}/documents/c/"
    response = firestore_client._firestore_api.batch_write(
        request={
            "database": database,
            "writes": [
                {"update": {"name": name + "a"}},
                {"update": {"name": name + "b"}, "current_document": {"exists": True}},
                {"update": {"name": name + "c"}},
            ],
        },
        metadata=firestore_client._rpc_metadata,
    )
    # 5 is NOT_FOUND.
    assert [status.code for status in response.status] == [0, 5, 0]
    assert [s.id for s in firestore_client.collection("c").stream()] == ["a", "c"]


def test_a_bulk_request_may_name_a_document_only_once(firestore_client):
    database = firestore_client._database_string
    write = {"update": {"name": f"{database}/documents/c/a"}}
    with pytest.raises(exceptions.InvalidArgument, match="more than once"):
        firestore_client._firestore_api.batch_write(
            request={"database": database, "writes": [write, write]},
            metadata=firestore_client._rpc_metadata,
        )
