"""How many sets an exercise may have in a session, and why it may have none."""

import pytest

from shared.models.designs import Limit
from shared.models.muscles import MuscleGroup
from shared.rules.balance.task import Candidate, Day, Room, barrier, room
from tests.rules.balance.questions import FLY, for_chest

LEGS = frozenset({MuscleGroup.QUADRICEPS})


def hindered(limit: Limit) -> Candidate:
    return FLY._replace(hindrance=limit)


@pytest.mark.parametrize(
    ("day", "candidate", "keep", "expected"),
    [
        (Day(3600), FLY, set(), Room(0, 2, 5)),
        # What is there may stay as it is, fewer or more than usual, or go.
        (Day(3600, now={"fly": 1}), FLY, set(), Room(0, 1, 5)),
        (Day(3600, now={"fly": 8}), FLY, set(), Room(0, 2, 8)),
        (Day(3600, now={"fly": 8}), FLY, {"fly"}, Room(8, 2, 8)),
        (Day(3600), hindered(Limit.EQUIPMENT), set(), Room(0, 0, 0)),
        (Day(3600, now={"fly": 3}), hindered(Limit.AVOID), set(), Room(0, 0, 0)),
        # Withdrawn: it stays or goes, and does not grow.
        (Day(3600, now={"fly": 3}), hindered(Limit.CATALOGUE), set(), Room(0, 2, 3)),
        (Day(3600, now={"fly": 3}), hindered(Limit.CATALOGUE), {"fly"}, Room(3, 2, 3)),
        (Day(3600), hindered(Limit.CATALOGUE), set(), Room(0, 0, 0)),
        (Day(3600, LEGS), FLY, set(), Room(0, 0, 0)),
        (Day(3600, LEGS), FLY, {"fly"}, Room(0, 2, 5)),
    ],
)
def test_the_room_for_an_exercise(
    day: Day, candidate: Candidate, keep: set[str], expected: Room
) -> None:
    task = for_chest(day, candidates=(candidate,), keep=frozenset(keep), edits=3)
    assert room(task, 0, candidate) == expected


def test_an_exercise_belongs_where_its_direct_work_does() -> None:
    task = for_chest(Day(3600, LEGS), Day(3600))
    assert barrier(task, 0, FLY) is Limit.SPLIT
    assert barrier(task, 1, FLY) is None
