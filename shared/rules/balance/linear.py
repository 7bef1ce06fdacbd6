"""A mixed-integer linear program as plain lists: what a solver is given."""

from collections.abc import Iterable
from dataclasses import dataclass, field

INFINITY = float("inf")


@dataclass(slots=True)
class LinearProgram:
    """Minimise the costs of the columns; each row's sum lies between its bounds.

    Rows are stored one after another: those of row r are `columns` and `factors` from `starts[r]`
    up to the next row's start.
    """

    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    cost: list[float] = field(default_factory=list)
    integer: list[bool] = field(default_factory=list)
    row_lower: list[float] = field(default_factory=list)
    row_upper: list[float] = field(default_factory=list)
    starts: list[int] = field(default_factory=lambda: [0])
    columns: list[int] = field(default_factory=list)
    factors: list[float] = field(default_factory=list)

    def column(self, lower: float, upper: float, *, cost: float = 0, integer: bool = False) -> int:
        """The new column's number."""
        self.lower.append(lower)
        self.upper.append(upper)
        self.cost.append(cost)
        self.integer.append(integer)
        return len(self.cost) - 1

    def row(self, lower: float, upper: float, entries: Iterable[tuple[int, float]]) -> int:
        """The new row's number; `entries` are columns with their factors."""
        for column, factor in entries:
            if factor:
                self.columns.append(column)
                self.factors.append(factor)
        self.row_lower.append(lower)
        self.row_upper.append(upper)
        self.starts.append(len(self.columns))
        return len(self.row_lower) - 1
