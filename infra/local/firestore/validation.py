"""What a document and a value may be: nesting, names, ranges and sizes."""

from infra.local.firestore.messages import Document, Value
from infra.local.firestore.names import check_document_name
from infra.local.firestore.paths import Fields
from infra.local.firestore.refusal import invalid
from infra.local.firestore.values import vector_components

_MAX_DEPTH = 20
_MAX_NAME_BYTES = 1500
_MAX_VALUE_BYTES = 1_048_487  # 1 MiB less 89 bytes
_MAX_DOCUMENT_BYTES = 1_048_576
_MAX_DIMENSIONS = 2048
_FIRST_SECOND = -62_135_596_800  # 0001-01-01T00:00:00Z
_LAST_SECOND = 253_402_300_799  # 9999-12-31T23:59:59Z


def check_document(document: Document) -> None:
    """Raises Refusal for contents that Firestore does not store."""
    size = _name_size(document.name) + 32 + _check_fields(document.fields, depth=0)
    if size > _MAX_DOCUMENT_BYTES:
        raise invalid(
            f"Document '{document.name}' cannot be written because its size ({size:,} bytes)"
            f" exceeds the maximum allowed size of {_MAX_DOCUMENT_BYTES:,} bytes."
        )


def check_value(value: Value, *, depth: int = 0) -> int:  # noqa: PLR0911 - one rule per type
    """The stored size in bytes, by Firestore's published arithmetic; raises Refusal."""
    match value.WhichOneof("value_type"):
        case "string_value":
            return _check_length(len(value.string_value.encode())) + 1
        case "integer_value" | "double_value":
            return 8
        case "boolean_value" | "null_value":
            return 1
        case "timestamp_value":
            _check_timestamp(value)
            return 8
        case "bytes_value":
            return _check_length(len(value.bytes_value))
        case "reference_value":
            return _name_size(check_document_name(value.reference_value))
        case "geo_point_value":
            _check_geo_point(value)
            return 16
        case "array_value":
            return _check_array(value, depth + 1)
        case "map_value":
            return _check_map(value, depth + 1)
        case _:
            raise invalid("Cannot convert firestore.v1.Value with type unset.")


def _check_array(value: Value, depth: int) -> int:
    _check_depth(depth)
    size = 0
    for element in value.array_value.values:
        if element.WhichOneof("value_type") == "array_value":
            raise invalid("Cannot convert an array value in an array value.")
        if vector_components(element) is not None:
            raise invalid("Cannot convert a vector value in an array value.")
        size += check_value(element, depth=depth)
    return size


def _check_map(value: Value, depth: int) -> int:
    _check_depth(depth)
    fields = value.map_value.fields
    if "__type__" in fields and fields["__type__"].string_value == "__vector__":
        return _check_vector(fields)
    return _check_fields(fields, depth)


def _check_vector(fields: Fields) -> int:
    if set(fields) != {"__type__", "value"}:
        raise invalid("A vector has exactly the fields __type__ and value.")
    if fields["value"].WhichOneof("value_type") != "array_value":
        raise invalid("Vector Value type must be an array.")
    components = fields["value"].array_value.values
    if not components:
        raise invalid("Cannot have a zero length vector.")
    if len(components) > _MAX_DIMENSIONS:
        raise invalid(f"Vectors must be at most {_MAX_DIMENSIONS} dimensions.")
    for component in components:
        if component.WhichOneof("value_type") not in {"double_value", "integer_value"}:
            raise invalid("Vectors contain only numbers.")
    return 8 * len(components)


def _check_fields(fields: Fields, depth: int) -> int:
    size = 0
    for name in fields:
        length = len(name.encode())
        if not length:
            raise invalid("The property.name is the empty string.")
        if length > _MAX_NAME_BYTES:
            raise invalid(f"The property.name is longer than {_MAX_NAME_BYTES} bytes.")
        if length > 4 and name.startswith("__") and name.endswith("__"):
            raise invalid(f"field name '{name}' is reserved.")
        size += length + 1 + check_value(fields[name], depth=depth)
    return size


def _check_depth(depth: int) -> None:
    if depth > _MAX_DEPTH:
        raise invalid(
            "Property contains an invalid nested entity:"
            f" maps and arrays nest at most {_MAX_DEPTH} deep."
        )


def _check_length(length: int) -> int:
    if length > _MAX_VALUE_BYTES:
        raise invalid(f"The value of a property is longer than {_MAX_VALUE_BYTES} bytes.")
    return length


def _check_timestamp(value: Value) -> None:
    stamp = value.timestamp_value
    if not _FIRST_SECOND <= stamp.seconds <= _LAST_SECOND:
        raise invalid("Timestamp seconds exceeds limit for field.")
    if not 0 <= stamp.nanos < 1_000_000_000:
        raise invalid("Timestamp nanos exceeds limit for field.")


def _check_geo_point(value: Value) -> None:
    point = value.geo_point_value
    if not -90 <= point.latitude <= 90:
        raise invalid(f"Geo point latitude '{point.latitude}' outside -90 to 90.")
    if not -180 <= point.longitude <= 180:
        raise invalid(f"Geo point longitude '{point.longitude}' outside -180 to 180.")


def _name_size(name: str) -> int:
    # The project and the database do not count; each id counts its bytes and one, the
    # whole name 16 more.
    return 16 + sum(len(segment.encode()) + 1 for segment in name.split("/")[5:])
