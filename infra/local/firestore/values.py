"""The order and equality of Firestore values."""

import math
from typing import Any

from infra.local.firestore.messages import Value
from infra.local.firestore.names import name_key

Key = tuple[int, Any]
"""Sorts and compares as Firestore does across all types; equal keys are equal values."""

NULL: Key = (0, 0)
_NUMBER = 2
NAN: Key = (_NUMBER, (0, 0))
_ARRAY = 8
_VECTOR = 9
_MAP = 10


def key_of(value: Value) -> Key:  # noqa: C901, PLR0911 - one rule per type
    match value.WhichOneof("value_type"):
        case "string_value":
            # Code point order is UTF-8 byte order.
            return (4, value.string_value)
        case "integer_value":
            return (_NUMBER, (1, value.integer_value))
        case "double_value":
            number = value.double_value
            return NAN if math.isnan(number) else (_NUMBER, (1, number))
        case "boolean_value":
            return (1, value.boolean_value)
        case "timestamp_value":
            stamp = value.timestamp_value
            return (3, (stamp.seconds, stamp.nanos))
        case "bytes_value":
            return (5, value.bytes_value)
        case "reference_value":
            return reference_key(value.reference_value)
        case "geo_point_value":
            return (7, (value.geo_point_value.latitude, value.geo_point_value.longitude))
        case "array_value":
            return (_ARRAY, tuple(key_of(element) for element in value.array_value.values))
        case "map_value":
            return _map_key(value)
        case _:
            return NULL


def _map_key(value: Value) -> Key:
    components = vector_components(value)
    if components is not None:
        return (_VECTOR, (len(components), tuple(components)))
    fields = value.map_value.fields
    return (_MAP, tuple((name, key_of(fields[name])) for name in sorted(fields)))


def reference_key(name: str) -> Key:
    return (6, name_key(name))


def array_elements(key: Key) -> tuple[Key, ...]:
    """The keys of an array's elements; nothing for another type."""
    return key[1] if key[0] == _ARRAY else ()


def is_ordinary(key: Key) -> bool:
    """False for null and NaN, which equal nothing in a filter, not even themselves."""
    return key != NULL and key != NAN  # noqa: PLR1714 - hashing a long array costs more


def vector_components(value: Value) -> list[float] | None:
    """A vector is stored as a map with a type mark; None for every other value."""
    if value.WhichOneof("value_type") != "map_value":
        return None
    fields = value.map_value.fields
    if "__type__" not in fields or fields["__type__"].string_value != "__vector__":
        return None
    return [
        element.double_value
        if element.WhichOneof("value_type") == "double_value"
        else float(element.integer_value)
        for element in fields["value"].array_value.values
    ]


def number_of(value: Value | None) -> int | float | None:
    if value is None:
        return None
    match value.WhichOneof("value_type"):
        case "integer_value":
            whole: int = value.integer_value
            return whole
        case "double_value":
            real: float = value.double_value
            return real
        case _:
            return None
