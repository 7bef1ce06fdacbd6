"""What gcloud itself says of command lines, without carrying any of them out."""

import json
import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest

HERE = shutil.which("gcloud")
needs_gcloud = pytest.mark.skipif(
    HERE is None, reason="gcloud, which checks its own command lines, is not installed"
)
_STARTS = re.compile(r"(?:^|[|(&;]\s*)(?=gcloud )")
_ENDS = {"|", ">", ">>", "&&", "||", ";", "#"}
_BLOCK = re.compile(r"^```(?:sh|bash|console)?\n(.*?)^```", re.MULTILINE | re.DOTALL)


def refused(commands: Iterable[str], folder: Path) -> list[str]:
    """Those that gcloud does not understand, each with its reason."""
    file = folder / "commands.json"
    file.write_text(json.dumps([{"command_string": command} for command in commands]))
    answer = subprocess.run(  # noqa: S603 - ours
        [str(HERE), "meta", "lint-gcloud-commands", f"--commands-file={file}"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "CLOUDSDK_CORE_DISABLE_PROMPTS": "1"},
    )
    rows = json.loads(answer.stdout)
    return [
        f"{row['command_string']}: {row['error_message']}" for row in rows if not row["success"]
    ]


def in_markdown(text: str) -> list[str]:
    """Every gcloud command of the text's code blocks, variables filled with their names."""
    found = []
    for block in _BLOCK.findall(text):
        for line in block.replace("\\\n", " ").splitlines():
            filled = re.sub(r"\$\{?(\w+)\}?", r"\1", line).replace("PROJECT", "acme-prod")
            # `A | gcloud …` and `$(gcloud …)` are commands as well.
            found += [_command(filled[match.end() :]) for match in _STARTS.finditer(filled)]
    return found


def _command(rest: str) -> str:
    words = shlex.split(rest)
    ends = next((place for place, word in enumerate(words) if word in _ENDS), len(words))
    return shlex.join([*words[: ends - 1], words[ends - 1].rstrip(")")])
