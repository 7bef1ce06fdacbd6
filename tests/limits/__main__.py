"""One trial of any size: python -m tests.limits --times 0.7 --seconds 14 --processes 8."""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.limits.fleet import Fleet, Load
from tests.limits.report import Report
from tests.limits.store import any_store


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.limits")
    parser.add_argument("--times", type=float, default=2.0, help="load, in limits")
    parser.add_argument("--seconds", type=float, default=14.0)
    parser.add_argument("--keys", type=int, default=10)
    parser.add_argument("--processes", type=int, default=4)
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--limit", type=int, default=60, help="calls in one window")
    parser.add_argument("--window", type=int, default=2, help="seconds")
    load = Load(**vars(parser.parse_args()))
    with (
        any_store() as store,
        Fleet(store, load.processes + load.kills) as fleet,
        tempfile.TemporaryDirectory() as directory,
    ):
        sys.stdout.write(f"{Report.of(fleet.run(load, Path(directory)))}\n")


if __name__ == "__main__":
    main()
