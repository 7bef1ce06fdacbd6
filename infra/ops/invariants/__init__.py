"""What must always be true of the stored data; numbered as docs/admin.md explains them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from infra.ops.records import Records


@dataclass(frozen=True, slots=True)
class Problem:
    """One document that breaks an invariant."""

    path: str
    text: str


Check = Callable[[Records], Iterator[Problem]]
Checks = Mapping[int, Check]
