"""Field transforms: increment, maximum, minimum, array union and removal, server time."""

from collections.abc import Sequence

from google.protobuf.timestamp_pb2 import Timestamp

from infra.local.firestore.messages import ArrayValue, DocumentTransform, Value
from infra.local.firestore.paths import FieldPath, Fields, format_path, parse_path, put, read
from infra.local.firestore.refusal import invalid
from infra.local.firestore.validation import check_value
from infra.local.firestore.values import key_of, number_of

_MAX_TRANSFORMS = 500
_INT_MIN, _INT_MAX = -(2**63), 2**63 - 1
_MILLISECOND = 1_000_000  # nanoseconds

_FieldTransform = DocumentTransform.FieldTransform


def check_transforms(transforms: Sequence[_FieldTransform]) -> None:
    """Raises Refusal for malformed ones, too many, and a field together with one inside it."""
    if len(transforms) > _MAX_TRANSFORMS:
        raise invalid(f"A document takes at most {_MAX_TRANSFORMS} field transforms per write.")
    for change in transforms:
        _check_operand(change)
    paths = {parse_path(change.field_path) for change in transforms}
    for path in paths:
        for length in range(1, len(path)):
            if path[:length] in paths:
                raise invalid(
                    f"Cannot transform property {format_path(path[:length])} and its nested"
                    " property at the same time."
                )


def _check_operand(change: _FieldTransform) -> None:
    kind = change.WhichOneof("transform_type")
    match kind:
        case "set_to_server_value":
            if change.set_to_server_value != _FieldTransform.REQUEST_TIME:
                raise invalid("ServerValue type must be specified for set_to_server_value.")
        case "increment" | "maximum" | "minimum":
            if number_of(getattr(change, kind)) is None:
                raise invalid("Input must be int64 or double.")
        case "append_missing_elements" | "remove_all_from_array":
            check_value(Value(array_value=getattr(change, kind)))
        case _:
            raise invalid("Operation type must be specified for field transformation.")


def transform(fields: Fields, change: _FieldTransform, now: Timestamp) -> Value:
    """Applies one checked transform in place; returns its result for the client."""
    path: FieldPath = parse_path(change.field_path)
    old = read(fields, path)
    kind = change.WhichOneof("transform_type")
    match kind:
        case "set_to_server_value":
            new = result = Value(timestamp_value=_to_milliseconds(now))
        case "increment" | "maximum" | "minimum":
            new = result = _arithmetic(kind, old, getattr(change, kind))
        case "append_missing_elements":
            new, result = _union(old, change.append_missing_elements), Value(null_value=0)
        case _:
            new, result = _difference(old, change.remove_all_from_array), Value(null_value=0)
    put(fields, path, new)
    return result


def _to_milliseconds(stamp: Timestamp) -> Timestamp:
    return Timestamp(seconds=stamp.seconds, nanos=stamp.nanos // _MILLISECOND * _MILLISECOND)


def _arithmetic(kind: str, old: Value | None, operand: Value) -> Value:
    given, current = number_of(operand), number_of(old)
    if old is None or given is None or current is None:
        return operand
    if kind == "increment":
        return _number(current + given)
    # NaN is the result whichever side it is on; equal numbers leave the field as it is.
    if given != given or (given > current if kind == "maximum" else given < current):  # noqa: PLR0124
        return operand
    # A copy: the field itself may be transformed again before the result is sent.
    kept = Value()
    kept.CopyFrom(old)
    return kept


def _number(number: float) -> Value:
    if isinstance(number, int):
        return Value(integer_value=max(_INT_MIN, min(_INT_MAX, number)))
    return Value(double_value=number)


def _elements(old: Value | None) -> list[Value]:
    return list(old.array_value.values) if old is not None else []


def _union(old: Value | None, added: ArrayValue) -> Value:
    elements = _elements(old)
    seen = {key_of(element) for element in elements}
    for element in added.values:
        if (key := key_of(element)) not in seen:
            seen.add(key)
            elements.append(element)
    return Value(array_value=ArrayValue(values=elements))


def _difference(old: Value | None, removed: ArrayValue) -> Value:
    gone = {key_of(element) for element in removed.values}
    kept = [element for element in _elements(old) if key_of(element) not in gone]
    return Value(array_value=ArrayValue(values=kept))
