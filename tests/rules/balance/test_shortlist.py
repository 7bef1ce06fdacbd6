"""Of very many exercises, the most useful ones."""

import random

from shared.models.designs import Limit
from shared.models.muscles import MuscleGroup
from shared.rules.balance.shortlist import MOST, shortlisted
from shared.rules.balance.task import Candidate


def many(count: int) -> list[Candidate]:
    draw = random.Random(3)  # noqa: S311 - the same exercises each time
    rows = []
    for number in range(count):
        first, second = draw.sample(list(MuscleGroup), 2)
        shares = {first: 1.0, second: draw.choice([0.25, 0.5, 0.75])}
        rows.append(Candidate(f"exercise-{number:03}", shares, frozenset({first})))
    return rows


def test_few_exercises_all_stay() -> None:
    rows = many(MOST)
    assert shortlisted(rows, set()) == rows


def test_of_many_each_muscle_keeps_its_best() -> None:
    rows = many(600)
    kept = shortlisted(rows, {"exercise-599"})
    assert len(kept) == MOST
    assert "exercise-599" in {row.exercise_id for row in kept}
    for muscle in MuscleGroup:
        best = max((sum(row.shares.values()) for row in rows if muscle in row.direct), default=0.0)
        assert best in {sum(row.shares.values()) for row in kept if muscle in row.direct}


def test_what_may_not_be_chosen_stays_to_say_why() -> None:
    barred = [row._replace(hindrance=Limit.EQUIPMENT) for row in many(50)]
    rows = [*barred, *many(300)[50:]]
    assert [row for row in shortlisted(rows, set()) if row.hindrance] == barred
