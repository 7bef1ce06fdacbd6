"""Refuses a query that production would refuse for want of an index."""

import json
import logging
from collections.abc import Sequence

from infra.local.firestore.filters import MEMBERSHIPS, Disjunct, disjuncts
from infra.local.firestore.indexes import (
    ASCENDING,
    CONTAINS,
    DESCENDING,
    VECTOR,
    Index,
    Indexes,
)
from infra.local.firestore.paths import KEY, FieldPath, format_path
from infra.local.firestore.query import Query
from infra.local.firestore.refusal import failed_precondition

LOG = logging.getLogger(__name__)

Position = tuple[FieldPath, str]
"""A field and its mode in an index; an equality may stand on either direction."""

_EQUAL = "EQUAL"
_OPPOSITE = {ASCENDING: DESCENDING, DESCENDING: ASCENDING}


def check_indexes(query: Query, indexes: Indexes) -> None:
    """Raises Refusal naming the collection and the fields; each disjunct stands alone."""
    for disjunct in disjuncts(query.where):
        if any(condition.is_impossible for condition in disjunct):
            continue
        heads, tail, name_mode = _shape(query, disjunct)
        if _served(query, indexes, heads, tail, name_mode):
            continue
        sentence = _describe(query, heads, tail, name_mode)
        LOG.warning("Refused: %s", sentence)
        raise failed_precondition(sentence)


def _shape(
    query: Query, disjunct: Disjunct
) -> tuple[set[Position], tuple[Position, ...], str | None]:
    """Equality positions in any order, sort positions in theirs, the direction of the name."""
    heads = {
        (condition.path, CONTAINS if condition.operator in MEMBERSHIPS else _EQUAL)
        for condition in disjunct
        if condition.path != KEY and not condition.is_inequality
    }
    # Sorting by a field that has one value sorts nothing.
    tail = tuple(
        (order.path, DESCENDING if order.descending else ASCENDING)
        for order in query.field_orders
        if (order.path, _EQUAL) not in heads
    )
    if query.nearest:
        return heads | {(path, _EQUAL) for path, _ in tail}, ((query.nearest.path, VECTOR),), None
    # With one value per field an index may be walked either way, and so may the names.
    name_mode = DESCENDING if query.orders[-1].descending else ASCENDING
    return heads, tail, name_mode if tail else None


def _served(
    query: Query,
    indexes: Indexes,
    heads: set[Position],
    tail: tuple[Position, ...],
    name_mode: str | None,
) -> bool:
    if not heads and not tail:
        return True
    scope = "COLLECTION_GROUP" if query.all_descendants else "COLLECTION"
    fields = {path for path, _ in (*heads, *tail)}
    available = list(indexes.composites(query.collection_id, scope))
    for path in fields:
        available.extend(indexes.single(query.collection_id, scope, path))
    covered: set[Position] = set()
    usable = False
    for index in available:
        own = _heads_before(index, tail, name_mode)
        if own is not None and own <= heads:
            usable = True
            covered |= own
    return usable and covered == heads


def _heads_before(
    index: Index, tail: tuple[Position, ...], name_mode: str | None
) -> set[Position] | None:
    """The equalities an index serves when its end is the sort order, walked either way."""
    split = len(index.fields) - len(tail)
    if split < 0:
        return None
    end = index.fields[split:]
    forward = end == tail and name_mode in {index.name_mode, None}
    backward = end == tuple(
        (path, _OPPOSITE.get(mode, mode)) for path, mode in tail
    ) and _OPPOSITE.get(name_mode or "") in {index.name_mode, None}
    if not forward and not backward:
        return None
    return {
        (path, mode if mode in {CONTAINS, VECTOR} else _EQUAL)
        for path, mode in index.fields[:split]
    }


def _describe(
    query: Query, heads: set[Position], tail: Sequence[Position], name_mode: str | None
) -> str:
    scope = "COLLECTION_GROUP" if query.all_descendants else "COLLECTION"
    ordered = sorted(heads, key=lambda head: (head[1] != CONTAINS, head[0]))
    fields = [_field(path, mode) for path, mode in (*ordered, *tail)]
    if tail and name_mode and name_mode != tail[-1][1]:
        fields.append(_field(KEY, name_mode))
    named = ", ".join(f"{format_path(path)} {mode}" for path, mode in (*ordered, *tail))
    place = f"collection {query.collection_id} ({scope})"
    if len(fields) == 1:
        where, entry = (
            "fieldOverrides",
            {
                "collectionGroup": query.collection_id,
                "fieldPath": fields[0].pop("fieldPath"),
                "indexes": [{"queryScope": scope, **fields[0]}],
            },
        )
    else:
        where, entry = (
            "indexes",
            {
                "collectionGroup": query.collection_id,
                "queryScope": scope,
                "fields": fields,
            },
        )
    return (
        f"The query requires an index. {place}: {named}."
        f" Under {where} of firestore.indexes.json: {json.dumps(entry)}"
    )


def _field(path: FieldPath, mode: str) -> dict[str, object]:
    if mode == CONTAINS:
        return {"fieldPath": format_path(path), "arrayConfig": CONTAINS}
    if mode == VECTOR:
        return {"fieldPath": format_path(path), "vectorConfig": {"flat": {}}}
    return {
        "fieldPath": format_path(path),
        "order": DESCENDING if mode == DESCENDING else ASCENDING,
    }
