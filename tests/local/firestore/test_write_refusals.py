"""Documents, names and values that Firestore does not store."""

import pytest
from google.api_core import exceptions
from google.cloud.firestore_v1.vector import Vector

WHOLE = {"integer_value": 1}


def write(client, path, fields=None, **parts):
    """One write past the client's own checks."""
    name = f"{client._database_string}/documents/{path}"
    update = {"update": {"name": name, "fields": fields or {}}, **parts}
    return client._firestore_api.commit(
        request={"database": client._database_string, "writes": [update]}
    )


def nested(depth):
    value = 1
    for _ in range(depth):
        value = {"a": value}
    return value


@pytest.mark.parametrize(
    "path",
    [
        "c/__x__",
        "__c__/x",
        "c/.",
        "c/..",
        "./x",
        "c",
        "c//d/x",
        "c/x/",
        "c/" + "a" * 1501,
        "c/" + "é" * 751,
        "/".join(["c", "d"] * 101),
    ],
)
def test_a_name_that_cannot_be_a_document_is_refused(firestore_client, path):
    with pytest.raises(exceptions.InvalidArgument):
        write(firestore_client, path)


@pytest.mark.parametrize(
    "path", ["c/__id7__", "c/a.", "c/a b", "c/" + "a" * 1500, "/".join(["c", "d"] * 100)]
)
def test_an_odd_name_within_the_limits_is_accepted(firestore_client, path):
    write(firestore_client, path, {"a": WHOLE})
    assert firestore_client.document(path).get().to_dict() == {"a": 1}


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"": WHOLE}, "empty string"),
        ({"__x__": WHOLE}, "reserved"),
        ({"f": {"map_value": {"fields": {"__x__": WHOLE}}}}, "reserved"),
        ({"a" * 1501: WHOLE}, "longer than 1500 bytes"),
        ({"a": {}}, "type unset"),
        ({"a": {"array_value": {"values": [{"array_value": {}}]}}}, "in an array value"),
        ({"a": {"string_value": "a" * 1_048_488}}, "longer than 1048487 bytes"),
        ({"a": {"timestamp_value": {"seconds": 253_402_300_800}}}, "exceeds limit"),
        ({"a": {"timestamp_value": {"seconds": -62_135_596_801}}}, "exceeds limit"),
        ({"a": {"geo_point_value": {"latitude": 91}}}, "latitude"),
        ({"a": {"geo_point_value": {"longitude": -181}}}, "longitude"),
        ({"a": {"reference_value": "nowhere"}}, "lacks"),
    ],
)
def test_a_value_that_cannot_be_stored_is_refused(firestore_client, fields, sentence):
    with pytest.raises(exceptions.InvalidArgument, match=sentence):
        write(firestore_client, "c/x", fields)
    assert not firestore_client.document("c/x").get().exists


def test_maps_and_arrays_nest_twenty_deep_and_no_deeper(firestore_client):
    document = firestore_client.document("c/x")
    document.set({"f": nested(20)})
    document.set({"f": [nested(19)]})
    for value in (nested(21), [nested(20)]):
        with pytest.raises(exceptions.InvalidArgument, match="nested entity"):
            document.set({"f": value})
    assert document.get().to_dict() == {"f": [nested(19)]}


def test_a_field_of_one_mebibyte_is_refused_and_one_just_under_it_accepted(firestore_client):
    document = firestore_client.document("c/x")
    with pytest.raises(exceptions.InvalidArgument):
        document.set({"x": "y" * (1024 * 1024 + 10)})
    document.set({"x": "y" * 1_048_487})
    assert len(document.get().get("x")) == 1_048_487


def test_a_document_over_one_mebibyte_in_all_is_refused(firestore_client):
    document = firestore_client.document("c/x")
    document.set({"a": "y" * 600_000, "b": "y" * 448_000})
    with pytest.raises(exceptions.InvalidArgument, match="maximum"):
        document.set({"a": "y" * 600_000, "b": "y" * 449_000})


@pytest.mark.parametrize("path", ["a..b", "a b", "1a", "`a", "__x__", "", "é"])
def test_an_update_of_an_invalid_field_path_is_refused(firestore_client, path):
    with pytest.raises(exceptions.InvalidArgument):
        write(firestore_client, "c/x", update_mask={"field_paths": [path]})


def test_an_empty_write_is_refused(firestore_client):
    with pytest.raises(exceptions.InvalidArgument, match="empty write"):
        firestore_client._firestore_api.commit(
            request={"database": firestore_client._database_string, "writes": [{}]}
        )


def test_a_vector_of_more_than_2048_dimensions_is_refused(firestore_client):
    document = firestore_client.document("c/x")
    document.set({"v": Vector([1.0] * 2048)})
    with pytest.raises(exceptions.InvalidArgument, match="2048"):
        document.set({"v": Vector([1.0] * 2049)})
    with pytest.raises(exceptions.InvalidArgument, match="zero length"):
        document.set({"v": Vector([])})


def test_a_vector_in_an_array_is_refused(firestore_client):
    with pytest.raises(exceptions.InvalidArgument, match="vector value in an array"):
        firestore_client.document("c/x").set({"l": [Vector([1.0])]})
