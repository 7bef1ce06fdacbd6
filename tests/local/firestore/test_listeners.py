"""Listeners: a query and a document that report their changes."""

import queue

from google.cloud.firestore_v1.base_query import FieldFilter


def following(target):
    """Subscribes; returns a function that waits for (ids, changes), and one that ends it."""
    states = queue.Queue()
    watch = target.on_snapshot(
        lambda snapshots, changes, _: states.put(
            ({s.id for s in snapshots if s.exists}, [(c.type.name, c.document.id) for c in changes])
        )
    )
    return lambda: states.get(timeout=10), watch.unsubscribe


def test_a_query_reports_what_enters_changes_and_leaves(firestore_client):
    collection = firestore_client.collection("c")
    collection.document("before").set({"n": 1})
    collection.document("outside").set({"n": -1})
    state, stop = following(collection.where(filter=FieldFilter("n", ">", 0)))
    assert state() == ({"before"}, [("ADDED", "before")])
    collection.document("new").set({"n": 2})
    assert state() == ({"before", "new"}, [("ADDED", "new")])
    collection.document("new").set({"n": 3})
    assert state() == ({"before", "new"}, [("MODIFIED", "new")])
    collection.document("before").update({"n": 0})
    assert state() == ({"new"}, [("REMOVED", "before")])
    collection.document("new").delete()
    assert state() == (set(), [("REMOVED", "new")])
    stop()


def test_a_document_reports_its_creation_and_deletion(firestore_client):
    document = firestore_client.document("c/a")
    states = queue.Queue()
    watch = document.on_snapshot(
        lambda snapshots, _changes, _time: states.put([s.to_dict() for s in snapshots])
    )
    assert states.get(timeout=10) == []
    document.set({"n": 1})
    assert states.get(timeout=10) == [{"n": 1}]
    document.delete()
    assert states.get(timeout=10) == []
    watch.unsubscribe()


def test_a_batch_is_reported_as_one_change(firestore_client):
    collection = firestore_client.collection("c")
    state, stop = following(collection)
    assert state() == (set(), [])
    batch = firestore_client.batch()
    for name in "abc":
        batch.set(collection.document(name), {"n": 1})
    batch.commit()
    ids, _ = state()
    assert ids == {"a", "b", "c"}
    stop()
