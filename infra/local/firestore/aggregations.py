"""count, sum and avg over the results of a query."""

from collections.abc import Sequence
from dataclasses import dataclass

from infra.local.firestore.database import Entry
from infra.local.firestore.messages import StructuredAggregationQuery, StructuredQuery, Value
from infra.local.firestore.paths import KEY, FieldPath, format_path, parse_path, read
from infra.local.firestore.refusal import invalid
from infra.local.firestore.values import number_of

_MAX_AGGREGATIONS = 5
_INT_MIN, _INT_MAX = -(2**63), 2**63 - 1


@dataclass(frozen=True, slots=True)
class Aggregation:
    """`path` is None for a count; `up_to` caps a count."""

    alias: str
    operator: str
    path: FieldPath | None = None
    up_to: int | None = None

    def over(self, entries: Sequence[Entry]) -> Value:
        if self.path is None:
            count = len(entries)
            return Value(integer_value=count if self.up_to is None else min(count, self.up_to))
        numbers = [
            number
            for entry in entries
            if (number := number_of(read(entry.document.fields, self.path))) is not None
        ]
        if self.operator == "sum":
            return _sum(numbers)
        if not numbers:
            return Value(null_value=0)
        return Value(double_value=_total(numbers) / len(numbers))


def parse_aggregations(message: StructuredAggregationQuery) -> list[Aggregation]:
    """Raises Refusal for none, more than five, doubled aliases and unusable fields."""
    if not message.aggregations:
        raise invalid("Aggregations can not be empty.")
    if len(message.aggregations) > _MAX_AGGREGATIONS:
        raise invalid(f"At most {_MAX_AGGREGATIONS} aggregations are allowed per query.")
    parsed: list[Aggregation] = []
    for position, part in enumerate(message.aggregations, start=1):
        aggregation = _parse(part, part.alias or f"field_{position}")
        if aggregation.alias in {known.alias for known in parsed}:
            raise invalid(f"Aggregation aliases contain duplicate alias: {aggregation.alias}.")
        parsed.append(aggregation)
    _check_projection(message.structured_query, parsed)
    return parsed


def summed_fields(aggregations: Sequence[Aggregation]) -> frozenset[FieldPath]:
    return frozenset(a.path for a in aggregations if a.path is not None)


def _parse(part: StructuredAggregationQuery.Aggregation, alias: str) -> Aggregation:
    if alias.startswith("__") and alias.endswith("__") and len(alias) > 4:
        raise invalid(f'The property.name "{alias}" is reserved.')
    operator = part.WhichOneof("operator")
    if operator is None:
        raise invalid("Operator field in Aggregation is not set.")
    if operator == "count":
        up_to = part.count.up_to.value if part.count.HasField("up_to") else None
        if up_to is not None and up_to < 0:
            raise invalid(
                "The `up_to` value in a COUNT aggregation must be greater than or equal to zero."
            )
        return Aggregation(alias, operator, up_to=up_to)
    path = parse_path(getattr(part, operator).field.field_path)
    if path == KEY:
        raise invalid("Aggregations are not supported for the property: __key__")
    return Aggregation(alias, operator, path)


def _check_projection(query: StructuredQuery, aggregations: Sequence[Aggregation]) -> None:
    if not query.select.fields:
        return
    selected = {parse_path(field.field_path) for field in query.select.fields}
    for path in summed_fields(aggregations):
        if path not in selected:
            raise invalid(
                f"The aggregation property {format_path(path)} is not present in the base"
                " query's property mask."
            )
        raise invalid("Cannot apply property masks when aggregation fields are present.")


def _sum(numbers: Sequence[int | float]) -> Value:
    total = _total(numbers)
    if isinstance(total, int) and _INT_MIN <= total <= _INT_MAX:
        return Value(integer_value=total)
    return Value(double_value=float(total))


def _total(numbers: Sequence[int | float]) -> int | float:
    """Integers add up exactly, whatever stands between them."""
    whole = sum(number for number in numbers if isinstance(number, int))
    real = [number for number in numbers if isinstance(number, float)]
    return whole + sum(real) if real else whole
