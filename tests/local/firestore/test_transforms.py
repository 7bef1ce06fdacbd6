"""Increment, maximum, minimum, array union and removal, server time, field deletion."""

from datetime import datetime

import pytest
from google.api_core import exceptions
from google.cloud import firestore

ONE = {"integer_value": 1}


@pytest.fixture
def document(firestore_client):
    return firestore_client.document("c/a")


def test_all_sentinels_work_in_one_update(document):
    document.set({"n": 1, "l": [1], "gone": 1})
    document.update(
        {
            "n": firestore.Increment(2.5),
            "l": firestore.ArrayUnion([2, 1]),
            "gone": firestore.DELETE_FIELD,
            "t": firestore.SERVER_TIMESTAMP,
        }
    )
    read = document.get().to_dict()
    assert isinstance(read.pop("t"), datetime)
    assert read == {"n": 3.5, "l": [1, 2]}
    document.update({"l": firestore.ArrayRemove([1])})
    assert document.get().get("l") == [2]


def test_increment_makes_a_missing_field(document):
    document.set({"count": firestore.Increment(1)}, merge=True)
    assert document.get().to_dict() == {"count": 1}


def test_increment_answers_with_the_new_value(document):
    document.set({"n": 4})
    result = document.update({"n": firestore.Increment(3)})
    assert result.transform_results[0].integer_value == 7


def test_increment_stops_at_the_largest_integer(document):
    document.set({"n": 2**63 - 2})
    document.update({"n": firestore.Increment(5)})
    assert document.get().get("n") == 2**63 - 1


@pytest.mark.parametrize(
    ("before", "sentinel", "after"),
    [
        ("text", firestore.Increment(3), 3),
        (3, firestore.Maximum(5), 5),
        (3, firestore.Maximum(3.0), 3),
        (3, firestore.Minimum(-1), -1),
        ("text", firestore.Minimum(8), 8),
        ("text", firestore.ArrayUnion([1]), [1]),
        ("text", firestore.ArrayRemove([1]), []),
        # 1 and 1.0 are the same element; so are two NaN.
        ([1], firestore.ArrayUnion([1.0, None, None]), [1, None]),
        ([1, 1.0, 2], firestore.ArrayRemove([1]), [2]),
    ],
)
def test_a_transform_of_what_was_there_before(document, before, sentinel, after):
    document.set({"n": before})
    document.update({"n": sentinel})
    value = document.get().get("n")
    assert value == after
    assert type(value) is type(after)


def test_transforms_see_the_fields_set_in_the_same_write(document):
    document.set({"n": 5})
    document.set({"m": 1, "n": firestore.Increment(1)})
    # set() drops n first, so the increment starts from nothing.
    assert document.get().to_dict() == {"m": 1, "n": 1}


def test_server_time_is_the_same_in_every_document_of_a_batch(firestore_client):
    batch = firestore_client.batch()
    for name in "ab":
        batch.set(firestore_client.document(f"c/{name}"), {"t": firestore.SERVER_TIMESTAMP})
    batch.commit()
    first, second = (firestore_client.document(f"c/{name}").get() for name in "ab")
    assert first.get("t") == second.get("t")
    assert first.get("t").microsecond % 1000 == 0
    assert abs((first.update_time - first.get("t")).total_seconds()) < 1


def test_incrementing_by_text_is_refused(document):
    with pytest.raises(exceptions.InvalidArgument, match="int64 or double"):
        send(document, ["n"], {"string_value": "a"})


def test_a_field_and_one_inside_it_cannot_both_be_transformed(document):
    document.set({"n": {"x": 1}})
    with pytest.raises(exceptions.InvalidArgument, match="nested property"):
        send(document, ["n", "n.x"])


def send(document, paths, operand=ONE):
    """One write that increments every path; the client's own checks would not let all pass."""
    name = f"{document._client._database_string}/documents/{document.path}"
    transforms = [{"field_path": path, "increment": operand} for path in paths]
    write = {"transform": {"document": name, "field_transforms": transforms}}
    document._client._firestore_api.commit(
        request={"database": document._client._database_string, "writes": [write]}
    )


def test_each_transform_of_one_field_answers_with_its_own_result(document):
    document.set({"n": -3})
    name = f"{document._client._database_string}/documents/{document.path}"
    transforms = [
        {"field_path": "n", "maximum": {"integer_value": -9}},
        {"field_path": "n", "increment": {"integer_value": 5}},
    ]
    write = {"transform": {"document": name, "field_transforms": transforms}}
    response = document._client._firestore_api.commit(
        request={"database": document._client._database_string, "writes": [write]}
    )
    results = response.write_results[0].transform_results
    assert [result.integer_value for result in results] == [-3, 2]
