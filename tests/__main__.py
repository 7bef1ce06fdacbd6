"""The whole suite, on both stacks where both can be had: `python -m tests`, `make test`.

The embedded stack runs everything; Google's emulators, which are the reference, run again what
touches a stack. With CI set a missing emulator is a failure, elsewhere it is said.
"""

import os
import subprocess
import sys

from infra.emulators import install
from infra.emulators.tools import missing


def main(arguments: list[str]) -> int:
    # Some tests of the first half need the emulators as well.
    if missing():
        install.main()
    absent = missing()
    ran = {"embedded": _pytest("embedded", arguments)}
    if not absent:
        ran["emulators"] = _pytest("emulators", arguments)
    for name, passed in ran.items():
        print(f"{name}: {'passed' if passed else 'FAILED'}")
    for sentence in absent:
        print(f"Not run over the emulators: {sentence}")
    print(f"Stacks that ran: {', '.join(ran)}.")
    complete = not absent or not os.environ.get("CI")
    return 0 if complete and all(ran.values()) else 1


def _pytest(stack: str, arguments: list[str]) -> bool:
    command = [sys.executable, "-m", "pytest", "-q", "--stack", stack, *arguments]
    return subprocess.run(command, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
