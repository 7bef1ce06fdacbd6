"""Resource names: projects/P/databases/D/documents/collection/document/..."""

import re
from typing import Any

from infra.local.firestore.refusal import invalid

NameKey = tuple[tuple[int, Any], ...]

_MAX_ID_BYTES = 1500
_MAX_PATH_SEGMENTS = 200  # 100 levels of collection and document
_NUMERIC_ID = re.compile(r"__id(-?\d+)__")
_RESERVED_ID = re.compile(r"__.*__", re.DOTALL)
_ROOT_SEGMENTS = 5  # projects, P, databases, D, documents


def name_key(name: str) -> NameKey:
    """Sort key: numeric ids (__id7__) first, by number, then the rest by their bytes."""
    return tuple(_segment_key(segment) for segment in name.split("/"))


def _segment_key(segment: str) -> tuple[int, Any]:
    # recursive_delete pages through a database from __id-9223372036854775808__, so these
    # ids must sort before every other one.
    if segment.startswith("__id") and (numeric := _NUMERIC_ID.fullmatch(segment)):
        return (0, int(numeric[1]))
    return (1, segment)


def parent_of(name: str) -> str:
    return name.rpartition("/")[0]


def last_segment(name: str) -> str:
    return name.rpartition("/")[2]


def database_of(name: str) -> str:
    """projects/P/databases/D; raises Refusal for a name that does not start like that."""
    segments = name.split("/", 4)
    shape = segments[0::2][:2]
    if shape != ["projects", "databases"] or len(segments) < 4 or not all(segments[:4]):
        raise invalid(f'Resource name "{name}" lacks "projects" or "databases".')
    return "/".join(segments[:4])


def check_document_name(name: str) -> str:
    """The name itself; raises Refusal unless it can name a document."""
    ids = _ids(name)
    if not ids or len(ids) % 2:
        raise invalid(f'Document name "{name}" lacks "/" at index {len(name)}.')
    return name


def check_parent(name: str) -> str:
    """The name itself; raises Refusal unless it names a document or a database's root."""
    if len(_ids(name)) % 2:
        raise invalid(f'Document parent name "{name}" lacks "/" at index {len(name)}.')
    return name


def check_collection_id(collection_id: str) -> str:
    if "/" in collection_id:
        raise invalid(f'Collection id "{collection_id}" is invalid because it contains "/".')
    if _RESERVED_ID.fullmatch(collection_id):
        raise invalid(f'Collection id "{collection_id}" is invalid because it is reserved.')
    _check_length(collection_id)
    return collection_id


def _ids(name: str) -> list[str]:
    database_of(name)
    segments = name.split("/")
    if len(segments) < _ROOT_SEGMENTS or segments[4] != "documents":
        raise invalid(f'Resource name "{name}" lacks "documents" after its database.')
    ids = segments[_ROOT_SEGMENTS:]
    if len(ids) > _MAX_PATH_SEGMENTS:
        raise invalid("Key path is too long. Cannot exceed 100 elements.")
    if ids and not ids[-1]:
        raise invalid(f'Document name "{name}" has invalid trailing "/".')
    for position, segment in enumerate(ids):
        if not segment or segment in {".", ".."}:
            raise invalid(f'Document name "{name}" contains an invalid resource id "{segment}".')
        if position % 2 == 0:
            check_collection_id(segment)
        elif _RESERVED_ID.fullmatch(segment) and not _NUMERIC_ID.fullmatch(segment):
            raise invalid(f'Resource id "{segment}" is invalid because it is reserved.')
        _check_length(segment)
    return ids


def _check_length(segment: str) -> None:
    if len(segment) * 4 > _MAX_ID_BYTES and len(segment.encode()) > _MAX_ID_BYTES:
        raise invalid("The key path element is longer than 1500 bytes.")
