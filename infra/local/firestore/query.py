"""One query, parsed and checked: what to look through, what to keep, in which order."""

from dataclasses import dataclass
from enum import Enum

from infra.local.firestore.database import Entry
from infra.local.firestore.filters import Filter
from infra.local.firestore.paths import KEY, FieldPath
from infra.local.firestore.values import Key


@dataclass(frozen=True, slots=True)
class Order:
    path: FieldPath
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Bound:
    """A position in the sort order; `before` puts it ahead of documents that equal the keys."""

    keys: tuple[Key, ...]
    before: bool


class Distance(Enum):
    EUCLIDEAN = "EUCLIDEAN"
    COSINE = "COSINE"
    DOT_PRODUCT = "DOT_PRODUCT"


@dataclass(frozen=True, slots=True)
class Nearest:
    path: FieldPath
    target: tuple[float, ...]
    measure: Distance
    limit: int
    threshold: float | None
    result_field: FieldPath | None


@dataclass(frozen=True, slots=True)
class Query:
    """`orders` is complete: implied fields are in it, and the document's name ends it."""

    parent: str
    collection_id: str
    all_descendants: bool
    where: Filter
    orders: tuple[Order, ...]
    start: Bound | None = None
    end: Bound | None = None
    offset: int = 0
    limit: int | None = None
    select: tuple[FieldPath, ...] | None = None
    nearest: Nearest | None = None

    @property
    def field_orders(self) -> tuple[Order, ...]:
        return tuple(order for order in self.orders if order.path != KEY)

    def compare(self, entry: Entry, bound: Bound) -> int:
        """Negative when the entry sorts ahead of the bound's keys, zero when it equals them."""
        for order, key in zip(self.orders, bound.keys, strict=False):
            own = entry.key(order.path)
            if own is None or own == key:
                continue
            ahead = (own > key) if order.descending else (own < key)
            return -1 if ahead else 1
        return 0
