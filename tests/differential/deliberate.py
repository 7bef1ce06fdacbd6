"""Where this repository's server differs from the emulator on purpose, each with its reason."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from infra.local.firestore.messages import RunAggregationQueryRequest, StructuredQuery, Value
from tests.differential.operations import written
from tests.differential.target import Outcome

_MEMBERSHIPS = {
    StructuredQuery.FieldFilter.ARRAY_CONTAINS,
    StructuredQuery.FieldFilter.ARRAY_CONTAINS_ANY,
}


@dataclass(frozen=True, slots=True)
class Deliberate:
    """`applies` looks at the request, the emulator's outcome and ours."""

    reason: str
    applies: Callable[[Any, Outcome, Outcome], bool]


def deliberate_difference(request: Any, reference: Outcome, ours: Outcome) -> Deliberate | None:
    """Whatever it says about the answers, the documents afterwards must still be the same."""
    if (reference.code, reference.answer) == (ours.code, ours.answer):
        return None
    return next((d for d in DELIBERATE if d.applies(request, reference, ours)), None)


def _merges_refused(request: Any, reference: Outcome, ours: Outcome) -> bool:
    return _repeats(request) and bool(reference.code) and bool(ours.code)


def _merges_timed(request: Any, reference: Outcome, ours: Outcome) -> bool:
    if not _repeats(request) or reference.code or ours.code:
        return False
    # Each result is whether it has a time, then the results of its transforms.
    return [results for _, results in reference.answer] == [results for _, results in ours.answer]


def _unstored_contents(request: Any, _: Outcome, ours: Outcome) -> bool:
    if ours.code != "INVALID_ARGUMENT":
        return False
    return any(_is_unstorable(value) for value in _unstored_values(request))


def _several_rules(request: Any, reference: Outcome, ours: Outcome) -> bool:
    both = {reference.code, ours.code} == {"INVALID_ARGUMENT", "FAILED_PRECONDITION"}
    return both and any("key scan" in outcome.sentence for outcome in (reference, ours))


def _too_many_aggregations(request: Any, reference: Outcome, ours: Outcome) -> bool:
    if not isinstance(request, RunAggregationQueryRequest):
        return False
    count = len(request.structured_aggregation_query.aggregations)
    return count > 5 and reference.code == "UNKNOWN" and ours.code == "INVALID_ARGUMENT"


def _repeated_membership(request: Any, reference: Outcome, ours: Outcome) -> bool:
    if reference.code or "ARRAY_CONTAINS" not in ours.sentence:
        return False
    tests = [
        test.SerializeToString(deterministic=True)
        for test in _field_filters(_query(request).where)
        if test.op in _MEMBERSHIPS
    ]
    return len(set(tests)) < len(tests)


DELIBERATE = (
    Deliberate(
        "at most one array-contains is documented per disjunction; the emulator sometimes lets"
        " the same one through twice",
        _repeated_membership,
    ),
    Deliberate(
        "a descending scan of names that breaks another rule as well: both refuse, but look at"
        " the rules in another order",
        _several_rules,
    ),
    Deliberate(
        "more than five aggregations: both refuse, but the emulator with UNKNOWN",
        _too_many_aggregations,
    ),
    Deliberate(
        "several writes to one document in a commit: both refuse, but the emulator merges the"
        " writes before it looks at their preconditions, and gives codes of its own",
        _merges_refused,
    ),
    Deliberate(
        "several writes to one document in a commit: each result is documented to have the time"
        " after its own write and none after a deletion; the emulator gives all the last one's",
        _merges_timed,
    ),
    Deliberate(
        "arrays directly in arrays and empty field names are documented as invalid wherever they"
        " stand; the emulator looks neither into operands of array transforms nor at fields"
        " outside the mask or overwritten in the same commit, and at preconditions first",
        _unstored_contents,
    ),
)


def _query(request: Any) -> Any:
    if isinstance(request, RunAggregationQueryRequest):
        return request.structured_aggregation_query.structured_query
    return request.structured_query


def _field_filters(tree: Any) -> Iterator[Any]:
    if tree.HasField("field_filter"):
        yield tree.field_filter
    for part in tree.composite_filter.filters:
        yield from _field_filters(part)


def _repeats(request: Any) -> bool:
    return len(written(request)) < len(getattr(request, "writes", ()))


def _unstored_values(request: Any) -> Iterator[Value]:
    for write in getattr(request, "writes", ()):
        if write.HasField("update_mask") or _repeats(request):
            yield from write.update.fields.values()
        for change in (*write.update_transforms, *write.transform.field_transforms):
            yield Value(array_value=change.append_missing_elements)
            yield Value(array_value=change.remove_all_from_array)


def _is_unstorable(value: Value) -> bool:
    match value.WhichOneof("value_type"):
        case "array_value":
            elements = value.array_value.values
            return any(
                element.WhichOneof("value_type") == "array_value" or _is_unstorable(element)
                for element in elements
            )
        case "map_value":
            fields = value.map_value.fields
            return "" in fields or any(_is_unstorable(inner) for inner in fields.values())
        case _:
            return False
