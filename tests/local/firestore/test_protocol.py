"""Methods and answers of the protocol that the client library uses little or not at all."""

import pytest
from google.api_core import exceptions
from google.cloud.firestore_v1.types import StructuredQuery

WHOLE = {"integer_value": 1}


@pytest.fixture
def api(firestore_client):
    return firestore_client._firestore_api


@pytest.fixture
def root(firestore_client):
    return f"{firestore_client._database_string}/documents"


def test_a_document_is_created_with_a_given_or_a_made_up_id(api, root):
    request = {"parent": root, "collection_id": "c", "document": {"fields": {"a": WHOLE}}}
    given = api.create_document(request={**request, "document_id": "mine"})
    assert given.name == f"{root}/c/mine"
    made = api.create_document(request=request)
    assert len(made.name.rpartition("/")[2]) == 20
    with pytest.raises(exceptions.AlreadyExists):
        api.create_document(request={**request, "document_id": "mine"})


def test_a_document_is_updated_read_and_deleted_by_name(api, root):
    name = f"{root}/c/a"
    api.update_document(request={"document": {"name": name, "fields": {"a": WHOLE, "b": WHOLE}}})
    masked = api.get_document(request={"name": name, "mask": {"field_paths": ["b"]}})
    assert list(masked.fields) == ["b"]
    with pytest.raises(exceptions.FailedPrecondition):
        api.delete_document(
            request={"name": name, "current_document": {"update_time": {"seconds": 5}}}
        )
    api.delete_document(request={"name": name})
    with pytest.raises(exceptions.NotFound):
        api.get_document(request={"name": name})


def test_listing_pages_orders_and_masks(api, root, six):
    def listed(**options):
        found = api.list_documents(request={"parent": root, "collection_id": "six", **options})
        return [document.name.rpartition("/")[2] for document in found]

    assert listed(page_size=4) == ["d0", "d1", "d2", "d3", "d4", "d5"]
    assert listed(order_by="g desc, i") == ["d3", "d4", "d5", "d0", "d1", "d2"]
    with pytest.raises(exceptions.InvalidArgument, match="show_missing"):
        listed(order_by="i", show_missing=True)
    page = api.list_documents(
        request={"parent": root, "collection_id": "six", "mask": {"field_paths": ["g"]}}
    )
    assert [list(document.fields) for document in page] == [["g"]] * 6


def test_collection_ids_come_in_pages(api, root, firestore_client):
    for name in ("b", "a", "c"):
        firestore_client.document(f"{name}/x").set({})
    pages = api.list_collection_ids(
        request={"parent": root, "page_size": 2}, metadata=firestore_client._rpc_metadata
    )
    assert list(pages) == ["a", "b", "c"]


def test_a_query_for_nothing_answers_a_read_time(api, root):
    query = StructuredQuery(from_=[{"collection_id": "none"}])
    answers = list(api.run_query(request={"parent": root, "structured_query": query}))
    assert len(answers) == 1
    assert answers[0].read_time is not None
    assert not answers[0].document.name


def test_skipped_results_are_reported(api, root, six):
    query = StructuredQuery(from_=[{"collection_id": "six"}], offset=4)
    answers = list(api.run_query(request={"parent": root, "structured_query": query}))
    assert sum(answer.skipped_results for answer in answers) == 4
    assert sum(bool(answer.document.name) for answer in answers) == 2


def test_a_parent_that_is_no_document_is_refused(api, root):
    query = StructuredQuery(from_=[{"collection_id": "c"}])
    with pytest.raises(exceptions.InvalidArgument):
        list(api.run_query(request={"parent": f"{root}/c", "structured_query": query}))


def test_a_document_is_answered_once_however_often_it_is_asked_for(api, root, firestore_client):
    answers = api.batch_get_documents(
        request={"database": firestore_client._database_string, "documents": [f"{root}/c/a"] * 2}
    )
    assert [answer.missing for answer in answers] == [f"{root}/c/a"]
