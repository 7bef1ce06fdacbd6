"""count, sum and avg, alone and together, and the refusals that concern them."""

import pytest
from google.api_core import exceptions
from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter, Or


def values(query):
    return {result.alias: result.value for result in query.get()[0]}


def test_count_of_a_filtered_query(six):
    query = six.where(filter=FieldFilter("org", "==", "A"))
    assert values(query.count(alias="n")) == {"n": 3}


def test_count_sum_and_average_in_one_request(six):
    query = six.where(filter=FieldFilter("g", "==", 1))
    # The fields are 3, 4 and 5.
    together = query.count(alias="n").sum("i", alias="s").avg("i", alias="a")
    assert values(together) == {"n": 3, "s": 12, "a": 4.0}


def test_a_sum_is_whole_for_whole_numbers_and_real_otherwise(six):
    sums = values(six.sum("i", alias="whole").sum("w", alias="real").sum("m.k", alias="nested"))
    # 0+1+2+3+4+5 = 15; times 1.5 = 22.5
    assert sums == {"whole": 15, "real": 22.5, "nested": 15}
    assert isinstance(sums["whole"], int)


def test_text_is_not_summed_and_missing_fields_leave_the_document_out(six):
    six.document("d6").set({"i": "text"})
    six.document("d7").set({"other": 1})
    # d6 is counted because it has the field, d7 is not.
    query = six.sum("i", alias="s").avg("i", alias="a").count(alias="n")
    assert values(query) == {"s": 15, "a": 2.5, "n": 7}


def test_a_sum_beyond_the_largest_integer_is_real(firestore_client):
    collection = firestore_client.collection("c")
    for name in "ab":
        collection.document(name).set({"v": 2**62})
    assert values(collection.sum("v", alias="s")) == {"s": float(2**63)}


def test_windows_apply_before_the_aggregation(six):
    ordered = six.order_by("i")
    assert values(ordered.limit(2).sum("i", alias="s")) == {"s": 1}  # 0 + 1
    assert values(ordered.offset(4).count(alias="n")) == {"n": 2}
    assert values(ordered.start_at({"i": 4}).sum("w", alias="s")) == {"s": 13.5}  # 6 + 7.5


def test_an_or_counts_each_document_once(six):
    either = Or([FieldFilter("i", "==", 1), FieldFilter("org", "==", "A")])
    assert values(six.where(filter=either).count(alias="n")) == {"n": 3}


def test_an_empty_collection_counts_zero(firestore_client):
    assert values(firestore_client.collection("none").count(alias="n")) == {"n": 0}


def test_an_aggregation_inside_a_transaction_sees_its_snapshot(firestore_client, six):
    @firestore.transactional
    def count(transaction):
        return values_in(six.count(alias="n"), transaction)

    assert count(firestore_client.transaction()) == {"n": 6}


def values_in(query, transaction):
    return {result.alias: result.value for result in query.get(transaction=transaction)[0]}


@pytest.mark.parametrize(
    ("build", "sentence"),
    [
        (lambda c: c.select(["org"]).sum("i", alias="s"), "not present in the base query"),
        (lambda c: c.select(["i"]).sum("i", alias="s"), "Cannot apply property masks"),
        (lambda c: c.order_by("__name__").sum("i", alias="s"), "after __name__"),
        (
            lambda c: c.order_by("i").order_by("__name__").sum("w", alias="s"),
            "after __name__",
        ),
        (lambda c: c.sum("__name__", alias="s"), "not supported for the property"),
        (lambda c: c.sum("a..b", alias="s"), "Invalid property path"),
        (lambda c: c.count(alias="x").sum("i", alias="x"), "duplicate alias"),
        (lambda c: c.count(alias="__x__"), "reserved"),
    ],
)
def test_an_impossible_aggregation_is_refused(six, build, sentence):
    with pytest.raises(exceptions.InvalidArgument, match=sentence):
        build(six).get()


def test_a_sum_with_a_filter_on_the_name_is_refused(six):
    query = six.where(filter=FieldFilter("__name__", ">", six.document("d1")))
    with pytest.raises(exceptions.InvalidArgument, match="after __name__"):
        query.sum("i", alias="s").get()
    assert values(query.count(alias="n")) == {"n": 4}
