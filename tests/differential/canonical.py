"""What two servers must agree on in an answer: everything but clocks and opaque tokens."""

import math
from typing import Any

from infra.local.firestore.messages import Document, Value, WriteResult

# Random timestamps lie around 1970; whatever is later came from a server's clock.
_A_SERVERS_CLOCK = 1_000_000_000  # seconds
_DIGITS = 12


def canonical_value(value: Value) -> Any:
    """Comparable with ==, also where numbers are not: NaN, and zero of either sign."""
    kind = value.WhichOneof("value_type")
    match kind:
        case "double_value":
            return kind, value.double_value.hex()
        case "timestamp_value":
            stamp = value.timestamp_value
            is_clock = stamp.seconds > _A_SERVERS_CLOCK
            return kind, "now" if is_clock else (stamp.seconds, stamp.nanos)
        case "geo_point_value":
            point = value.geo_point_value
            return kind, (point.latitude, point.longitude)
        case "array_value":
            return kind, tuple(canonical_value(element) for element in value.array_value.values)
        case "map_value":
            return kind, canonical_fields(value.map_value.fields)
        case None:
            return None
        case _:
            return kind, getattr(value, kind)


def canonical_fields(fields: Any) -> Any:
    return tuple((name, canonical_value(fields[name])) for name in sorted(fields))


def canonical_document(document: Document) -> Any:
    if not document.HasField("create_time"):
        # Listed only because there are documents below it.
        return document.name
    is_new = document.create_time == document.update_time
    return document.name, canonical_fields(document.fields), is_new


def canonical_answer(method: str, responses: list[Any]) -> Any:
    match method:
        case "RunQuery":
            return [canonical_document(r.document) for r in responses if r.HasField("document")]
        case "RunAggregationQuery":
            return [
                (alias, _rounded(r.result.aggregate_fields[alias]))
                for r in responses
                for alias in sorted(r.result.aggregate_fields)
            ]
        case "BatchGetDocuments":
            # They come in any order.
            return sorted(
                canonical_document(r.found) if r.HasField("found") else (r.missing,)
                for r in responses
            )
        case "ListDocuments":
            # Whether a full page says that more may follow is left to the server.
            return [canonical_document(document) for document in responses[0].documents]
        case "ListCollectionIds":
            return list(responses[0].collection_ids)
        case "Commit":
            return [_result(result) for result in responses[0].write_results]
        case "BatchWrite":
            (batch,) = responses
            codes = [status.code for status in batch.status]
            return codes, [_result(result) for result in batch.write_results]
        case _:
            return canonical_document(responses[0])


def _result(result: WriteResult) -> Any:
    return (
        result.HasField("update_time"),
        [canonical_value(value) for value in result.transform_results],
    )


def _rounded(value: Value) -> Any:
    # Floating-point sums depend on the order of their terms.
    if value.WhichOneof("value_type") != "double_value" or not math.isfinite(value.double_value):
        return canonical_value(value)
    return "double_value", f"{value.double_value:.{_DIGITS}g}"
