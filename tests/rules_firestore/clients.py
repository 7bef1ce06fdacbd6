"""What direct clients are let do under some rules, tried by Google's own testing library."""

import json
import subprocess
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
PROJECT = "demo-hypertroq-rules"
SECONDS = 180


@dataclass(frozen=True, order=True)
class Attempt:
    identity: str
    path: str
    operation: str


@dataclass(frozen=True)
class Attempts:
    identities: list[str]
    paths: list[str]
    operations: list[str]
    seeded: int
    """How many of the paths really held a document."""
    outcomes: dict[Attempt, str]

    @property
    def let_through(self) -> set[Attempt]:
        """Whatever the rules did not refuse, also where it then failed for another reason."""
        return {attempt for attempt, outcome in self.outcomes.items() if outcome != "denied"}

    def __str__(self) -> str:
        counts = Counter(self.outcomes.values())
        return (
            f"{len(self.outcomes)} attempts ({len(self.identities)} identities, "
            f"{len(self.paths)} paths, {len(self.operations)} operations, collection groups): "
            + ", ".join(f"{count} {outcome}" for outcome, count in sorted(counts.items()))
        )


def attempt_everything(node: Path, emulator: str, rules: Path) -> Attempts:
    ran = subprocess.run(  # noqa: S603 - our own script
        [node, HERE / "denials.mjs", emulator, PROJECT, rules],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-4000:]
    report = json.loads(ran.stdout)
    rows = report.pop("attempts")
    outcomes = {
        Attempt(row["identity"], row["path"], row["operation"]): row["outcome"] for row in rows
    }
    assert len(outcomes) == len(rows), "two attempts have the same name"
    return Attempts(**report, outcomes=outcomes)
