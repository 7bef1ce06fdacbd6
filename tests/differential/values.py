"""Random Firestore values: few enough of each type that two of them often meet."""

import math
from collections.abc import Callable
from random import Random

from infra.local.firestore.messages import ArrayValue, Document, Value
from tests.differential import names

_INTEGERS = [-3, -1, 0, 1, 2, 3, 2**53, 2**53 + 1, -(2**63), 2**63 - 1]
_DOUBLES = [-1.5, 0.0, -0.0, 1.0, 2.5, 2.0**53, 1e-310, math.nan, math.inf, -math.inf]
_STRINGS = ["", "a", "A", "b", "ab", "a\x00", "é", "\uffff", "😀"]
_BYTES = [b"", b"\x00", b"a", b"ab"]
_REFERENCES = ["c/d00", "c/d01", "c/d07", "c/__id7__", "c/😀", "z/d01", "c/d01/s/x1", "c/d02/c/n2"]
_MAX_DEPTH = 2


class ValueSource:
    def __init__(self, random: Random) -> None:
        self.random = random
        choice = random.choice
        self._scalars: list[Callable[[], Value]] = [
            lambda: Value(null_value=0),
            lambda: Value(boolean_value=self.chance(0.5)),
            lambda: Value(integer_value=choice(_INTEGERS)),
            lambda: Value(double_value=choice(_DOUBLES)),
            lambda: Value(string_value=choice(_STRINGS)),
            lambda: Value(bytes_value=choice(_BYTES)),
            lambda: self.time([0, 1000, 2000]),
            self.point,
            self.reference,
        ]

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def value(self, depth: int = 0, *, in_array: bool = False) -> Value:
        """Storable; at most two levels of arrays and maps below `depth` 0."""
        makers = list(self._scalars)
        if depth < _MAX_DEPTH:
            makers += [lambda: self.map(depth)] * 2
            if not in_array:
                makers += [lambda: self.array(depth)] * 2 + [self.vector]
        return self.random.choice(makers)()

    def time(self, nanos: list[int]) -> Value:
        stamp = {"seconds": self.random.randint(-2, 2), "nanos": self.random.choice(nanos)}
        return Value(timestamp_value=stamp)

    def point(self) -> Value:
        latitude, longitude = self.random.randint(-1, 1), self.random.choice([0, 0.5])
        return Value(geo_point_value={"latitude": latitude, "longitude": longitude})

    def reference(self) -> Value:
        return Value(reference_value=names.document_name(self.random.choice(_REFERENCES)))

    def array(self, depth: int = 0) -> Value:
        values = [self.value(depth + 1, in_array=True) for _ in range(self.random.randrange(3))]
        return Value(array_value={"values": values})

    def map(self, depth: int = 0) -> Value:
        keys = ["x", "y", "z", "x.y"]
        chosen = self.random.sample(keys, self.random.randrange(3))
        return Value(map_value={"fields": {key: self.value(depth + 1) for key in chosen}})

    def vector(self) -> Value:
        size = self.random.randint(1, 2)
        components = [Value(double_value=float(self.random.randint(0, 2))) for _ in range(size)]
        mark, values = Value(string_value="__vector__"), ArrayValue(values=components)
        return Value(map_value={"fields": {"__type__": mark, "value": Value(array_value=values)}})

    def small(self) -> Value:
        """A number of the field that mostly holds small ones."""
        if self.chance(0.8):
            return Value(integer_value=self.random.randint(0, 5))
        return Value(double_value=self.random.choice([0.5, 1.0, 2.5]))

    def tag(self) -> Value:
        if self.chance(0.9):
            return Value(string_value=self.random.choice("abc"))
        return self.value(_MAX_DEPTH, in_array=True)

    def unstorable(self) -> Value:
        """What Firestore refuses to store."""
        empty = Value(array_value={})
        return self.random.choice(
            [
                Value(),
                Value(array_value={"values": [empty]}),
                Value(array_value={"values": [self.vector()]}),
                Value(map_value={"fields": {"__x__": Value(null_value=0)}}),
                Value(map_value={"fields": {"": Value(null_value=0)}}),
                Value(timestamp_value={"seconds": 10**12}),
                Value(geo_point_value={"latitude": 91}),
                Value(reference_value="not a name"),
            ]
        )

    def operand(self, path: str) -> Value:
        """What a filter or a cursor compares with the field at the path."""
        if path == names.KEY and self.chance(0.97):
            return self.reference()
        if path == names.NUMBER and self.chance(0.8):
            return self.small()
        if path == names.TAGS and self.chance(0.7):
            return self.tag()
        return self.value(1)

    def fields(self) -> dict[str, Value]:
        """A document's contents; any of them may be missing."""
        fields = {name: self.value() for name in names.MIXED if self.chance(0.85)}
        if self.chance(0.9):
            fields[names.NUMBER] = self.small()
        if self.chance(0.9):
            tags = [self.tag() for _ in range(self.random.randrange(4))]
            fields[names.TAGS] = Value(array_value={"values": tags})
        if self.chance(0.6):
            inner = {key: self.value(1) for key in ("x", "y", "x.y") if self.chance(0.7)}
            fields[names.NESTED] = Value(map_value={"fields": inner})
        if self.chance(0.3):
            fields[self.random.choice(list(names.QUOTED))] = self.value()
        if self.chance(0.1):
            # Only in documents: how much of it a query's operand keeps is documented nowhere.
            fields["p"] = self.time([999, 1999])
        return fields

    def document(self, path: str) -> Document:
        return Document(name=names.document_name(path), fields=self.fields())
