"""The whole suite, on both stacks where both can be had: `python -m tests`, `make test`.

The embedded stack runs everything; Google's emulators, which are the reference, run again what
touches a stack. With CI set a missing emulator is a failure, elsewhere it is said. Arguments are
pytest's.
"""

import os
import subprocess
import sys
import tempfile

from infra.emulators import install
from infra.emulators.tools import missing

BESIDE = ("contracts", "deploy", "models", "optimiser", "rules")
"""What looks at no clock: run beside the rest, so that two cores have something to do."""


def main(arguments: list[str]) -> int:
    # Some tests of the first half need the emulators as well.
    if missing():
        install.main()
    absent = missing()
    ran = {"embedded": _run("embedded", *arguments) if arguments else _embedded()}
    if not absent:
        ran["emulators"] = _run("emulators", *arguments)
    for name, passed in ran.items():
        print(f"{name}: {'passed' if passed else 'FAILED'}")
    for sentence in absent:
        print(f"Not run over the emulators: {sentence}")
    print(f"Stacks that ran: {', '.join(ran)}.")
    complete = not absent or not os.environ.get("CI")
    return 0 if complete and all(ran.values()) else 1


def _embedded() -> bool:
    folders = [f"tests/{name}" for name in BESIDE]
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(_pytest("embedded", *folders), stdout=said, stderr=said) as beside,
    ):
        passed = _run("embedded", *(f"--ignore={folder}" for folder in folders))
        beside.wait()
        said.seek(0)
        print(f"Beside it, {', '.join(folders)}:\n{said.read().decode()}", flush=True)
    return passed and beside.returncode == 0


def _run(stack: str, *arguments: str) -> bool:
    return subprocess.run(_pytest(stack, *arguments), check=False).returncode == 0


def _pytest(stack: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "pytest", "-q", "--stack", stack, *arguments]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
