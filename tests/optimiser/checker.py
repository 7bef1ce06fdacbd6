"""Whether a plan keeps every limit, counted from the stored question and the published numbers.

It shares no code with the formulation: what the product takes for granted is counted again here.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from tests.optimiser.instances import SET_SECONDS, Catalogue, Instance

LANDMARKS = json.loads(
    (Path(__file__).parents[2] / "shared" / "rules" / "landmarks.json").read_text(encoding="utf-8")
)
EVIDENCE = LANDMARKS["profiles"]["evidence"]
ONLY_DIRECT = {
    muscle for muscle, row in EVIDENCE["direct"].items() if row.get("only_judge_of_excess")
}
SESSION_DIRECT, SESSION_FRACTIONAL = 10, 11

Sets = Mapping[tuple[int, str], int]
"""By session and exercise."""


def violations(instance: Instance, catalogue: Catalogue, plan: Sets) -> list[str]:
    """What is wrong, one line each; empty for a plan that keeps all limits."""
    found = [*_slots(instance, catalogue, plan)]
    for day, asked in enumerate(instance["days"]):
        here = {name: sets for (at, name), sets in plan.items() if at == day}
        if sum(here.values()) * SET_SECONDS > asked["minutes"] * 60:
            found.append(f"session {day} takes more than {asked['minutes']} minutes")
        if len(here) > max(instance.get("most_exercises", 8), len(asked.get("now", {}))):
            found.append(f"session {day} has {len(here)} exercises")
        for axis, cap in (("direct", SESSION_DIRECT), ("fractional", SESSION_FRACTIONAL)):
            for muscle, sets in _counted(here, catalogue, axis).items():
                if sets > cap:
                    found.append(f"session {day} has {sets} {axis} sets for {muscle}")
    return [*found, *_weekly(instance, catalogue, plan), *_kept(instance, plan)]


def _slots(instance: Instance, catalogue: Catalogue, plan: Sets) -> Iterator[str]:
    equipment = instance.get("equipment")
    for (day, name), sets in plan.items():
        asked = instance["days"][day]
        now = asked.get("now", {}).get(name, 0)
        row = catalogue[name]
        if name not in instance["exercises"]:
            yield f"{name} is not to be had"
        if equipment is not None and row["equipment"] not in equipment:
            yield f"{name} needs {row['equipment']}"
        if name in instance.get("avoid", []):
            yield f"{name} is to be avoided"
        lowest = instance.get("fewest_sets", 2)
        if not min(now or lowest, lowest) <= sets <= max(now, instance.get("most_sets", 5)):
            yield f"{name} has {sets} sets in session {day}"
        direct = {muscle for muscle, share in row["muscles"].items() if share == 1}
        muscles = asked.get("muscles")
        if muscles and not direct & {*muscles} and name not in instance.get("keep", []):
            yield f"{name} does not belong in session {day}"


def _weekly(instance: Instance, catalogue: Catalogue, plan: Sets) -> Iterator[str]:
    factor = Fraction(instance.get("factor", "1"))
    total: Counter[str] = Counter()
    for (_, name), sets in plan.items():
        total[name] += sets
    for muscle, sets in _counted(total, catalogue, "direct").items():
        row = EVIDENCE["direct"].get(muscle)
        if row and sets * factor > row["maximum_recoverable"]:
            yield f"{muscle} has {float(sets * factor)} direct sets a week"
    most = EVIDENCE["fractional"]["maximum_recoverable"]["sets"]
    for muscle, sets in _counted(total, catalogue, "fractional").items():
        if muscle not in ONLY_DIRECT and sets * factor > most:
            yield f"{muscle} has {float(sets * factor)} fractional sets a week"


def _kept(instance: Instance, plan: Sets) -> Iterator[str]:
    edits = instance.get("edits")
    if edits is None:
        used = {name for _, name in plan}
        yield from (f"{name} is not kept" for name in instance.get("keep", []) if name not in used)
        return
    now = {
        (day, name): sets
        for day, asked in enumerate(instance["days"])
        for name, sets in asked.get("now", {}).items()
    }
    changed = sum(plan.get(place) != now.get(place) for place in {*plan, *now})
    if changed > edits:
        yield f"{changed} edits, and {edits} allowed"
    for (day, name), sets in now.items():
        if name in instance.get("keep", []) and plan.get((day, name), 0) < sets:
            yield f"{name} has fewer sets in session {day} than it had"


def _counted(sets: Mapping[str, int], catalogue: Catalogue, axis: str) -> dict[str, Fraction]:
    counted: dict[str, Any] = {}
    for name, count in sets.items():
        for muscle, share in catalogue[name]["muscles"].items():
            weight = Fraction(share) if axis == "fractional" else Fraction(share == 1)
            counted[muscle] = counted.get(muscle, 0) + count * weight
    return counted
