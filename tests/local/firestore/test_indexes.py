"""Which queries an index file allows, as production decides it; the embedded server only."""

import json
import logging
import os

import pytest
from google.api_core import exceptions
from google.cloud import firestore
from google.cloud.firestore_v1.base_query import And, FieldFilter, Or
from google.cloud.firestore_v1.base_vector_query import DistanceMeasure
from google.cloud.firestore_v1.vector import Vector

from infra.local.firestore.server import FirestoreServer

DESCENDING = firestore.Query.DESCENDING
F = FieldFilter


def composite(collection, *fields, scope="COLLECTION"):
    """Fields as "a", "-b" (descending), "[]c" (array), "<>d" (vector)."""
    parts = []
    for field in fields:
        if field.startswith("[]"):
            parts.append({"fieldPath": field[2:], "arrayConfig": "CONTAINS"})
        elif field.startswith("<>"):
            parts.append({"fieldPath": field[2:], "vectorConfig": {"dimension": 2, "flat": {}}})
        else:
            order = "DESCENDING" if field.startswith("-") else "ASCENDING"
            parts.append({"fieldPath": field.lstrip("-"), "order": order})
    return {"collectionGroup": collection, "queryScope": scope, "fields": parts}


DECLARED = {
    "indexes": [
        composite("c", "a", "-t"),
        composite("c", "b", "-t"),
        composite("c", "[]tags", "-t"),
        composite("c", "d", "e", "t"),
        composite("c", "x", "y"),
        composite("c", "x", "-y", "z"),
        composite("c", "p", "secret"),
        composite("c", "k", "-__name__"),
        composite("c", "a", "<>v"),
        composite("g", "a", "t", scope="COLLECTION_GROUP"),
    ],
    "fieldOverrides": [
        {"collectionGroup": "c", "fieldPath": "secret", "indexes": []},
        {"collectionGroup": "c", "fieldPath": "blob", "indexes": []},
        {
            "collectionGroup": "c",
            "fieldPath": "blob.open",
            "indexes": [{"queryScope": "COLLECTION", "order": "ASCENDING"}],
        },
        {
            "collectionGroup": "g",
            "fieldPath": "due",
            "indexes": [
                {"queryScope": "COLLECTION", "order": "ASCENDING"},
                {"queryScope": "COLLECTION_GROUP", "order": "ASCENDING"},
            ],
        },
    ],
}


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """One server for all shapes; it keeps nothing that a test could see of another."""
    file = tmp_path_factory.mktemp("indexes") / "firestore.indexes.json"
    file.write_text(json.dumps(DECLARED))
    server = FirestoreServer(indexes=file)
    server.start()
    yield server.address
    server.stop()


@pytest.fixture
def client(address, connect):
    return connect(address=address)


def where(collection, *filters):
    for part in filters:
        collection = collection.where(filter=part)
    return collection


ALLOWED = {
    "nothing": lambda c: c,
    "one equality": lambda c: where(c, F("n", "==", 1)),
    "equalities on any fields merge": lambda c: where(c, F("n", "==", 1), F("o", "==", 1)),
    "equality and membership merge": lambda c: where(
        c, F("n", "==", 1), F("tags", "array_contains", "x")
    ),
    "null is an equality": lambda c: where(c, F("n", "==", None), F("o", "==", 1)),
    "one order": lambda c: c.order_by("n", direction=DESCENDING),
    "one range": lambda c: where(c, F("n", ">", 1), F("n", "<", 9)),
    "a range ordered by its field": lambda c: where(c, F("n", ">", 1)).order_by("n"),
    "equality ordered by its own field": lambda c: where(c, F("n", "==", 1)).order_by("n"),
    "in ordered by its own field": lambda c: where(c, F("n", "in", [1, 2])).order_by("n"),
    "one membership": lambda c: where(c, F("tags", "array_contains_any", ["x"])),
    "a disjunction of equalities": lambda c: where(c, Or([F("n", "==", 1), F("o", "==", 1)])),
    "the name in any direction after an equality": lambda c: where(c, F("n", "==", 1)).order_by(
        "__name__", direction=DESCENDING
    ),
    "a range of names after an equality": lambda c: where(
        c, F("n", "==", 1), F("__name__", ">", c.document("a"))
    ),
    "equality and order": lambda c: where(c, F("a", "==", 1)).order_by("t", direction=DESCENDING),
    "the same index backwards": lambda c: where(c, F("a", "==", 1)).order_by("t"),
    "equality and range": lambda c: where(c, F("a", "==", 1), F("t", ">", 1)),
    "in and order": lambda c: where(c, F("a", "in", [1, 2])).order_by("t"),
    "two composites with the same end merge": lambda c: where(
        c, F("a", "==", 1), F("b", "==", 1), F("tags", "array_contains", "x")
    ).order_by("t"),
    "membership and order": lambda c: where(c, F("tags", "array_contains", "x")).order_by("t"),
    "equalities in another order than declared": lambda c: where(
        c, F("e", "==", 1), F("d", "==", 1)
    ).order_by("t"),
    "two orders": lambda c: c.order_by("x").order_by("y"),
    "two orders backwards": lambda c: c.order_by("x", direction=DESCENDING).order_by(
        "y", direction=DESCENDING
    ),
    "three orders": lambda c: c.order_by("x").order_by("y", direction=DESCENDING).order_by("z"),
    "two ranges in the declared order": lambda c: where(c, F("x", ">", 1), F("y", ">", 1)),
    "an equality makes an order superfluous": lambda c: (
        where(c, F("x", "==", 1)).order_by("x").order_by("y")
    ),
    "each branch has its index": lambda c: where(
        c, Or([F("a", "==", 1), F("b", "==", 1)])
    ).order_by("t"),
    "an exempted field inside a composite": lambda c: where(
        c, F("p", "==", 1), F("secret", "==", 1)
    ),
    "a field inside an exempted one, with indexes of its own": lambda c: where(
        c, F("blob.open", "==", 1)
    ),
    "a declared direction of the name": lambda c: c.order_by("k").order_by(
        "__name__", direction=DESCENDING
    ),
}

