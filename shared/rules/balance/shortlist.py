"""A choice that a search can look through: of very many exercises, the most useful ones."""

from collections.abc import Collection, Sequence

from shared.models.muscles import MuscleGroup
from shared.rules.balance.task import Candidate

MOST = 120
"""Exercises that may be chosen; more make the search worse and not the program."""


def shortlisted(candidates: Sequence[Candidate], wanted: Collection[str]) -> list[Candidate]:
    """At most `MOST` of those that may be chosen, the `wanted` ones among them in any case.

    Muscles take turns in adding the exercise that trains them most: directly before indirectly,
    with the larger share, then with more for other muscles, then by id. Those that may not be
    chosen stay: they say why something is missing and cost no search.
    """
    free = [row for row in candidates if not row.hindrance]
    if len(free) <= MOST:
        return list(candidates)
    chosen = {row.exercise_id for row in free if row.exercise_id in wanted}
    rankings = [
        sorted((row for row in free if muscle in row.shares), key=lambda row: _rank(row, muscle))
        for muscle in MuscleGroup
    ]
    for place in range(len(free)):
        for ranking in rankings:
            if len(chosen) < MOST and place < len(ranking):
                chosen.add(ranking[place].exercise_id)
    return [row for row in candidates if row.hindrance or row.exercise_id in chosen]


def _rank(candidate: Candidate, muscle: MuscleGroup) -> tuple[bool, float, float, str]:
    return (
        muscle not in candidate.direct,
        -candidate.shares[muscle],
        -sum(candidate.shares.values()),
        candidate.exercise_id,
    )
