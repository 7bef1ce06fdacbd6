"""Filters, orders, cursors, windows, projections, collection groups.

Explain metrics and pipeline queries are out of the server's reach and have no tests: it
sends no metrics and answers UNIMPLEMENTED to a pipeline, as the official emulator does.
"""

import pytest
from google.cloud import firestore
from google.cloud.firestore_v1.base_query import And, FieldFilter, Or

DESCENDING = firestore.Query.DESCENDING


def ids(query):
    return [snapshot.id for snapshot in query.stream()]


@pytest.mark.parametrize(
    ("field", "operator", "value", "expected"),
    [
        ("i", "==", 2, ["d2"]),
        ("i", "==", 2.0, ["d2"]),
        ("i", "<", 2, ["d0", "d1"]),
        ("i", "<=", 2, ["d0", "d1", "d2"]),
        ("i", ">", 3, ["d4", "d5"]),
        ("i", ">=", 3, ["d3", "d4", "d5"]),
        ("i", "!=", 0, ["d1", "d2", "d3", "d4", "d5"]),
        ("i", "in", [4, 1, 9], ["d1", "d4"]),
        ("i", "not-in", [1, 4], ["d0", "d2", "d3", "d5"]),
        ("tags", "array_contains", "t3", ["d3"]),
        ("tags", "array_contains_any", ["t1", "t2", "no"], ["d1", "d2"]),
        ("tags", "==", ["x", "t4"], ["d4"]),
        ("m", "==", {"k": 1}, ["d1"]),
        ("m.k", ">", 3, ["d4", "d5"]),
        ("i", ">", "a", []),
        ("missing", "!=", 1, []),
    ],
)
def test_one_filter_selects(six, field, operator, value, expected):
    assert ids(six.where(filter=FieldFilter(field, operator, value))) == expected


def test_equality_and_range_hold_together(six):
    query = six.where(filter=FieldFilter("org", "==", "A")).where(filter=FieldFilter("i", ">", 1))
    assert ids(query.order_by("i")) == ["d3", "d5"]


def test_a_composite_and_holds_all_of_its_parts(six):
    both = And([FieldFilter("org", "==", "A"), FieldFilter("i", "<=", 3)])
    assert ids(six.where(filter=both).order_by("i")) == ["d1", "d3"]


def test_an_or_takes_either_side_once(six):
    either = Or([FieldFilter("i", "==", 0), FieldFilter("g", "==", 0)])
    assert ids(six.where(filter=either)) == ["d0", "d1", "d2"]


def test_an_or_inside_an_and(six):
    nested = And(
        [
            FieldFilter("g", "==", 1),
            Or([FieldFilter("org", "==", "B"), FieldFilter("i", "==", 5)]),
        ]
    )
    assert ids(six.where(filter=nested)) == ["d4", "d5"]


def test_an_or_leaves_out_documents_without_the_field_it_sorts_by(six):
    six.document("d9").set({"g": 1})
    either = Or([FieldFilter("g", "==", 1), FieldFilter("i", ">", 99)])
    assert ids(six.where(filter=either)) == ["d3", "d4", "d5"]


def test_inequalities_on_two_fields(six):
    query = six.where(filter=FieldFilter("i", ">", 1)).where(filter=FieldFilter("w", "<", 6))
    # w = 1.5 i < 6 leaves i < 4.
    assert ids(query) == ["d2", "d3"]


def test_equality_follows_a_document_through_its_changes(six):
    query = six.where(filter=FieldFilter("org", "==", "A"))
    assert ids(query) == ["d1", "d3", "d5"]
    six.document("d3").update({"org": "B"})
    six.document("d0").update({"org": "A"})
    six.document("d1").delete()
    six.document("d7").set({"org": "A"})
    assert ids(query) == ["d0", "d5", "d7"]


def test_membership_follows_a_document_through_its_changes(six):
    query = six.where(filter=FieldFilter("tags", "array_contains", "t1"))
    assert ids(query) == ["d1"]
    six.document("d1").update({"tags": firestore.ArrayRemove(["t1"])})
    six.document("d4").update({"tags": firestore.ArrayUnion(["t1"])})
    assert ids(query) == ["d4"]


