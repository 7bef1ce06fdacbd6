"""Vector search: distances, order, thresholds, result fields, refusals."""

import pytest
from google.api_core import exceptions
from google.cloud.firestore_v1.base_query import FieldFilter
from google.cloud.firestore_v1.base_vector_query import DistanceMeasure
from google.cloud.firestore_v1.vector import Vector

EUCLIDEAN = DistanceMeasure.EUCLIDEAN


@pytest.fixture
def vectors(firestore_client):
    """d0 to d3 at (i, 1), one document without a vector and one of another length."""
    collection = firestore_client.collection("vectors")
    for i in range(4):
        collection.document(f"d{i}").set({"v": Vector([float(i), 1.0]), "i": i})
    collection.document("none").set({"i": 9})
    collection.document("short").set({"v": Vector([2.0]), "i": 9})
    return collection


def nearest(collection, target, measure, limit=2, **options):
    query = collection.find_nearest(
        vector_field="v",
        query_vector=Vector(target),
        distance_measure=measure,
        limit=limit,
        **options,
    )
    return list(query.stream())


@pytest.mark.parametrize(
    ("measure", "expected"),
    [
        # from (2.1, 1): d2 is 0.1 away, d3 0.9
        (EUCLIDEAN, ["d2", "d3"]),
        # 2.1 i + 1 grows with i
        (DistanceMeasure.DOT_PRODUCT, ["d3", "d2"]),
        # angles: (2, 1) is closest to (2.1, 1), then (3, 1)
        (DistanceMeasure.COSINE, ["d2", "d3"]),
    ],
)
def test_the_nearest_come_first(vectors, measure, expected):
    found = nearest(vectors, [2.1, 1.0], measure)
    assert [snapshot.id for snapshot in found] == expected


def test_a_threshold_cuts_off_the_distant(vectors):
    found = nearest(vectors, [1.0, 1.0], EUCLIDEAN, limit=9, distance_threshold=1.0)
    assert [s.id for s in found] == ["d1", "d0", "d2"]
    # dot products with (1, 1): 1, 2, 3, 4; the larger is the nearer
    dot = DistanceMeasure.DOT_PRODUCT
    found = nearest(vectors, [1.0, 1.0], dot, limit=9, distance_threshold=3.0)
    assert [s.id for s in found] == ["d3", "d2"]


def test_the_distance_is_put_into_the_field_asked_for(vectors):
    found = nearest(vectors, [1.5, 1.0], EUCLIDEAN, distance_result_field="far")
    assert [(s.id, s.get("far")) for s in found] == [("d1", 0.5), ("d2", 0.5)]
    assert "far" not in vectors.document("d1").get().to_dict()


def test_a_filter_applies_first(vectors):
    query = vectors.where(filter=FieldFilter("i", ">", 1))
    assert [s.id for s in nearest(query, [0.0, 1.0], EUCLIDEAN)] == ["d2", "d3"]


@pytest.mark.parametrize("limit", [0, 1001])
def test_a_limit_out_of_range_is_refused(vectors, limit):
    with pytest.raises(exceptions.InvalidArgument, match="must be a positive integer"):
        nearest(vectors, [1.0, 1.0], EUCLIDEAN, limit=limit)


def test_a_query_limit_beside_it_is_refused(vectors):
    with pytest.raises(exceptions.InvalidArgument, match="cannot be used with FindNearest"):
        nearest(vectors.limit(1), [1.0, 1.0], EUCLIDEAN)
