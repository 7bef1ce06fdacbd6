"""How long looking at one program takes: `python -m benchmarks.analyze`.

Six sessions of eight exercises, and the seeded catalogue to choose from; rules alone, warm.
"""

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import chain, zip_longest
from pathlib import Path
from statistics import median

from shared.models.analysis import AnalysisContext
from shared.models.exercises import Exercise, ExerciseDraft
from shared.models.muscles import MuscleGroup
from shared.models.programs import Program
from shared.models.sessions import Session, SessionExercise
from shared.models.structures import SplitType, Weekday, WeeklyStructure
from shared.models.volume import PublishedProfile
from shared.rules.analysis import analysis
from shared.rules.exercises import new_exercise
from shared.rules.lint.findings import lint
from shared.rules.recommendations import recommendations
from shared.rules.statistics import stats
from shared.rules.yardsticks import published

SEEDS = Path(__file__).parents[1] / "infra" / "seeds" / "exercises.json"
SESSIONS, EXERCISES_EACH = 6, 8
PARTS = ("Upper Push", "Upper Pull", "Lower Body")
ROUNDS = 300
NOW = datetime(2026, 1, 5, tzinfo=UTC)


def catalogue() -> list[Exercise]:
    return [
        new_exercise(
            ExerciseDraft.model_validate(row),
            exercise_id=row["id"],
            organization_id=None,
            user_id=None,
            now=NOW,
        )
        for row in json.loads(SEEDS.read_text(encoding="utf-8"))
    ]


def spread(exercises: list[Exercise], category: str) -> list[Exercise]:
    """Eight exercises for one part of the split, its muscles in turn."""
    by_muscle: dict[MuscleGroup, list[Exercise]] = {}
    for exercise in exercises:
        muscles = exercise.direct_muscles
        if {muscle.category for muscle in muscles} == {category}:
            by_muscle.setdefault(muscles[0], []).append(exercise)
    rounds = chain.from_iterable(zip_longest(*by_muscle.values()))
    return [exercise for exercise in rounds if exercise][:EXERCISES_EACH]


def program(exercises: list[Exercise]) -> Program:
    """Push, pull and legs, twice."""

    def session(number: int) -> Session:
        rows = spread(exercises, PARTS[number % len(PARTS)])
        return Session(
            id=f"session-{number}",
            name=f"Session {number}",
            day_number=number + 1,
            order_in_program=number + 1,
            exercises=[
                SessionExercise(exercise_id=row.id, sets=3, order_in_session=place)
                for place, row in enumerate(rows, 1)
            ],
            created_at=NOW,
            updated_at=NOW,
        )

    return Program(
        id="program",
        name="Six by eight",
        split_type=SplitType.PUSH_PULL_LEGS,
        structure_config=WeeklyStructure(days_per_week=6, selected_days=list(Weekday)[:6]),
        sessions=[session(number) for number in range(SESSIONS)],
        created_at=NOW,
        updated_at=NOW,
    )


def report(name: str, action: Callable[[], object]) -> None:
    """Print the best and the middle time of many runs, in milliseconds of this process's work."""
    for _ in range(20):
        action()
    times = []
    for _ in range(ROUNDS):
        began = time.process_time_ns()
        action()
        times.append((time.process_time_ns() - began) / 1e6)
    print(f"{name:<40} best {min(times):6.2f} ms   median {median(times):6.2f} ms")


def main() -> None:
    everything = catalogue()
    looked_at = program(everything)
    used = {row.id: row for row in everything if row.id in looked_at.exercise_ids}
    context = AnalysisContext()
    print(f"{SESSIONS} x {EXERCISES_EACH} exercises, {len(everything)} in the catalogue")
    yardstick = published(PublishedProfile.EVIDENCE)
    report("statistics and verdicts", lambda: stats(looked_at, used, yardstick))
    report("lint", lambda: lint(looked_at, used, yardstick.targets, context))
    report(
        "recommendations",
        lambda: recommendations(looked_at, used, everything, yardstick, context),
    )
    report("all of the analysis", lambda: analysis(looked_at, used, everything, yardstick, context))


if __name__ == "__main__":
    main()
