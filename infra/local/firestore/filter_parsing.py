"""From the protobuf of a filter to conditions, with the refusals Firestore has for it."""

from infra.local.firestore.filters import (
    MEMBERSHIPS,
    NEGATIONS,
    AllOf,
    AnyOf,
    Condition,
    Filter,
    Operator,
    conditions,
    count_disjuncts,
    disjuncts,
)
from infra.local.firestore.messages import StructuredQuery, Value
from infra.local.firestore.names import check_document_name
from infra.local.firestore.paths import KEY, parse_path
from infra.local.firestore.refusal import invalid
from infra.local.firestore.validation import check_value
from infra.local.firestore.values import Key, key_of

_MAX_DISJUNCTS = 30

_Field = StructuredQuery.FieldFilter
_Unary = StructuredQuery.UnaryFilter
_Composite = StructuredQuery.CompositeFilter

_FIELD_OPERATORS = {
    _Field.EQUAL: Operator.EQUAL,
    _Field.NOT_EQUAL: Operator.NOT_EQUAL,
    _Field.LESS_THAN: Operator.LESS,
    _Field.LESS_THAN_OR_EQUAL: Operator.LESS_OR_EQUAL,
    _Field.GREATER_THAN: Operator.GREATER,
    _Field.GREATER_THAN_OR_EQUAL: Operator.GREATER_OR_EQUAL,
    _Field.IN: Operator.IN,
    _Field.NOT_IN: Operator.NOT_IN,
    _Field.ARRAY_CONTAINS: Operator.CONTAINS,
    _Field.ARRAY_CONTAINS_ANY: Operator.CONTAINS_ANY,
}
_UNARY_OPERATORS = {
    _Unary.IS_NULL: Operator.IS_NULL,
    _Unary.IS_NAN: Operator.IS_NAN,
    _Unary.IS_NOT_NULL: Operator.IS_NOT_NULL,
    _Unary.IS_NOT_NAN: Operator.IS_NOT_NAN,
}
_MOST_VALUES = {Operator.IN: 30, Operator.CONTAINS_ANY: 30, Operator.NOT_IN: 10}


def parse_filter(message: StructuredQuery.Filter) -> Filter:
    """Raises Refusal for everything that production would not run."""
    node = _parse(message)
    _check_combination(node, has_or=_has_or(message))
    return node


def _parse(message: StructuredQuery.Filter) -> Filter:
    match message.WhichOneof("filter_type"):
        case "field_filter":
            return _parse_field(message.field_filter)
        case "unary_filter":
            return _parse_unary(message.unary_filter)
        case "composite_filter":
            composite = message.composite_filter
            parts = tuple(_parse(part) for part in composite.filters)
            if composite.op == _Composite.AND or (composite.op == _Composite.OR and not parts):
                return AllOf(parts)
            if composite.op == _Composite.OR:
                return AnyOf(parts)
            raise invalid("Unsupported CompositeFilter operator.")
        case _:
            raise invalid("Unknown Filter type.")


def _parse_field(message: StructuredQuery.FieldFilter) -> Condition:
    operator = _FIELD_OPERATORS.get(message.op)
    if operator is None:
        raise invalid("Unknown FieldFilter operator.")
    path = parse_path(message.field.field_path)
    values = [message.value]
    if operator in _MOST_VALUES:
        values = _operands(operator, message.value)
    for value in values:
        check_value(value)
    if path == KEY:
        if operator in MEMBERSHIPS:
            raise invalid("the name __key__ is reserved")
        keys = tuple(_document_key(value) for value in values)
    else:
        keys = tuple(key_of(value) for value in values)
    if operator in _MOST_VALUES:
        # Naming a value twice makes no further branch.
        keys = tuple(dict.fromkeys(keys))
    return Condition(path, operator, keys)


def _operands(operator: Operator, value: Value) -> list[Value]:
    if value.WhichOneof("value_type") != "array_value":
        raise invalid(f"'{operator.value}' requires an ArrayValue.")
    operands = list(value.array_value.values)
    if not operands:
        raise invalid(f"'{operator.value}' requires an non-empty ArrayValue.")
    most = _MOST_VALUES[operator]
    if len(operands) > most:
        raise invalid(f"'{operator.value}' supports up to {most} comparison values.")
    return operands


def _document_key(value: Value) -> Key:
    if value.WhichOneof("value_type") != "reference_value":
        raise invalid("__key__ filter value must be a Key")
    check_document_name(value.reference_value)
    return key_of(value)


def _parse_unary(message: StructuredQuery.UnaryFilter) -> Condition:
    operator = _UNARY_OPERATORS.get(message.op)
    if operator is None:
        raise invalid("Unknown UnaryFilter operator.")
    path = parse_path(message.field.field_path)
    if path == KEY:
        raise invalid("__key__ filter value must be a Key")
    return Condition(path, operator)


def _has_or(message: StructuredQuery.Filter) -> bool:
    if message.WhichOneof("filter_type") != "composite_filter":
        return False
    composite = message.composite_filter
    return composite.op == _Composite.OR or any(_has_or(part) for part in composite.filters)


def _check_combination(node: Filter, *, has_or: bool) -> None:
    present = conditions(node)
    operators = [condition.operator for condition in present]
    if sum(operator in NEGATIONS for operator in operators) > 1:
        raise invalid(
            "Only a single 'NOT_EQUAL', 'NOT_IN', 'IS_NOT_NAN', or 'IS_NOT_NULL' filter"
            " allowed per query."
        )
    if Operator.NOT_IN in operators and (
        has_or or Operator.IN in operators or Operator.CONTAINS_ANY in operators
    ):
        raise invalid(
            "'NOT_IN' cannot be used in the same query with 'IN', 'ARRAY_CONTAINS_ANY' or 'OR'."
        )
    ranged = {condition.path for condition in present if condition.is_inequality}
    named = any(
        condition.path == KEY and condition.operator in {Operator.EQUAL, Operator.IN}
        for condition in present
    )
    if named and ranged and KEY not in ranged:
        raise invalid(
            "Equality on key is not allowed if there are other inequality fields and key does"
            " not appear in inequalities."
        )
    size = count_disjuncts(node)
    if size > _MAX_DISJUNCTS:
        raise invalid(
            f"Too many disjunctions after normalization. Result had {size} disjunctions"
            f" which is more than the maximum of {_MAX_DISJUNCTS}"
        )
    for disjunct in disjuncts(node):
        if sum(condition.operator in MEMBERSHIPS for condition in disjunct) > 1:
            raise invalid("A maximum of 1 'ARRAY_CONTAINS' filter is allowed per disjunction.")
