"""Run a job of the running stack now: `python -m infra.local.run_job clean-up`."""

import argparse
import json
import sys
from pathlib import Path

import httpx

from infra.local.directory import DIRECTORY, StackDirectory
from infra.local.parts import INVOKER
from infra.local.scheduler import Scheduler
from infra.local.signer import Signer
from infra.schedule import schedule


def running_scheduler(directory: StackDirectory) -> Scheduler:
    """Calls jobs of the stack that runs in this directory, when asked to."""
    variables = directory.read_variables()
    emulated = variables.get("HYPERTROQ_STACK") == "emulators"
    own = directory.path / "emulators" if emulated else directory.path
    signer = Signer.create(own / "signer.pem")
    return Scheduler(signer, variables.get("TASKS_URL", ""), INVOKER, {})


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m infra.local.run_job", description=__doc__)
    parser.add_argument("name", choices=sorted(schedule()))
    parser.add_argument("--data", type=Path, default=DIRECTORY, help="the stack's directory")
    asked = parser.parse_args()
    directory = StackDirectory(asked.data)
    if not directory.read_variables():
        print(f"No stack runs on {asked.data}/. Start one with `make run`.", file=sys.stderr)
        return 1
    try:
        answer = running_scheduler(directory).run(asked.name)
    except httpx.HTTPError as error:
        print(f"The stack does not answer: {error!r}", file=sys.stderr)
        return 1
    print(answer.status_code, json.dumps(answer.json()))
    return 0 if answer.is_success else 1


if __name__ == "__main__":
    sys.exit(main())
