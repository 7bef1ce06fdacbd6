"""Equal questions have equal answers, on a busy machine too."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.gateways.highs import HighsSolver
from shared.models.designs import Ending
from shared.rules.balance.formulation import formulate
from tests.optimiser.instances import Instance, stored, task_of

ROOT = Path(__file__).parents[2]
NAMES = ["build-02-home-5x30", "build-11-free-6x60", "repair-4-push-pull-legs-6-day-split-6"]
"""One is solved to the end, the others stop after their share of work."""

PROGRAM = """
from tests.optimiser.test_determinism import asked, solved
print(solved(asked({name!r})))
"""


def asked(name: str) -> Instance:
    [instance] = [row for row in stored()["instances"] if row["name"] == name]
    return instance


def solved(instance: Instance, seconds: float = 1) -> tuple[Ending, list[object], float]:
    made = formulate(task_of(instance, stored()["exercises"]))
    found = HighsSolver().solve(made.linear, seconds, made.start)
    return found.ending, sorted(made.plan(found.values).items()), found.bound


@pytest.fixture
def busy() -> Iterator[None]:
    """Every core has something else to do."""
    command = [sys.executable, "-c", "while True: pass"]
    loads = [subprocess.Popen(command) for _ in range(os.cpu_count() or 1)]  # noqa: S603 - a constant command
    try:
        yield
    finally:
        for load in loads:
            load.kill()
            load.wait()


@pytest.mark.parametrize("name", NAMES)
def test_three_times_the_same(name: str) -> None:
    first = solved(asked(name))
    assert first[0] in {Ending.OPTIMAL, Ending.EFFORT}
    assert [solved(asked(name)), solved(asked(name))] == [first, first]


@pytest.mark.usefixtures("busy")
def test_the_same_on_a_busy_machine_and_in_another_process() -> None:
    name = NAMES[1]
    here = solved(asked(name))
    for seed in ("1", "2"):
        run = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-c", PROGRAM.format(name=name)],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        assert run.stdout.splitlines()[-1] == str(here)


def test_the_order_of_exercises_and_wishes_makes_no_difference() -> None:
    instance = asked(NAMES[0])
    turned = instance | {
        "exercises": instance["exercises"][::-1],
        "equipment": instance["equipment"][::-1],
        "priorities": dict(reversed(instance["priorities"].items())),
    }
    assert solved(turned) == solved(instance)
