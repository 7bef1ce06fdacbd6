"""Which sessions a split has, and what they train."""

import pytest

from shared.models.muscles import MuscleGroup
from shared.models.structures import SplitType
from shared.rules.balance.splits import KINDS, sessions_of, usual_count


def test_every_split_trains_every_muscle_somewhere() -> None:
    assert set(KINDS) == set(SplitType)
    for split, kinds in KINDS.items():
        trained = {muscle for kind in kinds for muscle in kind.muscles or MuscleGroup}
        assert trained == set(MuscleGroup), split


@pytest.mark.parametrize(
    ("split", "days", "count"),
    [
        (SplitType.FULL_BODY, 3, 3),
        (SplitType.UPPER_LOWER, 4, 4),
        (SplitType.UPPER_LOWER, 3, 4),
        (SplitType.PUSH_PULL_LEGS, 6, 6),
        (SplitType.PUSH_PULL_LEGS, 4, 6),
        (SplitType.BRO_SPLIT, 3, 5),
    ],
)
def test_every_kind_of_session_comes_up_as_often(split: SplitType, days: int, count: int) -> None:
    assert usual_count(split, days) == count


def test_sessions_of_one_kind_are_told_apart() -> None:
    assert [kind.name for kind in sessions_of(SplitType.UPPER_LOWER, 4)] == [
        "Upper A",
        "Lower A",
        "Upper B",
        "Lower B",
    ]
    assert [kind.name for kind in sessions_of(SplitType.PUSH_PULL_LEGS, 3)] == [
        "Push",
        "Pull",
        "Legs",
    ]