def test_a_prefix_is_a_range(firestore_client):
    collection = firestore_client.collection("c")
    for name in ("bench", "bent", "row", "be"):
        collection.document(name).set({"name": name})
    query = collection.where(filter=FieldFilter("name", ">=", "ben")).where(
        filter=FieldFilter("name", "<", "ben\uf8ff")
    )
    assert ids(query) == ["bench", "bent"]


def test_order_and_limit_page_with_a_snapshot_as_cursor(six):
    ordered = six.order_by("i", direction=DESCENDING)
    first = list(ordered.limit(2).stream())
    assert [snapshot.id for snapshot in first] == ["d5", "d4"]
    assert ids(ordered.start_after(first[-1]).limit(2)) == ["d3", "d2"]


def test_ties_are_broken_by_name_in_the_direction_of_the_last_order(six):
    assert ids(six.order_by("g")) == ["d0", "d1", "d2", "d3", "d4", "d5"]
    assert ids(six.order_by("g", direction=DESCENDING)) == ["d5", "d4", "d3", "d2", "d1", "d0"]


def test_two_orders_have_directions_of_their_own(six):
    query = six.order_by("org").order_by("i", direction=DESCENDING)
    assert ids(query) == ["d5", "d3", "d1", "d4", "d2", "d0"]


def test_documents_without_the_ordered_field_are_left_out(six):
    six.document("d9").set({"other": 1})
    assert ids(six.order_by("i").limit(10)) == ["d0", "d1", "d2", "d3", "d4", "d5"]


def test_a_cursor_of_two_values_and_the_name(six):
    query = six.order_by("g").order_by("__name__")
    after = query.start_after({"g": 0, "__name__": six.document("d1")})
    assert ids(after.limit(3)) == ["d2", "d3", "d4"]


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("start_at", ["d2", "d3", "d4", "d5"]),
        ("start_after", ["d3", "d4", "d5"]),
        ("end_at", ["d0", "d1", "d2"]),
        ("end_before", ["d0", "d1"]),
    ],
)
def test_each_kind_of_cursor_ends_where_it_says(six, method, expected):
    assert ids(getattr(six.order_by("i"), method)({"i": 2})) == expected


def test_limit_to_last_answers_the_end_in_order(six):
    assert [s.id for s in six.order_by("i").limit_to_last(2).get()] == ["d4", "d5"]


def test_offset_skips(six):
    assert ids(six.order_by("i").offset(4)) == ["d4", "d5"]
    assert ids(six.order_by("i").offset(1).limit(2)) == ["d1", "d2"]


def test_a_projection_keeps_only_its_fields(six):
    query = six.where(filter=FieldFilter("i", "==", 2))
    (snapshot,) = query.select(["org", "m.k"]).stream()
    assert snapshot.to_dict() == {"org": "B", "m": {"k": 2}}
    (bare,) = query.select([]).stream()
    assert bare.to_dict() == {}


def test_the_name_can_be_filtered_by(six):
    assert ids(six.where(filter=FieldFilter("__name__", "==", six.document("d3")))) == ["d3"]
    names = [six.document("d4"), six.document("d1")]
    assert ids(six.where(filter=FieldFilter("__name__", "in", names))) == ["d1", "d4"]
    assert ids(six.where(filter=FieldFilter("__name__", ">", six.document("d3")))) == ["d4", "d5"]


def test_a_collection_group_reaches_every_parent(firestore_client):
    firestore_client.document("c/p1/sub/x").set({"v": 1})
    firestore_client.document("c/p2/sub/y").set({"v": 2})
    firestore_client.document("c/p2/other/z").set({"v": 2})
    group = firestore_client.collection_group("sub")
    assert ids(group) == ["x", "y"]
    assert ids(group.where(filter=FieldFilter("v", ">", 1))) == ["y"]
    assert ids(group.where(filter=FieldFilter("v", "==", 2))) == ["y"]


def test_a_query_sees_one_collection_and_not_those_below(firestore_client):
    firestore_client.document("c/a").set({"v": 1})
    firestore_client.document("c/a/c/b").set({"v": 1})
    assert ids(firestore_client.collection("c").where(filter=FieldFilter("v", "==", 1))) == ["a"]
    below = firestore_client.collection("c/a/c")
    assert ids(below.where(filter=FieldFilter("v", "==", 1))) == ["b"]
