"""gcloud's own opinion of command lines, asked without a network or an account."""

import json
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

GCLOUD = shutil.which("gcloud")
"""The real one: found before any test puts another on the PATH."""
_BLOCK = re.compile(r"```sh\n(.*?)```", re.DOTALL)


def require_gcloud() -> None:
    """The one tool that cannot be installed by the way; where it is, nothing is skipped."""
    if GCLOUD is None:
        pytest.skip("there is no gcloud on this machine")


def refused(commands: Sequence[str], folder: Path) -> dict[str, str]:
    """The commands that gcloud would not accept, and why; they begin with `gcloud`."""
    file = folder / "commands.json"
    file.write_text(json.dumps([{"command_string": command} for command in commands]))
    said = subprocess.run(  # noqa: S603 - a constant command
        [str(GCLOUD), "meta", "lint-gcloud-commands", f"--commands-file={file}"],
        capture_output=True,
        text=True,
        check=True,
    )
    answers = json.loads(said.stdout)
    assert len(answers) == len(commands)
    return {
        answer["command_string"]: answer["error_message"]
        for answer in answers
        if not answer["success"]
    }


def in_markdown(text: str) -> list[str]:
    """The gcloud commands of its shell blocks, continued lines joined, placeholders filled in."""
    lines = "\n".join(_BLOCK.findall(text)).replace("\\\n", " ").splitlines()
    commands = [line[line.index("gcloud ") :] for line in lines if "gcloud " in line]
    return [re.sub(r"\$\w+", "acme-prod", command) for command in commands]
