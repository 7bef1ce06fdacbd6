"""Why no program is possible: which limits, once lifted, would make one possible."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import NamedTuple

from shared.models.designs import Limit
from shared.rules.balance.formulation import Formulation, Tag
from shared.rules.balance.linear import INFINITY, LinearProgram

Possible = Callable[[LinearProgram], bool]
"""Whether the program has any solution."""


class Conflict(NamedTuple):
    tags: tuple[Tag, ...]
    """The limits of one kind, narrowed to those each of which alone is to blame, if there are."""

    together: bool
    """No kind alone is to blame, and the limits are of several kinds."""


def conflict(made: Formulation, possible: Possible) -> Conflict:
    """The first kind of limits that alone is to blame, or else all up to the one that decides."""
    kinds = [kind for kind in Limit if kind in {tag.limit for tag in made.tags.values()}]
    lifted: list[Limit] = []
    for kind in kinds:
        if possible(_without(made, _tags(made, [kind]))):
            tags = _tags(made, [kind])
            alone = [tag for tag in tags if possible(_without(made, [tag]))]
            return Conflict(tuple(alone or tags), together=False)
    for kind in kinds:
        lifted.append(kind)
        if possible(_without(made, _tags(made, lifted))):
            break
    return Conflict(tuple(_tags(made, lifted)), together=True)


def _tags(made: Formulation, kinds: Iterable[Limit]) -> list[Tag]:
    return list(dict.fromkeys(tag for tag in made.tags.values() if tag.limit in kinds))


def _without(made: Formulation, tags: Iterable[Tag]) -> LinearProgram:
    """Without what anything is worth, either: it is only asked whether there is a solution."""
    linear, lifted = made.linear, set(tags)
    rows = [row for row, tag in made.tags.items() if tag in lifted]
    lower, upper = list(linear.row_lower), list(linear.row_upper)
    for row in rows:
        lower[row], upper[row] = -INFINITY, INFINITY
    return replace(linear, row_lower=lower, row_upper=upper, cost=[0.0] * len(linear.cost))
