"""Conditions on fields, their combinations, and which documents meet them."""

import enum
from dataclasses import dataclass
from itertools import product

from infra.local.firestore.database import Entry
from infra.local.firestore.paths import FieldPath
from infra.local.firestore.values import NAN, NULL, Key, array_elements, is_ordinary


class Operator(enum.Enum):
    EQUAL = "=="
    NOT_EQUAL = "!="
    LESS = "<"
    LESS_OR_EQUAL = "<="
    GREATER = ">"
    GREATER_OR_EQUAL = ">="
    IN = "IN"
    NOT_IN = "NOT_IN"
    CONTAINS = "ARRAY_CONTAINS"
    CONTAINS_ANY = "ARRAY_CONTAINS_ANY"
    IS_NULL = "IS_NULL"
    IS_NAN = "IS_NAN"
    IS_NOT_NULL = "IS_NOT_NULL"
    IS_NOT_NAN = "IS_NOT_NAN"


RANGES = {
    Operator.LESS,
    Operator.LESS_OR_EQUAL,
    Operator.GREATER,
    Operator.GREATER_OR_EQUAL,
}
NEGATIONS = {
    Operator.NOT_EQUAL,
    Operator.NOT_IN,
    Operator.IS_NOT_NULL,
    Operator.IS_NOT_NAN,
}
MEMBERSHIPS = {Operator.CONTAINS, Operator.CONTAINS_ANY}


@dataclass(frozen=True, slots=True)
class Condition:
    """One field against one value, several values (IN and its like) or none (IS_NULL ...)."""

    path: FieldPath
    operator: Operator
    keys: tuple[Key, ...] = ()

    @property
    def is_inequality(self) -> bool:
        """Whether the results come sorted by this field."""
        ranged = self.operator in RANGES or self.operator in NEGATIONS
        return ranged and not self.is_impossible

    @property
    def is_impossible(self) -> bool:
        """Nothing is in a range that starts at null or NaN, and nothing differs from null."""
        if self.operator in RANGES:
            return not is_ordinary(self.keys[0])
        return self.operator in {Operator.NOT_EQUAL, Operator.NOT_IN} and self.keys == (NULL,)

    @property
    def branches(self) -> int:
        """How many plain equalities it stands for."""
        several = {Operator.IN, Operator.CONTAINS_ANY}
        return len(self.keys) if self.operator in several else 1

    def accepts(self, entry: Entry) -> bool:  # noqa: C901, PLR0911 - one rule per operator
        own = entry.key(self.path)
        if own is None:
            return False
        keys = self.keys
        match self.operator:
            case Operator.EQUAL:
                return own == keys[0] and is_ordinary(own)
            case Operator.NOT_EQUAL:
                return NULL not in (own, keys[0]) and (own != keys[0] or own == NAN)
            case Operator.IN:
                return is_ordinary(own) and own in keys
            case Operator.NOT_IN:
                excluded = own in keys and is_ordinary(own)
                return own != NULL and not excluded and NULL not in keys
            case Operator.CONTAINS | Operator.CONTAINS_ANY:
                elements = array_elements(own)
                return any(is_ordinary(key) and key in elements for key in keys)
            case Operator.IS_NULL:
                return own == NULL
            case Operator.IS_NAN:
                return own == NAN
            case Operator.IS_NOT_NULL:
                return own != NULL
            case Operator.IS_NOT_NAN:
                return own not in (NULL, NAN)
            case _:
                return self._in_range(own)

    def _in_range(self, own: Key) -> bool:
        bound = self.keys[0]
        # A range compares within one type only, and null and NaN lie in no range.
        if own[0] != bound[0] or not is_ordinary(own) or not is_ordinary(bound):
            return False
        match self.operator:
            case Operator.LESS:
                return own < bound
            case Operator.LESS_OR_EQUAL:
                return own <= bound
            case Operator.GREATER:
                return own > bound
            case _:
                return own >= bound


@dataclass(frozen=True, slots=True)
class AllOf:
    parts: "tuple[Filter, ...]"

    def accepts(self, entry: Entry) -> bool:
        return all(part.accepts(entry) for part in self.parts)


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: "tuple[Filter, ...]"

    def accepts(self, entry: Entry) -> bool:
        return any(part.accepts(entry) for part in self.parts)


Filter = Condition | AllOf | AnyOf
EVERYTHING = AllOf(())

Disjunct = tuple[Condition, ...]
"""Conditions that must hold together."""


def conditions(node: Filter) -> list[Condition]:
    """Every condition of the tree, left to right."""
    if isinstance(node, Condition):
        return [node]
    return [condition for part in node.parts for condition in conditions(part)]


def disjuncts(node: Filter) -> list[Disjunct]:
    """The disjunctive normal form: any one of these suffices. IN stays one condition."""
    if isinstance(node, Condition):
        return [(node,)]
    if isinstance(node, AnyOf):
        return [disjunct for part in node.parts for disjunct in disjuncts(part)]
    combinations = product(*(disjuncts(part) for part in node.parts))
    return [sum(combination, ()) for combination in combinations]


def count_disjuncts(node: Filter) -> int:
    """The size of the disjunctive normal form when IN and its like are spelled out too."""
    if isinstance(node, Condition):
        return node.branches
    counts = [count_disjuncts(part) for part in node.parts]
    if isinstance(node, AnyOf):
        return sum(counts)
    total = 1
    for count in counts:
        total *= count
    return total
