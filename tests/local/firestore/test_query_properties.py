"""Random queries against a plain evaluation in Python of what Firestore documents."""

import operator
import random

import pytest
from google.cloud import firestore
from google.cloud.firestore_v1.base_query import And, FieldFilter, Or

FIELDS = ["p", "q", "r"]
COMPARE = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


def rank(value):
    """A key that sorts null, booleans, numbers and text as documented."""
    if value is None:
        return (0, 0)
    if isinstance(value, bool):
        return (1, value)
    return (2, value) if isinstance(value, int | float) else (3, value)


def holds(document, field, op, value):
    if field not in document:
        return False
    own = document[field]
    if op == "==":
        return rank(own) == rank(value)
    if op == "!=":
        return own is not None and rank(own) != rank(value)
    if op == "in":
        return own is not None and rank(own) in [rank(v) for v in value]
    if op == "not-in":
        excluded = None in value or own is None
        return not excluded and rank(own) not in [rank(v) for v in value]
    return rank(own)[0] == rank(value)[0] and COMPARE[op](rank(own), rank(value))


def random_value(chance):
    return chance.choice([None, True, False, -1, 0, 1, 2, 0.5, 1.0, "", "a", "b", "é", "😀"])


def random_condition(chance, *, negative):
    op = chance.choice(["==", "==", "in", *COMPARE] + (["!=", "not-in"] if negative else []))
    field = chance.choice(FIELDS)
    if op in {"in", "not-in"}:
        return field, op, [random_value(chance) for _ in range(chance.randint(1, 3))]
    value = random_value(chance)
    while value is None and op in COMPARE:
        value = random_value(chance)
    return field, op, value


def expected_names(documents, conditions, joined, orders):
    ranged = {
        f
        for f, op, value in conditions
        if op in COMPARE or (op in {"!=", "not-in"} and not (op == "not-in" and None in value))
    }
    implied = sorted(ranged - {field for field, _ in orders})
    last = orders[-1][1] if orders else False
    orders = orders + [(field, last) for field in implied]
    kept = [
        name
        for name, fields in documents.items()
        if (joined([holds(fields, *c) for c in conditions]) if conditions else True)
        and all(field in fields for field, _ in orders)
    ]
    kept.sort(reverse=last)
    for field, descending in reversed(orders):
        kept.sort(key=lambda name, f=field: rank(documents[name][f]), reverse=descending)
    return kept


@pytest.mark.parametrize("seed", range(6))
def test_random_queries_answer_as_evaluated_by_hand(firestore_client, seed):
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    collection = firestore_client.collection("c")
    documents = {
        f"d{i:02}": {f: random_value(chance) for f in FIELDS if chance.random() < 0.8}
        for i in range(40)
    }
    batch = firestore_client.batch()
    for name, fields in documents.items():
        batch.set(collection.document(name), fields)
    batch.commit()
    for _ in range(60):
        # not-in stands beside no or, and at most one negation in a query.
        joined, combine = chance.choice([(all, And), (any, Or)])
        count = chance.randint(0, 3)
        conditions = [
            random_condition(chance, negative=combine is And and position == 0)
            for position in range(count)
        ]
        if any(op == "not-in" for _, op, _ in conditions):
            conditions = conditions[:1]
        orders = [(f, chance.random() < 0.5) for f in chance.sample(FIELDS, chance.randint(0, 2))]
        query = collection
        if conditions:
            query = query.where(filter=combine([FieldFilter(*c) for c in conditions]))
        for field, descending in orders:
            way = firestore.Query.DESCENDING if descending else firestore.Query.ASCENDING
            query = query.order_by(field, direction=way)
        limit = chance.choice([3, 100])
        found = [snapshot.id for snapshot in query.limit(limit).stream()]
        expected = expected_names(documents, conditions, joined, orders)[:limit]
        assert found == expected, (conditions, combine, orders)
