"""Vector search: distances and the nearest neighbours."""

import math
from collections.abc import Iterable, Sequence

from infra.local.firestore.database import Entry
from infra.local.firestore.paths import read
from infra.local.firestore.query import Distance, Nearest
from infra.local.firestore.values import vector_components


def nearest_neighbours(nearest: Nearest, entries: Iterable[Entry]) -> list[tuple[Entry, float]]:
    """Nearest first with their distances; ties keep the order in which they came."""
    scored = []
    for entry in entries:
        value = read(entry.document.fields, nearest.path)
        components = None if value is None else vector_components(value)
        if components is None or len(components) != len(nearest.target):
            continue
        distance = _distance(nearest.measure, components, nearest.target)
        if distance is not None and _within(nearest, distance):
            scored.append((entry, distance))
    # A larger dot product is nearer; the other two are distances.
    scored.sort(key=lambda pair: pair[1], reverse=nearest.measure is Distance.DOT_PRODUCT)
    return scored[: nearest.limit]


def _distance(
    measure: Distance, components: Sequence[float], target: Sequence[float]
) -> float | None:
    if measure is Distance.EUCLIDEAN:
        return math.dist(components, target)
    dot = _dot(components, target)
    if measure is Distance.DOT_PRODUCT:
        return dot
    # The angle to a vector of length zero is not defined.
    lengths = math.sqrt(_dot(components, components) * _dot(target, target))
    return 1 - dot / lengths if lengths else None


def _within(nearest: Nearest, distance: float) -> bool:
    if nearest.threshold is None:
        return True
    if nearest.measure is Distance.DOT_PRODUCT:
        return distance >= nearest.threshold
    return distance <= nearest.threshold


def _dot(left: Sequence[float], right: Sequence[float]) -> float:
    return sum(a * b for a, b in zip(left, right, strict=True))