REFUSED = {
    "equality and order": (
        lambda c: where(c, F("n", "==", 1)).order_by("t"),
        "collection c .COLLECTION.: n EQUAL, t ASCENDING",
    ),
    "equality and range": (
        lambda c: where(c, F("n", "==", 1), F("t", ">", 1)),
        "n EQUAL, t ASCENDING",
    ),
    "equality and inequality": (
        lambda c: where(c, F("n", "==", 1), F("t", "!=", 1)),
        "n EQUAL, t ASCENDING",
    ),
    "one equality too many": (
        lambda c: where(c, F("a", "==", 1), F("n", "==", 1)).order_by("t"),
        "a EQUAL, n EQUAL, t ASCENDING",
    ),
    "only a part of a longer index": (
        lambda c: where(c, F("d", "==", 1)).order_by("t"),
        "d EQUAL, t ASCENDING",
    ),
    "orders in directions that were not declared": (
        lambda c: c.order_by("x").order_by("y", direction=DESCENDING),
        "x ASCENDING, y DESCENDING",
    ),
    "orders the other way round": (
        lambda c: c.order_by("y").order_by("x"),
        "y ASCENDING, x ASCENDING",
    ),
    "two ranges without an index": (
        lambda c: where(c, F("n", ">", 1), F("o", ">", 1)),
        "n ASCENDING, o ASCENDING",
    ),
    "a membership where an equality was declared": (
        lambda c: where(c, F("a", "array_contains", 1)).order_by("t"),
        "a CONTAINS, t ASCENDING",
    ),
    "an equality where a membership was declared": (
        lambda c: where(c, F("tags", "==", ["x"])).order_by("t"),
        "tags EQUAL, t ASCENDING",
    ),
    "one branch lacks its index": (
        lambda c: where(c, Or([F("a", "==", 1), F("n", "==", 1)])).order_by("t"),
        "n EQUAL, t ASCENDING",
    ),
    "an or inside an and is multiplied out": (
        lambda c: where(c, And([F("a", "==", 1), Or([F("b", "==", 1), F("n", "==", 1)])])).order_by(
            "t"
        ),
        "a EQUAL, n EQUAL, t ASCENDING",
    ),
    "an or with a range sorts every branch": (
        lambda c: where(c, Or([F("n", "==", 1), F("t", ">", 1)])),
        "n EQUAL, t ASCENDING",
    ),
    "an exempted field": (lambda c: where(c, F("secret", "==", 1)), "secret EQUAL"),
    "an exempted field in an order": (lambda c: c.order_by("secret"), "secret ASCENDING"),
    "an exempted field in a range": (lambda c: where(c, F("secret", ">", 1)), "secret ASCENDING"),
    "an exempted field in a membership": (
        lambda c: where(c, F("blob", "array_contains", 1)),
        "blob CONTAINS",
    ),
    "a field inside an exempted one": (lambda c: where(c, F("blob.x", "==", 1)), "blob.x EQUAL"),
    "a direction that an override leaves out": (
        lambda c: c.order_by("blob.open").order_by("__name__", direction=DESCENDING),
        "blob.open ASCENDING",
    ),
    "a membership that an override leaves out": (
        lambda c: where(c, F("blob.open", "array_contains", 1)),
        "blob.open CONTAINS",
    ),
    "the name against the last direction": (
        lambda c: c.order_by("n").order_by("__name__", direction=DESCENDING),
        '"fieldPath": "__name__", "order": "DESCENDING"',
    ),
}


@pytest.mark.parametrize("shape", ALLOWED)
def test_a_query_with_its_index_is_answered(client, shape):
    assert list(ALLOWED[shape](client.collection("c")).stream()) == []


@pytest.mark.parametrize("shape", REFUSED)
def test_a_query_without_its_index_is_refused_by_name(client, shape):
    build, fields = REFUSED[shape]
    with pytest.raises(exceptions.FailedPrecondition, match=fields) as refusal:
        list(build(client.collection("c")).stream())
    assert refusal.value.message.startswith("The query requires an index.")


