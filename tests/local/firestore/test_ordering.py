"""How values of all types compare: sort order, equality, ranges, null and NaN."""

from datetime import UTC, datetime

import pytest
from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter
from google.cloud.firestore_v1.types import StructuredQuery
from google.cloud.firestore_v1.vector import Vector

NAN = float("nan")


def fill(client, values):
    """Documents v00, v01, ... in the order given."""
    collection = client.collection("values")
    batch = client.batch()
    for position, value in enumerate(values):
        batch.set(collection.document(f"v{position:02}"), {"v": value})
    batch.commit()
    return collection


def ids(query):
    return [snapshot.id for snapshot in query.stream()]


def in_order(client):
    """One or more values of every type, from the smallest to the largest."""
    return [
        None,
        False,
        True,
        NAN,
        float("-inf"),
        -(2**63),
        -1.5,
        0,
        1,
        2.5,
        2**53,
        2**53 + 1,
        float("inf"),
        datetime(2024, 1, 1, tzinfo=UTC),
        datetime(2024, 1, 1, 0, 0, 0, 1, tzinfo=UTC),
        "",
        "A",
        "a",
        "ab",
        "b",
        "é",
        "\uffff",
        "😀",
        b"",
        b"\x00",
        b"a",
        client.document("a/__id2__"),
        client.document("a/__id10__"),
        client.document("a/x"),
        client.document("a/x/b/y"),
        client.document("b/a"),
        firestore.GeoPoint(-1, 5),
        firestore.GeoPoint(1, -5),
        firestore.GeoPoint(1, 0),
        [],
        [None],
        [1],
        [1, 2],
        [2],
        ["a"],
        Vector([5.0]),
        Vector([1.0, 9.0]),
        Vector([2.0, 0.0]),
        {},
        {"a": 1},
        {"a": 1, "b": 0},
        {"a": 2},
        {"b": 0},
    ]


def test_values_of_all_types_sort_as_documented(firestore_client):
    values = in_order(firestore_client)
    collection = fill(firestore_client, values)
    expected = [f"v{position:02}" for position in range(len(values))]
    assert ids(collection.order_by("v")) == expected
    descending = collection.order_by("v", direction=firestore.Query.DESCENDING)
    assert ids(descending) == expected[::-1]


@pytest.mark.parametrize(
    ("operator", "value", "expected"),
    [
        # v00 null, v01 NaN, v02 -1, v03 1, v04 1.0, v05 "a", v06 [1], v07 true
        ("==", 1, ["v03", "v04"]),
        ("==", None, ["v00"]),
        ("==", NAN, ["v01"]),
        ("!=", 1, ["v01", "v02", "v05", "v06", "v07"]),
        ("!=", None, ["v01", "v02", "v03", "v04", "v05", "v06", "v07"]),
        ("!=", NAN, ["v02", "v03", "v04", "v05", "v06", "v07"]),
        ("<", 5, ["v02", "v03", "v04"]),
        (">=", -1, ["v02", "v03", "v04"]),
        (">", "", ["v05"]),
        (">=", False, ["v07"]),
        ("in", [None, 1], ["v03", "v04"]),
        ("in", [NAN, "a"], ["v05"]),
        ("not-in", [1, "a"], ["v01", "v02", "v06", "v07"]),
        ("not-in", [1, None], []),
        ("not-in", [NAN], ["v01", "v02", "v03", "v04", "v05", "v06", "v07"]),
        ("array_contains", 1.0, ["v06"]),
        ("array_contains_any", [None, 1], ["v06"]),
    ],
)
def test_null_nan_and_mixed_types_in_filters(firestore_client, operator, value, expected):
    collection = fill(firestore_client, [None, NAN, -1, 1, 1.0, "a", [1], True])
    assert sorted(ids(collection.where(filter=FieldFilter("v", operator, value)))) == expected


@pytest.mark.parametrize("bound", [{"null_value": 0}, {"double_value": NAN}])
@pytest.mark.parametrize("operator", ["LESS_THAN_OR_EQUAL", "GREATER_THAN", "EQUAL"])
def test_nothing_compares_with_null_or_nan(firestore_client, operator, bound):
    """The client turns == None into IS_NULL and refuses the rest, so this goes around it."""
    fill(firestore_client, [None, NAN, 1])
    condition = {"field": {"field_path": "v"}, "op": operator, "value": bound}
    query = StructuredQuery(from_=[{"collection_id": "values"}], where={"field_filter": condition})
    parent = f"{firestore_client._database_string}/documents"
    answers = firestore_client._firestore_api.run_query(
        request={"parent": parent, "structured_query": query}
    )
    assert [answer.document.name for answer in answers if answer.document.name] == []


def test_negative_zero_equals_zero(firestore_client):
    collection = fill(firestore_client, [0, -0.0, 0.0])
    assert ids(collection.where(filter=FieldFilter("v", "==", 0))) == ["v00", "v01", "v02"]
    assert ids(collection.where(filter=FieldFilter("v", "<", 0))) == []


def test_large_integers_are_compared_exactly(firestore_client):
    # As floats 2**53 and 2**53 + 1 would be one number.
    collection = fill(firestore_client, [2**53, 2**53 + 1, float(2**53)])
    assert ids(collection.where(filter=FieldFilter("v", "==", 2**53))) == ["v00", "v02"]
    assert ids(collection.where(filter=FieldFilter("v", ">", 2**53))) == ["v01"]


def test_equal_values_sort_by_name(firestore_client):
    collection = fill(firestore_client, [1.0, 1, 1.0, 1])
    assert ids(collection.order_by("v")) == ["v00", "v01", "v02", "v03"]


def test_numeric_ids_come_first_and_by_number(firestore_client):
    collection = firestore_client.collection("c")
    for name in ("a", "__id10__", "__id9__", "__id-3__", "Z"):
        collection.document(name).set({})
    assert ids(collection) == ["__id-3__", "__id9__", "__id10__", "Z", "a"]


def test_times_are_kept_to_the_microsecond(firestore_client):
    stamp = datetime(2024, 1, 1, 0, 0, 0, 123456, tzinfo=UTC)
    collection = fill(firestore_client, [stamp])
    assert ids(collection.where(filter=FieldFilter("v", "==", stamp))) == ["v00"]
