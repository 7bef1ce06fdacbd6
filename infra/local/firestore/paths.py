"""Field paths ("a.b.`odd name`"): parsing, reading and writing along them."""

import re
from collections.abc import Iterable, MutableMapping
from functools import lru_cache
from typing import Any

from infra.local.firestore.messages import Document, Value
from infra.local.firestore.refusal import invalid
from infra.local.firestore.values import vector_components

FieldPath = tuple[str, ...]
Fields = MutableMapping[str, Any]  # a protobuf map of field names to values

KEY: FieldPath = ("__name__",)
_SIMPLE = r"[a-zA-Z_][a-zA-Z_0-9]*"
_QUOTED = r"`(?:[^`\\]|\\.)+`"
_PATH = re.compile(rf"(?:{_SIMPLE}|{_QUOTED})(?:\.(?:{_SIMPLE}|{_QUOTED}))*", re.DOTALL)
_SEGMENT = re.compile(rf"({_SIMPLE})|({_QUOTED})", re.DOTALL)
_RESERVED = re.compile(r"__.*__", re.DOTALL)


@lru_cache(maxsize=4096)
def parse_path(text: str) -> FieldPath:
    """Segments without their quotes; raises Refusal for a malformed or reserved path."""
    if not text:
        raise invalid("Invalid empty property path string.")
    if text == "__name__":
        return KEY
    if not _PATH.fullmatch(text):
        raise invalid(
            f'Invalid property path "{text}". Unquoted segments must match {_SIMPLE}, '
            "others are quoted with backticks."
        )
    path = tuple(
        simple or re.sub(r"\\(.)", r"\1", quoted[1:-1], flags=re.DOTALL)
        for simple, quoted in _SEGMENT.findall(text)
    )
    for segment in path:
        if _RESERVED.fullmatch(segment):
            raise invalid(f"Invalid reserved name in field path {text}")
    return path


def format_path(path: FieldPath) -> str:
    return ".".join(
        segment
        if re.fullmatch(_SIMPLE, segment)
        else "`" + segment.replace("\\", "\\\\").replace("`", "\\`") + "`"
        for segment in path
    )


def read(fields: Fields, path: FieldPath) -> Value | None:
    value = None
    for position, segment in enumerate(path):
        if segment not in fields:
            return None
        value = fields[segment]
        if position < len(path) - 1:
            if not _is_map(value):
                return None
            fields = value.map_value.fields
    return value


def put(fields: Fields, path: FieldPath, value: Value) -> None:
    """Sets in place; whatever stands in the way and is not a map becomes one."""
    for segment in path[:-1]:
        inner = fields[segment]
        if not _is_map(inner):
            inner.CopyFrom(Value(map_value={}))
        fields = inner.map_value.fields
    fields[path[-1]].CopyFrom(value)


def remove(fields: Fields, path: FieldPath) -> None:
    for segment in path[:-1]:
        if segment not in fields or not _is_map(fields[segment]):
            return
        fields = fields[segment].map_value.fields
    if path[-1] in fields:
        del fields[path[-1]]


def _is_map(value: Value) -> bool:
    # A vector is stored as a map, but is a value of its own: no path leads into it.
    return value.WhichOneof("value_type") == "map_value" and vector_components(value) is None


def project(document: Document, paths: Iterable[FieldPath]) -> Document:
    """A copy that keeps only the given fields."""
    kept = Document(
        name=document.name,
        create_time=document.create_time,
        update_time=document.update_time,
    )
    for path in paths:
        value = read(document.fields, path)
        if value is not None:
            put(kept.fields, path, value)
    return kept