def test_a_refusal_shows_the_entry_to_add_and_is_logged(client, caplog):
    query = client.collection("c").where(filter=F("n", "==", 1)).order_by("t")
    with (
        caplog.at_level(logging.WARNING),
        pytest.raises(exceptions.FailedPrecondition) as refusal,
    ):
        query.get()
    entry = refusal.value.message.partition("firestore.indexes.json: ")[2]
    assert json.loads(entry) == composite("c", "n", "t")
    assert "n EQUAL, t ASCENDING" in caplog.text


def test_a_sum_needs_its_field_in_the_index(client):
    collection = client.collection("c")
    assert collection.sum("t", alias="s").get()[0][0].value == 0
    assert where(collection, F("a", "==", 1)).sum("t", alias="s").get()[0][0].value == 0
    assert where(collection, F("n", "==", 1)).count(alias="n").get()[0][0].value == 0
    with pytest.raises(exceptions.FailedPrecondition, match="n EQUAL, t ASCENDING"):
        where(collection, F("n", "==", 1)).sum("t", alias="s").get()


def test_a_collection_group_needs_declared_scopes(client):
    group = client.collection_group("g")
    assert list(group.stream()) == []
    assert list(where(group, F("due", "<", 5)).stream()) == []
    assert list(where(group, F("a", "==", 1)).order_by("t").stream()) == []
    with pytest.raises(exceptions.FailedPrecondition, match="n EQUAL") as refusal:
        list(where(group, F("n", "==", 1)).stream())
    entry = refusal.value.message.partition("Under fieldOverrides of firestore.indexes.json: ")[2]
    assert json.loads(entry) == {
        "collectionGroup": "g",
        "fieldPath": "n",
        "indexes": [{"queryScope": "COLLECTION_GROUP", "order": "ASCENDING"}],
    }
    with pytest.raises(exceptions.FailedPrecondition, match="due DESCENDING"):
        list(group.order_by("due", direction=DESCENDING).order_by("__name__").stream())


def test_an_index_of_the_group_does_not_serve_one_collection(client):
    with pytest.raises(exceptions.FailedPrecondition, match=r"g \(COLLECTION\)"):
        list(where(client.collection("g"), F("a", "==", 1)).order_by("t").stream())


def test_a_vector_search_needs_a_vector_index(client):
    def search(query):
        return query.find_nearest("v", Vector([1.0, 1.0]), 1, DistanceMeasure.EUCLIDEAN)

    collection = client.collection("c")
    assert search(where(collection, F("a", "==", 1))).get() == []
    with pytest.raises(exceptions.FailedPrecondition, match="n EQUAL, v VECTOR"):
        search(where(collection, F("n", "==", 1))).get()


def test_listening_to_a_query_without_its_index_is_refused(client):
    query = client.collection("c").where(filter=F("n", "==", 1)).order_by("t")
    parent, structured = query._parent._parent_info()[0], query._to_protobuf()
    target = {"query": {"parent": parent, "structured_query": structured}, "target_id": 1}
    request = {"database": client._database_string, "add_target": target}
    stream = client._firestore_api.listen(requests=iter([request]))
    change = next(iter(stream)).target_change
    assert change.cause.code == 9  # FAILED_PRECONDITION
    stream.cancel()


def test_the_file_is_read_again_when_it_changes(start_server, connect, tmp_path, caplog):
    file = tmp_path / "firestore.indexes.json"
    file.write_text("{}")
    client = connect(address=start_server(indexes=file).address)
    query = client.collection("c").where(filter=F("a", "==", 1)).order_by("t")
    with pytest.raises(exceptions.FailedPrecondition):
        query.get()
    file.write_text(json.dumps({"indexes": [composite("c", "a", "t")]}))
    assert query.get() == []
    # Half a file changes nothing, and neither does a missing one.
    for nonsense in ('{"indexes": [', "[]", '{"indexes": [{}]}'):
        file.write_text(nonsense)
        assert query.get() == []
    file.write_text('{"indexes": [{"collectionGroup": "c", "fields": [{"fieldPath": "a b"}]}]}')
    with caplog.at_level(logging.WARNING):
        assert query.get() == []
    assert "unreadable" in caplog.text
    file.unlink()
    assert query.get() == []
    file.write_text('{"indexes": []}')
    with pytest.raises(exceptions.FailedPrecondition):
        query.get()


def test_nonsense_instead_of_indexes_is_refused_at_the_start(tmp_path):
    file = tmp_path / "firestore.indexes.json"
    file.write_text('{"indexes": [{"fields": []}]}')
    with pytest.raises(ValueError, match="declares no indexes"):
        FirestoreServer(indexes=file)


def test_a_new_time_stamp_alone_is_harmless(start_server, connect, tmp_path):
    file = tmp_path / "firestore.indexes.json"
    file.write_text(json.dumps({"indexes": [composite("c", "a", "t")]}))
    client = connect(address=start_server(indexes=file).address)
    os.utime(file, ns=(1, 1))
    assert client.collection("c").where(filter=F("a", "==", 1)).order_by("t").get() == []


def test_without_a_file_every_query_is_answered(firestore_client):
    query = where(firestore_client.collection("c"), F("n", "==", 1), F("m", "==", 1))
    assert query.order_by("t").get() == []
