"""Google's Firestore emulator under our care: reset, restarts, and its report of indexes."""

from pathlib import Path

import pytest
from google.cloud.firestore_v1.base_query import FieldFilter

from infra.emulators.firestore import FirestoreEmulator, UsedIndex
from infra.emulators.problems import EmulatorFailed
from infra.emulators.tools import Tools
from tests.emulators.clients import PROJECT, documents
from tests.local.processes import group_ended


def test_the_first_commit_after_a_start_is_no_slower_than_the_product_waits(firestore):
    """Java is warm by then; cold, this took longer than the 1.5 s the product allows."""
    documents(firestore.address).document("c/first").set({"a": 1}, timeout=1.5, retry=None)


def test_a_reset_forgets_every_document(firestore):
    client = documents(firestore.address)
    client.document("c/a/d/b").set({"a": 1})
    firestore.reset()
    assert list(client.collection("c").list_documents()) == []


def test_used_indexes_name_collection_scope_and_fields(firestore):
    client = documents(firestore.address, "demo-indexes")
    shelf = client.collection("shelf")
    cheap = shelf.where(filter=FieldFilter("kind", "==", "book")).order_by("price")
    for _ in range(2):
        list(cheap.stream())
    list(client.collection_group("shelf").order_by("price", direction="DESCENDING").stream())
    assert firestore.used_indexes("demo-indexes") == {
        UsedIndex(
            "shelf",
            "COLLECTION",
            (("kind", "ASCENDING"), ("price", "ASCENDING"), ("__name__", "ASCENDING")),
        ): 2,
        UsedIndex(
            "shelf",
            "COLLECTION_GROUP",
            (("price", "DESCENDING"), ("__name__", "DESCENDING")),
        ): 1,
    }


def test_a_project_without_queries_used_no_index(firestore):
    assert firestore.used_indexes("demo-silent") == {}


def restarted(tools: Tools, data: Path) -> FirestoreEmulator:
    emulator = FirestoreEmulator(PROJECT, tools.java, tools.jar, data)
    emulator.start()
    return emulator


def test_documents_survive_two_restarts_and_a_reset_does_not_bring_them_back(tools, tmp_path):
    data = tmp_path / "firestore"
    first = restarted(tools, data)
    documents(first.address).document("c/kept").set({"list": [1, {"deep": None}], "text": "é"})
    group = first.process_id
    first.stop()
    assert group_ended(group)
    second = restarted(tools, data)
    assert documents(second.address).document("c/kept").get().to_dict() == {
        "list": [1, {"deep": None}],
        "text": "é",
    }
    documents(second.address).document("c/later").set({})
    second.stop()
    assert [entry.name for entry in data.iterdir()] == ["2"], "only the newest export is kept"
    third = restarted(tools, data)
    client = documents(third.address)
    assert sorted(document.id for document in client.collection("c").stream()) == ["kept", "later"]
    third.reset()
    assert list(data.iterdir()) == []
    third.stop()


def test_an_export_that_cannot_be_read_stops_the_start(tools, tmp_path):
    (tmp_path / "1").mkdir()
    emulator = FirestoreEmulator(PROJECT, tools.java, tools.jar, tmp_path)
    with pytest.raises(EmulatorFailed, match=r"refuses POST .*:import"):
        emulator.start()
    assert emulator.process_id is None
