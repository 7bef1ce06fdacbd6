"""Single documents: create, read, update, delete, preconditions, names and places."""

from datetime import UTC, datetime

import pytest
from google.api_core import exceptions
from google.cloud import firestore


def test_a_document_is_set_read_updated_merged_and_deleted(firestore_client):
    document = firestore_client.document("c/a")
    document.set({"n": 1, "m": {"x": 1, "y": 2}, "l": [1, 2]})
    assert document.get().to_dict() == {"n": 1, "m": {"x": 1, "y": 2}, "l": [1, 2]}
    document.update({"m.x": 5, "n": 2})
    assert document.get().to_dict() == {"n": 2, "m": {"x": 5, "y": 2}, "l": [1, 2]}
    document.set({"z": 1}, merge=True)
    assert document.get().to_dict() == {"n": 2, "m": {"x": 5, "y": 2}, "l": [1, 2], "z": 1}
    document.delete()
    assert not document.get().exists


def test_set_without_merge_replaces_the_whole_document(firestore_client):
    document = firestore_client.document("c/a")
    document.set({"old": 1})
    document.set({"new": 1})
    assert document.get().to_dict() == {"new": 1}


def test_every_type_of_value_comes_back_as_it_was_stored(firestore_client):
    document = firestore_client.document("c/a")
    stored = {
        "text": "é",
        "real": 1.5,
        "whole": 2**40,
        "truth": True,
        "nothing": None,
        "bytes": b"\x00\x01",
        "time": datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC),
        "place": firestore.GeoPoint(1, 2),
        "list": [1, "a", {"q": 1}],
        "map": {"deep": {"er": []}},
    }
    document.set({**stored, "reference": document})
    read = document.get().to_dict()
    assert read.pop("reference").path == document.path
    place = read.pop("place")
    assert (place.latitude, place.longitude) == (1, 2)
    del stored["place"]
    assert read == stored


def test_create_refuses_a_document_that_exists(firestore_client):
    document = firestore_client.document("c/a")
    document.create({"a": 1})
    with pytest.raises(exceptions.AlreadyExists):
        document.create({"a": 2})
    assert document.get().to_dict() == {"a": 1}


def test_update_refuses_a_document_that_does_not_exist(firestore_client):
    document = firestore_client.document("c/a")
    with pytest.raises(exceptions.NotFound):
        document.update({"a": 2})
    assert not document.get().exists


def test_a_stale_update_time_is_refused_and_a_fresh_one_accepted(firestore_client):
    document = firestore_client.document("c/a")
    document.set({"a": 1})
    stale = document.get().update_time
    document.set({"a": 2})
    with pytest.raises(exceptions.FailedPrecondition):
        document.update({"a": 3}, option=firestore_client.write_option(last_update_time=stale))
    fresh = document.get().update_time
    document.update({"a": 4}, option=firestore_client.write_option(last_update_time=fresh))
    assert document.get().to_dict() == {"a": 4}


def test_delete_obeys_its_precondition(firestore_client):
    with pytest.raises(exceptions.NotFound):
        firestore_client.document("c/a").delete(option=firestore_client.write_option(exists=True))


def test_a_write_that_changes_nothing_keeps_the_update_time(firestore_client):
    document = firestore_client.document("c/a")
    first = document.set({"a": 1, "b": [1, {"c": 2}]})
    second = document.set({"b": [1, {"c": 2}], "a": 1})
    assert second.update_time == first.update_time
    third = document.set({"a": 2})
    assert third.update_time > first.update_time
    assert document.get().create_time == first.update_time


def test_get_all_tells_present_from_missing(firestore_client):
    collection = firestore_client.collection("c")
    collection.document("a").set({"x": 1})
    found = firestore_client.get_all([collection.document("a"), collection.document("b")])
    assert {snapshot.id: snapshot.exists for snapshot in found} == {"a": True, "b": False}


def test_a_field_mask_limits_what_is_read(firestore_client):
    document = firestore_client.document("c/a")
    document.set({"x": 1, "m": {"k": 1, "l": 2}})
    assert document.get(["m.l"]).to_dict() == {"m": {"l": 2}}


def test_field_names_with_dots_and_backticks_are_one_segment(firestore_client):
    document = firestore_client.document("c/a")
    document.set({"a.b": {"c`d": 1}})
    path = firestore_client.field_path("a.b", "c`d")
    document.update({path: 2})
    assert document.get().to_dict() == {"a.b": {"c`d": 2}}


def test_an_update_through_a_plain_value_replaces_it_with_a_map(firestore_client):
    document = firestore_client.document("c/a")
    document.set({"m": 1})
    document.update({"m.x": 5})
    assert document.get().to_dict() == {"m": {"x": 5}}


def test_databases_of_one_project_are_apart(connect):
    default = connect()
    second = connect(project=default.project, database="second")
    second.document("c/a").set({"x": 1})
    assert second.document("c/a").get().exists
    assert not default.document("c/a").get().exists


def test_projects_are_apart(connect):
    one, other = connect(), connect()
    one.document("c/a").set({"x": 1})
    assert one.document("c/a").get().exists
    assert not other.document("c/a").get().exists


def test_subcollections_and_missing_parents_are_listed(firestore_client):
    collection = firestore_client.collection("c")
    collection.document("a").set({"x": 1})
    collection.document("a").collection("s").document("b").set({"y": 1})
    collection.document("ghost").collection("s").document("q").set({"z": 1})
    assert [sub.id for sub in collection.document("a").collections()] == ["s"]
    assert [sub.id for sub in firestore_client.collections()] == ["c"]
    assert [d.id for d in collection.list_documents()] == ["a", "ghost"]
    assert [d.id for d in collection.list_documents(page_size=1)] == ["a", "ghost"]


def test_recursive_delete_takes_descendants_and_spares_the_rest(firestore_client):
    collection = firestore_client.collection("c")
    collection.document("a").set({"x": 1})
    collection.document("a/s/b").set({"y": 1})
    collection.document("ghost/s/q").set({"z": 1})
    firestore_client.document("other/o").set({"x": 1})
    assert firestore_client.recursive_delete(collection) == 3
    assert list(collection.list_documents()) == []
    assert not firestore_client.document("c/a/s/b").get().exists
    assert firestore_client.document("other/o").get().exists
