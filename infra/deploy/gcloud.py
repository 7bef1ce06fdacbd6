"""Google's own command lines: gcloud's questions, answered as JSON, and changes."""

import json
import re
import shlex
import shutil
import subprocess
from typing import Any

from infra.emulators import firebase_tools
from infra.emulators.node import find_node
from infra.emulators.problems import Missing

Command = tuple[str, ...]
"""The words after `gcloud`; those of Firebase's command line begin with `firebase`."""

FIREBASE = "firebase"

_ABSENT = re.compile(
    r"not[ _]found|cannot find|does not exist|could not be found"
    # Nothing exists in an API that was never switched on.
    r"|SERVICE_DISABLED|has not been used in project|not enabled on project",
    re.IGNORECASE,
)
_SAID = 2_000


class Failed(Exception):
    """A command of somebody else's ended with an error, which is the text."""


def shown(command: Command) -> str:
    """As a person would type it."""
    return shlex.join(command if command[0] == FIREBASE else ("gcloud", *command))


def ask(command: Command) -> Any | None:
    """What exists, as gcloud describes it; None when it does not exist. Raises Failed."""
    answer = _run(("gcloud", *command, "--format=json", "--quiet"))
    if answer.returncode == 0:
        return json.loads(answer.stdout or "null")
    if _ABSENT.search(answer.stderr):
        return None
    raise Failed(answer.stderr.strip()[-_SAID:])


def change(command: Command) -> None:
    """Raises Failed."""
    if command[0] == FIREBASE:
        answer = _run((*_firebase(), *command[1:]))
    else:
        answer = _run(("gcloud", *command, "--quiet"))
    if answer.returncode != 0:
        # Firebase tells its errors on the other channel.
        said = answer.stderr.strip() or answer.stdout.strip()
        raise Failed(said[-_SAID:])


def _run(command: Command) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - no shell
    except FileNotFoundError:
        raise Failed(
            f"There is no {command[0]} on the PATH; install the Google Cloud CLI."
        ) from None


def _firebase() -> Command:
    """The operator's own, or the one the emulators came with."""
    if found := shutil.which(FIREBASE):
        return (found,)
    try:
        firebase_tools.require_firebase_tools()
        return (str(find_node().binary), str(firebase_tools.CLI))
    except Missing as lack:
        raise Failed(f"There is no firebase on the PATH. {lack}") from None
