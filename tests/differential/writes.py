"""Random writes: whole documents, masks, transforms, deletions, preconditions."""

from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp

from infra.local.firestore.messages import (
    BatchWriteRequest,
    CommitRequest,
    Document,
    DocumentTransform,
    Precondition,
    Value,
    Write,
)
from tests.differential import names
from tests.differential.values import ValueSource

CURRENT = Timestamp(seconds=1)
"""Stands for the time of the stored version, which each server has its own of."""
_STALE = Timestamp(seconds=5)
# Few, so that writes meet existing documents, missing ones and each other.
_TARGETS = ["c/d00", "c/d01", "c/d02", "c/w0", "c/w1", "c/w2", "c/__id7__", "c/😀", "c/d01/c/n1"]
_WRITTEN_PATHS = [
    *names.MIXED,
    names.NUMBER,
    "l",
    names.NESTED,
    "m.x",
    "m.y",
    "m.x.z",
    "m.x.value",
    "m.`x.y`",
    *names.QUOTED.values(),
]
_ARITHMETIC = ["increment", "maximum", "minimum"]
_ARRAYS = ["append_missing_elements", "remove_all_from_array"]
_INTEGERS = [-1, 0, 1, 1, 3, 2**63 - 1, -(2**63)]
_DOUBLES = [1.0, 0.5, 2.0, -0.0, float("nan"), float("inf"), float("-inf")]


class WriteSource:
    def __init__(self, values: ValueSource) -> None:
        self._values = values
        self._random = values.random

    def commit(self) -> CommitRequest:
        writes = [self._write() for _ in range(self._random.choice([1, 1, 2, 3]))]
        targets = [target(write) for write in writes]
        for write, name in zip(writes, targets, strict=True):
            # Which version that is after another write in the same commit is documented nowhere.
            if targets.count(name) > 1 and write.current_document.HasField("update_time"):
                write.ClearField("current_document")
        return CommitRequest(database=names.DATABASE, writes=writes)

    def batch(self) -> BatchWriteRequest:
        """Mostly to different documents: a batch that names one twice is refused as a whole."""
        writes = [self._write() for _ in range(self._random.randint(1, 4))]
        if self._values.chance(0.9):
            writes = list({target(write): write for write in writes}.values())
        return BatchWriteRequest(database=names.DATABASE, writes=writes)

    def _write(self) -> Write:
        name = names.document_name(self._random.choice(_TARGETS))
        if self._values.chance(0.01):
            name = self._random.choice([names.DATABASE, f"{names.ROOT}/c", f"{names.ROOT}/c/__x__"])
        kind = self._random.random()
        write = Write()
        if kind < 0.12:
            write.delete = name
        elif kind < 0.22:
            write.transform.document = name
            self._add_transforms(write.transform.field_transforms)
        else:
            write.update.CopyFrom(Document(name=name, fields=self._fields()))
            if self._values.chance(0.5):
                # An empty mask changes nothing, a missing one replaces the document.
                write.update_mask.SetInParent()
                write.update_mask.field_paths.extend(
                    self._path() for _ in range(self._random.randrange(4))
                )
                if self._values.chance(0.01):
                    # Only here: the emulator lets some transforms make a field of this name.
                    write.update_mask.field_paths.append(names.KEY)
            if self._values.chance(0.4):
                self._add_transforms(write.update_transforms)
        self._add_precondition(write)
        return write

    def _fields(self) -> dict[str, Value]:
        fields = {name: value for name, value in self._values.fields().items() if name != "tags"}
        if self._values.chance(0.6):
            count = self._random.randrange(4)
            elements = [self._values.value(1, in_array=True) for _ in range(count)]
            fields["l"] = Value(array_value={"values": elements})
        if self._values.chance(0.02):
            fields["p"] = self._values.unstorable()
        return fields

    def _path(self) -> str:
        if self._values.chance(0.01):
            return self._random.choice(names.MALFORMED_PATHS)
        return self._random.choice(_WRITTEN_PATHS)

    def _add_transforms(self, transforms: Any) -> None:
        for _ in range(self._random.randint(1, 3)):
            transforms.append(self._transform())

    def _transform(self) -> Any:
        kinds = [*_ARITHMETIC, *_ARITHMETIC, *_ARRAYS, *_ARRAYS, "set_to_server_value"]
        kind = self._random.choice(kinds)
        if kind == "set_to_server_value":
            # A field of its own: two servers' clocks must not decide about any order.
            path = self._random.choice([names.SERVER_TIME, "when.at"])
            return DocumentTransform.FieldTransform(field_path=path, set_to_server_value=1)
        path = self._random.choice([names.NUMBER, names.NUMBER, "l", "l", "m.x", "p"])
        if self._values.chance(0.1):
            path = self._path()
        change = DocumentTransform.FieldTransform(field_path=path)
        if self._values.chance(0.01):
            return change
        if kind in _ARITHMETIC:
            getattr(change, kind).CopyFrom(self._number())
        else:
            getattr(change, kind).SetInParent()
            getattr(change, kind).values.extend(
                self._element() for _ in range(self._random.randrange(4))
            )
        return change

    def _number(self) -> Value:
        if self._values.chance(0.02):
            return Value(string_value="1")
        if self._values.chance(0.6):
            return Value(integer_value=self._random.choice(_INTEGERS))
        return Value(double_value=self._random.choice(_DOUBLES))

    def _element(self) -> Value:
        if self._values.chance(0.5):
            return Value(integer_value=self._random.randint(0, 2))
        if self._values.chance(0.02):
            return self._values.unstorable()
        return self._values.value(1, in_array=True)

    def _add_precondition(self, write: Write) -> None:
        kind = self._random.random()
        if kind < 0.15:
            write.current_document.CopyFrom(Precondition(exists=self._values.chance(0.7)))
        elif kind < 0.22:
            stamp = CURRENT if self._values.chance(0.7) else _STALE
            write.current_document.CopyFrom(Precondition(update_time=stamp))


def target(write: Write) -> str:
    """The name of the document that a write changes."""
    match write.WhichOneof("operation"):
        case "update":
            name: str = write.update.name
        case "transform":
            name = write.transform.document
        case _:
            name = write.delete
    return name
