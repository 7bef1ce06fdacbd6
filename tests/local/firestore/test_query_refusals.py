"""Queries that Firestore does not run."""

import pytest
from google.api_core import exceptions
from google.cloud import firestore
from google.cloud.firestore_v1.base_query import And, FieldFilter, Or
from google.cloud.firestore_v1.types import StructuredQuery

DESCENDING = firestore.Query.DESCENDING
F = FieldFilter


def run(collection, *filters):
    for part in filters:
        collection = collection.where(filter=part)
    return [snapshot.id for snapshot in collection.stream()]


@pytest.mark.parametrize(
    ("filters", "sentence"),
    [
        ([F("tags", "array_contains", "x"), F("u", "array_contains", "a")], "1 'ARRAY_CONTAINS'"),
        (
            [F("tags", "array_contains", "x"), F("u", "array_contains_any", ["a"])],
            "1 'ARRAY_CONTAINS'",
        ),
        ([F("i", "not-in", [1]), F("g", "in", [1])], "'NOT_IN' cannot be used"),
        (
            [F("i", "not-in", [1]), F("tags", "array_contains_any", ["x"])],
            "'NOT_IN' cannot be used",
        ),
        ([Or([F("i", "not-in", [1]), F("g", "==", 1)])], "'NOT_IN' cannot be used"),
        (
            [And([F("i", "not-in", [1]), Or([F("g", "==", 1), F("g", "==", 0)])])],
            "'NOT_IN' cannot be used",
        ),
        ([F("i", "!=", 1), F("i", "!=", 2)], "Only a single 'NOT_EQUAL'"),
        ([F("i", "!=", 1), F("g", "!=", 2)], "Only a single 'NOT_EQUAL'"),
        ([F("i", "!=", 1), F("g", "not-in", [2])], "Only a single 'NOT_EQUAL'"),
        ([F("i", "!=", None), F("g", "!=", 2)], "Only a single 'NOT_EQUAL'"),
        ([F("i", "in", list(range(31)))], "up to 30 comparison values"),
        ([F("tags", "array_contains_any", list(range(31)))], "up to 30 comparison values"),
        ([F("i", "not-in", list(range(11)))], "up to 10 comparison values"),
        ([F("i", "in", [])], "non-empty"),
        ([F("i", "in", [1, 2, 3, 4, 5, 6]), F("g", "in", [0, 1, 2, 3, 4, 5])], "36 disjunctions"),
        ([Or([F("i", "==", n) for n in range(31)])], "31 disjunctions"),
        ([F("__name__", "==", 5)], "must be a Key"),
        ([F("__x__", "==", 1)], "reserved"),
    ],
)
def test_a_combination_of_filters_is_refused(six, filters, sentence):
    with pytest.raises(exceptions.InvalidArgument, match=sentence):
        run(six, *filters)


def test_thirty_disjuncts_are_still_accepted(six):
    assert run(six, F("i", "in", list(range(30)))) == ["d0", "d1", "d2", "d3", "d4", "d5"]
    product = [F("i", "in", [0, 1, 2, 3, 4, 5]), F("g", "in", [0, 2, 3, 4, 5])]
    assert run(six, *product) == ["d0", "d1", "d2"]


def test_array_contains_may_stand_in_each_branch_of_an_or(six):
    either = Or([F("tags", "array_contains", "t1"), F("tags", "array_contains", "t2")])
    assert run(six, either) == ["d1", "d2"]


def test_equality_on_the_name_beside_an_inequality_is_refused(six):
    with pytest.raises(exceptions.InvalidArgument, match="Equality on key"):
        run(six, F("__name__", "==", six.document("d1")), F("i", ">", 0))


def test_a_scan_by_descending_name_is_refused_without_an_equality(six):
    backwards = six.order_by("__name__", direction=DESCENDING)
    with pytest.raises(exceptions.FailedPrecondition, match="descending key scans"):
        run(backwards)
    with pytest.raises(exceptions.FailedPrecondition, match="descending key scans"):
        run(backwards, F("__name__", ">", six.document("d1")))
    assert run(backwards, F("org", "==", "A")) == ["d5", "d3", "d1"]


def test_nothing_may_be_ordered_after_the_name(six):
    with pytest.raises(exceptions.InvalidArgument, match="after the key"):
        run(six.order_by("__name__").order_by("i"))
    with pytest.raises(exceptions.InvalidArgument, match="after the key"):
        run(six.order_by("__name__"), F("i", ">", 1))


def test_a_field_is_ordered_by_once(six):
    with pytest.raises(exceptions.InvalidArgument, match="duplicate fields i"):
        run(six.order_by("i").order_by("i", direction=DESCENDING))


def raw(collection, **parts):
    """A query past the client's own checks."""
    api = collection._client._firestore_api
    parent, _ = collection._parent_info()
    query = StructuredQuery(from_=[{"collection_id": collection.id}], **parts)
    return list(api.run_query(request={"parent": parent, "structured_query": query}))


INTEGER = {"integer_value": 1}


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        ({"offset": -1}, "offset is negative"),
        ({"limit": -1}, "limit is negative"),
        ({"where": {"field_filter": {"field": {"field_path": "i"}, "value": INTEGER}}}, "operator"),
        ({"where": {"unary_filter": {"field": {"field_path": "i"}}}}, "operator"),
        ({"where": {"field_filter": {"field": {"field_path": "i"}, "op": 5}}}, "type unset"),
        (
            {"where": {"field_filter": {"field": {"field_path": "i"}, "op": 8, "value": INTEGER}}},
            "requires an ArrayValue",
        ),
        (
            {
                "where": {
                    "composite_filter": {
                        "filters": [{"unary_filter": {"field": {"field_path": "i"}, "op": 3}}]
                    }
                }
            },
            "CompositeFilter operator",
        ),
        ({"order_by": [{"field": {"field_path": "a..b"}}]}, "Invalid property path"),
        ({"order_by": [{"field": {"field_path": "a b"}}]}, "Invalid property path"),
        ({"order_by": [{"field": {"field_path": "`a"}}]}, "Invalid property path"),
        ({"order_by": [{"field": {"field_path": ""}}]}, "empty property path"),
        ({"select": {"fields": [{"field_path": "1a"}]}}, "Invalid property path"),
        ({"start_at": {"values": [INTEGER]}}, "too many values"),
        (
            {
                "order_by": [{"field": {"field_path": "__name__"}}],
                "start_at": {"values": [INTEGER]},
            },
            "not a document reference",
        ),
    ],
)
def test_a_malformed_query_is_refused(six, parts, sentence):
    with pytest.raises(exceptions.InvalidArgument, match=sentence):
        raw(six, **parts)


def test_a_filter_across_all_collections_is_refused(firestore_client):
    api = firestore_client._firestore_api
    query = StructuredQuery(
        from_=[{"all_descendants": True}],
        where={"unary_filter": {"field": {"field_path": "i"}, "op": 3}},
    )
    parent = f"{firestore_client._database_string}/documents"
    with pytest.raises(exceptions.InvalidArgument, match="kind is required"):
        list(api.run_query(request={"parent": parent, "structured_query": query}))


@pytest.mark.parametrize("collection_id", ["__x__", "a/b"])
def test_an_impossible_collection_id_is_refused(firestore_client, collection_id):
    api = firestore_client._firestore_api
    query = StructuredQuery(from_=[{"collection_id": collection_id}])
    parent = f"{firestore_client._database_string}/documents"
    with pytest.raises(exceptions.InvalidArgument, match="Collection id"):
        list(api.run_query(request={"parent": parent, "structured_query": query}))
