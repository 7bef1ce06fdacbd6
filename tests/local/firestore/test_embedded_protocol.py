"""Where the embedded server goes beyond the official emulator, or is stricter."""

import pytest
from google.api_core import exceptions


@pytest.fixture
def client(start_server, connect):
    return connect(address=start_server().address)


def test_partitions_cut_a_collection_group_into_equal_parts(client):
    for i in range(9):
        client.document(f"p/{i % 3}/sub/d{i}").set({"i": i})
    partitions = list(client.collection_group("sub").get_partitions(2))
    parts = [[snapshot.id for snapshot in part.query().stream()] for part in partitions]
    assert [len(part) for part in parts] == [3, 3, 3]
    assert parts[0] == ["d0", "d3", "d6"]


def test_a_document_of_another_database_is_refused(client):
    other = client._database_string.replace("(default)", "other") + "/documents/c/a"
    with pytest.raises(exceptions.InvalidArgument, match="not in database"):
        client._firestore_api.commit(
            request={"database": client._database_string, "writes": [{"update": {"name": other}}]}
        )
    with pytest.raises(exceptions.InvalidArgument, match="not in database"):
        list(
            client._firestore_api.batch_get_documents(
                request={"database": client._database_string, "documents": [other]}
            )
        )


def test_more_than_five_aggregations_are_refused(client):
    query = client.collection("c").count(alias="a0")
    for number in range(1, 6):
        query = query.count(alias=f"a{number}")
    with pytest.raises(exceptions.InvalidArgument, match="At most 5"):
        query.get()


def test_a_pipeline_is_not_implemented(client):
    with pytest.raises(exceptions.MethodNotImplemented):
        list(client.pipeline().collection("c").stream())


def test_a_document_takes_500_transforms_in_a_write_and_not_501(client):
    name = client._database_string + "/documents/c/a"

    def send(count):
        transforms = [
            {"field_path": f"n{i}", "increment": {"integer_value": 1}} for i in range(count)
        ]
        write = {"transform": {"document": name, "field_transforms": transforms}}
        client._firestore_api.commit(
            request={"database": client._database_string, "writes": [write]}
        )

    send(500)
    assert len(client.document("c/a").get().to_dict()) == 500
    with pytest.raises(exceptions.InvalidArgument, match="500"):
        send(501)
