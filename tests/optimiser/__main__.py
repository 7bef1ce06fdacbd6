"""Makes the stored questions, and looks for their best answers with far more work than usual.

`python -m tests.optimiser` takes about twenty minutes of one core, most of it for
questions whose best known answer is not proved to be the best. Questions that are stored already
keep their answers unless `--again` is given.
"""

import argparse
import json
import random
from pathlib import Path
from typing import Any

from shared.gateways.highs import HighsSolver
from shared.models.designs import Ending
from shared.rules.balance.formulation import formulate
from shared.rules.balance.weighing import cost
from tests.optimiser.instances import FILE, Instance, task_of

SEEDS = Path(__file__).parents[2] / "infra" / "seeds"
SECONDS = 12
EQUIPMENT = {
    "full": None,
    "free": ["BARBELL", "DUMBBELL", "BODYWEIGHT", "KETTLEBELL"],
    "home": ["DUMBBELL", "BODYWEIGHT", "RESISTANCE_BAND", "KETTLEBELL"],
    "machines": ["MACHINE", "CABLE", "SMITH_MACHINE", "BODYWEIGHT"],
}
UPPER = [
    "CHEST", "FRONT_DELTS", "SIDE_DELTS", "TRICEPS", "REAR_DELTS", "LATS", "TRAPS_RHOMBOIDS",
    "ELBOW_FLEXORS", "FOREARMS", "ABS", "OBLIQUES",
]  # fmt: skip
LOWER = [
    "SPINAL_ERECTORS", "ABS", "OBLIQUES", "GLUTES", "QUADRICEPS", "HAMSTRINGS", "ADDUCTORS",
    "CALVES", "ABDUCTORS",
]  # fmt: skip
EVERY = sorted({*UPPER, *LOWER})
EXTRA = {
    "neck-bridge": ("BODYWEIGHT", {"TRAPS_RHOMBOIDS": 1.0}),
    "cable-lunge": ("CABLE", {"QUADRICEPS": 1.0, "GLUTES": 0.75}),
    "machine-lateral-raise": ("MACHINE", {"SIDE_DELTS": 1.0}),
    "machine-row": ("MACHINE", {"LATS": 1.0, "TRAPS_RHOMBOIDS": 0.75, "ELBOW_FLEXORS": 0.5}),
}


def catalogue() -> dict[str, Any]:
    """90 exercises: today's seeds, kept as they are now, and four more."""
    seeds = json.loads((SEEDS / "exercises.json").read_text(encoding="utf-8"))
    rows = {
        row["id"]: {"equipment": row["equipment"], "muscles": row["muscle_contributions"]}
        for row in seeds
    }
    return rows | {
        name: {"equipment": equipment, "muscles": muscles}
        for name, (equipment, muscles) in EXTRA.items()
    }


def questions(known: dict[str, Any]) -> list[Instance]:
    return [*_builds(known), *_repairs(known), *_for_a_reason(known)]


