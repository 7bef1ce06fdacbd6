"""The project's index file, and which queries its indexes can serve."""

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.local.firestore.paths import FieldPath, parse_path
from infra.local.firestore.refusal import Refusal

LOG = logging.getLogger(__name__)

ASCENDING, DESCENDING, CONTAINS, VECTOR = "ASCENDING", "DESCENDING", "CONTAINS", "VECTOR"


@dataclass(frozen=True, slots=True)
class Index:
    """Fields with their modes in index order, and the direction of the document's name."""

    fields: tuple[tuple[FieldPath, str], ...]
    name_mode: str


@dataclass(frozen=True, slots=True)
class Override:
    """What replaces the automatic indexes of one field: (mode, scope) pairs, maybe none."""

    path: FieldPath
    indexes: frozenset[tuple[str, str]]


_AUTOMATIC = frozenset((mode, "COLLECTION") for mode in (ASCENDING, DESCENDING, CONTAINS))


class Indexes:
    """The composite and single-field indexes that one version of the file declares."""

    def __init__(self, declared: dict[str, Any]) -> None:
        self._composites: dict[tuple[str, str], list[Index]] = {}
        for entry in declared.get("indexes", []):
            scope = entry.get("queryScope", "COLLECTION")
            self._composites.setdefault((entry["collectionGroup"], scope), []).append(
                _parse_index(entry)
            )
        self._overrides: dict[str, list[Override]] = {}
        for entry in declared.get("fieldOverrides", []):
            self._overrides.setdefault(entry["collectionGroup"], []).append(_parse_override(entry))

    def composites(self, collection_id: str, scope: str) -> list[Index]:
        return self._composites.get((collection_id, scope), [])

    def single(self, collection_id: str, scope: str, path: FieldPath) -> Iterator[Index]:
        """The single-field indexes of a field, automatic or as overridden."""
        for mode, declared_scope in self._declared(collection_id, path):
            if declared_scope == scope:
                name_mode = DESCENDING if mode == DESCENDING else ASCENDING
                yield Index(((path, mode),), name_mode)

    def _declared(self, collection_id: str, path: FieldPath) -> frozenset[tuple[str, str]]:
        # An exemption of a map holds for the fields inside it that have none of their own;
        # "*" is the collection's default.
        applicable = [
            override
            for override in self._overrides.get(collection_id, [])
            if path[: len(override.path)] == override.path
        ]
        if not applicable:
            return _AUTOMATIC
        return max(applicable, key=lambda override: len(override.path)).indexes


def _parse_index(entry: dict[str, Any]) -> Index:
    fields: list[tuple[FieldPath, str]] = []
    name_mode = None
    for field in entry["fields"]:
        if field["fieldPath"] == "__name__":
            name_mode = field.get("order", ASCENDING)
        else:
            fields.append((parse_path(field["fieldPath"]), _mode(field)))
    # The name follows the direction of the last field unless the file says otherwise.
    last = fields[-1][1] if fields else ASCENDING
    return Index(tuple(fields), name_mode or (DESCENDING if last == DESCENDING else ASCENDING))


def _parse_override(entry: dict[str, Any]) -> Override:
    path = () if entry["fieldPath"] == "*" else parse_path(entry["fieldPath"])
    return Override(
        path,
        frozenset(
            (_mode(index), index.get("queryScope", "COLLECTION"))
            for index in entry.get("indexes", [])
        ),
    )


def _mode(field: dict[str, Any]) -> str:
    if "vectorConfig" in field:
        return VECTOR
    if "arrayConfig" in field:
        return CONTAINS
    return DESCENDING if field.get("order") == DESCENDING else ASCENDING


class IndexFile:
    """firestore.indexes.json on disk; read again whenever it has changed."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._seen = self._signature()
        self._indexes = self._read()

    def current(self) -> Indexes:
        """Keeps the last good version while the file is missing or half written."""
        try:
            signature = self._signature()
            if signature != self._seen:
                self._indexes = self._read()
                self._seen = signature
                LOG.info("Indexes read again from %s", self._file)
        except (OSError, ValueError) as problem:
            LOG.warning("Indexes kept as they were; %s is unreadable: %s", self._file, problem)
        return self._indexes

    def _signature(self) -> tuple[int, int]:
        status = self._file.stat()
        return status.st_mtime_ns, status.st_size

    def _read(self) -> Indexes:
        declared = json.loads(self._file.read_text(encoding="utf-8"))
        try:
            return Indexes(declared)
        except (AttributeError, KeyError, TypeError, Refusal) as problem:
            raise ValueError(f"{self._file} declares no indexes: {problem!r}") from problem
