"""A longer fuzz than the suite's: python -m tests.differential --minutes 10."""

import argparse
import itertools
import sys
import time

from infra.emulators.problems import Missing
from tests.differential.comparison import Tally
from tests.differential.report import described
from tests.differential.scenario import run
from tests.differential.servers import both
from tests.differential.shrinking import reproduced

# Both servers keep every project of a run in memory.
_SCENARIOS_PER_START = 200


def main() -> int:
    """1 with a reproduction at the first difference, 2 when the emulator is missing."""
    parser = argparse.ArgumentParser(prog="python -m tests.differential")
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, help="the first one; without it a new one each time")
    arguments = parser.parse_args()
    first = arguments.seed if arguments.seed is not None else int(time.time()) * 1_000
    end = time.monotonic() + 60 * arguments.minutes
    seeds, tally = itertools.count(first), Tally()
    try:
        while time.monotonic() < end:
            if failure := _round(seeds, end, tally):
                sys.stdout.write(f"{failure}\n")
                return 1
    except Missing as missing:
        sys.stdout.write(f"{missing}\n")
        return 2
    sys.stdout.write(f"{tally.operations} operations from seed {first} on, 0 differences.\n")
    for reason, count in tally.deliberate.items():
        sys.stdout.write(f"{count} deliberate: {reason}.\n")
    return 0


def _round(seeds: "itertools.count[int]", end: float, tally: Tally) -> str:
    with both() as pair:
        for seed in itertools.islice(seeds, _SCENARIOS_PER_START):
            if time.monotonic() > end:
                break
            if failure := run(pair, seed, tally):
                return described(reproduced(pair, failure))
        sys.stdout.write(f"{tally.operations} operations …\n")
        sys.stdout.flush()
    return ""


if __name__ == "__main__":
    sys.exit(main())