def _builds(known: dict[str, Any]) -> list[Instance]:
    """Every number of days with every length and equipment is met about three times."""
    draw = random.Random(20261125)  # noqa: S311 - the same questions each time
    made = []
    for index in range(36):
        days, minutes = 3 + index % 4, (30, 45, 60, 75)[index // 4 % 4]
        place = list(EQUIPMENT)[(index + index // 4 + index // 16) % 4]
        split = index % 5 == 4 and days in {4, 6}
        made.append(
            {
                "name": f"build-{index:02}-{place}-{days}x{minutes}",
                "exercises": _some(known, draw, draw.randint(40, 90)),
                "equipment": EQUIPMENT[place],
                "days": [
                    {"minutes": minutes} | ({"muscles": (UPPER, LOWER)[day % 2]} if split else {})
                    for day in range(days)
                ],
                "priorities": {
                    muscle: draw.choice(["PRIORITISED", "MAINTAIN", "IGNORE"])
                    for muscle in draw.sample(EVERY, draw.choice([0, 0, 3, 6]))
                },
                "experience": draw.choice(["BEGINNER", "INTERMEDIATE", "ADVANCED"]),
                "factor": draw.choice(["1", "1", "1", "7/6"]) if days < 6 else "1",
            }
        )
    return made


def _some(known: dict[str, Any], draw: random.Random, count: int) -> list[str]:
    return sorted(draw.sample(sorted(known), count))


def _repairs(known: dict[str, Any]) -> list[Instance]:
    """The templates with a few edits allowed, some with exercises to keep or avoid."""
    programs = json.loads((SEEDS / "programs.json").read_text(encoding="utf-8"))
    factors = ["1", "2", "1"]
    rows = []
    for index, edits in enumerate((2, 4, 8, 3, 6, 10, 5, 7)):
        program = programs[index % 3]
        sessions = [
            {row["exercise_id"]: row["sets"] for row in session["exercises"]}
            for session in program["sessions"]
        ]
        rows.append(
            {
                "name": f"repair-{index}-{program['id']}-{edits}",
                "exercises": sorted(known),
                "equipment": EQUIPMENT["full" if index < 6 else "free"],
                "days": [{"minutes": 60 + 15 * (index % 2), "now": now} for now in sessions],
                "factor": factors[index % 3],
                "edits": edits if index < 6 else edits + 6,
                "keep": sorted(sessions[0])[:2] if index in {1, 4} else [],
                "avoid": sorted(sessions[1])[:1] if index in {2, 5} else [],
            }
        )
    return rows


def _for_a_reason(known: dict[str, Any]) -> list[Instance]:
    """Questions in which a target, or everything, is out of reach for one known reason."""

    def training(*muscles: str, at_all: bool = False) -> list[str]:
        least = 0.25 if at_all else 1
        return [
            name
            for name, row in known.items()
            if any(row["muscles"].get(muscle, 0) >= least for muscle in muscles)
        ]

    def but(names: list[str]) -> list[str]:
        return sorted(set(known) - set(names))

    def only(*muscles: str) -> dict[str, str]:
        return {muscle: "IGNORE" for muscle in EVERY if muscle not in muscles}

    def asked(name: str, muscle: str | None, limit: str, **fields: Any) -> Instance:
        minutes, count = fields.pop("minutes", 75), fields.pop("count", 4)
        days = [{"minutes": minutes} for _ in range(count)]
        reason = {"muscle": muscle, "limit": limit}
        base = {"name": f"reason-{name}", "exercises": sorted(known), "days": days}
        return base | {"reason": reason} | fields

    chest = ["barbell-bench-press", "dumbbell-bench-press", "machine-chest-press", "cable-fly"]
    return [
        asked("bands", "CALVES", "EQUIPMENT", equipment=["RESISTANCE_BAND"]),
        asked(
            "no-barbell", "SPINAL_ERECTORS", "EQUIPMENT", equipment=["DUMBBELL", "MACHINE"]
        ),
        asked("avoid-calves", "CALVES", "AVOID", avoid=training("CALVES", at_all=True)),
        asked("avoid-abs", "ABS", "AVOID", avoid=training("ABS", at_all=True), count=5),
        asked(
            "no-abductors",
            "ABDUCTORS",
            "CATALOGUE",
            exercises=but(training("ABDUCTORS", at_all=True)),
        ),
        asked("short", "ABDUCTORS", "MINUTES", minutes=30, count=3),
        asked("one-exercise", "CALVES", "EXERCISES", most_exercises=1, count=3),
        asked(
            "one-set", "CALVES", "SETS", fewest_sets=1, most_sets=1, count=3,
            exercises=[*but(training("CALVES")), "standing-calf-raise"],
            priorities=only("CALVES"),
        ),
        asked(
            "one-leg-day", "QUADRICEPS", "SESSION_CAP", factor="1/2",
            days=[{"minutes": 75, "muscles": UPPER}] * 3
            + [{"minutes": 75, "muscles": LOWER}],
            exercises=but(sorted({*training("QUADRICEPS", at_all=True)} - {"leg-extension",
            "leg-press", "hack-squat"})),
            priorities=only("QUADRICEPS"),
        ),
        asked(
            "tied-together", "SPINAL_ERECTORS", "WEEKLY_LIMIT",
            exercises=sorted(
                {*but(training("SPINAL_ERECTORS", "HAMSTRINGS", at_all=True)), "erector-curl"}
            ),
            priorities=only("SPINAL_ERECTORS") | {"SPINAL_ERECTORS": "PRIORITISED"},
        ),
        asked(
            "upper-only", "QUADRICEPS", "SPLIT",
            days=[{"minutes": 75, "muscles": UPPER}] * 4,
        ),
        asked(
            "one-edit", "CALVES", "EDITS", edits=1,
            days=[{"minutes": 75, "now": {"barbell-bench-press": 4, "pull-ups": 4}}] * 3,
        ),
        asked(
            "impossible-minutes", None, "MINUTES", minutes=30, count=3,
            keep=sorted(known)[:20],
        ),
        asked(
            "impossible-exercises", None, "EXERCISES", minutes=75, count=3, most_exercises=5,
            keep=sorted(known)[:16],
        ),
        asked(
            "impossible-edits", None, "EDITS", edits=2,
            days=[{"minutes": 60, "now": dict.fromkeys(chest[:2], 4)}] * 2,
            avoid=chest[:2],
        ),
        asked(
            "impossible-session", "CHEST", "SESSION_CAP", edits=3,
            days=[{"minutes": 75, "now": dict.fromkeys(chest[:2], 8)}, {"minutes": 75, "now": {}}],
            keep=chest[:2],
        ),
    ]  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--again", action="store_true", help="look for all answers anew")
    again = parser.parse_args().again
    before = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {"instances": []}
    known = catalogue()
    # Half of a set for the erectors comes only with a whole one for the hamstrings.
    known["erector-curl"] = {
        "equipment": "OTHER", "muscles": {"HAMSTRINGS": 1.0, "SPINAL_ERECTORS": 0.5}
    }  # fmt: skip
    asked = {name: row for name, row in known.items() if name != "erector-curl"}
    found = {row["name"]: row for row in before["instances"]}
    rows = []
    for question in questions(asked):
        earlier = found.get(question["name"], {})
        same = {key: earlier.get(key) for key in question} == question
        rows.append(earlier if same and not again else question | best(question, known))
        print(rows[-1]["name"], {key: rows[-1][key] for key in ("best", "bound", "proved")})
        # Whoever stops it keeps what was found.
        _write(known, rows)


def best(question: Instance, known: dict[str, Any]) -> dict[str, Any]:
    """Points of the best answer found, and what no answer can go below; nulls if there is none.

    Repairs are searched from the program as it is, and from nowhere as well.
    """
    task = task_of(question, known)
    made = formulate(task)
    starts = [made.start, {}] if made.start else [{}]
    found = [HighsSolver().solve(made.linear, SECONDS, start) for start in starts]
    if found[0].ending is Ending.INFEASIBLE:
        return {"best": None, "bound": None, "proved": True}
    return {
        "best": round(min(cost(task, made.plan(solved.values)) for solved in found), 4),
        "bound": round(max(solved.bound for solved in found), 4),
        "proved": any(solved.ending is Ending.OPTIMAL for solved in found),
    }


def _write(known: dict[str, Any], rows: list[Instance]) -> None:
    pairs = [f"  {json.dumps(name)}: {json.dumps(row)}" for name, row in known.items()]
    exercises = ",\n".join(pairs)
    instances = ",\n".join(f"  {json.dumps(row)}" for row in rows)
    text = f'{{"exercises": {{\n{exercises}\n}}, "instances": [\n{instances}\n]}}\n'
    FILE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
