"""From the protobuf of a query to a Query, with the refusals Firestore has for it."""

from infra.local.firestore.filter_parsing import parse_filter
from infra.local.firestore.filters import EVERYTHING, Filter, conditions, disjuncts
from infra.local.firestore.messages import Cursor, StructuredQuery
from infra.local.firestore.names import check_collection_id, check_document_name, check_parent
from infra.local.firestore.paths import KEY, FieldPath, format_path, parse_path
from infra.local.firestore.query import Bound, Distance, Nearest, Order, Query
from infra.local.firestore.refusal import failed_precondition, invalid
from infra.local.firestore.validation import check_value
from infra.local.firestore.values import key_of, vector_components

_MAX_NEIGHBOURS = 1000
_ROOT_SLASHES = 4  # projects/P/databases/D/documents
_DESCENDING = StructuredQuery.DESCENDING
_MEASURES = {
    StructuredQuery.FindNearest.EUCLIDEAN: Distance.EUCLIDEAN,
    StructuredQuery.FindNearest.COSINE: Distance.COSINE,
    StructuredQuery.FindNearest.DOT_PRODUCT: Distance.DOT_PRODUCT,
}


def parse_query(
    parent: str, message: StructuredQuery, *, summed: frozenset[FieldPath] = frozenset()
) -> Query:
    """Fields that a sum or an average reads go into the sort order, as in production."""
    check_parent(parent)
    collection_id, all_descendants = _parse_from(message)
    where = parse_filter(message.where) if message.HasField("where") else EVERYTHING
    explicit = [
        Order(parse_path(order.field.field_path), order.direction == _DESCENDING)
        for order in message.order_by
    ]
    orders = _complete(explicit, where, summed)
    if not collection_id:
        _check_kindless(where, orders)
    elif all_descendants and parent.count("/") > _ROOT_SLASHES:
        _check_group_below(where, orders)
    _check_key_scan(where, orders)
    _check_window(message)
    return Query(
        parent=parent,
        collection_id=collection_id,
        all_descendants=all_descendants,
        where=where,
        orders=orders,
        start=_parse_bound(message.start_at, explicit) if message.HasField("start_at") else None,
        end=_parse_bound(message.end_at, explicit) if message.HasField("end_at") else None,
        offset=message.offset,
        limit=message.limit.value if message.HasField("limit") else None,
        select=_parse_select(message),
        nearest=_parse_nearest(message),
    )


def _parse_from(message: StructuredQuery) -> tuple[str, bool]:
    selectors = list(message.from_)
    if len(selectors) > 1:
        raise invalid("StructuredQuery.from cannot have more than one collection selector.")
    if not selectors:
        return "", False
    return check_collection_id(selectors[0].collection_id), selectors[0].all_descendants


def _complete(
    explicit: list[Order], where: Filter, summed: frozenset[FieldPath]
) -> tuple[Order, ...]:
    named = [order.path for order in explicit]
    for path in named:
        if named.count(path) > 1:
            raise invalid(f"order by clause cannot contain duplicate fields {format_path(path)}")
    # An inequality sorts by its field even when the query does not say so.
    ranged = {c.path for c in conditions(where) if c.is_inequality} - {KEY}
    implied = sorted(ranged - set(named))
    fields = [path for path in named if path != KEY] + implied
    if KEY in named and (named[-1] != KEY or implied):
        raise invalid("order by clause cannot contain more fields after the key")
    unsorted = sorted(summed - set(fields))
    keyed = KEY in named or any(condition.path == KEY for condition in conditions(where))
    if unsorted and keyed:
        raise invalid(
            f"This query requires an index that has fields {list(map(format_path, unsorted))}"
            " after __name__ and Firestore does not currently support such an index. Please"
            " try the query again with additional ordering on those fields."
        )
    last = explicit[-1].descending if explicit else False
    orders = explicit + [Order(path, last) for path in implied + unsorted]
    return tuple(orders if KEY in named else [*orders, Order(KEY, last)])


def _check_kindless(where: Filter, orders: tuple[Order, ...]) -> None:
    for path in _paths(where):
        if path != KEY:
            raise invalid(f"kind is required for filter: {format_path(path)}")
    if orders != (Order(KEY),):
        raise invalid("kind is required for all orders except __key__ ascending")


def _check_group_below(where: Filter, orders: tuple[Order, ...]) -> None:
    """Below a document a collection group can only be scanned by name."""
    if any(path != KEY for path in [*_paths(where), *(order.path for order in orders)]):
        raise invalid("collection group queries are only allowed at the root parent")
    if orders[0].descending:
        raise failed_precondition(
            "collection group queries are only allowed if they're at the root or they're an"
            " ascending primary key scan"
        )


def _check_key_scan(where: Filter, orders: tuple[Order, ...]) -> None:
    if orders != (Order(KEY, descending=True),):
        return
    only_key = all(path == KEY for path in _paths(where))
    ranged = any(condition.is_inequality for condition in conditions(where))
    if only_key and (ranged or len(disjuncts(where)) == 1):
        raise failed_precondition("Firestore does not support descending key scans")


def _paths(where: Filter) -> list[FieldPath]:
    return [condition.path for condition in conditions(where)]


def _check_window(message: StructuredQuery) -> None:
    if message.offset < 0:
        raise invalid("offset is negative")
    if message.HasField("limit") and message.limit.value < 0:
        raise invalid("limit is negative")
    if message.HasField("limit") and message.HasField("find_nearest"):
        raise invalid("A query limit cannot be used with FindNearest")


def _parse_bound(message: Cursor, explicit: list[Order]) -> Bound:
    if len(message.values) > len(explicit):
        raise invalid("Cursor has too many values.")
    for order, value in zip(explicit, message.values, strict=False):
        check_value(value)
        if order.path == KEY:
            if value.WhichOneof("value_type") != "reference_value":
                raise invalid("Cursor __key__ value is not a document reference.")
            check_document_name(value.reference_value)
    return Bound(tuple(key_of(value) for value in message.values), message.before)


def _parse_select(message: StructuredQuery) -> tuple[FieldPath, ...] | None:
    # A projection of no fields means all of them; the names alone are asked for by __name__.
    if not message.select.fields:
        return None
    return tuple(parse_path(field.field_path) for field in message.select.fields)


def _parse_nearest(message: StructuredQuery) -> Nearest | None:
    if not message.HasField("find_nearest"):
        return None
    nearest = message.find_nearest
    limit = nearest.limit.value
    if not 0 < limit <= _MAX_NEIGHBOURS:
        raise invalid(
            f"FindNearest.limit must be a positive integer of no more than {_MAX_NEIGHBOURS}"
        )
    target = vector_components(nearest.query_vector)
    if target is None:
        raise invalid("Query Value must be of type vector.")
    check_value(nearest.query_vector)
    measure = _MEASURES.get(nearest.distance_measure)
    if measure is None:
        raise invalid("Unknown Distance Measure.")
    return Nearest(
        path=parse_path(nearest.vector_field.field_path),
        target=tuple(target),
        measure=measure,
        limit=limit,
        threshold=(
            nearest.distance_threshold.value if nearest.HasField("distance_threshold") else None
        ),
        result_field=(
            parse_path(nearest.distance_result_field) if nearest.distance_result_field else None
        ),
    )
