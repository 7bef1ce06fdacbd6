"""What can be trained with."""

from collections.abc import Iterable

from shared.models.equipment import Equipment


def available(stated: Iterable[Equipment] | None) -> frozenset[Equipment]:
    """What somebody has; everything where nothing is stated, and one's own body in any case."""
    return frozenset(Equipment) if stated is None else frozenset({*stated, Equipment.BODYWEIGHT})
