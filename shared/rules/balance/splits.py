"""Which muscles a split's sessions train directly. House conventions; the names are common ones."""

from collections.abc import Mapping
from typing import NamedTuple

from shared.models.muscles import MuscleGroup
from shared.models.structures import SplitType

_CORE = {MuscleGroup.ABS, MuscleGroup.OBLIQUES}
_PUSH = {muscle for muscle in MuscleGroup if muscle.category == "Upper Push"}
_PULL = {muscle for muscle in MuscleGroup if muscle.category == "Upper Pull"}
_LEGS = {muscle for muscle in MuscleGroup if muscle.category == "Lower Body"}
_ERECTORS = {MuscleGroup.SPINAL_ERECTORS}
_DELTS = {MuscleGroup.FRONT_DELTS, MuscleGroup.SIDE_DELTS, MuscleGroup.REAR_DELTS}
_ARMS = {MuscleGroup.TRICEPS, MuscleGroup.ELBOW_FLEXORS, MuscleGroup.FOREARMS}
_CHEST = {MuscleGroup.CHEST}
_BACK = {MuscleGroup.LATS, MuscleGroup.TRAPS_RHOMBOIDS, *_ERECTORS}
_FRONT = {
    *_CHEST,
    MuscleGroup.FRONT_DELTS,
    MuscleGroup.SIDE_DELTS,
    MuscleGroup.ELBOW_FLEXORS,
    MuscleGroup.QUADRICEPS,
    MuscleGroup.ADDUCTORS,
}


class Kind(NamedTuple):
    """A session of a split."""

    name: str

    muscles: frozenset[MuscleGroup] | None
    """Whose direct work belongs there; None for all. The core belongs everywhere."""


def _kind(name: str, *muscles: set[MuscleGroup]) -> Kind:
    return Kind(name, frozenset(_CORE.union(*muscles)))


_OPEN = (Kind("Full Body", None),)

KINDS: Mapping[SplitType, tuple[Kind, ...]] = {
    SplitType.FULL_BODY: _OPEN,
    SplitType.CUSTOM: (Kind("Session", None),),
    SplitType.UPPER_LOWER: (_kind("Upper", _PUSH, _PULL), _kind("Lower", _LEGS, _ERECTORS)),
    SplitType.PUSH_PULL_LEGS: (
        _kind("Push", _PUSH),
        _kind("Pull", _PULL, _ERECTORS),
        _kind("Legs", _LEGS, _ERECTORS),
    ),
    SplitType.BRO_SPLIT: (
        _kind("Chest", _CHEST, {MuscleGroup.FRONT_DELTS}),
        _kind("Back", _BACK, {MuscleGroup.REAR_DELTS}),
        _kind("Shoulders", _DELTS),
        _kind("Legs", _LEGS, _ERECTORS),
        _kind("Arms", _ARMS),
    ),
    SplitType.ARNOLD_SPLIT: (
        _kind("Chest & Back", _CHEST, _BACK),
        _kind("Shoulders & Arms", _DELTS, _ARMS),
        _kind("Legs", _LEGS, _ERECTORS),
    ),
    SplitType.ANTERIOR_POSTERIOR: (
        _kind("Anterior", _FRONT),
        _kind("Posterior", set(MuscleGroup) - _FRONT),
    ),
}


def sessions_of(split: SplitType, count: int) -> list[Kind]:
    """So many sessions in turn; those of one kind are told apart by letters."""
    kinds = KINDS[split]
    letters = [chr(ord("A") + turn // len(kinds)) for turn in range(count)]
    return [
        Kind(f"{kind.name} {letter}" if count > len(kinds) else kind.name, kind.muscles)
        for kind, letter in zip((kinds * count)[:count], letters, strict=True)
    ]


def usual_count(split: SplitType, training_days: int) -> int:
    """As many sessions as training days, rounded up so that every kind comes up as often."""
    kinds = len(KINDS[split])
    return -(-training_days // kinds) * kinds
