"""Random queries and aggregations, most of them runnable."""

from typing import Any

from infra.local.firestore.messages import (
    Cursor,
    RunAggregationQueryRequest,
    RunQueryRequest,
    StructuredAggregationQuery,
    StructuredQuery,
    Value,
)
from tests.differential import names
from tests.differential.values import ValueSource

_Field = StructuredQuery.FieldFilter
_Composite = StructuredQuery.CompositeFilter
_ASCENDING, _DESCENDING = StructuredQuery.ASCENDING, StructuredQuery.DESCENDING
_SEVERAL = {_Field.IN, _Field.NOT_IN, _Field.ARRAY_CONTAINS_ANY}
_MEMBERSHIPS = [_Field.ARRAY_CONTAINS, _Field.ARRAY_CONTAINS_ANY]
_OPERATORS = [
    *[_Field.EQUAL] * 4,
    _Field.LESS_THAN,
    _Field.LESS_THAN_OR_EQUAL,
    _Field.GREATER_THAN,
    _Field.GREATER_THAN_OR_EQUAL,
    _Field.NOT_EQUAL,
    *[_Field.IN] * 2,
    _Field.NOT_IN,
    *_MEMBERSHIPS,
]
_UNARY_OPERATORS = [2, 3, 4, 5]  # is NaN, is null, is not NaN, is not null


class QuerySource:
    def __init__(self, values: ValueSource) -> None:
        self._values = values
        self._random = values.random

    def run(self) -> RunQueryRequest:
        query = self._query()
        if self._values.chance(0.03):
            # Every collection, as a recursive deletion asks.
            query.from_[0].collection_id = ""
        return RunQueryRequest(parent=self._parent(), structured_query=query)

    def aggregate(self) -> RunAggregationQueryRequest:
        return RunAggregationQueryRequest(
            parent=self._parent(),
            structured_aggregation_query=StructuredAggregationQuery(
                structured_query=self._query(),
                aggregations=[self._aggregation(alias) for alias in self._aliases()],
            ),
        )

    def _parent(self) -> str:
        return names.ROOT if self._values.chance(0.9) else self._random.choice(names.PARENTS)

    def _query(self) -> StructuredQuery:
        chance, query = self._values.chance, StructuredQuery()
        query.from_.append(
            StructuredQuery.CollectionSelector(
                collection_id=names.COLLECTION, all_descendants=chance(0.2)
            )
        )
        if chance(0.75):
            query.where.CopyFrom(self._filter())
        for _ in range(self._random.choice([0, 0, 1, 1, 2, 3])):
            path = self._random.choice([*names.PATHS, names.KEY])
            query.order_by.append(self._order(path, self._random.choice([0, 1, 2])))
        if chance(0.3):
            query.limit.value = self._random.choice(
                [0, 1, 3, 10, -1] if chance(0.1) else [1, 3, 10]
            )
        if chance(0.2):
            query.offset = self._random.choice([1, 2, 40, -1] if chance(0.1) else [1, 2])
        if chance(0.15):
            paths = [names.NUMBER, "p", "m.x", "m", names.KEY, "`a b`"]
            for path in self._random.sample(paths, self._random.randint(1, 2)):
                query.select.fields.append(StructuredQuery.FieldReference(field_path=path))
        self._add_cursors(query)
        if query.order_by and query.HasField("limit") and chance(0.2):
            _take_last(query)
        return query

    def _order(self, path: str, direction: int) -> Any:
        return StructuredQuery.Order(field={"field_path": path}, direction=direction)

    def _add_cursors(self, query: StructuredQuery) -> None:
        chance = self._values.chance
        for cursor in ("start_at", "end_at"):
            if not chance(0.2) or not (query.order_by or chance(0.05)):
                continue
            operands = [self._values.operand(order.field.field_path) for order in query.order_by]
            if chance(0.3):
                operands = operands[: self._random.randint(0, len(operands))]
            elif chance(0.02):
                operands.append(self._values.value(1))
            getattr(query, cursor).CopyFrom(Cursor(values=operands, before=chance(0.5)))

    def _filter(self, depth: int = 0) -> Any:
        if depth < 2 and self._values.chance(0.4):
            parts = [self._filter(depth + 1) for _ in range(self._random.randint(1, 3))]
            operator = self._random.choice([_Composite.AND, _Composite.AND, _Composite.OR])
            composite = {"op": operator, "filters": parts}
            return StructuredQuery.Filter(composite_filter=composite)
        path = self._random.choice([*names.PATHS, names.KEY])
        if self._values.chance(0.01):
            path = self._random.choice(names.MALFORMED_PATHS)
        field = {"field_path": path}
        if self._values.chance(0.08):
            unary = {"field": field, "op": self._random.choice(_UNARY_OPERATORS)}
            return StructuredQuery.Filter(unary_filter=unary)
        operator = self._random.choice(_OPERATORS)
        if path == names.TAGS and self._values.chance(0.6):
            operator = self._random.choice(_MEMBERSHIPS)
        return StructuredQuery.Filter(
            field_filter={"field": field, "op": operator, "value": self._compared(path, operator)}
        )

    def _compared(self, path: str, operator: int) -> Value:
        if operator not in _SEVERAL:
            return self._values.operand(path)
        most = 11 if self._values.chance(0.02) else 3
        count = self._random.randint(0 if self._values.chance(0.05) else 1, most)
        return Value(array_value={"values": [self._values.operand(path) for _ in range(count)]})

    def _aliases(self) -> list[str]:
        most = 6 if self._values.chance(0.03) else 3
        return [f"a{position}" for position in range(self._random.randint(1, most))]

    def _aggregation(self, alias: str) -> Any:
        operator = self._random.choice(["count", "sum", "avg"])
        arguments: dict[str, Any] = {}
        if operator != "count":
            path = self._random.choice([names.NUMBER, names.NUMBER, "p", "m.x", "`a b`"])
            arguments["field"] = {"field_path": path}
        elif self._values.chance(0.3):
            arguments["up_to"] = {"value": self._random.choice([0, 1, 5, 100])}
        return StructuredAggregationQuery.Aggregation(alias=alias, **{operator: arguments})


def _take_last(query: StructuredQuery) -> None:
    """As clients ask for the last ones: everything backwards."""
    for order in query.order_by:
        order.direction = _ASCENDING if order.direction == _DESCENDING else _DESCENDING
    start, end = Cursor(), Cursor()
    start.CopyFrom(query.end_at)
    end.CopyFrom(query.start_at)
    has_start, has_end = query.HasField("end_at"), query.HasField("start_at")
    query.ClearField("start_at")
    query.ClearField("end_at")
    if has_start:
        start.before = not start.before
        query.start_at.CopyFrom(start)
    if has_end:
        end.before = not end.before
        query.end_at.CopyFrom(end)
