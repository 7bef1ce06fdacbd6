"""The stored questions, and how they become tasks."""

import json
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from shared.models.designs import Limit
from shared.models.equipment import Equipment
from shared.models.muscles import MuscleGroup
from shared.models.volume import Experience, MusclePriority, PublishedProfile
from shared.rules.balance.task import Candidate, Day, Task
from shared.rules.profiles import thresholds
from shared.rules.targets import targets

FILE = Path(__file__).with_name("instances.json")
SET_SECONDS = 160
"""40 of work, 120 of rest."""

Instance = dict[str, Any]
Catalogue = dict[str, Any]


@cache
def stored() -> Any:
    return json.loads(FILE.read_text(encoding="utf-8"))


def task_of(instance: Instance, catalogue: Catalogue) -> Task:
    priorities = {
        MuscleGroup(muscle): MusclePriority(priority)
        for muscle, priority in instance.get("priorities", {}).items()
    }
    limits = thresholds(PublishedProfile.EVIDENCE)
    experience = Experience(instance.get("experience", "INTERMEDIATE"))
    wanted = targets(limits, priorities, experience)
    return Task(
        candidates=tuple(
            _candidate(name, catalogue[name], instance) for name in sorted(instance["exercises"])
        ),
        days=tuple(_day(day) for day in instance["days"]),
        targets=wanted,
        ceilings={muscle: row.limit for muscle, row in targets(limits).items()},
        factor=Fraction(instance.get("factor", "1")),
        keep=frozenset(instance.get("keep", [])),
        edits=instance.get("edits"),
        set_seconds=SET_SECONDS,
        fewest_sets=instance.get("fewest_sets", 2),
        most_sets=instance.get("most_sets", 5),
        most_exercises=instance.get("most_exercises", 8),
    )


def _candidate(name: str, exercise: Any, instance: Instance) -> Candidate:
    hindrance = None
    allowed = instance.get("equipment")
    if allowed is not None and Equipment(exercise["equipment"]) not in allowed:
        hindrance = Limit.EQUIPMENT
    if name in instance.get("avoid", []):
        hindrance = Limit.AVOID
    shares = {MuscleGroup(muscle): share for muscle, share in exercise["muscles"].items()}
    direct = frozenset(muscle for muscle, share in shares.items() if share == 1)
    return Candidate(name, shares, direct, hindrance)


def _day(day: Any) -> Day:
    muscles = day.get("muscles")
    return Day(
        seconds=day["minutes"] * 60,
        muscles=frozenset(map(MuscleGroup, muscles)) if muscles else None,
        now=day.get("now", {}),
    )
